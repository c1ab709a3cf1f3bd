"""Counting and logging: requests as they are answered, and the state of pool and cache when somebody looks."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from justicegraph.cache import Cache
from justicegraph.pool import Pool
from justicegraph.web.log import Log

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Observer:
    """Counts requests by status and place, seconds until they were answered, limits that were reached, and events."""

    def __init__(self, log: Log) -> None:
        self.registry = CollectorRegistry()
        self._log = log
        self._requests: dict[tuple[str, int], Counter] = {}
        self._all = Counter("justicegraph_requests", "Requests answered", ["place", "status"], registry=self.registry)
        seconds = Histogram(
            "justicegraph_request_seconds", "Seconds until an answer was sent", ["place"],
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._seconds = {place: seconds.labels(place) for place in ("sparql", "pages")}
        self._limits = Counter("justicegraph_limits", "Questions ended by a limit", ["limit"], registry=self.registry)
        self._events = Counter("justicegraph_events", "What happened to the pool", ["event"], registry=self.registry)

    def saw(self, scope: Any, status: int, seconds: float) -> None:
        """Count a request, and log it where that is wanted."""
        place = "sparql" if scope.path.startswith("/sparql") else "pages"
        counter = self._requests.get((place, status))
        if counter is None:
            counter = self._requests[place, status] = self._all.labels(place, str(status))
        counter.inc()
        self._seconds[place].observe(seconds)
        if self._log.requests:
            self._log.write("request", _said(scope, status, seconds, queries=self._log.queries))

    def happened(self, event: str, said: Mapping[str, Any]) -> None:
        """Count and log an event."""
        if event == "limit":
            self._limits.labels(said["limit"]).inc()
        else:
            self._events.labels(event).inc()
        self._log.write(event, said)


class State:
    """What is read when somebody looks: the pool and the cache that are in use then."""

    def __init__(self, now: Callable[[], tuple[Pool, Cache]]) -> None:
        self._now = now

    def describe(self) -> list[Metric]:
        """Return nothing: what there is, is known when it is asked for."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the figures."""
        pool, cache = self._now()
        gauges = {
            "workers_idle": ("Quick workers that wait for a question", pool.idle),
            "slow_queries": ("Slow questions that run", pool.places.taken),
            "waiting_queries": ("Slow questions that wait for a place", pool.places.waiting),
            "cache_bytes": ("Bytes of answers in the cache", cache.taken),
        }
        for name, (what, value) in gauges.items():
            yield GaugeMetricFamily(f"justicegraph_{name}", what, value)
        for name, what, value in (
            ("cache_hits", "Questions answered from the cache", cache.hits),
            ("cache_misses", "Questions that the cache could not answer", cache.misses),
        ):
            yield CounterMetricFamily(f"justicegraph_{name}", what, value)


def _said(scope: Any, status: int, seconds: float, *, queries: bool) -> Mapping[str, Any]:
    said = {
        "method": scope.method[:20],
        "path": scope.path[:200],
        "status": status,
        "seconds": round(seconds, 4),
    }
    if queries:
        asked = parse_qs(scope.query_string, errors="replace").get("query")
        said["query"] = asked[0] if asked else None
    return said
