"""How many slow questions run side by side, in all and from one client; the others wait for their turn."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from justicegraph.errors import LimitReached
from justicegraph.pool.limits import Limits

RETRY = 5
"""Seconds after which a client that found no place may try again."""


@dataclass(eq=False)
class _Waiting:
    """A client that waits for a place."""

    client: str
    place: asyncio.Future[None]


class Places:
    """The places of slow questions, given in the order of asking. A client without a name has no limit of its own."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._taken: Counter[str] = Counter()
        self._line: list[_Waiting] = []

    @property
    def taken(self) -> int:
        """How many are taken."""
        return self._taken.total()

    @property
    def waiting(self) -> int:
        """How many questions wait."""
        return len(self._line)

    def take(self, client: str) -> bool:
        """Take a place at once, or return false."""
        if not self._is_free(client):  # then those in line could not have it either: each waits for one of its own
            return False
        self._taken[client] += 1
        return True

    def leave(self, client: str) -> None:
        """Give a place back, to those who wait for one."""
        self._taken[client] -= 1
        if not self._taken[client]:
            del self._taken[client]
        for waiting in list(self._line):
            if self._is_free(waiting.client):
                self._line.remove(waiting)
                self._taken[waiting.client] += 1
                waiting.place.set_result(None)

    async def wait(self, client: str) -> None:
        """Take a place as soon as there is one; raise LimitReached where that takes too long, or too many wait."""
        if self.take(client):
            return
        if len(self._line) >= self._limits.waiting:
            raise LimitReached("busy", "Too many long questions wait already: ask again later.", RETRY)
        waiting = _Waiting(client, asyncio.get_running_loop().create_future())
        self._line.append(waiting)
        try:
            await asyncio.wait([waiting.place], timeout=self._limits.time)
        except asyncio.CancelledError:
            if not self._give_up(waiting):
                self.leave(client)
            raise
        if self._give_up(waiting):
            raise self._refusal(client)

    def _give_up(self, waiting: _Waiting) -> bool:
        """Leave the line; return false where a place has been given meanwhile."""
        if is_in_line := waiting in self._line:
            self._line.remove(waiting)
        return is_in_line

    def _is_free(self, client: str) -> bool:
        own = self._taken.get(client, 0) if client else 0
        return self.taken < self._limits.slow and own < self._limits.slow_per_client

    def _refusal(self, client: str) -> LimitReached:
        if client and self._taken.get(client, 0) >= self._limits.slow_per_client:
            most = self._limits.slow_per_client
            said = f"{most} long questions from your address run already: wait for their answers, then ask again."
            return LimitReached("client", said, RETRY)
        return LimitReached("busy", "Other long questions have taken all places: ask again later.", RETRY)
