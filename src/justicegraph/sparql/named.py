"""The named queries of a module: read a .rq file, bind its variables, run it, and return typed rows or triples."""

import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from justicegraph.rdf.formats import GRAPHS, SOLUTIONS, Format, named_format
from justicegraph.sparql.query import Query, RunQuery
from justicegraph.sparql.results import Row, Terms, iter_csv, parse_rows, parse_terms, parse_triples

__all__ = ["Bindings", "NamedQueries", "Row", "Terms", "Values"]

Term = NamedNode | Literal

Bindings = Mapping[str, Term]
"""RDF terms by the name of the variable that each is bound to."""

Values = Mapping[str | tuple[str, ...], Iterable[Term | Sequence[Term]]]
"""The rows of VALUES blocks: terms by the name of a variable, or sequences of terms by several names."""

_JSON, _CSV, _NTRIPLES = (
    named_format("json", SOLUTIONS), named_format("csv", SOLUTIONS), named_format("nt", GRAPHS),
)  # fmt: skip


@dataclass(frozen=True)
class NamedQueries:
    """The queries in a folder, each called by the name of its file without `.rq`.

    Variables are bound in three ways, and always to whole RDF terms, so no value can change the query:
    `bindings` bind beside the text, `values` fill the empty VALUES blocks, and `constants` replace variables in the
    text. A bound variable must be one of those that the query selects, and is in every row; a constant is in none.
    """

    folder: Path

    @classmethod
    def beside(cls, file: str) -> "NamedQueries":
        """Return the queries in the folder `queries` beside a module: `NamedQueries.beside(__file__)`."""
        return cls(Path(file).parent / "queries")

    def text(self, name: str, values: Values | None = None, constants: Bindings | None = None) -> str:
        """Return the text of a query, with its empty VALUES blocks filled and its constants in place."""
        text = _read(self.folder, name)
        for variables, rows in (values or {}).items():
            text = _fill(text, variables, rows)
        if constants:
            text = re.sub(rf"\?({'|'.join(constants)})\b", lambda variable: str(constants[variable[1]]), text)
        return text

    def rows(
        self,
        run_query: RunQuery,
        name: str,
        bindings: Bindings | None = None,
        *,
        values: Values | None = None,
        constants: Bindings | None = None,
    ) -> list[Row]:
        """Return the rows of a SELECT, with texts for their values."""
        query = Query(self.text(name, values, constants), solutions=_JSON, bindings=bindings or {})
        return parse_rows(run_query(query).read())

    def terms(
        self, run_query: RunQuery, name: str, bindings: Bindings | None = None, *, values: Values | None = None
    ) -> Iterator[Terms]:
        """Yield the rows of a SELECT one at a time, with RDF terms for their values."""
        query = Query(self.text(name, values), solutions=_JSON, bindings=bindings or {})
        with run_query(query).body as body:
            yield from parse_terms(body)

    def iter_rows(self, run_query: RunQuery, name: str) -> Generator[list[str], None, None]:
        """Yield the rows of a SELECT one at a time: the values in its order, "" if one is unbound.

        This is for results of millions of rows: the fastest way, and the one that takes least memory. A value has
        131,072 characters at most.
        """
        with run_query(Query(self.text(name), solutions=_CSV)).body as body:
            yield from iter_csv(body)

    def triples(
        self, run_query: RunQuery, name: str, bindings: Bindings | None = None, *, values: Values | None = None
    ) -> list[Triple]:
        """Return the triples of a CONSTRUCT, each once."""
        return parse_triples(self.ntriples(run_query, name, bindings, values=values))

    def iter_triples(self, run_query: RunQuery, name: str) -> Iterator[Triple]:
        """Yield the triples of a CONSTRUCT one at a time; some may be repeated."""
        with run_query(self.construct(name)).body as lines:
            for quad in parse(lines, format=RdfFormat.N_TRIPLES):
                yield quad.triple

    def ntriples(
        self, run_query: RunQuery, name: str, bindings: Bindings | None = None, *, values: Values | None = None
    ) -> bytes:
        """Return the result of a CONSTRUCT in N-Triples, as the engine writes it."""
        return run_query(Query(self.text(name, values), graph=_NTRIPLES, bindings=bindings or {})).read()

    def construct(self, name: str, bindings: Bindings | None = None, form: Format = _NTRIPLES) -> Query:
        """Return a CONSTRUCT as a query with a result in this format, for a caller that runs it itself."""
        return Query(self.text(name), graph=form, bindings=bindings or {})


@cache
def _read(folder: Path, name: str) -> str:
    return (folder / f"{name}.rq").read_text(encoding="utf-8")


def _fill(text: str, variables: str | tuple[str, ...], rows: Iterable[Term | Sequence[Term]]) -> str:
    """Return the text of a query with rows in each empty VALUES block of these variables (SPARQL 1.1, 10.2)."""
    names = (variables,) if isinstance(variables, str) else variables
    columns, row_of = (
        (f"?{names[0]}", "{}") if len(names) == 1 else (f"({' '.join(f'?{name}' for name in names)})", "({})")
    )
    head = f"VALUES {columns} {{"
    written = " ".join(row_of.format(" ".join(map(str, _terms(row)))) for row in rows)
    if f"{head}}}" not in text:
        raise ValueError(f"the query has no empty block {head}}}")
    return text.replace(f"{head}}}", f"{head} {written} }}")


def _terms(row: Term | Sequence[Term]) -> Sequence[Term]:
    return row if isinstance(row, Sequence) else (row,)
