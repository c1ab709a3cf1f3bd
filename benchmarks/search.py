"""Searching a graph of many entries: what the index costs, and how long answers take, `python -m benchmarks.search`.

Each search has its facets counted, as a page of the site asks for them. With several threads, each waits for its turn
on the processors: on two of them, four threads are twice as slow at best.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.machine import machine
from benchmarks.quads import BASE, PER_ENTRY, invented_store
from benchmarks.run import table
from justicegraph.search import FOLDER, SearchIndex, SearchQuery, write_search
from justicegraph.sparql.evaluate import evaluate

FEWEST = 1_000
Asked = Callable[[SearchIndex, Random], object]
_NOUNS = ("organization", "person", "campaign", "facility")


def _find(make: Callable[[Random], SearchQuery]) -> Asked:
    return lambda search, chance: search.find(make(chance))


def _name(chance: Random) -> str:
    return f"Invented {chance.choice(_NOUNS)} {chance.randrange(1, 2_000)}"


def _slip(chance: Random) -> str:
    """Return a name with a letter too few in one of its words."""
    word = chance.choice(_NOUNS)
    at = chance.randrange(1, len(word))
    return f"{word[:at]}{word[at + 1 :]} {chance.randrange(1, 2_000)}"


def _chosen(chance: Random) -> dict[str, tuple[str, ...]]:
    year = f"{chance.choice((1970, 1980, 1990, 2000))}s"
    return {"kind": ("Campaign", "Organization"), "cause": ("prison-conditions",), "year": (year,)}


KINDS: dict[str, Asked] = {
    "a whole name": _find(lambda chance: SearchQuery(_name(chance))),
    "one word, found in a quarter": _find(lambda chance: SearchQuery(chance.choice(_NOUNS))),
    "half a word": _find(lambda chance: SearchQuery(chance.choice(_NOUNS)[: chance.randrange(1, 5)])),
    "a slip of the pen": _find(lambda chance: SearchQuery(_slip(chance))),
    "two long words with slips": _find(lambda _: SearchQuery("invnted organizatoin")),
    "nothing found": _find(lambda chance: SearchQuery(f"unheardof {chance.randrange(10_000)}")),
    "words in quotes": _find(lambda _: SearchQuery('"invented organization"')),
    "everything": _find(lambda _: SearchQuery()),
    "three facets chosen": _find(lambda chance: SearchQuery(filters=_chosen(chance))),
    "a place chosen, by name": _find(
        lambda chance: SearchQuery(filters={"place": (f"invented-place-{chance.randrange(1, 800)}",)}, sort="name")
    ),
    "everything by name, page 490": _find(lambda _: SearchQuery(sort="name", offset=9_800)),
    "1,000 entries, no facets": _find(lambda chance: SearchQuery(chance.choice(_NOUNS), limit=1_000, facets=())),
    "did you mean": lambda search, chance: search.suggest_spelling(_slip(chance)),
    "completed as one types": lambda search, chance: search.complete(_name(chance)[: chance.randrange(10, 22)]),
}  # fmt: skip


def times(search: SearchIndex, run_query: Asked, count: int, threads: int, seed: int = 1) -> list[float]:
    """Return the seconds that each of so many searches took, the shortest first, asked by so many threads at once."""

    def one(number: int) -> float:
        chance = Random(seed * 1_000_003 + number)
        start = time.perf_counter()
        run_query(search, chance)
        return time.perf_counter() - start

    with ThreadPoolExecutor(threads) as pool:
        return sorted(pool.map(one, range(count)))


def share(sorted_times: Sequence[float], part: float) -> float:
    """Return the time, in milliseconds, within which this part of the searches was answered."""
    return sorted_times[min(int(len(sorted_times) * part), len(sorted_times) - 1)] * 1000


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1]) * resource.getpagesize()


def report(entries: int, count: int) -> Iterator[str]:
    """Yield the figures, line by line."""
    yield from machine()
    with TemporaryDirectory(prefix="justicegraph-bench-") as name:
        folder = Path(name)
        store = invented_store(int(entries * PER_ENTRY + BASE))
        before, start, used = _resident(), time.perf_counter(), time.process_time()
        written = write_search(partial(evaluate, store, union=True), folder / FOLDER)
        wall, cpu, grown = time.perf_counter() - start, time.process_time() - used, _resident() - before
        quads, size = len(store), sum(path.stat().st_size for path in (folder / FOLDER).iterdir())
        del store
        yield f"{written:,} entries, {quads:,} quads: index written in {wall:.1f} s ({cpu:.1f} s of processor time),"
        yield f"{size / 1e6:.1f} MB on the disk; the process grew by {grown / 1e6:.0f} MB meanwhile"
        before = _resident()
        search = SearchIndex.open(folder)
        rows = [_row(search, kind, run_query, count) for kind, run_query in KINDS.items()]
        yield f"resident memory after all searches, mapped files included: {(_resident() - before) / 1e6:+.0f} MB"
        yield ""
        yield table(["search", "p50, 1 thread", "p99", "p50, 4 threads", "p99"], rows)


def _row(search: SearchIndex, kind: str, run_query: Asked, count: int) -> list[str]:
    found = [times(search, run_query, count, threads) for threads in (1, 4)]
    return [kind, *(f"{share(each, part):.1f} ms" for each in found for part in (0.5, 0.99))]


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Measure the index and its searches.")
    parser.add_argument("--entries", type=int, default=100_000, help=f"from {FEWEST:,}")
    parser.add_argument("--count", type=int, default=200, help="searches of each kind")
    asked = parser.parse_args()
    if asked.entries < FEWEST:
        parser.error(f"{asked.entries} entries are too few: ask for {FEWEST:,} or more")
    for line in report(asked.entries, asked.count):
        print(line)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
