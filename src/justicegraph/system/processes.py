"""Limits of processes that the kernel enforces (Linux): lifetime, time and memory."""

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
    """Let the kernel kill this process when the thread that made it ends (prctl(2)); exit if `parent` has ended."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def kill_after(seconds: float) -> None:
    """Let the kernel kill this process after some seconds, even inside native code; 0 cancels that."""
    signal.setitimer(signal.ITIMER_REAL, seconds)


def raise_file_limit() -> None:
    """Raise the limit of open files as far as allowed: each connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def limit_growth(size: int) -> None:
    """Limit the further growth of this process's address space, in bytes; beyond, an allocation fails.

    It leaves no core file, which might be as large.
    """
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    least = 0 if most == 0 else 1  # 0 would not stop cores that a program takes (core(5), fs/coredump.c)
    resource.setrlimit(resource.RLIMIT_CORE, (least, least))
    now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * _PAGE
    resource.setrlimit(resource.RLIMIT_AS, (now + size, resource.RLIM_INFINITY))


def resident_bytes() -> int:
    """Return the resident memory of this process, in bytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE


def own_usage() -> tuple[float, int]:
    """Return this process's user time in seconds, and the number of its minor page faults."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime, used.ru_minflt


def set_idle_priority(process: int) -> None:
    """Let a process run only while no other needs the processor (SCHED_IDLE, sched(7))."""
    os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))


def cpu_seconds(process: int) -> float:
    """Return a process's user time in seconds (proc(5)), to 1/100; 0 if it has ended.

    System time is left out: the first queries of a forked process copy the pages that they read.
    """
    try:
        with open(f"/proc/{process}/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[11]) / _TICKS
    except OSError:
        return 0.0


def cause_of_death(status: int) -> str:
    """Return the limit that a wait status (wait(2)) shows: time, memory or depth; else killed, crashed or done."""
    code = os.waitstatus_to_exitcode(status)
    by_signal = {
        signal.SIGALRM: "time", signal.SIGABRT: "memory", signal.SIGSEGV: "depth", signal.SIGKILL: "killed",
    }  # fmt: skip
    return "done" if code == 0 else by_signal.get(signal.Signals(-code), "crashed") if code < 0 else "crashed"


@contextmanager
def without_collection() -> Iterator[None]:
    """Suspend Python's cycle collection: among many objects without cycles, it takes long."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
