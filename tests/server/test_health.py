"""Health and metrics are answered by the server process itself."""

import asyncio
import io
import json
from typing import Any, cast

import pytest
from prometheus_client import CollectorRegistry, Counter

from justicegraph.errors import LimitReached
from justicegraph.pool import Job, Pool, Reply
from justicegraph.server.health import health, metrics
from justicegraph.sparql import Request, Response


class Workers:
    """A pool that counts its jobs, and may be busy."""

    def __init__(self, error: LimitReached | None = None) -> None:
        self.jobs: list[Any] = []
        self._error = error

    async def run(self, job: Job) -> Reply:
        self.jobs.append(job.payload)
        if self._error:
            raise self._error
        return Reply(("application/sparql-results+json", ""), io.BytesIO(b"{}"), 2)


def health_of(workers: Workers, method: str = "GET") -> Response:
    return asyncio.run(health(Request(method, ""), cast("Pool", workers), "0123"))


def test_health_is_that_of_a_query_that_was_run_just_now() -> None:
    response = health_of(workers := Workers())
    assert (response.status, len(workers.jobs)) == (200, 1)
    assert json.loads(cast("bytes", response.body)) == {"status": "ok", "snapshot": "0123"}
    assert ("Cache-Control", "no-store") in response.headers


def test_health_is_bad_where_no_query_can_be_run() -> None:
    response = health_of(Workers(LimitReached("busy", "All workers are busy.", 5)))
    assert (response.status, json.loads(cast("bytes", response.body))["limit"]) == (503, "busy")


def test_metrics_are_those_of_the_registry() -> None:
    registry = CollectorRegistry()
    Counter("invented", "Invented.", registry=registry).inc(3)
    response = metrics(Request("GET", ""), registry)
    assert (response.status, b"invented_total 3.0" in cast("bytes", response.body)) == (200, True)
    head = metrics(Request("HEAD", ""), registry)
    assert (head.status, head.body, head.headers) == (200, b"", response.headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS"])
def test_other_methods_are_refused(method: str) -> None:
    for response in (health_of(Workers(), method), metrics(Request(method, ""), CollectorRegistry())):
        assert (response.status, dict(response.headers)["Allow"]) == (405, "GET, HEAD")
