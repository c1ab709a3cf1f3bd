"""How much one address, and all together, may send: counted in memory only, under names that die with the process."""

import hmac
import secrets
import time
from collections import deque
from threading import Lock

HOUR = 3_600.0
"""Seconds."""

MOST = 10_000
"""Addresses that are remembered."""


class Pace:
    """Lets `each` pass so many times an hour, and all together `everybody`."""

    def __init__(self, each: int, everybody: int) -> None:
        self._each, self._everybody = each, everybody
        self._key = secrets.token_bytes(32)
        self._seen: dict[bytes, deque[float]] = {}
        self._all: deque[float] = deque()
        self._lock = Lock()

    def wait(self, client: str) -> int:
        """Count a try, and return 0; return the seconds to wait, and count nothing, where there were too many."""
        now, name = time.monotonic(), hmac.digest(self._key, client.encode(), "sha256")
        with self._lock:
            own = self._seen.pop(name, deque())
            for times in (own, self._all):
                while times and times[0] <= now - HOUR:
                    times.popleft()
            self._seen[name] = own  # the newest is last
            if len(self._seen) > MOST:
                del self._seen[next(iter(self._seen))]
            late = [times[0] for times, most in ((own, self._each), (self._all, self._everybody)) if len(times) >= most]
            if late:
                return int(max(late) + HOUR - now) + 1
            own.append(now)
            self._all.append(now)
            return 0
