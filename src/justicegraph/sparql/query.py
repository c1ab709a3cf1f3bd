"""A query and its result, as they travel between the parts of a program and between processes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from pyoxigraph import Literal, NamedNode

from justicegraph.rdf.formats import Format, format_of


@dataclass(frozen=True)
class Query:
    """A query, the formats that its answer may come in, and what binds it.

    `solutions` is for SELECT and ASK, `graph` for CONSTRUCT and DESCRIBE; None where the client takes none of a kind.
    The dataset parameters take precedence over FROM (SPARQL 1.1 Protocol, 2.1.4); a graph that the store lacks is
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
        """Travel between processes as a few strings, which takes a third of the time."""
        solutions, graph = (form and form.media_type for form in (self.solutions, self.graph))
        bindings = dict(self.bindings) or None
        return _question, (
            self.text,
            solutions,
            graph,
            self.default_graphs,
            self.named_graphs,
            bindings,
            self.encoding,
        )


def _question(text: str, solutions: str | None, graph: str | None, *more: Any) -> Query:
    default, named, bindings, encoding = more
    table, triples = solutions and format_of(solutions), graph and format_of(graph)
    return Query(text, table or None, triples or None, default, named, bindings or {}, encoding)


@dataclass(frozen=True)
class Result:
    """A whole answer: its format, its bytes from the start, how many they are, and their content coding if any."""

    format: Format
    body: IO[bytes]
    length: int
    encoding: str = ""

    def read(self) -> bytes:
        """Return all of the bytes, and close the answer."""
        with self.body:
            return self.body.read()


RunQuery = Callable[[Query], Result]
"""The one way in which pages, protocol and commands ask, whatever stands behind it."""
