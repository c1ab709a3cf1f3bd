"""The entries of a graph by slug: which there are, and the facts of one."""

from collections.abc import Generator
from contextlib import closing

from pyoxigraph import NamedNode

from justicegraph.namespaces import ID, SLUG, document_of
from justicegraph.sparql.named import NamedQueries, Row
from justicegraph.sparql.query import RunQuery

_QUERIES = NamedQueries.beside(__file__)


def iter_slugs(run_query: RunQuery) -> Generator[str, None, None]:
    """Yield the slugs of all entries in their order, one at a time: there may be millions."""
    with closing(_QUERIES.iter_rows(run_query, "ids_of_all_entries")) as rows:
        for row in rows:
            slug = "".join(row).removeprefix(ID)
            if SLUG.fullmatch(slug):
                yield slug


def facts_of(run_query: RunQuery, slug: str) -> list[Row]:
    """Return the facts of an entry and of its parts; no rows if there is no entry with this slug."""
    entry, document = NamedNode(ID + slug), NamedNode(document_of(slug))
    return _QUERIES.rows(run_query, "facts_of_an_entry", {"entity": entry, "doc": document})
