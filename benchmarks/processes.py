"""What the processes of a session have cost and what they hold, as Linux counts it (proc(5))."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_SESSION, _TIMES = 3, slice(11, 15)
"""Places in /proc/PID/stat after the name: the session; user and system time, its own and of children that ended."""


@dataclass(frozen=True)
class Memory:
    """Bytes that processes hold.

    `together` is their sum with each page divided by how many share it (Pss), `private` what each has written for
    itself (Private_Dirty), `resident` what is mapped in each (Rss).
    """

    together: int
    private: int
    resident: tuple[int, ...]


def cpu_seconds(session: int) -> float:
    """Return the seconds of processor time that a session's processes have used, those that have ended included."""
    return sum(int(ticks) for stat in _stats(session).values() for ticks in stat[_TIMES]) / _TICKS


def memory(session: int) -> Memory:
    """Return what the processes of a session hold."""
    each = [sizes for sizes in map(_sizes, _stats(session)) if sizes]
    together, private = (sum(sizes[name] for sizes in each) for name in ("Pss", "Private_Dirty"))
    return Memory(together, private, tuple(sizes["Rss"] for sizes in each))


def _stats(session: int) -> dict[int, list[str]]:
    """Return what /proc/PID/stat says after the name, for each process of a session."""
    stats = {process: _stat(process) for process in _all()}
    return {process: stat for process, stat in stats.items() if stat and int(stat[_SESSION]) == session}


def _all() -> Iterator[int]:
    return (int(place.name) for place in Path("/proc").iterdir() if place.name.isdecimal())


def _stat(process: int) -> list[str]:
    with suppress(OSError):  # it may have ended since
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    return []


def _sizes(process: int) -> dict[str, int]:
    """Return the sums over all that is mapped in a process, in bytes; nothing where it has ended."""
    with suppress(OSError):
        _, *lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
        return {name.rstrip(":"): int(size) * 1024 for name, size, *_ in map(str.split, lines)}
    return {}
