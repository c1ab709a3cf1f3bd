"""A server that is busy is asked again: when it says, or later and later, until the deadline."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from email.utils import parsedate_to_datetime
from itertools import count
from typing import TypeVar

from justicegraph.errors import RemoteFailed

FIRST, LONGEST, LEAST = 4.0, 64.0, 1.0
"""Seconds to wait at first where the server does not say, doubled each time; at most; and even where it says less.

Wikidata asks for at least five after a lag, and for a minute after a 429 that says nothing: the doubling gets there.
"""

_SECONDS = re.compile(r"[0-9]{1,9}")
_Answer = TypeVar("_Answer")


class Busy(RemoteFailed):
    """A server that may answer later; `wait` is how many seconds it asks to wait, None where it does not say."""

    def __init__(self, sentence: str, wait: float | None) -> None:
        super().__init__(sentence)
        self.wait = wait


def patiently(
    attempt: Callable[[float], _Answer],
    seconds: float,
    sleep: Callable[[float], None],
    clock: Callable[[], float],
) -> _Answer:
    """Return what an attempt returns, which is given the seconds left; raise RemoteFailed where there are too few."""
    end = clock() + seconds
    for turn in count():
        try:
            return attempt(end - clock())
        except Busy as busy:
            wait = min(FIRST * 2 ** min(turn, 9), LONGEST) if busy.wait is None else max(busy.wait, LEAST)
            if clock() + wait >= end:
                asked = "" if busy.wait is None else f" It asks to wait {busy.wait:.0f} seconds."
                raise RemoteFailed(f"{busy}{asked}") from busy
            sleep(wait)
    raise AssertionError


def retry_after(said: str | None, now: Callable[[], float] = time.time) -> float | None:
    """Return how many seconds the server asks to wait (RFC 9110, 10.2.3); None where it does not say."""
    said = (said or "").strip()
    if _SECONDS.fullmatch(said):
        return float(said)
    with suppress(ValueError, TypeError, OverflowError, IndexError):
        return max(0.0, parsedate_to_datetime(said).timestamp() - now())
    return None
