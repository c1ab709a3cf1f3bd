"""Loads to tables: what each server does, how ours compares, and which targets that meets."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import prod

from benchmarks.load import Load
from benchmarks.processes import Memory
from benchmarks.run import table
from benchmarks.servers import CACHED, DISK, MEMORY, OURS, RDFLIB

Runs = Mapping[str, Mapping[str, Load]]
"""The loads by what was asked and by server, in one order of servers throughout."""

LOG, ONE = "log, from an empty cache", "one_entity, from the cache"
LARGE = 200_000_000
"""Bytes of a graph in memory beside which those of the programs do not matter."""
Target = tuple[str, float, float, bool]
"""What, the figure to reach, the figure, and whether it may be no more instead of no less."""


def tables(runs: Runs, *, mean: bool = False) -> Iterator[str]:
    """Yield the tables of throughput, of latencies and of processor time; with `mean`, what the ratios come to."""
    yield _rates(runs, mean=mean)
    yield _each("p50, ms", runs, lambda load: load.p50 * 1000)
    yield _each("p99, ms", runs, lambda load: load.p99 * 1000)
    yield _each("processor time per request, ms", runs, lambda load: load.cpu * 1000)


def ratios(runs: Runs, ours: str, other: str) -> list[float]:
    """Return how many times as many requests ours answers as another; nothing where one of them was not measured."""
    return [loads[ours].rate / loads[other].rate for loads in runs.values() if {ours, other} <= loads.keys()]


def memory_table(held: Mapping[str, Memory], loaded: int) -> str:
    """Return the table of memory; `loaded` is what one process with the graph holds, in bytes."""
    rows = [
        [
            name,
            str(len(memory.resident)),
            *(f"{size / 1e6:,.0f}" for size in (memory.together, memory.private)),
            f"{memory.together / loaded:.2f}",
        ]
        for name, memory in held.items()
    ]
    return table(["memory after the mix", "processes", "Pss, MB", "Private_Dirty, MB", "Pss / one loaded"], rows)


def targets(mix: Runs, cached: Runs, ours: Memory | None, loaded: int) -> list[Target]:
    """Return the targets that were measured; that on memory only where the graph outweighs the programs."""
    with_memory = [_of_memory(ours, loaded)] if ours and loaded > LARGE else []
    return [*_of_rates(mix, cached), *with_memory]


def verdicts(found: Sequence[Target]) -> str:
    """Return the table of targets, with what was reached."""
    rows = []
    for what, wanted, figure, most in found:
        met = figure <= wanted if most else figure >= wanted
        rows.append([what, f"{'≤' if most else '≥'} {wanted:.2f}", f"{figure:.2f}", "met" if met else "missed"])
    return table(["target", "reach", "measured", "verdict"], rows)


def _of_rates(mix: Runs, cached: Runs) -> Iterator[Target]:
    """Yield the targets on throughput that were measured."""
    for other, mean, least in ((DISK, 1.8, 0.5), (MEMORY, 0.6, 0.3)):
        if found := ratios(mix, OURS, other):
            yield f"mix, cache off / {other}: geometric mean", mean, _mean(found), False
            yield f"mix, cache off / {other}: smallest", least, min(found), False
    if found := ratios(mix, OURS, RDFLIB):
        yield f"mix, cache off / {RDFLIB}: smallest", 5, min(found), False
    for name, wanted in ((LOG, 1.5), (ONE, 1.0)):
        for ratio in ratios({name: cached.get(name, {})}, CACHED, MEMORY):
            yield f"{name} / {MEMORY}", wanted, ratio, False


def _of_memory(memory: Memory, loaded: int) -> Target:
    """Return the target on memory, where n of the processes that map the whole graph are workers and one is not."""
    workers = sum(size > loaded / 2 for size in memory.resident) - 1
    return f"Pss of ours / one loaded process, n = {workers} workers", 1 + 0.5 * workers, memory.together / loaded, True


def _rates(runs: Runs, *, mean: bool) -> str:
    ours, *others = _servers(runs)
    found = {other: ratios(runs, ours, other) for other in others}
    rows = [
        [name, *(f"{load.rate:,.0f}" for load in loads.values()), *(f"{found[other][at]:.2f}" for other in others)]
        for at, (name, loads) in enumerate(runs.items())
    ]
    blank = [""] * (1 + len(others))
    if mean and others:
        rows.append(["geometric mean", *blank, *(f"{_mean(found[other]):.2f}" for other in others)])
        rows.append(["smallest", *blank, *(f"{min(found[other]):.2f}" for other in others)])
    return table(["requests a second", ours, *others, *(f"{ours} / {other}" for other in others)], rows)


def _each(what: str, runs: Runs, figure: Callable[[Load], float]) -> str:
    rows = [[name, *(f"{figure(load):,.2f}" for load in loads.values())] for name, loads in runs.items()]
    return table([what, *_servers(runs)], rows)


def _servers(runs: Runs) -> list[str]:
    return list(next(iter(runs.values())))


def _mean(found: Sequence[float]) -> float:
    """Return the geometric mean."""
    return float(prod(found) ** (1 / len(found)))
