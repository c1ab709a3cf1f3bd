"""The JSON-LD document of one entry, from a query result in N-Triples, in any document form."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from justicegraph.errors import RemoteFailed
from justicegraph.jsonld.embedding import embedded_node
from justicegraph.jsonld.inverse_context import InverseContext
from justicegraph.jsonld.nodes import node_object
from justicegraph.rdf.nquads import Quad, owner_of

PROFILE = "http://www.w3.org/ns/json-ld#"
FORMS = ("framed", "compacted", "expanded", "flattened")
"""The document forms (JSON-LD 1.1, section 5), by the last part of their profile IRI; the first is the default."""


class Documents:
    """Writes documents that carry their context, so that a saved copy can be read without a connection."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._context, self._inverse = context, InverseContext(context)
        self._head = b'{"@context":' + orjson.dumps(context) + b","

    def entry(self, triples: bytes, iri: str) -> bytes:
        """Return the document of an entry: its parts nested, its neighbours embedded with id, type and label."""
        subject = f"<{iri}>"
        own: list[Quad] = []
        others: dict[str, list[Quad]] = defaultdict(list)
        for quad in _quads(triples):
            (own if owner_of(quad.subject) == subject else others[quad.subject]).append(quad)
        embedded = {name: embedded_node(name, quads, self._inverse) for name, quads in others.items()}
        return self._head + orjson.dumps(node_object(subject, own, self._inverse, embedded.get))[1:]

    def graph(self, triples: bytes) -> bytes:
        """Return a document of all subjects of these triples."""
        by_subject = groupby(_quads(triples), itemgetter(0))
        nodes = [node_object(name, quads, self._inverse, lambda _: None) for name, quads in by_subject]
        return self._head + b'"@graph":' + orjson.dumps(nodes) + b"}"

    def in_form(self, document: bytes, form: str) -> bytes:
        """Return a document in one of FORMS. Our documents are framed, and a framed document is compacted too."""
        if form in {"framed", "compacted"}:
            return document
        from pyld import jsonld

        parsed, options = orjson.loads(document), {"documentLoader": _refuse}
        if form == "expanded":
            return orjson.dumps(jsonld.expand(parsed, options))
        return orjson.dumps(jsonld.flatten(parsed, {"@context": dict(self._context)}, options))


def _quads(triples: bytes) -> Iterator[Quad]:
    """Yield distinct triples in canonical order, from N-Triples without blank nodes as the engine writes them."""
    for line in sorted(set(triples.decode().split("\n"))):
        if line:
            subject, predicate, value = line[:-2].split(" ", 2)
            yield Quad(subject, predicate, value, "")


def _refuse(address: str, _options: object) -> dict[str, Any]:
    raise RemoteFailed(f"{address[:200]}: contexts other than our own are not loaded.")
