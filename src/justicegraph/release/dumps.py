"""The dumps of a release, each written from the file of canonical N-Quads in a process of its own."""

import json
import multiprocessing
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from pyoxigraph import RdfFormat, Triple, parse

from justicegraph.jsonld import write_both
from justicegraph.namespaces import CONTEXT_VERSION, ONTOLOGY_GRAPH, SHAPES_GRAPH
from justicegraph.project.sssom import Decision
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.rdf.nquads import Lines
from justicegraph.rdf.turtle import write_trig, write_turtle
from justicegraph.release.mappings import MAPPINGS, write_mappings
from justicegraph.release.parquet import has_pyarrow, write_parquet
from justicegraph.release.statements import write_statements
from justicegraph.release.tables import write_tables
from justicegraph.system.compression import compressed_files
from justicegraph.system.processes import die_with_parent

QUADS, PARQUET = "justicegraph.nq", "statements.parquet"
CONTEXT, FRAMES = f"context/{CONTEXT_VERSION}.jsonld", f"context/{CONTEXT_VERSION}.frames.json"

FEW = 32 * 2**20
"""Bytes of N-Quads up to which one process writes everything, because starting others would take longer."""


@dataclass(frozen=True)
class Source:
    """The source of the dumps: a file of canonical N-Quads, its context and frames, and the version.

    `decisions` are those behind the mappings among the quads, with their authors and dates.
    """

    quads: Path
    context: Mapping[str, Any]
    frames: Mapping[str, Any]
    version: str
    decisions: Sequence[Decision] = ()


Dump = Callable[[Source, IO[bytes]], None]
"""Writes one file."""


def write_dumps(source: Source, folder: Path) -> Iterator[tuple[int, int, str]]:
    """Write all dumps in a folder; yield after each one the number written, the number of all, and its name.

    As many are written at a time as there are processors. Parquet is among them if pyarrow is installed.
    """
    names = [*_SEVERAL, *_PACKED, *(name for name in _PLAIN if name != PARQUET or has_pyarrow())]
    if source.quads.stat().st_size < FEW:
        for done, name in enumerate(names, 1):
            _write(name, source, folder)
            yield done, len(names), name
        return
    method = multiprocessing.get_context("spawn")  # the dumps share nothing, and the caller may have threads
    ours = partial(_begin, os.getpid())
    # A process for each: one that had written a large dump would hold its memory while it writes the next.
    with ProcessPoolExecutor(os.cpu_count(), method, ours, max_tasks_per_child=1) as processes:
        running = {processes.submit(_write, name, source, folder): name for name in names}
        try:
            for done, future in enumerate(as_completed(running), 1):
                future.result()
                yield done, len(names), running[future]
        except BaseException:
            processes.shutdown(cancel_futures=True)
            raise


def vocabulary(quads: Path, graph: str) -> list[Triple]:
    """Return the triples of a small graph: the ontology or the shapes."""
    end = f" <{graph}> .\n".encode()
    with quads.open("rb") as lines:
        quads_of_graph = b"".join(line for line in lines if line.endswith(end))
    return [quad.triple for quad in parse(quads_of_graph, format=RdfFormat.N_QUADS)]


def _begin(parent: int) -> None:
    if sys.platform == "linux":
        die_with_parent(parent)


def _write(name: str, source: Source, folder: Path) -> None:
    if name in _SEVERAL:
        _SEVERAL[name](source, folder)
        return
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if name in _PACKED:
        with compressed_files(path) as file:
            _PACKED[name](source, file)
    else:
        with path.open("wb") as file:
            _PLAIN[name](source, file)


def _jsonld(source: Source, folder: Path) -> None:
    with (
        compressed_files(folder / "justicegraph.jsonl") as lines,
        compressed_files(folder / "justicegraph.jsonld") as document,
    ):
        write_both(source.quads, source.context, lines, document)


def _tables(source: Source, folder: Path) -> None:
    ontology, shapes = (vocabulary(source.quads, graph) for graph in (ONTOLOGY_GRAPH, SHAPES_GRAPH))
    write_tables(source.quads, folder / "tables", source.context, ontology, shapes)


def _of_lines(write: Callable[[Lines, IO[bytes]], None], source: Source, file: IO[bytes]) -> None:
    with source.quads.open("rb") as lines:
        write(lines, file)


def _copy(lines: Any, file: IO[bytes]) -> None:
    shutil.copyfileobj(lines, file, 1_048_576)


def _vocabulary(graph: str, source: Source, file: IO[bytes]) -> None:
    file.write(canonical_turtle(vocabulary(source.quads, graph)).encode())


def _json(value: object, file: IO[bytes]) -> None:
    file.write(json.dumps(value, indent=2).encode() + b"\n")


_SEVERAL: Mapping[str, Callable[[Source, Path], None]] = {"JSON-LD": _jsonld, "tables": _tables}
"""Dumps of several files; these take longest."""

_PACKED: Mapping[str, Dump] = {
    "statements.csv": lambda source, file: write_statements(source.quads, file),
    "justicegraph.trig": partial(_of_lines, write_trig),
    "justicegraph.ttl": partial(_of_lines, write_turtle),
    QUADS: partial(_of_lines, _copy),
}
"""Compressed dumps."""

_PLAIN: Mapping[str, Dump] = {
    PARQUET: lambda source, file: write_parquet(source.quads, file),
    MAPPINGS: lambda source, file: write_mappings(source.quads, source.version, file, source.decisions),
    "ontology.ttl": partial(_vocabulary, ONTOLOGY_GRAPH),
    "shapes.ttl": partial(_vocabulary, SHAPES_GRAPH),
    CONTEXT: lambda source, file: _json({"@context": source.context}, file),
    FRAMES: lambda source, file: _json(source.frames, file),
}
