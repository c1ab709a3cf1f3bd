"""One entry's document, from what a server has answered in N-Triples, in the form of JSON-LD that is wanted."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import orjson

from justicegraph.errors import RemoteFailed
from justicegraph.jsonld.keys import Keys
from justicegraph.jsonld.neighbours import neighbour
from justicegraph.jsonld.nodes import Fact, node_of
from justicegraph.nquads import owner_of

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
        own: list[Fact] = []
        others: dict[str, list[Fact]] = defaultdict(list)
        for fact in _facts(triples):
            (own if owner_of(fact[0]) == subject else others[fact[0]]).append(fact)
        known = {name: neighbour(name, facts, self._keys) for name, facts in others.items()}
        return self._head + orjson.dumps(node_of(subject, own, self._keys, known.get))[1:]

    def graph(self, triples: bytes) -> bytes:
        """Return a document of everything that these triples speak of, subject by subject."""
        by_subject: dict[str, list[Fact]] = defaultdict(list)
        for fact in _facts(triples):
            by_subject[fact[0]].append(fact)
        nodes = [node_of(name, facts, self._keys, lambda _: None) for name, facts in by_subject.items()]
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


def _facts(triples: bytes) -> list[Fact]:
    """Return triples in canonical order, each once, from N-Triples without blank nodes as the engine writes them."""
    found = []
    for line in sorted(set(triples.decode().split("\n"))):
        if line:
            subject, predicate, value = line[:-2].split(" ", 2)
            found.append((subject, predicate, value))
    return found


def _refuse(address: str, _options: object) -> dict[str, Any]:
    raise RemoteFailed(f"{address[:200]}: contexts other than our own are not loaded.")
