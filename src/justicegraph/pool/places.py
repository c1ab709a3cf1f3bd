"""How many slow questions run side by side, in all and from one client; the others wait for their turn."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition

from justicegraph.errors import LimitReached
from justicegraph.pool.limits import Limits

RETRY = 5
"""Seconds after which a client that found no place may try again."""


@dataclass(eq=False)
class _Ticket:
    """A client that waits."""

    client: str


class Places:
    """The places of slow questions, given in the order of asking. A client without a name has no limit of its own."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._taken: Counter[str] = Counter()
        self._line: list[_Ticket] = []
        self._changed = Condition()

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
        with self._changed:
            if self._line or not self._is_free(client):
                return False
            self._taken[client] += 1
            return True

    def leave(self, client: str) -> None:
        """Give a place back."""
        with self._changed:
            self._taken[client] -= 1
            self._taken += Counter()  # drops the clients that have none left
            self._changed.notify_all()

    @contextmanager
    def kept(self, client: str) -> Iterator[None]:
        """Wait for a place and hold it; raise LimitReached where none becomes free in time, or too many wait."""
        self._wait(client)
        try:
            yield
        finally:
            self.leave(client)

    def _wait(self, client: str) -> None:
        ticket = _Ticket(client)
        with self._changed:
            if len(self._line) >= self._limits.waiting:
                raise LimitReached("busy", "Too many long questions wait already: ask again later.", RETRY)
            self._line.append(ticket)
            try:
                if not self._changed.wait_for(lambda: self._is_next(ticket), self._limits.time):
                    raise self._refusal(client)
                self._taken[client] += 1
            finally:
                self._line.remove(ticket)
                self._changed.notify_all()

    def _is_free(self, client: str) -> bool:
        own = self._taken[client] if client else 0
        return self.taken < self._limits.slow and own < self._limits.slow_per_client

    def _is_next(self, ticket: _Ticket) -> bool:
        """Tell whether this client may run another, and none that waits for longer may."""
        return next((each for each in self._line if self._is_free(each.client)), None) is ticket

    def _refusal(self, client: str) -> LimitReached:
        if client and self._taken[client] >= self._limits.slow_per_client:
            most = self._limits.slow_per_client
            said = f"{most} long questions from your address run already: wait for their answers, then ask again."
            return LimitReached("client", said, RETRY)
        return LimitReached("busy", "Other long questions have taken all places: ask again later.", RETRY)
