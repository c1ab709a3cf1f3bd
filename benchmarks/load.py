"""A server under the load of wrk: how much it answers, how fast, and at what cost."""

import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks.processes import cpu_seconds
from benchmarks.run import Failed
from benchmarks.servers import ACCEPT, Server

_SCRIPT = Path(__file__).with_suffix(".lua")
_TIMEOUT = 60
"""Seconds after which wrk gives an answer up, which fails the run."""


@dataclass(frozen=True)
class Load:
    """Requests answered a second; seconds that half of the answers, and 99 of 100, took at most; and the seconds of
    processor time that the server's processes spent on each.
    """

    rate: float
    p50: float
    p99: float
    cpu: float


def check_wrk() -> None:
    """Raise Failed where wrk is missing."""
    if not shutil.which("wrk"):
        raise Failed("wrk is missing: install it (on Debian: apt install wrk)")


def write_queries(place: Path, queries: Iterable[str]) -> Path:
    """Write queries as load.lua reads them, and return the place."""
    place.write_text("".join(f"{quote(query, safe='')}\n" for query in queries), encoding="ascii")
    return place


def load(server: Server, files: Sequence[Path], seconds: int, connections: int) -> Load:
    """Return the figures of a run of so many seconds; raise Failed where any answer is not as it should be.

    `files` are the arguments of load.lua. wrk has one thread, and shares the processors with the server.
    """
    address = f"http://127.0.0.1:{server.port}{server.path}"
    size = "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", f"{_TIMEOUT}s"
    command = ["wrk", *size, "-s", str(_SCRIPT), "-H", f"Accept: {ACCEPT}", address, "--", *map(str, files)]
    before = cpu_seconds(server.session)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    spent = cpu_seconds(server.session) - before
    return _figures(done.stdout + done.stderr, spent, server.name)


def _figures(printed: str, spent: float, name: str) -> Load:
    last = printed.strip().rpartition("\n")[2].split()
    if last[:1] != ["done"]:
        raise Failed(f"wrk failed on {name}: {printed[-500:]}")
    requests, duration, p50, p99, refused, broken = map(float, last[1:])
    if refused or broken or not requests:
        raise Failed(
            f"{name}: of {requests:.0f} answers, {refused:.0f} have a status of 400 or above; "
            f"{broken:.0f} connections broke or waited too long"
        )
    return Load(requests / duration * 1e6, p50 / 1e6, p99 / 1e6, spent / requests)
