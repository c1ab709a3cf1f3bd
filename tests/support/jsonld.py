"""Reading JSON-LD documents back with pyld, without a connection."""

from typing import Any

from pyld import jsonld
from pyoxigraph import RdfFormat, Triple, parse

from justicegraph.namespaces import CONTEXT


def loader(context: dict[str, Any]) -> Any:
    """Return what gives pyld our context for its address, and nothing else."""

    def load(address: str, _options: object) -> dict[str, Any]:
        assert address == CONTEXT
        return {"contextUrl": None, "documentUrl": address, "document": {"@context": context}}

    return load


def read_back(document: object, context: dict[str, Any] | None = None) -> set[Triple]:
    lines = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": loader(context or {})})
    return {quad.triple for quad in parse(lines, format=RdfFormat.N_QUADS)}
