"""A query and its result, as they travel between the parts of a program and between processes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from pyoxigraph import Literal, NamedNode

from justicegraph.rdf.formats import Format, format_of


@dataclass(frozen=True)
class Query:
    """A query, the formats of its result that the client takes, and its bindings.

    `solutions` is for SELECT and ASK, `graph` for CONSTRUCT and DESCRIBE; None if the client takes no such format.
    The dataset parameters take precedence over FROM (SPARQL 1.1 Protocol, 2.1.4). A graph that the store lacks is
    empty. `encoding` is the content coding that the client takes.
    """

    text: str
    solutions: Format | None = None
    graph: Format | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    bindings: Mapping[str, NamedNode | Literal] = field(default_factory=dict)
    encoding: str = ""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as a few strings, in a third of the time."""
        solutions, graph = (form and form.media_type for form in (self.solutions, self.graph))
        bindings = dict(self.bindings) or None
        return _query, (
            self.text,
            solutions,
            graph,
            self.default_graphs,
            self.named_graphs,
            bindings,
            self.encoding,
        )


def _query(text: str, solutions: str | None, graph: str | None, *more: Any) -> Query:
    default, named, bindings, encoding = more
    table, triples = solutions and format_of(solutions), graph and format_of(graph)
    return Query(text, table or None, triples or None, default, named, bindings or {}, encoding)


@dataclass(frozen=True)
class Result:
    """The whole result of a query: its format, its bytes, their number, and their content coding if any."""

    format: Format
    body: IO[bytes]
    length: int
    encoding: str = ""

    def read(self) -> bytes:
        """Return all of the bytes, and close the result."""
        with self.body:
            return self.body.read()


RunQuery = Callable[[Query], Result]
"""Runs a query and returns its result: on a store, on workers, or on another server."""
