"""Slots for slow jobs: how many run side by side, in all and for one client. Other slow jobs wait."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from justicegraph.errors import LimitReached
from justicegraph.pool.limits import Limits

RETRY_AFTER = 5
"""Seconds after which a client that got no slot may try again."""


@dataclass(eq=False)
class _Waiting:
    """A client in the queue, and its future slot."""

    client: str
    slot: asyncio.Future[None]


class Slots:
    """The slots of slow jobs, given first come, first served. A client without a name has no limit of its own."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._taken: Counter[str] = Counter()
        self._queue: list[_Waiting] = []

    @property
    def taken(self) -> int:
        """The number of slots that are taken."""
        return self._taken.total()

    @property
    def waiting(self) -> int:
        """The number of jobs that wait for a slot."""
        return len(self._queue)

    def take(self, client: str) -> bool:
        """Take a slot at once, or return false."""
        if not self._is_free(client):  # nor could any client in the queue take it
            return False
        self._taken[client] += 1
        return True

    def release(self, client: str) -> None:
        """Give a slot back, and hand it to the first client in the queue that may have it."""
        self._taken[client] -= 1
        if not self._taken[client]:
            del self._taken[client]
        for waiting in list(self._queue):
            if self._is_free(waiting.client):
                self._queue.remove(waiting)
                self._taken[waiting.client] += 1
                waiting.slot.set_result(None)

    async def wait(self, client: str) -> None:
        """Take a slot as soon as one is free; raise LimitReached if that takes too long, or too many wait."""
        if self.take(client):
            return
        if len(self._queue) >= self._limits.waiting:
            raise LimitReached("busy", "Too many slow requests are waiting already. Try again later.", RETRY_AFTER)
        waiting = _Waiting(client, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        try:
            await asyncio.wait([waiting.slot], timeout=self._limits.time)
        except asyncio.CancelledError:
            if not self._leave_queue(waiting):
                self.release(client)
            raise
        if self._leave_queue(waiting):
            raise self._refusal(client)

    def _leave_queue(self, waiting: _Waiting) -> bool:
        """Leave the queue; return false if a slot has been given meanwhile."""
        if is_in_queue := waiting in self._queue:
            self._queue.remove(waiting)
        return is_in_queue

    def _is_free(self, client: str) -> bool:
        own = self._taken.get(client, 0) if client else 0
        return self.taken < self._limits.slow and own < self._limits.slow_per_client

    def _refusal(self, client: str) -> LimitReached:
        if client and self._taken.get(client, 0) >= self._limits.slow_per_client:
            most = self._limits.slow_per_client
            sentence = f"{most} slow requests from your address are running. Wait until they finish, then try again."
            return LimitReached("client", sentence, RETRY_AFTER)
        return LimitReached("busy", "Other slow requests have taken all slots. Try again later.", RETRY_AFTER)
