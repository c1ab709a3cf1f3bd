"""The steps that benchmarks.release measures and proves, each run in a process of its own.

    python -m benchmarks.release_steps STEP RESULT.json PATH ...

What a step found stands in RESULT.json. Packages are imported by the step that needs them: no other is to pay for them.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from benchmarks.processes import memory
from justicegraph.jsonld import read_context, read_frames, write_lines
from justicegraph.names import CONTEXT, DOC, ID, SKOS, TYPE
from justicegraph.nquads import Lines, digest, groups_of, quads_of, write_sorted
from justicegraph.packing import lines_of
from justicegraph.pool.process import end_with_parent

PROJECT = Path(__file__).parents[1]
VERSION = "2026-11-21"
OFTEN = 0.2
"""Seconds between two looks at the memory."""
SAMPLE = 500
"""One line of so many is read by pyld, which takes a hundred times as long as we do."""
CHANGED = 100
"""One entry of so many differs from one release to the next."""
WHOLE = 100_000_000
"""Bytes of a JSON-LD document up to which Oxigraph reads it whole; it holds all of it, in fifteen times the bytes."""
PIECE = 1_000
"""Nodes that it reads at a time of a larger one."""

Found = dict[str, Any]


def sort(graph: Path, out: Path) -> Found:
    """Write N-Quads in canonical order, as a snapshot has them."""
    with graph.open("rb") as lines, out.open("wb") as file:
        write_sorted(lines, file)
    with out.open("rb") as lines:
        return {"quads": sum(1 for _ in lines)}


def ours(quads: Path, out: Path) -> Found:
    """Write lines of JSON-LD from canonical N-Quads on disk."""
    context = read_context(PROJECT)
    with timed() as found, out.open("wb") as file:
        write_lines(quads, context, file)
    return found | {"size": out.stat().st_size}


def rdflib(quads: Path, out: Path) -> Found:
    """Write compact JSON-LD from rdflib's graph in memory."""
    from rdflib import Graph

    context = read_context(PROJECT)
    with quads.open("rb") as lines:
        graph = Graph().parse(data=b"".join(_triples(lines)), format="nt")
    with timed() as found:
        graph.serialize(out, format="json-ld", context=context, auto_compact=True)
    return found | {"size": out.stat().st_size}


def pyoxigraph(quads: Path, out: Path) -> Found:
    """Write expanded JSON-LD, which is all that pyoxigraph writes, from triples in memory."""
    from pyoxigraph import RdfFormat, parse, serialize

    with quads.open("rb") as lines:
        triples = [quad.triple for quad in parse(b"".join(_triples(lines)), format=RdfFormat.N_TRIPLES)]
    with timed() as found:
        serialize(triples, str(out), format=RdfFormat.JSON_LD)
    return found | {"size": out.stat().st_size}


def release(quads: Path, place: Path) -> Found:
    """Issue a release as the command does."""
    from justicegraph.release import Order, Source
    from justicegraph.release import release as issue

    order = Order(Source(quads, read_context(PROJECT), read_frames(PROJECT), VERSION))
    with watched() as seen, timed() as found:
        made = issue(place, order, lambda _: False, None, lambda *_: None)
    return found | {"size": sum(file.size for file in made.files), "together": max(seen), "quads": made.quads}


def delta(quads: Path, place: Path) -> Found:
    """Write the delta from a release to the same graph with one entry of CHANGED renamed, and check what it leads to."""
    from justicegraph.release.delta import applied, write_delta

    folder, changed = place / "next", place / "changed.nq"
    folder.mkdir()
    with quads.open("rb") as lines, changed.open("wb") as file:
        write_sorted(_renamed(lines), file)
    before = partial(lines_of, place / VERSION / "justicegraph.nq.zst")
    with timed() as found, changed.open("rb") as now:
        changes = write_delta(before(), now, folder)
    with changed.open("rb") as now:
        _same("the release before with its delta", digest(applied(before, folder)), digest(now))
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return found | {"quads": changes.quads_added + changes.quads_removed, "entries": len(changes.changed), "size": size}


def prove(place: Path) -> Found:
    """Prove that the release in a folder is whole, and that its JSON-LD says what its N-Quads say."""
    from justicegraph.release import release_of, verify

    verified = list(verify(place))
    folder, same = place / VERSION, partial(_hash, place)
    read, context = partial(lines_of, folder / "justicegraph.jsonl.zst"), read_context(PROJECT)
    quads = partial(lines_of, folder / "justicegraph.nq.zst")
    triples = digest(_triples(quads()))
    _same("justicegraph.jsonld", same(_of_document(folder, context)), triples)
    _same("justicegraph.jsonl", same(_read(_with_context(read(), context))), triples)
    named = release_of(place, VERSION).sha256
    _same("justicegraph.trig", same(_of_trig(folder / "justicegraph.trig.zst")), named)
    sampled = _sampled(quads, read(), context)
    return {"verified": verified, "triples": triples, "quads": named, "sampled": sampled}


def _triples(quads: Lines) -> Iterator[bytes]:
    """Yield canonical quads as canonical triples, each once: without their ends, they stay in order."""
    return (line for line, _ in groupby(line[: line.rindex(b" <")] + b" .\n" for line in quads))


def _renamed(quads: Lines) -> Iterator[bytes]:
    """Yield quads, one English label of CHANGED longer by a word: the one that stands in the entry's own document."""
    labels = 0
    for line in quads:
        if b"prefLabel>" in line and line.startswith(f"<{ID}".encode()) and f'"@en <{DOC}'.encode() in line:
            labels += 1
            yield line if labels % CHANGED else line.replace(b'"@en <', b' again"@en <')
        else:
            yield line


def _hash(folder: Path, lines: Lines) -> str:
    """Return the RDFC-1.0 hash of lines in any order, some more than once; memory stays flat."""
    with NamedTemporaryFile(dir=folder) as file:
        write_sorted(lines, file)
        file.seek(0)
        return digest(line for line, _ in groupby(file))


def _of_document(folder: Path, context: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield the triples of the one JSON-LD document as Oxigraph reads it: whole, or in pieces with head and end."""
    from benchmarks.release_steps import _read

    head, *_ = lines = lines_of(folder / "justicegraph.jsonld.zst"), context
    return _read(lines)


def _read(documents: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the triples of JSON-LD documents as lines of N-Triples."""
    from pyoxigraph import RdfFormat, parse, serialize

    for document in documents:
        triples = (quad.triple for quad in parse(document, format=RdfFormat.JSON_LD))
        yield from (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)
