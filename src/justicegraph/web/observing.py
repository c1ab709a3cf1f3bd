"""Counting and logging around the whole application."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from justicegraph.cache import Cache
from justicegraph.pool import Pool
from justicegraph.sparql import Wsgi
from justicegraph.web.log import Log

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

Environ = dict[str, Any]


class Meter:
    """Counts requests by status and where they went, seconds until the answer began, and workers that ended."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "justicegraph_requests", "Requests answered", ["place", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "justicegraph_request_seconds", "Seconds until an answer began", ["place"],
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._limits = Counter("justicegraph_limits", "Questions that a limit ended", ["limit"], registry=self.registry)
        self._events = Counter(
            "justicegraph_events", "Workers and supervisors that were lost, snapshots taken up", ["event"],
            registry=self.registry,
        )  # fmt: skip

    def count(self, place: str, status: str, seconds: float) -> None:
        """Count an answer."""
        self._requests.labels(place, status).inc()
        self._seconds.labels(place).observe(seconds)

    def limit(self, name: str) -> None:
        """Count a question that this limit has ended."""
        self._limits.labels(name).inc()

    def event(self, name: str) -> None:
        """Count something that happened to the pool."""
        self._events.labels(name).inc()


class State:
    """What /metrics reads when it is asked: the pool and the cache that are in use then."""

    def __init__(self, now: Callable[[], tuple[Pool, Cache]]) -> None:
        self._now = now

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


def observed(app: Wsgi, meter: Meter, log: Log) -> Wsgi:
    """Return the application with each of its answers counted, and logged where that is wanted."""

    def counted(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        began = time.perf_counter()
        place = "sparql" if environ.get("PATH_INFO", "").startswith("/sparql") else "pages"

        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            seconds = time.perf_counter() - began
            meter.count(place, status[:3], seconds)
            if log.requests:
                log.write("request", _said(environ, status, headers, seconds, queries=log.queries))
            return start(status, headers, *more)

        return app(environ, started)

    return counted


def _said(
    environ: Environ, status: str, headers: list[tuple[str, str]], seconds: float, *, queries: bool
) -> Mapping[str, Any]:
    length = next((value for name, value in headers if name == "Content-Length"), None)
    said = {
        "method": environ["REQUEST_METHOD"][:20],
        "path": environ.get("PATH_INFO", "")[:200],
        "status": int(status[:3]),
        "bytes": int(length) if length else None,
        "seconds": round(seconds, 4),
    }
    if queries:
        asked = parse_qs(environ.get("QUERY_STRING", ""), errors="replace").get("query")
        said["query"] = asked[0] if asked else None
    return said
