"""A server under the load of wrk: how much it answers, how fast, and at what cost."""

import shutil
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from urllib.parse import quote

from benchmarks.processes import cpu_seconds
from benchmarks.run import Failed
from benchmarks.servers import ACCEPT, Server

_SCRIPT = Path(__file__).with_suffix(".lua")
ENOUGH = 4
"""Answers that each connection has in a run: fewer say nothing."""
LONGEST = 30
"""Seconds that a run may last for that."""
TRIES = 8
"""Runs until one is long enough, and not longer than it was told: virtual machines stand still at times."""


@dataclass(frozen=True)
class Load:
    """Requests answered a second; seconds that half of the answers, and 99 of 100, took at most; and the seconds of
    processor time that the server's processes spent on each.
    """

    rate: float
    p50: float
    p99: float
    cpu: float


@dataclass(frozen=True)
class _Run:
    """What wrk and the kernel counted: answers; seconds: of the run, of half, of 99 of 100, of processor time; answers
    with a status of 400 or above; connections that broke, and answers that came too late.
    """

    requests: int
    lasted: float
    p50: float
    p99: float
    cpu: float
    refused: int
    broken: int


def check_wrk() -> None:
    """Raise Failed where wrk is missing."""
    if not shutil.which("wrk"):
        raise Failed("wrk is missing: install it (on Debian: apt install wrk)")


def write_queries(place: Path, queries: Iterable[str]) -> Path:
    """Write queries as load.lua reads them, and return the place."""
    return _write(place, (f"?query={quote(query, safe='')}" for query in queries))


def write_names(place: Path, names: Iterable[str]) -> Path:
    """Write names of what stands below the server's path as load.lua reads them, and return the place."""
    return _write(place, (quote(name, safe="") for name in names))


def _write(place: Path, ends: Iterable[str]) -> Path:
    place.write_text("".join(f"{end}\n" for end in ends), encoding="ascii")
    return place


def warm_up(server: Server, files: Sequence[Path], connections: int, accept: str = ACCEPT) -> None:
    """Ask as `load` does, for a second."""
    _run(server, files, 1, connections, accept)


def load(server: Server, files: Sequence[Path], seconds: int, connections: int, accept: str = ACCEPT) -> Load:
    """Return the figures of a run; raise Failed where any answer is not as it should be.

    It lasts so many seconds, or until each connection has had some ENOUGH answers. `files` are the arguments of
    load.lua. wrk has one thread, and shares the processors with the server.
    """
    wanted = ENOUGH * connections
    for _ in range(TRIES):
        run = _run(server, files, seconds, connections, accept)
        if run.lasted > seconds + 1:
            continue
        if run.refused or run.broken:
            raise Failed(
                f"{server.name}: of {run.requests:,} answers, {run.refused:,} have a status of 400 or above; "
                f"{run.broken:,} connections broke or waited too long"
            )
        if run.requests >= wanted or (run.requests and seconds >= LONGEST):
            return Load(run.requests / run.lasted, run.p50, run.p99, run.cpu / run.requests)
        seconds = min(LONGEST, ceil(1.2 * seconds * wanted / max(run.requests, connections)))
    raise Failed(f"{server.name}: in {TRIES} runs, the machine stood still or there was no answer in {seconds} s")


def _run(server: Server, files: Sequence[Path], seconds: int, connections: int, accept: str) -> _Run:
    address = f"http://127.0.0.1:{server.port}{server.path}"
    size = "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", f"{4 * LONGEST}s"
    command = ["wrk", *size, "-s", str(_SCRIPT), "-H", f"Accept: {accept}", address, "--", *map(str, files)]
    before = cpu_seconds(server.session)
    printed = subprocess.run(command, capture_output=True, text=True, check=False)
    spent = cpu_seconds(server.session) - before
    _settle(server.session)
    return _figures(printed.stdout + printed.stderr, spent, server.name)


def _settle(session: int) -> None:
    """Wait until a server has done with what it was asked when the run ended, which would slow down the next one."""
    before, now = -1.0, cpu_seconds(session)
    while now > before + 0.01:
        time.sleep(0.2)
        before, now = now, cpu_seconds(session)


def _figures(printed: str, spent: float, name: str) -> _Run:
    last = printed.strip().rpartition("\n")[2].split()
    if last[:1] != ["done"]:
        raise Failed(f"wrk failed on {name}: {printed[-500:]}")
    requests, lasted, p50, p99, refused, broken = map(int, last[1:])
    return _Run(requests, lasted / 1e6, p50 / 1e6, p99 / 1e6, spent, refused, broken)
