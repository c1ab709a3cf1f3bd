"""What the kernel does for us: end a process with its parent, at a time, or at a size (Linux)."""

import ctypes
import gc
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int) -> None:
    """Have this process killed when the thread that made it ends (prctl(2)); exit where `parent` is gone already."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def kill_after(seconds: float) -> None:
    """Have this process killed in so many seconds, whatever native code it is in then; 0 calls that off."""
    signal.setitimer(signal.ITIMER_REAL, seconds)


def raise_file_limit() -> None:
    """Let this process have as many files open as it is allowed to ask for: each connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def limit_growth(size: int) -> None:
    """Let this process take so many bytes of address space more than it has; beyond, an allocation fails.

    What ends it then leaves no core, which might be as large.
    """
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    least = 0 if most == 0 else 1  # 0 would not stop cores that a program takes (core(5), fs/coredump.c)
    resource.setrlimit(resource.RLIMIT_CORE, (least, least))
    now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * _PAGE
    resource.setrlimit(resource.RLIMIT_AS, (now + size, resource.RLIM_INFINITY))


def resident_bytes() -> int:
    """Return the bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE


def own_usage() -> tuple[float, int]:
    """Return the seconds that this process has computed (user time), and how many pages it was given or has copied."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime, used.ru_minflt


def set_idle_priority(process: int) -> None:
    """Let a process of ours run only while no other wants to (SCHED_IDLE, sched(7))."""
    os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))


def cpu_seconds(process: int) -> float:
    """Return the seconds that a process has computed (user time, proc(5)), to 1/100; 0 where it has ended.

    The kernel's time is left out: the first questions of a forked process copy the pages that they read.
    """
    try:
        with open(f"/proc/{process}/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[11]) / _TICKS
    except OSError:
        return 0.0


def cause_of_death(status: int) -> str:
    """Return which limit a wait status (wait(2)) tells of: time, memory, depth; or killed, crashed, done."""
    code = os.waitstatus_to_exitcode(status)
    by_signal = {
        signal.SIGALRM: "time", signal.SIGABRT: "memory", signal.SIGSEGV: "depth", signal.SIGKILL: "killed",
    }  # fmt: skip
    return "done" if code == 0 else by_signal.get(signal.Signals(-code), "crashed") if code < 0 else "crashed"


@contextmanager
def without_collection() -> Iterator[None]:
    """Keep Python from looking for cycles meanwhile: among many objects that have none, looking takes long."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
