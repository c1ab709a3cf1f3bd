"""Repeats a request to a busy server: after the time that the server names, or after longer and longer pauses."""

from collections.abc import Callable
from itertools import count
from typing import TypeVar

from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from justicegraph.errors import RemoteFailed

FIRST_PAUSE, LONGEST_PAUSE, SHORTEST_PAUSE = 4.0, 64.0, 1.0
"""Seconds to wait if the server names no time: at first, doubled each time, and at most. And the least in any case.

Wikidata asks for at least five after a lag, and for a minute after a 429 without a time. The doubling gets there.
"""

_HEADER = Retry(retry_after_max=10**12)
_Value = TypeVar("_Value")


class Busy(RemoteFailed):
    """The server may answer later; `pause` is how many seconds it asks to wait, None if it does not say."""

    def __init__(self, sentence: str, pause: float | None) -> None:
        super().__init__(sentence)
        self.pause = pause


def retry_while_busy(
    attempt: Callable[[float], _Value],
    seconds: float,
    sleep: Callable[[float], None],
    clock: Callable[[], float],
) -> _Value:
    """Return what `attempt` returns; it gets the seconds that are left, and is called again while it raises Busy.

    Raise RemoteFailed if a pause would last beyond `seconds` from now.
    """
    end = clock() + seconds
    for attempt_number in count():
        try:
            return attempt(end - clock())
        except Busy as busy:
            doubled = min(FIRST_PAUSE * 2 ** min(attempt_number, 9), LONGEST_PAUSE)
            pause = doubled if busy.pause is None else max(busy.pause, SHORTEST_PAUSE)
            if clock() + pause >= end:
                asked = "" if busy.pause is None else f" It asks to wait {busy.pause:.0f} seconds."
                raise RemoteFailed(f"{busy}{asked}") from busy
            sleep(pause)
    raise AssertionError


def retry_after(header: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks to wait (RFC 9110, section 10.2.3); None without a time."""
    try:
        return float(_HEADER.parse_retry_after(header)) if header else None
    except (InvalidHeader, ValueError, OverflowError):
        return None
