"""Metrics: counters of requests and events, and the present state of the pool and the cache."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import Any
from urllib.parse import parse_qs

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from justicegraph.pool import Pool
from justicegraph.server.log import Log
from justicegraph.sparql.cache import Cache

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_PLACES = "sparql", "pages"
_RECEIPT = "/suggest/receipt/"


class Observer:
    """Counts requests by place and status, their seconds, reached limits, and events.

    Requests are counted in the event loop only, so plain numbers suffice. The library's counters would take
    as long as a cached result.
    """

    def __init__(self, log: Log) -> None:
        self.registry = CollectorRegistry()
        self._log = log
        self._requests: Counter[tuple[str, int]] = Counter()
        self._buckets = {place: [0] * (len(_SECONDS) + 1) for place in _PLACES}
        self._seconds = dict.fromkeys(_PLACES, 0.0)
        self._limits: Counter[str] = Counter()
        self._events: Counter[str] = Counter()
        self.registry.register(self)

    def record_request(self, scope: Any, status: int, seconds: float) -> None:
        """Count a request, and log it if the operator wants that."""
        place = "sparql" if scope.path.startswith("/sparql") else "pages"
        self._requests[place, status] += 1
        self._buckets[place][bisect_left(_SECONDS, seconds)] += 1
        self._seconds[place] += seconds
        if self._log.requests:
            self._log.write("request", _request_details(scope, status, seconds, queries=self._log.queries))

    def record_event(self, event: str, details: Mapping[str, Any]) -> None:
        """Count and log an event."""
        if event == "limit":
            self._limits[details["limit"]] += 1
        else:
            self._events[event] += 1
        self._log.write(event, details)

    def describe(self) -> list[Metric]:
        """Return nothing: the metrics are known only when they are collected."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        requests = CounterMetricFamily("justicegraph_requests", "Requests answered", labels=["place", "status"])
        for (place, status), number in list(self._requests.items()):
            requests.add_metric([place, str(status)], number)
        yield requests
        seconds = HistogramMetricFamily("justicegraph_request_seconds", "Seconds until the response", labels=["place"])
        for place, buckets in self._buckets.items():
            named = zip([*map(str, _SECONDS), "+Inf"], accumulate(buckets), strict=True)
            seconds.add_metric([place], list(named), self._seconds[place])
        yield seconds
        for name, what, numbers in (
            ("limit", "Requests that a limit ended", self._limits), ("event", "Pool events", self._events),
        ):  # fmt: skip
            family = CounterMetricFamily(f"justicegraph_{name}s", what, labels=[name])
            for value, number in list(numbers.items()):
                family.add_metric([value], number)
            yield family


class State:
    """Metrics of the pool and the cache that are in use when the metrics are collected."""

    def __init__(self, now: Callable[[], tuple[Pool, Cache]]) -> None:
        self._now = now

    def describe(self) -> list[Metric]:
        """Return nothing: the metrics are known only when they are collected."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        pool, cache = self._now()
        gauges = {
            "workers_idle": ("Idle quick workers", pool.idle),
            "slow_queries": ("Slow jobs that are running", pool.slots.taken),
            "waiting_queries": ("Slow jobs waiting for a slot", pool.slots.waiting),
            "cache_bytes": ("Bytes of results in the cache", cache.used_bytes),
        }
        for name, (what, value) in gauges.items():
            yield GaugeMetricFamily(f"justicegraph_{name}", what, value)
        for name, what, value in (
            ("cache_hits", "Requests answered from the cache", cache.hits),
            ("cache_misses", "Requests that the cache could not answer", cache.misses),
        ):
            yield CounterMetricFamily(f"justicegraph_{name}", what, value)


def _loggable_path(path: str) -> str:
    """Return a path as it may be logged: a receipt's address is its sender's secret."""
    return _RECEIPT if path.startswith(_RECEIPT) else path[:200]


def _request_details(scope: Any, status: int, seconds: float, *, queries: bool) -> Mapping[str, Any]:
    details = {
        "method": scope.method[:20],
        "path": _loggable_path(scope.path),
        "status": status,
        "seconds": round(seconds, 4),
    }
    if queries:
        sent = parse_qs(scope.query_string, errors="replace").get("query")
        details["query"] = sent[0] if sent else None
    return details
