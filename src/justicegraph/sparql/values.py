"""The results of a query as plain Python: rows are dictionaries, and every term is a string."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pyoxigraph
from pyoxigraph import RdfFormat, parse

from justicegraph.errors import BadQuery
from justicegraph.namespaces import RDF, XSD
from justicegraph.sparql.query import Result
from justicegraph.sparql.results import parse_table

_TEXTS = frozenset({XSD + "string", RDF + "langString"})
_VALUES: Mapping[str, Callable[[str], int | Decimal | float | bool | date]] = {
    XSD + "integer": int,
    XSD + "decimal": Decimal,
    XSD + "double": float,
    XSD + "float": float,
    XSD + "boolean": lambda text: text in {"true", "1"},
    XSD + "date": date.fromisoformat,
}


class IRI(str):
    """An IRI.

    >>> IRI("https://w3id.org/justicegraph/id/leonard-peltier")
    IRI('https://w3id.org/justicegraph/id/leonard-peltier')
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"IRI({str.__repr__(self)})"


class BlankNode(str):
    """The label of a node without a name: it means nothing outside these results.

    >>> BlankNode("b0")
    BlankNode('b0')
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"BlankNode({str.__repr__(self)})"


class Literal(str):
    """The text of a literal, with its language ("" for none) and the IRI of its datatype.

    >>> Literal("Leonard Peltier", language="en")
    Literal('Leonard Peltier', language='en')
    >>> Literal("12", datatype="http://www.w3.org/2001/XMLSchema#integer").value + 1
    13
    """

    language: str
    datatype: str

    def __new__(cls, text: str, language: str = "", datatype: str = "") -> "Literal":
        """Return the literal; its datatype is by default that of a text."""
        literal = super().__new__(cls, text)
        literal.language = language
        literal.datatype = datatype or (RDF + "langString" if language else XSD + "string")
        return literal

    def __repr__(self) -> str:
        suffix = f", language={self.language!r}" if self.language else ""
        suffix += f", datatype={self.datatype!r}" if self.datatype not in _TEXTS else ""
        return f"Literal({str.__repr__(self)}{suffix})"

    @property
    def value(self) -> int | Decimal | float | bool | date | str:
        """The Python value of a number, a boolean or a whole date; of everything else, the text."""
        with suppress(ValueError, ArithmeticError):
            return _VALUES[self.datatype](self) if self.datatype in _VALUES else str(self)
        return str(self)


Term = IRI | Literal | BlankNode
Row = dict[str, Term]
"""A row of a SELECT: a variable without a value is missing."""


class Rows(list[Row]):
    """The rows of a SELECT, and its variables in their order.

    >>> rows = Rows(("name",), [{"name": Literal("Leonard Peltier", language="en")}])
    >>> [row["name"] for row in rows], rows.variables
    ([Literal('Leonard Peltier', language='en')], ('name',))
    """

    def __init__(self, variables: Iterable[str], rows: Iterable[Row]) -> None:
        super().__init__(rows)
        self.variables = tuple(variables)


class Triple(NamedTuple):
    """A triple of a CONSTRUCT or DESCRIBE.

    >>> Triple(IRI("https://example.org/a"), IRI("https://example.org/b"), Literal("c")).object
    Literal('c')
    """

    subject: IRI | BlankNode
    predicate: IRI
    object: Term


class Triples(list[Triple]):
    """The triples of a CONSTRUCT or DESCRIBE, each once."""


def values_of(result: Result) -> Rows | bool | Triples:
    """Return the rows, the boolean or the triples of a result in JSON or N-Triples."""
    if result.format.name == "nt":
        quads = parse(result.read(), format=RdfFormat.N_TRIPLES)
        return Triples(dict.fromkeys(_triple(quad) for quad in quads))
    table = parse_table(result.read())
    if isinstance(table, bool):
        return table
    return Rows(table.variables, ({name: _term(**cell) for name, cell in row.items()} for row in table.rows))


def engine_term(term: Term) -> pyoxigraph.NamedNode | pyoxigraph.Literal:
    """Return a term as the engine has it; raise BadQuery for a blank node, which no query can name."""
    if isinstance(term, IRI):
        return pyoxigraph.NamedNode(term)
    if isinstance(term, Literal) and term.language:
        return pyoxigraph.Literal(str(term), language=term.language)
    if isinstance(term, Literal):
        return pyoxigraph.Literal(str(term), datatype=pyoxigraph.NamedNode(term.datatype))
    raise BadQuery(f"{term!r} cannot be bound: use an IRI or a Literal.")


def _term(type: str, value: Any, datatype: str = "", **more: str) -> Term:  # noqa: A002  # the names of the format
    """Return a term of SPARQL 1.1 Query Results JSON Format, 3.2.2."""
    if type == "uri":
        return IRI(value)
    if type == "bnode":
        return BlankNode(value)
    if type == "literal":
        return Literal(value, more.get("xml:lang", ""), datatype)
    raise BadQuery("A result has a triple as its value: run the query with serialize() instead.")


def _triple(quad: pyoxigraph.Quad) -> Triple:
    subject, value = _node(quad.subject), _node(quad.object)
    if isinstance(subject, Literal):
        raise BadQuery("A literal cannot be a subject.")
    return Triple(subject, IRI(quad.predicate.value), value)


def _node(node: object) -> Term:
    if isinstance(node, pyoxigraph.NamedNode):
        return IRI(node.value)
    if isinstance(node, pyoxigraph.BlankNode):
        return BlankNode(node.value)
    if isinstance(node, pyoxigraph.Literal):
        return Literal(node.value, node.language or "", node.datatype.value)
    raise BadQuery("A result has a triple as its value: run the query with serialize() instead.")
