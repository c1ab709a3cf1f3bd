"""The application that the HTTP server calls for each request (RSGI): the path decides which part answers.

All of this runs in the event loop, which passes on thousands of small jobs and replies in a second. Workers do
everything that takes longer. Only the pages of errors that occur here are made here.
"""

import time
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from justicegraph.http.problems import Problem
from justicegraph.server.current import Current
from justicegraph.server.exchange import Client, Exchange
from justicegraph.server.health import health, metrics
from justicegraph.server.metrics import Observer
from justicegraph.server.page_jobs import PageJobs
from justicegraph.server.reconcile_pool import ReconcilePool
from justicegraph.server.sparql_requests import answer_query
from justicegraph.sparql import Request, problem_response
from justicegraph.suggest.rate import RateLimit

_ENDPOINT = {"/sparql", "/sparql/"}


class Requests:
    """The application, as the HTTP server sees it. `now` returns what is served at the moment."""

    def __init__(
        self, now: Callable[[], Current], observer: Observer, proxies: int, reconcile: ReconcilePool | None = None,
        rate_limit: RateLimit | None = None,
    ) -> None:  # fmt: skip
        self._now, self._observer, self._proxies = now, observer, proxies
        self._pages = PageJobs(now, observer, reconcile, rate_limit)

    async def answer(self, scope: Any, protocol: Any) -> None:
        """Answer one request. An unforeseen error is logged, and the HTTP server then sends 500."""
        began, status = time.perf_counter(), 500
        exchange = Exchange(scope, protocol, Client(scope, self._proxies))
        try:
            if scope.path in _ENDPOINT:
                status = await answer_query(self._now, exchange)
            else:
                status = await self._route(scope.path)(exchange)
        except TimeoutError:
            late = Problem("request-timeout", "The body of the request did not arrive in time. Send it again.")
            status = exchange.send(problem_response(Request(scope.method, ""), late))
        except Exception:
            self._observer.record_event("failure", {"trace": traceback.format_exc()})
            raise
        finally:
            self._observer.record_request(scope, status, time.perf_counter() - began)

    def _route(self, path: str) -> Callable[[Exchange], Awaitable[int]]:
        if path in {"/metrics", "/healthz"}:
            return self._answer_operator
        return self._refuse_below_endpoint if path.startswith("/sparql/") else self._pages.answer

    async def _refuse_below_endpoint(self, exchange: Exchange) -> int:
        request = Request(exchange.scope.method, "")
        return exchange.send(problem_response(request, Problem("not-found", "The endpoint is /sparql itself.")))

    async def _answer_operator(self, exchange: Exchange) -> int:
        request, current = Request(exchange.scope.method, ""), self._now()
        if exchange.scope.path == "/metrics":
            return exchange.send(metrics(request, self._observer.registry))
        return exchange.send(await health(request, current.pool, current.snapshot))
