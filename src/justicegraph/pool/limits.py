"""How much time and memory a job may take, and how many slow jobs run at a time."""

import os
from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """Limits in seconds, bytes and numbers; `justicegraph serve --help` explains each.

    A job that has run for `quick` seconds is slow from then on. At most `slow` slow jobs run side by side, and
    `slow_per_client` of one client. `waiting` more wait for a slot, for `time` seconds at most.
    """

    time: float = 10.0
    memory: int = 1024 * MIB
    answer: int = 64 * MIB
    quick: float = 0.1
    workers: int = len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else 3
    slow: int = 4
    slow_per_client: int = 2
    waiting: int = 64
