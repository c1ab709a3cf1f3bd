"""What a question may cost, and how many may cost much at a time."""

import os
from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """Seconds, bytes and numbers; `justicegraph serve --help` says what each is for.

    A question that has run for `quick` seconds is slow from then on. At most `slow` of these run side by side, and
    `slow_per_client` from one client; `waiting` more wait for their turn, for `time` seconds at most.
    """

    time: float = 10.0
    memory: int = 1024 * MIB
    answer: int = 64 * MIB
    quick: float = 0.1
    workers: int = len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else 3
    slow: int = 4
    slow_per_client: int = 2
    waiting: int = 64
