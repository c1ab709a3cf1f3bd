"""A question and a store to the answer's bytes: whole before the first one is sent."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO

from pyoxigraph import BlankNode, Literal, NamedNode, QueryTriples, Store, Variable

from justicegraph.errors import BadQuery, CannotWrite, NotAcceptable, RefusedQuery
from justicegraph.formats import Format
from justicegraph.guard import guard

IN_MEMORY = 1_048_576
"""Bytes of an answer that are kept in memory; the rest of a longer one goes to a temporary file."""

_FROM = re.compile("from", re.IGNORECASE)
_UPDATE = re.compile(
    r"(?:\s|\#[^\r\n]*|prefix\s[^<]*<[^>]*>|base\s[^<]*<[^>]*>)*"
    r"(?:insert|delete|load|clear|create|drop|copy|move|add|with)\b",
    re.IGNORECASE,
)
"""An update (SPARQL 1.1 Update, 3) after any prologue and comments."""


@dataclass(frozen=True)
class Question:
    """A query, the formats that its answer may come in, and what binds it.

    `solutions` is for SELECT and ASK, `graph` for CONSTRUCT and DESCRIBE; None where the client takes none of a kind.
    The dataset parameters take precedence over FROM (SPARQL 1.1 Protocol, 2.1.4); a graph that the store lacks is
    empty.
    """

    query: str
    solutions: Format | None = None
    graph: Format | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    bindings: Mapping[str, NamedNode | Literal] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """A whole answer: its format, its bytes from the start, and how many they are."""

    format: Format
    body: IO[bytes]
    length: int

    def read(self) -> bytes:
        """Return all of the bytes, and close the answer."""
        with self.body:
            return self.body.read()


Ask = Callable[[Question], Answer]
"""The one way in which pages, protocol and commands ask, whatever stands behind it."""


def evaluate(store: Store, question: Question, *, union: bool) -> Answer:
    """Return the answer; raise BadQuery or RefusedQuery for a query that has none, NotAcceptable for no format.

    With `union`, the default graph is the union of all named ones, where the question names no default graph.
    """
    guard(question.query)
    try:
        results = store.query(
            question.query,
            use_default_graph_as_union=union and not _names_graphs(question),
            default_graph=[NamedNode(iri) for iri in question.default_graphs]
            or ([] if question.named_graphs else None),
            named_graphs=_named_graphs(question),
            substitutions={Variable(name): term for name, term in question.bindings.items()},
        )
        chosen = question.graph if isinstance(results, QueryTriples) else question.solutions
        if chosen is None or chosen.writer is None:
            kind = "a graph" if isinstance(results, QueryTriples) else "a table or yes and no"
            raise NotAcceptable(f"The query is answered by {kind}, and no format for that was accepted.")
        body = spool()
        try:
            results.serialize(body, chosen.writer)  # type: ignore[arg-type]  # the format is of the results' kind
        except BaseException:
            body.close()
            raise
    except SyntaxError as error:
        raise _refusal(question.query, error) from error
    except OSError as error:
        raise CannotWrite(f"The answer cannot be kept while it is written: {error.strerror or error}.") from error
    except (ValueError, RuntimeError) as error:
        raise BadQuery(f"The query cannot be answered: {_first_line(error)}") from error
    length = body.tell()
    body.seek(0)
    return Answer(chosen, body, length)


def _names_graphs(question: Question) -> bool:
    """Tell whether the client chooses the default graph, by parameters or by FROM.

    The engine lets the union outweigh FROM and shows nobody what it has parsed. So the word is spoilt wherever it
    stands: as a keyword it is missed by the parser; in a name, a text or a comment it is not.
    """
    if question.default_graphs or question.named_graphs:
        return True
    if "from" not in question.query.lower():
        return False
    spoilt = "frxm"
    while spoilt in question.query.lower():
        spoilt += "x"
    try:
        Store().query(_FROM.sub(spoilt, question.query))
    except SyntaxError:
        return True
    return False


def spool() -> IO[bytes]:
    """Return a file for an answer, which goes to the disk when it grows."""
    return SpooledTemporaryFile(IN_MEMORY)


def _named_graphs(question: Question) -> list[NamedNode | BlankNode] | None:
    if question.default_graphs or question.named_graphs:
        return [NamedNode(iri) for iri in question.named_graphs]
    return None


def _refusal(query: str, error: SyntaxError) -> BadQuery:
    if _UPDATE.match(query):
        return RefusedQuery("Updates are refused: this endpoint answers questions and changes nothing.")
    return BadQuery(f"The query does not parse: {_first_line(error)}")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:300]
