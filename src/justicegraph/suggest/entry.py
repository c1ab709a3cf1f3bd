"""The entry that a form is about, and the data of other entries that a form needs."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import NamedNode, Triple

from justicegraph.namespaces import ID, TYPE
from justicegraph.rdf.canonical import canonical_turtle

_TYPE = NamedNode(TYPE)


class Graph(Protocol):
    """Finds names of entries and entries by name."""

    def name_of(self, iri: str) -> str:
        """Return the name of an entry, or the id of a part; "" if there is none with this IRI."""

    def find_by_name(self, name: str, kind: str) -> list[str]:
        """Return the IRIs of the entries of a class, "" for any class, with exactly this name in some language."""


@dataclass(frozen=True)
class Entry:
    """An entry: its class, its id ("" for a new entry), and the triples of it and of its parts."""

    kind: str
    slug: str = ""
    triples: tuple[Triple, ...] = ()

    @property
    def digest(self) -> str:
        """A hash of the triples; "" for a new entry."""
        return digest_of(self.triples)

    def parts(self) -> dict[str, str]:
        """Return the class of each part by its key, as in custody-1."""
        prefix = f"{ID}{self.slug}."
        kinds_by_key = {
            triple.subject.value.removeprefix(prefix): triple.object.value
            for triple in self.triples
            if triple.predicate == _TYPE and isinstance(triple.subject, NamedNode)
            and isinstance(triple.object, NamedNode) and triple.subject.value.startswith(prefix)
        }  # fmt: skip
        return dict(sorted(kinds_by_key.items()))


def digest_of(triples: Sequence[Triple]) -> str:
    """Return a hash of a set of triples, whatever their order; "" for no triples."""
    return hashlib.sha256(canonical_turtle(triples).encode()).hexdigest()[:32] if triples else ""
