"""What the kernel says of processes (proc(5)): whose children they are, whether they are gone, what they have open."""

import os
from pathlib import Path

PROC = Path("/proc")


def children(process: int) -> list[int]:
    """Return the processes that a process has made and not buried, the oldest first; zombies too."""
    found = [int(path.name) for path in PROC.iterdir() if path.name.isdecimal()]
    return sorted(each for each in found if _stat(each)[1:2] == [str(process)])


def family(process: int) -> list[int]:
    """Return a process and all that come from it."""
    return [process, *(each for child in children(process) for each in family(child))]


def state_of(process: int) -> str:
    """Return the state, as in R, S, T or Z; nothing where the process is gone."""
    return "".join(_stat(process)[:1])


def is_gone(process: int) -> bool:
    """Tell whether a process has ended, be it buried or not."""
    return state_of(process) in {"", "Z", "X"}


def seconds_of(process: int) -> float:
    """Return the processor time that a process has used, in seconds."""
    try:
        return int((PROC / str(process) / "schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return 0.0


def memory_of(process: int) -> int:
    """Return the bytes of memory that a process has."""
    return int((PROC / str(process) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def descriptors(process: int | None = None) -> set[str]:
    """Return the descriptors that a process, else this one, has open: number and what it leads to."""
    found = set()
    for path in (PROC / str(process or os.getpid()) / "fd").iterdir():
        try:
            found.add(f"{path.name} {path.readlink()}")
        except OSError:  # the one that lists the folder
            continue
    return found


def _stat(process: int) -> list[str]:
    """Return what proc(5) says from the state on; nothing where the process is gone."""
    try:
        return (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
