"""A snapshot that is open for queries from Python."""

from collections.abc import Mapping
from contextlib import ExitStack
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Self, TypeVar

from pyoxigraph import Store

from justicegraph.errors import BadQuery, MissingFolder
from justicegraph.project.snapshot import Snapshot, current_snapshot, hold_snapshot, open_store, read_snapshot
from justicegraph.rdf.formats import GRAPHS, SOLUTIONS, Format
from justicegraph.sparql.evaluate import evaluate
from justicegraph.sparql.query import Query, Result
from justicegraph.sparql.values import Rows, Term, Triples, engine_term, values_of

_JSON = next(form for form in SOLUTIONS if form.name == "json")
_NTRIPLES = next(form for form in GRAPHS if form.name == "nt")
_T = TypeVar("_T")


class OpenSnapshot:
    '''A snapshot that is open for queries; builds leave its folder alone until it is closed.

    A query sees the union of all named graphs, and has no limit of time or memory. Each method raises BadQuery for a
    query that cannot be run. `bindings` gives variables their values before the query runs; a SELECT must select them.

        >>> query = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        ... SELECT ?entry ?name { ?entry skos:prefLabel ?name } ORDER BY ?name LIMIT 1"""
        >>> with Project(".").snapshot() as snapshot:
        ...     rows = snapshot.select(query)
        >>> rows.variables
        ('entry', 'name')
        >>> rows[0]["name"].language
        'en'
    '''

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot, self._lock = snapshot, ExitStack()
        self._lock.enter_context(hold_snapshot(snapshot))

    @property
    def path(self) -> Path:
        """The folder with the dumps."""
        return self._snapshot.path

    @property
    def id(self) -> str:
        """The id, taken from the checksums of the dumps: equal data gives an equal id."""
        return self._snapshot.id

    @property
    def quads(self) -> int:
        """The number of quads."""
        return self._snapshot.quads

    def __repr__(self) -> str:
        return f"<OpenSnapshot {self.id} at {self.path}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def _store(self) -> Store:
        return open_store(self._snapshot)

    def close(self) -> None:
        """Let builds remove the folder again."""
        self._lock.close()

    def query(self, text: str, bindings: Mapping[str, Term] | None = None) -> Rows | bool | Triples:
        """Run a query and return the rows of a SELECT, the yes or no of an ASK, or the triples of a CONSTRUCT."""
        return values_of(self._run(text, _JSON, _NTRIPLES, bindings))

    def select(self, text: str, bindings: Mapping[str, Term] | None = None) -> Rows:
        """Run a SELECT query and return its rows, each a dictionary of terms by variable."""
        return _expected(self.query(text, bindings), Rows, "a SELECT")

    def ask(self, text: str, bindings: Mapping[str, Term] | None = None) -> bool:
        """Run an ASK query and return whether its pattern is found."""
        return _expected(self.query(text, bindings), bool, "an ASK")

    def construct(self, text: str, bindings: Mapping[str, Term] | None = None) -> Triples:
        """Run a CONSTRUCT or DESCRIBE query and return its triples, each once."""
        return _expected(self.query(text, bindings), Triples, "a CONSTRUCT or DESCRIBE")

    def serialize(self, text: str, format: str, bindings: Mapping[str, Term] | None = None) -> bytes:  # noqa: A002
        """Run a query and return its results in a format, by its short name or its media type.

        SELECT and ASK have csv, tsv, json and xml; CONSTRUCT and DESCRIBE have ttl, nt, nq, trig, rdf and jsonld. Raise
        NotAcceptable if the query has no such format.
        """
        solutions = next((form for form in SOLUTIONS if format in {form.name, form.media_type}), None)
        graph = next((form for form in GRAPHS if format in {form.name, form.media_type}), None)
        return self._run(text, solutions, graph, bindings).read()

    def _run(
        self, text: str, solutions: Format | None, graph: Format | None, bindings: Mapping[str, Term] | None
    ) -> Result:
        terms = {name: engine_term(term) for name, term in (bindings or {}).items()}
        return evaluate(self._store, Query(text, solutions, graph, bindings=terms), union=True)


def open_snapshot(path: str | PathLike[str]) -> OpenSnapshot:
    """Open a snapshot for queries: `path` is its own folder, or a folder of builds with a current one.

    Raise MissingFolder if there is none.

        >>> Project(".").build().close()
        >>> with open_snapshot("build") as snapshot:
        ...     snapshot.quads > 1000
        True
    """
    snapshot = read_snapshot(Path(path)) or current_snapshot(Path(path))
    if snapshot is None:
        raise MissingFolder(f"{path} holds no snapshot: build one with `justicegraph build`.")
    return OpenSnapshot(snapshot)


def _expected(value: object, kind: type[_T], form: str) -> _T:
    if isinstance(value, kind):
        return value
    raise BadQuery(f"The query is not {form}: use query() for any form.")
