"""One entity's triples, framed by pyld as one document (JSON-LD 1.1 Framing)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import RdfFormat, Triple, serialize

from justicegraph.errors import RemoteFailed
from justicegraph.jsonld.dump import entity_node, in_order, keys_of
from justicegraph.names import CONTEXT


def entity_document(triples: Iterable[Triple], iri: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document of the entity with this IRI: parts in it, neighbours by id and whatever is said of them.

    The context stands in the document, so that a saved copy is read anywhere, without a connection.
    """
    from pyld import jsonld

    lines = (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
    expanded = jsonld.from_rdf(lines, {"format": "application/n-quads", "useNativeTypes": True})
    keys = keys_of(context)
    frame = {"@context": CONTEXT, "id": iri, "@embed": "@always"} | {key: {"@embed": "@always"} for key in keys.links}
    options = {"documentLoader": _only(context), "omitDefault": True, "omitGraph": True}
    framed = in_order(jsonld.frame(expanded, frame, options), keys)
    return {"@context": dict(context)} | {key: value for key, value in framed.items() if key != "@context"}


def graph_document(triples: Iterable[Triple], context: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document of everything that these triples speak of, subject by subject, by our own mapping."""
    keys = keys_of(context)
    by_subject: dict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        by_subject[triple.subject.value].append(triple)  # type: ignore[union-attr]
    nodes = [entity_node(by_subject[iri], iri, keys) for iri in sorted(by_subject)]
    return {"@context": dict(context), "@graph": nodes}


def _only(context: Mapping[str, Any]) -> Any:
    """Return a loader that knows one address and fetches nothing."""

    def load(address: str, _options: object) -> dict[str, Any]:
        if address != CONTEXT:
            raise RemoteFailed(f"{address[:200]}: contexts other than our own are not loaded.")
        return {"contextUrl": None, "documentUrl": address, "document": {"@context": dict(context)}}

    return load
