"""What the kernel does for us: end a process with its parent, at a time, or at a size (Linux)."""

import ctypes
import os
import resource
import signal
import time
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PAGE = os.sysconf("SC_PAGE_SIZE")
_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent(parent: int) -> None:
    """Have this process killed when the thread that made it ends (prctl(2)); exit where `parent` is gone already."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def end_in(seconds: float) -> None:
    """Have this process killed in so many seconds, whatever native code it is in then; 0 calls that off."""
    signal.setitimer(signal.ITIMER_REAL, seconds)


def may_grow_by(size: int) -> None:
    """Let this process take so many bytes of address space more than it has; beyond, an allocation fails."""
    now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * _PAGE
    resource.setrlimit(resource.RLIMIT_AS, (now + size, resource.RLIM_INFINITY))


def resident() -> int:
    """Return the bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE


def touched() -> int:
    """Return at most how many bytes this process has changed or added since it was forked.

    Each page that it has for itself, and no longer shares with its parent, was a minor fault once.
    """
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt * _PAGE


def yield_to_others(process: int) -> None:
    """Let a process of ours run only while no other wants to (SCHED_IDLE, sched(7))."""
    os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))


def seconds_of(process: int) -> float:
    """Return the processor time that a process has used, in seconds; 0 where it has ended."""
    try:
        return time.clock_gettime(~process << 3 | 2)  # the kernel's number of a process's clock, clock_getres(2)
    except OSError:
        return 0.0


def cause_of_death(status: int) -> str:
    """Return which limit a wait status (wait(2)) tells of: time, memory, depth; or killed, crashed, done."""
    code = os.waitstatus_to_exitcode(status)
    by_signal = {
        signal.SIGALRM: "time", signal.SIGABRT: "memory", signal.SIGSEGV: "depth", signal.SIGKILL: "killed",
    }  # fmt: skip
    return "done" if code == 0 else by_signal.get(signal.Signals(-code), "crashed") if code < 0 else "crashed"
