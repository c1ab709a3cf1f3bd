"""Writing the index of a graph to a folder that is never changed afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import tantivy

from justicegraph.errors import CannotWrite
from justicegraph.search.documents import Document, make_documents
from justicegraph.search.fields import ABOUT, VERSION, facet_field, filter_term, schema, sort_field
from justicegraph.search.graph import read_graph
from justicegraph.sparql.query import RunQuery
from justicegraph.system.files import sync, write_errors
from justicegraph.system.processes import without_collection

_MEMORY = 512_000_000
"""Bytes of memory before the writer writes a segment, so that a graph of a million entries has few segments."""


def write_search(run_query: RunQuery, folder: Path) -> int:
    """Write the index of a graph to a new folder, and return the number of entries; raise CannotWrite.

    The graph has a named graph for each entry, as a build makes them.
    """
    with write_errors(folder), without_collection():
        folder.mkdir(parents=True)
        graph = read_graph(run_query)
        index = tantivy.Index(schema(graph.ranks), str(folder), reuse=False)
        writer = index.writer(_MEMORY, 1)
        for document in make_documents(run_query, graph):
            with _engine_refusals(folder):
                writer.add_document(_engine_document(document))
        with _engine_refusals(folder):
            writer.commit()
            writer.wait_merging_threads()
        about = {"version": VERSION, "languages": list(graph.ranks), "labels": graph.labels}
        (folder / ABOUT).write_bytes(orjson.dumps(about))
        _settle(folder)
    return len(graph.order)


@contextmanager
def _engine_refusals(folder: Path) -> Iterator[None]:
    """Turn the engine's error on a full disk into CannotWrite."""
    try:
        yield
    except ValueError as error:
        raise CannotWrite(f"{folder} cannot be written: {str(error)[:200]}. Nothing was changed.") from error


def _engine_document(document: Document) -> tantivy.Document:
    engine_document = tantivy.Document()
    engine_document.add_bytes("line", document.line)
    engine_document.add_text("slug", document.slug)
    for name, values in (*document.texts.items(), *document.keys.items()):
        for value in values:
            engine_document.add_text(name, value)
    for facet, paths in document.facets.items():
        for path in paths:
            engine_document.add_text(facet_field(facet), path)
    marks = {filter_term(facet, path.rpartition("/")[2]) for facet, paths in document.facets.items() for path in paths}
    engine_document.add_text("marks", " ".join(sorted(marks)))
    for language, rank in document.ranks.items():
        engine_document.add_unsigned(sort_field(language), rank)
    engine_document.add_unsigned("newest", document.newest)
    engine_document.add_unsigned("year", document.year)
    return engine_document


def _settle(folder: Path) -> None:
    """Wait until all is on the disk, readable for all readers of the snapshot, and without the writer's locks."""
    for path in folder.iterdir():
        if path.suffix == ".lock":
            path.unlink()
            continue
        path.chmod(0o644)
        with path.open("rb+") as file:
            sync(file)
    sync(folder)
