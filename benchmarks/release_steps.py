"""The steps that benchmarks.release measures, and how each is run in a process of its own.

    python -m benchmarks.release_steps STEP RESULT.json PATH ...

What a step found stands in RESULT.json. Packages are imported by the step that needs them: no other is to pay for them.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.processes import memory
from benchmarks.release_proofs import check_same, prove, triples_of
from benchmarks.run import Cost, cost_of
from justicegraph.jsonld import read_context, read_frames, write_lines
from justicegraph.namespaces import DOC, ID
from justicegraph.rdf.nquads import Lines, digest, write_sorted
from justicegraph.system.compression import read_lines
from justicegraph.system.processes import die_with_parent

PROJECT = Path(__file__).parents[1]
VERSION = "2026-11-21"
OFTEN = 0.2
"""Seconds between two looks at the memory."""
CHANGED = 100
"""One entry of so many differs from one release to the next."""

Found = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """What a step found, which is `seconds`, `cpu` seconds, `size` in bytes and the like, and what its process cost."""

    found: Mapping[str, Any]
    cost: Cost

    @property
    def cpu(self) -> float:
        """Seconds of processor time; never 0."""
        return max(float(self.found["cpu"]), 0.001)


def step(name: str, folder: Path, *paths: Path) -> Step:
    """Return what a step found and cost; raise Failed where it fails. Nothing of it is left, whatever ends it."""
    result = folder / f"{name}.json"
    cost = cost_alone("benchmarks.release_steps", name, result, *paths)
    return Step(json.loads(result.read_bytes()), cost)


def cost_alone(module: str, *words: object) -> Cost:
    """Return what a module of ours costs; when this program is told to end, end it first, and all that it started."""
    print(*(word for word in words if not isinstance(word, Path)), file=sys.stderr, flush=True)
    try:
        return cost_of([sys.executable, "-m", module, *map(str, words)], cwd=PROJECT)
    except BaseException:
        _end_children()  # they write to the folder, which is removed now
        raise


def _end_children() -> None:
    """End the processes that this one has started and their groups, and wait until none is left."""
    for child in _children():
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)
        with suppress(ProcessLookupError):
            for _ in range(500):
                os.killpg(child, 0)
                time.sleep(0.01)


def _children() -> Iterator[int]:
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(place.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]) == os.getpid():
                yield int(place.parent.name)


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
    with timed() as reading, quads.open("rb") as lines:
        graph = Graph().parse(data=b"".join(triples_of(lines)), format="nt")
    with timed() as found:
        graph.serialize(out, format="json-ld", context=context, auto_compact=True)
    return found | {"size": out.stat().st_size, "reading": reading["cpu"]}


def pyoxigraph(quads: Path, out: Path) -> Found:
    """Write expanded JSON-LD, which is all that pyoxigraph writes, from triples in memory."""
    from pyoxigraph import RdfFormat, parse, serialize

    with timed() as reading, quads.open("rb") as lines:
        triples = [quad.triple for quad in parse(b"".join(triples_of(lines)), format=RdfFormat.N_TRIPLES)]
    with timed() as found:
        serialize(triples, str(out), format=RdfFormat.JSON_LD)
    return found | {"size": out.stat().st_size, "reading": reading["cpu"]}


def release(quads: Path, place: Path) -> Found:
    """Issue a release as the command does."""
    from justicegraph.release import ReleaseRequest, RemovedEntries, Source, publish_release

    request = ReleaseRequest(Source(quads, read_context(PROJECT), read_frames(PROJECT), VERSION))
    with watched() as seen, timed() as found:
        made = publish_release(place, request, RemovedEntries(lambda _: False, ""), None, lambda *_: None)
    return found | {"size": sum(file.size for file in made.files), "together": max(seen), "quads": made.quads}


def delta(quads: Path, place: Path) -> Found:
    """Write the delta from a release to its graph with one entry of CHANGED renamed, and check what it leads to."""
    from justicegraph.release.delta import apply_delta, write_delta

    folder, changed = place / "next", place / "changed.nq"
    folder.mkdir()
    with quads.open("rb") as lines, changed.open("wb") as file:
        write_sorted(_renamed(lines), file)
    before = partial(read_lines, place / VERSION / "justicegraph.nq.zst")
    with timed() as found, changed.open("rb") as now:
        changes = write_delta(before(), now, folder)
    with changed.open("rb") as now:
        check_same("the release before with its delta", digest(apply_delta(before, folder)), digest(now))
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return found | {"quads": changes.quads_added + changes.quads_removed, "entries": len(changes.changed), "size": size}


def _renamed(quads: Lines) -> Iterator[bytes]:
    """Yield quads, one English label of CHANGED longer by a word: the one that stands in the entry's own document."""
    labels = 0
    for line in quads:
        if b"prefLabel>" in line and line.startswith(f"<{ID}".encode()) and f'"@en <{DOC}'.encode() in line:
            labels += 1
            yield line if labels % CHANGED else line.replace(b'"@en <', b' again"@en <')
        else:
            yield line


@contextmanager
def timed() -> Iterator[Found]:
    """Give a dictionary that gets the seconds until the end, and those of processor time, of processes made too."""
    found: Found = {}
    wall, cpu = time.perf_counter(), sum(os.times()[:4])
    yield found
    found |= {"seconds": time.perf_counter() - wall, "cpu": sum(os.times()[:4]) - cpu}


@contextmanager
def watched() -> Iterator[list[int]]:
    """Give a list that fills with how much memory, in bytes, the processes of this session hold at a time (Pss)."""
    seen: list[int] = [memory(os.getsid(0)).together]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(OFTEN):
            seen.append(memory(os.getsid(0)).together)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


STEPS: Mapping[str, Callable[..., Found]] = {
    each.__name__: each for each in (sort, ours, rdflib, pyoxigraph, release, delta, prove)
}


def main() -> None:
    """Run a step, which ends with the benchmark."""
    die_with_parent(os.getppid())
    step, result, *paths = sys.argv[1:]
    Path(result).write_text(json.dumps(STEPS[step](*map(Path, paths))), encoding="ascii")


if __name__ == "__main__":
    main()
