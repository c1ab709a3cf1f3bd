"""Triples from plain strings, and the IRIs of the dataset description."""

from collections.abc import Iterator
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.namespaces import VOID_GRAPH, short


def statements(subject: str, predicate: str, *values: NamedNode | Literal) -> Iterator[Triple]:
    """Yield one triple for each value."""
    return (Triple(NamedNode(subject), NamedNode(predicate), value) for value in values)


def part_iri(kind: str, *iris: str) -> str:
    """Return the IRI of a part of the dataset description, as in `…/void#class-Person/worksOn`."""
    return f"{VOID_GRAPH}#{kind}-" + "/".join(quote(short(iri).removeprefix("jg:"), safe=":") for iri in iris)
