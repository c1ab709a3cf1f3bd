"""Answers, read from any of their formats and held against each other by what they mean."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    parse,
    parse_query_results,
)

from tests.support.w3c.manifests import BASE, Node, Term, load, named

MEDIA_TYPES = {
    "srx": "application/sparql-results+xml",
    "srj": "application/sparql-results+json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
}
VALUES: Mapping[str, Callable[[str], object]] = {
    "integer": int,
    "decimal": lambda text: Decimal(text).normalize(),
    "double": float,
    "float": float,
    "boolean": lambda text: text in {"true", "1"},
}
"""The datatypes whose literals are compared by value: an engine may write 1.50 as 1.5, and 0 as false."""


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT."""

    variables: tuple[str, ...]
    rows: tuple[Mapping[str, Term], ...]


Answer = bool | Table | Dataset


def read_answer(body: bytes, media_type: str, base: str = BASE) -> Answer:
    """Return an answer in one of the formats for tables or graphs; raise SyntaxError or ValueError for any other."""
    kind = media_type.partition(";")[0]
    if kind == "text/csv":
        return _csv(body.decode())
    if solutions := QueryResultsFormat.from_media_type(kind):
        return _table(body, solutions)
    return Dataset(parse(body, format=RdfFormat.from_media_type(kind), base_iri=base))


def read_result(path: Path, iri: str) -> Answer:
    """Return the answer that a file of the suite holds; a table may be written in RDF."""
    if path.suffix == ".ttl" and (found := _described(path, iri)):
        return found
    return read_answer(path.read_bytes(), MEDIA_TYPES[path.suffix.removeprefix(".")], iri)


def meaning(answer: Answer, *, ordered: bool = False) -> object:
    """Return what two answers have in common where they mean the same.

    Numbers are compared by value, blank nodes up to isomorphism, columns as a set, rows as a bag unless `ordered`.
    """
    if isinstance(answer, bool):
        return answer
    if isinstance(answer, Table):
        return sorted(answer.variables), _canonical(_quads(answer, ordered=ordered))
    return _canonical(Quad(quad.subject, quad.predicate, _by_value(quad.object)) for quad in answer)


def _canonical(quads: Iterable[Quad]) -> list[str]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def _quads(table: Table, *, ordered: bool) -> Iterable[Quad]:
    """Yield the rows as a graph: a blank node each, with its values and, where it counts, its place."""
    for place, row in enumerate(table.rows, start=1):
        node = BlankNode()
        yield Quad(node, named("rdf:type"), named("rs:ResultSet"))
        if ordered:
            yield Quad(node, named("rs:index"), Literal(place))
        for name, term in row.items():
            yield Quad(node, NamedNode(f"x-variable:{name}"), _by_value(term))


def _by_value(term: Term) -> Term:
    kind = term.datatype.value.removeprefix(named("xsd:").value) if isinstance(term, Literal) else ""
    if not isinstance(term, Literal) or kind not in VALUES:
        return term
    try:
        return Literal(str(VALUES[kind](term.value)), datatype=term.datatype)
    except (ValueError, InvalidOperation):
        return term


def _table(body: bytes, solutions: QueryResultsFormat) -> bool | Table:
    found = parse_query_results(body, solutions)
    if isinstance(found, QueryBoolean):
        return bool(found)
    names = tuple(variable.value for variable in found.variables)
    return Table(names, tuple({name: row[name] for name in names if row[name] is not None} for row in found))


def _csv(text: str) -> Table:
    """Return a table of texts; CSV leaves open which terms they stand for, and an unbound one is empty."""
    names, *rows = csv.reader(io.StringIO(text, newline=""))
    return Table(
        tuple(names), tuple({name: _cell(cell) for name, cell in zip(names, row, strict=True)} for row in rows)
    )


def _cell(text: str) -> BlankNode | Literal:
    if text.startswith("_:"):
        return BlankNode(text.removeprefix("_:"))
    try:
        return Literal(str(float(text)))
    except ValueError:
        return Literal(text)


def _described(path: Path, iri: str) -> Table | None:
    """Return the table that a graph describes in the vocabulary for result sets, or None where it describes none."""
    store = load(path, iri)
    head = next(store.quads_for_pattern(None, named("rdf:type"), named("rs:ResultSet")), None)
    if head is None:
        return None
    table = Node(store, head.subject)
    rows = [
        {binding.one("rs:variable").text: binding.one("rs:value").term for binding in solution.all("rs:binding")}
        for solution in table.all("rs:solution")
    ]
    return Table(tuple(node.text for node in table.all("rs:resultVariable")), tuple(rows))
