"""One entry's document, from what a server has answered in N-Triples, in the form of JSON-LD that is wanted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from justicegraph.errors import RemoteFailed
from justicegraph.jsonld.keys import Keys
from justicegraph.jsonld.neighbours import neighbour
from justicegraph.jsonld.nodes import node_of
from justicegraph.rdf.nquads import Quad, owner_of

PROFILE = "http://www.w3.org/ns/json-ld#"
FORMS = ("framed", "compacted", "expanded", "flattened")
"""The forms of a document (JSON-LD 1.1, section 8; the last part of a profile's IRI); the first is what we write."""


class Documents:
    """Writes documents in one context, which stands in each: a saved copy is read anywhere, without a connection."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._context, self._keys = context, Keys(context)
        self._head = b'{"@context":' + orjson.dumps(context) + b","

    def entry(self, triples: bytes, iri: str) -> bytes:
        """Return the document of the entry with this IRI: parts in it, neighbours by id, type and label."""
        subject = f"<{iri}>"
        own: list[Quad] = []
        others: dict[str, list[Quad]] = defaultdict(list)
        for quad in _quads(triples):
            (own if owner_of(quad.subject) == subject else others[quad.subject]).append(quad)
        known = {name: neighbour(name, said, self._keys) for name, said in others.items()}
        return self._head + orjson.dumps(node_of(subject, own, self._keys, known.get))[1:]

    def graph(self, triples: bytes) -> bytes:
        """Return a document of everything that these triples speak of, subject by subject."""
        by_subject = groupby(_quads(triples), itemgetter(0))
        nodes = [node_of(name, said, self._keys, lambda _: None) for name, said in by_subject]
        return self._head + b'"@graph":' + orjson.dumps(nodes) + b"}"

    def in_form(self, document: bytes, form: str) -> bytes:
        """Return a document of ours in a form of FORMS. Ours are framed, and what is framed is compacted too."""
        if form in {"framed", "compacted"}:
            return document
        from pyld import jsonld

        said, options = orjson.loads(document), {"documentLoader": _refuse}
        if form == "expanded":
            return orjson.dumps(jsonld.expand(said, options))
        return orjson.dumps(jsonld.flatten(said, {"@context": dict(self._context)}, options))


def _quads(triples: bytes) -> Iterator[Quad]:
    """Yield triples in canonical order, each once, from N-Triples without blank nodes as the engine writes them."""
    for line in sorted(set(triples.decode().split("\n"))):
        if line:
            subject, predicate, value = line[:-2].split(" ", 2)
            yield Quad(subject, predicate, value, "")


def _refuse(address: str, _options: object) -> dict[str, Any]:
    raise RemoteFailed(f"{address[:200]}: contexts other than our own are not loaded.")
