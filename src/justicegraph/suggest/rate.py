"""Limits how many suggestions come in an hour, from one client and in total.

Counts are in memory only. Clients are stored as keyed hashes, and the key ends with the process.
"""

import hmac
import secrets
import time
from collections import deque
from threading import Lock

from cachetools import TTLCache

HOUR = 3_600.0
"""Seconds."""

MAX_CLIENTS = 10_000
"""Clients that are remembered at a time."""


class RateLimit:
    """Allows `per_client` requests an hour from one client, and `in_total` from all clients together."""

    def __init__(self, per_client: int, in_total: int) -> None:
        self._per_client, self._in_total = per_client, in_total
        self._key = secrets.token_bytes(32)
        # A client is forgotten an hour after its last request.
        self._times_by_client: TTLCache[bytes, deque[float]] = TTLCache(
            MAX_CLIENTS, HOUR, timer=lambda: time.monotonic()
        )
        self._all_times: deque[float] = deque()
        self._lock = Lock()

    def seconds_to_wait(self, client: str) -> int:
        """Count a request and return 0; if there were too many, count nothing and return the seconds to wait."""
        now, client_hash = time.monotonic(), hmac.digest(self._key, client.encode(), "sha256")
        with self._lock:
            own_times = self._times_by_client.get(client_hash, deque())
            for times in (own_times, self._all_times):
                while times and times[0] <= now - HOUR:
                    times.popleft()
            self._times_by_client[client_hash] = own_times
            limits = ((own_times, self._per_client), (self._all_times, self._in_total))
            full = [times[0] for times, limit in limits if len(times) >= limit]
            if full:
                return int(max(full) + HOUR - now) + 1
            own_times.append(now)
            self._all_times.append(now)
            return 0

    def give_back(self, client: str) -> None:
        """Uncount the newest request of a client, which turned out to be one that does not count."""
        client_hash = hmac.digest(self._key, client.encode(), "sha256")
        with self._lock:
            own_times = self._times_by_client.get(client_hash)
            if own_times:
                newest = own_times.pop()
                if newest in self._all_times:
                    self._all_times.remove(newest)
