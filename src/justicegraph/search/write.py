"""A graph to its index: a folder that nobody changes any more."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import tantivy

from justicegraph.errors import CannotWrite
from justicegraph.search.documents import Draft, drafts
from justicegraph.search.fields import ABOUT, VERSION, facet_field, mark, schema, sort_field
from justicegraph.search.graph import known
from justicegraph.sparql.query import RunQuery
from justicegraph.system.files import sync, write_errors
from justicegraph.system.processes import without_collection

_MEMORY = 512_000_000
"""Bytes that the writer may hold before it writes a segment: a graph of a million entries makes few."""


def write_search(run_query: RunQuery, folder: Path) -> int:
    """Write the index of a graph to a new folder, and return how many entries it has; raise CannotWrite.

    The graph has a named graph for each entry, as a build makes them.
    """
    with write_errors(folder), without_collection():
        folder.mkdir(parents=True)
        said = known(run_query)
        index = tantivy.Index(schema(said.ranks), str(folder), reuse=False)
        writer = index.writer(_MEMORY, 1)
        for draft in drafts(run_query, said):
            with _engine_refusals(folder):
                writer.add_document(_document(draft))
        with _engine_refusals(folder):
            writer.commit()
            writer.wait_merging_threads()
        about = {"version": VERSION, "languages": list(said.ranks), "labels": said.labels}
        (folder / ABOUT).write_bytes(orjson.dumps(about))
        _settle(folder)
    return len(said.order)


@contextmanager
def _engine_refusals(folder: Path) -> Iterator[None]:
    """Turn what the engine makes of a full disk into CannotWrite."""
    try:
        yield
    except ValueError as error:
        raise CannotWrite(f"{folder} cannot be written: {str(error)[:200]}. Nothing was changed.") from error


def _document(draft: Draft) -> tantivy.Document:
    made = tantivy.Document()
    made.add_bytes("line", draft.line)
    made.add_text("slug", draft.slug)
    for name, values in (*draft.texts.items(), *draft.keys.items()):
        for value in values:
            made.add_text(name, value)
    for facet, paths in draft.facets.items():
        for path in paths:
            made.add_text(facet_field(facet), path)
    marks = {mark(facet, path.rpartition("/")[2]) for facet, paths in draft.facets.items() for path in paths}
    made.add_text("marks", " ".join(sorted(marks)))
    for language, rank in draft.ranks.items():
        made.add_unsigned(sort_field(language), rank)
    made.add_unsigned("newest", draft.newest)
    made.add_unsigned("year", draft.year)
    return made


def _settle(folder: Path) -> None:
    """Wait until all is on the disk, readable for whoever may read the snapshot, and without the writer's locks."""
    for path in folder.iterdir():
        if path.suffix == ".lock":
            path.unlink()
            continue
        path.chmod(0o644)
        with path.open("rb+") as file:
            sync(file)
    sync(folder)
