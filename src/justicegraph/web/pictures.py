"""Query results as pictures in the reader's language: numbers as a chart or a map, triples as a graph."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from justicegraph.namespaces import RDFS, SKOS, short
from justicegraph.pictures import (
    ENGLISH,
    FULL,
    SPANISH,
    Atlas,
    Cell,
    Edge,
    Node,
    Picture,
    Words,
    chart,
    chart_map,
    network,
    read_atlas,
)
from justicegraph.web.i18n import language
from justicegraph.web.paths import local_address

_MAPS = Path(__file__).parent / "static" / "built" / "maps.json"
_LABELS = frozenset({SKOS + "prefLabel", RDFS + "label"})

Table = Sequence[Sequence[Cell]]


def words() -> Words:
    """Return the fixed texts of pictures in the reader's language."""
    return replace({"es": SPANISH}.get(language().code, ENGLISH), day=language().day)


@cache
def atlas() -> Atlas | None:
    """Return the maps; None if the front end is not built."""
    return read_atlas(_MAPS)


def chart_of(columns: Sequence[str], rows: Table) -> Picture | None:
    """Return rows as a line by year or as bars by name; None if they are neither."""
    return chart(columns, rows, words=words())


def map_of(columns: Sequence[str], rows: Table) -> Picture | None:
    """Return rows as a map of numbers by state or country; None for other rows."""
    return chart_map(columns, rows, atlas(), words=words())


def graph_of(turtle: str) -> Picture | None:
    """Return triples as a graph, its nodes named by the labels among them; None if no two nodes are linked."""
    edges, names = [], {}
    for triple in parse(turtle, format=RdfFormat.TURTLE):
        if isinstance(triple.object, Literal) and triple.predicate.value in _LABELS:
            names[str(triple.subject)] = triple.object.value
        elif isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            edges.append((triple.subject, short(triple.predicate.value), triple.object))
    nodes = {
        node.value: Node(names.get(str(node), short(node.value)), local_address(node.value))
        for start, _, end in edges for node in (start, end)
    }  # fmt: skip
    labelled = [Edge(start.value, end.value, label) for start, label, end in edges]
    return network(nodes, labelled, words=words(), width=FULL) if labelled else None
