"""A command to what it cost: seconds and memory, as the kernel counts them for the process that has ended."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, seconds of processor time of all its processes, and two peaks of memory in bytes.

    `largest` is exact, and that of its largest process; `together` is of all its processes, shared pages counted once,
    as seen twice a second.
    """

    wall: float
    cpu: float
    largest: int
    together: int


class Failed(Exception):
    """A command that was to be measured failed: the text is the last that it said."""


def justicegraph() -> str:
    """Return the command of the environment that the benchmark runs in."""
    return str(Path(sys.executable).with_name("justicegraph"))


def cost_of(command: Sequence[str], cwd: Path | None = None) -> Cost:
    """Run a command to its end and return what it cost; raise Failed where it exits with anything but 0.

    The kernel's peak of a new process begins at the peak of the one that started it: this module, and what calls it,
    must stay small, and so import none of the packages that are measured.
    """
    with TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=environment(), stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
        with _watched(process.pid) as seen:
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            last = said.read().decode(errors="replace")[-500:]
            raise Failed(f"{' '.join(command)} ended with {process.returncode}: {last}")
    largest = usage.ru_maxrss * 1024
    return Cost(wall, usage.ru_utime + usage.ru_stime, largest, max([largest, *seen]))


@contextmanager
def _watched(session: int) -> Iterator[list[int]]:
    """Give a list that fills with how much memory, in bytes, the processes of a session have at a time."""
    seen: list[int] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.5):
            seen.append(sum(map(_memory, _processes(session))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


def _processes(session: int) -> Iterator[int]:
    for place in Path("/proc").iterdir():
        if place.name.isdecimal():
            with suppress(OSError):  # it may have ended since
                if os.getsid(int(place.name)) == session:
                    yield int(place.name)


def _memory(process: int) -> int:
    """Return the bytes of a process, each page divided by how many share it (Pss, proc(5)); 0 where it has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def environment() -> Mapping[str, str]:
    """Return the environment for what is measured: ours, but with compiled modules kept, as Python does by itself.

    Images for containers often switch that off; then every start compiles every module of an editable install anew.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table, its columns aligned: the first to the left, all others to the right."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    rule = [":" + "-" * (widths[0] - 1), *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(_line(row, widths) for row in (head, rule, *rows))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return " | ".join(["| " + first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]) + " |"
