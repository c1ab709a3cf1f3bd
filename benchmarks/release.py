"""A release and its JSON-LD: how fast they are written beside others, in how much memory, and that they say the same.

    python -m benchmarks.release [--quads N ... | --file FILE.nq ...] [--peers-quads N] [--only jsonld,peers,release]

Each step is a process of its own; graphs are put in canonical order first, which is not counted. With several graphs,
name the smallest first: the memory of the last is compared with that of the first.
"""

import argparse
import random
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.endpoint import slugs
from benchmarks.figures import Target, verdicts
from benchmarks.load import Load, check_wrk, load, warm_up, write_names
from benchmarks.machine import machine
from benchmarks.release_steps import Step, cost_alone, step
from benchmarks.run import Failed, table
from benchmarks.servers import OURS, Setting, running

PARTS = ("peers", "jsonld", "release", "proofs", "delta", "http")
PEERS = ("ours", "rdflib", "pyoxigraph")
MOST = 300
"""Megabytes (a million bytes) that all processes of a release may hold together, however large the graph is."""
FLAT = 1.2
"""Times as much as for the first graph that they may hold for the last: what is more is no chance."""
LARGE, MINUTES = 9_000_000, 15
"""Quads from which on the time of a release has a target, and that target."""
SLUGS = 20_000
"""Entries that are asked for over HTTP, at most."""
CONNECTIONS, SECONDS = 16, 5
"""How many ask for them at a time, and for how long."""
JSONLD = "application/ld+json"
NOTES = {
    "jsonld": "From canonical N-Quads on disk to lines of JSON-LD on disk. MB are of what is written; CPU is one core.",
    "peers": """\
Ours begins with the file. The others begin with the triples in memory, and only their serialization is timed; the last
column has the time that they took to read the file as well, by quads. The target is by quads, without that: the same
statements. MB are of what each writes: rdflib indents and does not nest, pyoxigraph writes expanded JSON-LD, and ours
tells the names of neighbours again.""",
    "release": "All processes together are seen every 0.2 s, shared pages counted once (Pss); the largest is exact.",
    "proofs": """\
Lines of JSON-LD carry no graphs: their triples are compared, each once, without the graphs of the N-Quads. TriG has
them, and gives the hash of the quads. Each hash is RDFC-1.0's: the SHA-256 of the sorted lines.""",
    "delta": "To the same graph with one entry of 100 renamed; the release before with its delta is the graph after.",
    "http": "`/doc/SLUG` with `Accept: application/ld+json`, each request for another entry, without the cache.",
}


@dataclass(frozen=True)
class Graph:
    """A file in canonical order, how many quads it has, and a folder for what is made of it."""

    file: Path
    quads: int
    folder: Path

    @property
    def place(self) -> Path:
        """Where its release is."""
        return self.folder / "releases"


Report = Iterator[tuple[str, list[Target]]]
"""Texts and tables, each with the targets that were measured for it."""


def graph_of(quads: int, file: Path | None, folder: Path) -> Graph:
    """Return a graph in canonical order: that of a file, or one of about so many quads, which is made."""
    folder.mkdir()
    made = file or folder / "made.nq"
    if not file:
        cost_alone("benchmarks.quads", quads, made)
    sorted_file = folder / "justicegraph.nq"
    return Graph(sorted_file, step("sort", folder, made, sorted_file).found["quads"], folder)


def jsonld(given: Sequence[Graph]) -> Report:
    """Measure lines of JSON-LD by themselves."""
    rows, found = [], []
    for graph in given:
        ours = step("ours", graph.folder, graph.file, graph.folder / "ours.jsonl")
        rows.append([f"{graph.quads:,} quads", *_writing(ours, graph.quads)])
        name = f"lines of JSON-LD, {graph.quads:,} quads: MB a second of one core"
        found.append((name, 20.0, ours.found["size"] / 1e6 / ours.cpu, False))
    yield table(["lines of JSON-LD", *WRITING], rows), found


def peers(graph: Graph) -> Report:
    """Measure JSON-LD beside others."""
    steps = {name: step(name, graph.folder, graph.file, graph.folder / name) for name in PEERS}
    ours, found, rows = steps["ours"], [], []
    for name, other in steps.items():
        by_quads = other.cpu / ours.cpu
        by_size = by_quads * ours.found["size"] / other.found["size"]
        whole = other.cpu + other.found.get("reading", 0.0)
        times = by_quads, by_size, whole / ours.cpu
        rows.append([name, *_writing(other, graph.quads), *(f"{each:.2f}" for each in times)])
        if name == "rdflib":
            what = f"JSON-LD of {graph.quads:,} quads / rdflib: quads a second of one core"
            found.append((what, 10.0, by_quads, False))
    ratios = "ours / it: quads/s", "ours / it: MB/s", "ours / it with reading"
    yield table([f"JSON-LD of {graph.quads:,} quads", *WRITING, *ratios], rows), found


def _writing(done: Step, quads: int) -> list[str]:
    size, seconds = done.found["size"] / 1e6, done.found["seconds"]
    figures = size, seconds, done.cpu, size / seconds, size / done.cpu
    return [*(f"{each:,.2f}" for each in figures), f"{quads / done.cpu:,.0f}", f"{done.cost.largest / 1e6:,.0f}"]


WRITING = ("MB", "s", "CPU s", "MB/s", "MB/CPU s", "quads/CPU s", "peak MB")


def releases(given: Sequence[Graph]) -> Report:
    """Issue each graph as a release, and keep it."""
    rows, found, held = [], list[Target](), list[float]()
    for graph in given:
        done = step("release", graph.folder, graph.file, graph.place)
        held.append(max(done.found["together"], done.cost.together) / 1e6)
        seconds, largest = done.found["seconds"], done.cost.largest / 1e6
        figures = seconds, done.cpu, held[-1], largest, done.found["size"] / 1e6
        rows.append([f"{graph.quads:,} quads", *(f"{each:,.1f}" for each in figures)])
        found.append((f"release of {graph.quads:,} quads: peak MB, all processes", MOST, held[-1], True))
        if graph.quads >= LARGE:
            found.append((f"release of {graph.quads:,} quads: minutes", MINUTES, seconds / 60, True))
    if len(held) > 1:
        found.append(("peak MB of the last release / of the first", FLAT, held[-1] / held[0], True))
    yield table(["release", "s", "CPU s", "peak MB", "largest process, MB", "size, MB"], rows), found


def proofs(given: Sequence[Graph]) -> Report:
    """Prove of each release that it is whole, and that its JSON-LD says what its N-Quads say."""
    for graph in given:
        proved = step("prove", graph.folder, graph.place).found
        rows = [["release --verify", said.partition(": ")[2]] for said in proved["verified"]]
        rows += [[name, proved["triples"]] for name in ("triples of the N-Quads", "justicegraph.jsonld", "its lines")]
        rows += [[name, proved["quads"]] for name in ("quads", "justicegraph.trig")]
        rows.append(["lines that pyld reads as their entry and names of neighbours", f"{proved['sampled']:,}"])
        yield table([f"proved of {graph.quads:,} quads", "found"], rows), []


def deltas(given: Sequence[Graph]) -> Report:
    """Measure what a next release says of its changes."""
    rows = []
    for graph in given:
        done = step("delta", graph.folder, graph.file, graph.place)
        counts = (f"{done.found[name]:,}" for name in ("entries", "quads"))
        figures = done.found["seconds"], done.cpu, done.found["size"] / 1e3
        rows.append([f"{graph.quads:,} quads", *counts, *(f"{each:,.2f}" for each in figures)])
    yield table(["delta", "entries changed", "quads changed", "s", "CPU s", "size, kB"], rows), []


def http(given: Sequence[Graph]) -> Report:
    """Measure the JSON-LD of entries over HTTP, each asked for in turn, in an order that is no order of names."""
    rows, found = [], []
    for graph in given:
        done = _served(graph)
        figures = done.rate, done.p50 * 1000, done.p99 * 1000, done.cpu * 1000
        rows.append([f"{graph.quads:,} quads", *(f"{each:,.1f}" for each in figures)])
        found.append(
            (f"an entry's JSON-LD over HTTP, {graph.quads:,} quads: requests a second", 1000.0, done.rate, False)
        )
    yield table(["/doc/SLUG, cache off", "requests/s", "p50, ms", "p99, ms", "CPU ms per request"], rows), found


def _served(graph: Graph) -> Load:
    with running(OURS, Setting(graph.file, graph.folder, graph.folder)) as server:
        names = slugs(server)
        names = random.Random(1).sample(names, min(len(names), SLUGS))
        order = graph.folder / "order"
        order.write_text("\n".join(str(place) for place in range(1, len(names) + 1)), encoding="ascii")
        files = [write_names(graph.folder / "names", names), order]
        pages = replace(server, path="/doc/")
        warm_up(pages, files, CONNECTIONS, JSONLD)
        return load(pages, files, SECONDS, CONNECTIONS, JSONLD)


def report(asked: argparse.Namespace, folder: Path) -> Report:
    """Yield the parts that are asked for: what is measured, then its tables."""
    if "peers" in asked.only:
        yield NOTES["peers"], []
        yield from peers(graph_of(asked.peers_quads, None, folder / "peers"))
    others = {"jsonld": jsonld, "release": releases, "proofs": proofs, "delta": deltas, "http": http}
    if wanted := {name: measure for name, measure in others.items() if name in asked.only}:
        files = [(0, file) for file in asked.file] or [(quads, None) for quads in asked.quads or (1_000_000,)]
        given = [graph_of(*each, folder / str(at)) for at, each in enumerate(files)]
        for name, measure in wanted.items():
            yield NOTES[name], []
            yield from measure(given)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure a release and its JSON-LD.")
    parser.add_argument(
        "--quads", type=int, action="append", help="make a graph of so many; again for more; [1,000,000]"
    )
    parser.add_argument("--file", type=Path, action="append", default=[], help="a graph as N-Quads instead")
    parser.add_argument("--peers-quads", type=int, default=100_000, help="the graph for the peers; [100,000]")
    parser.add_argument("--only", type=lambda text: text.split(","), default=PARTS, help=f"of [{','.join(PARTS)}]")
    asked = parser.parse_args()
    if unknown := set(asked.only).difference(PARTS):
        parser.error(f"{min(unknown)} is none of {', '.join(PARTS)}")
    if {"proofs", "delta"} & set(asked.only) and "release" not in asked.only:
        parser.error("proofs and delta are of the release that is made: add release to --only")
    if missing := [file for file in asked.file if not file.is_file()]:
        parser.error(f"{missing[0]} is no file")
    return asked


def main() -> None:
    """Run the benchmark."""
    asked = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended before all was measured"))  # and so remove all folders
    found: list[Target] = []
    try:
        if "http" in asked.only:
            check_wrk()
        print("\n".join(machine()), flush=True)
        with TemporaryDirectory(prefix="justicegraph-bench-") as folder:
            for text, targets in report(asked, Path(folder)):
                print(f"\n{text}", flush=True)
                found += targets
        if found:
            print(f"\n{verdicts(found)}")
    except Failed as failure:
        sys.exit(str(failure))


if __name__ == "__main__":
    main()
