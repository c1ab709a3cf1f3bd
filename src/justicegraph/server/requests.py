"""What the server calls for each request (RSGI): workers are asked from the event loop, other pages made in threads.

The loop only passes questions and answers on, so that thousands of small ones go through it in a second; threads would
spend more time on waking each other than on the questions.
"""

import asyncio
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Flask

from justicegraph.errors import CannotWrite, JusticeGraphError, LimitReached
from justicegraph.http.problems import Problem
from justicegraph.pool import Job, Pool
from justicegraph.pool.queries import query_job, result_of
from justicegraph.server.entity_jsonld import Entries
from justicegraph.server.entity_pages import EntityPage, PageFailed, entity_page_of
from justicegraph.server.metrics import Observer
from justicegraph.server.wsgi import Bridge, Caller, Headers, body_of, send
from justicegraph.sparql import Asked, Endpoint, Request, Response, answered, client_of, failed, told, unchanged
from justicegraph.sparql.cache import Cache
from justicegraph.sparql.query import Result
from justicegraph.web.errors import TOO_COSTLY, failing

REMEMBERED = 16_384
"""Requests that are remembered: with their queries and headers some 50 MB at most."""

SHORT = 1_024
"""Characters up to which that is done."""

MOST = 4_096
"""Characters of the headers that say what a client takes up to which they are read in the event loop: no browser sends
more, and others would wait a millisecond for every thousand."""

LONG = 262_144
"""Bytes of what was found of an entry from which its document is made in a thread: the loop has others to answer."""

_TAKEN = "accept", "accept-language", "accept-encoding"
_COSTLY = {"time", "memory", "answer", "engine"}
_PATHS = {"/sparql", "/sparql/"}


@dataclass(frozen=True, slots=True)
class Known:
    """A request that was read, and what it asks."""

    request: Request
    asked: Asked


@dataclass
class Running:
    """What serves now; `held` lets go of the snapshot, `known` are requests that were read before."""

    pool: Pool
    cache: Cache
    endpoint: Endpoint
    entries: Entries
    app: Flask
    held: ExitStack = field(default_factory=ExitStack)
    snapshot: str = ""
    known: dict[object, Known] = field(default_factory=dict)

    def remember(self, raw: object, known: Known) -> None:
        """Remember a request; the oldest is forgotten first."""
        self.known[raw] = known
        if len(self.known) > REMEMBERED:
            del self.known[next(iter(self.known))]


class Front:
    """The application, as the server sees it; `waiting` questions at most are slow or wait for their turn."""

    def __init__(self, now: Callable[[], Running], observer: Observer, proxies: int, waiting: int) -> None:
        self._now, self._observer, self._proxies = now, observer, proxies
        self._bridge = Bridge(waiting)

    async def answer(self, scope: Any, protocol: Any) -> None:
        """Answer one request. What goes wrong on the way is logged; the server then says 500."""
        began, status = time.perf_counter(), 500
        try:
            answer = self._answer_question if scope.path in _PATHS else self._answer_page
            status = await answer(scope, protocol)
        except TimeoutError:
            late = Problem("request-timeout", "The body of the request did not come in time: send it again.")
            status = _send(protocol, told(Request(scope.method, ""), late))
        except Exception:
            self._observer.happened("failure", {"trace": traceback.format_exc()})
            raise
        finally:
            self._observer.saw(scope, status, time.perf_counter() - began)

    async def close(self) -> None:
        """Wait for the pages that are being made; their questions must have been ended."""
        await self._bridge.close()

    async def _answer_page(self, scope: Any, protocol: Any) -> int:
        caller, running = Caller(scope, self._proxies), self._now()
        taken = _taken(scope.headers)
        if scope.method in {"GET", "HEAD"} and sum(map(len, taken)) <= MOST:
            found = running.entries.begin(scope.path, taken[0])
            response = found and await _entry(running, *found, scope, protocol)
            if response:
                return _send(protocol, response)
            if page := entity_page_of(scope.path, scope.query_string, *taken):
                return await self._answer_visit(running, page, scope, protocol, caller)
        body = await body_of(protocol) if scope.method not in {"GET", "HEAD"} else b""
        app = self._now().app
        try:
            return await self._bridge.answer(app, scope, protocol, caller, body)
        except CannotWrite as error:
            return await self._bridge.answer(failing(app, error), scope, protocol, caller, body)

    async def _answer_visit(self, running: Running, page: EntityPage, scope: Any, protocol: Any, caller: Caller) -> int:
        """Answer with a page that a worker makes, or has made before."""
        kept: tuple[int, Headers, bytes] | None = running.cache.get(page)
        try:
            if kept is None:
                job = Job(page, client_of(caller.client), hash(page))
                reply = await running.pool.run(job, protocol.client_disconnect)
                kept = reply.head[0], reply.head[1], reply.read()
                if running.cache.has_room(page, len(kept[2])):
                    running.cache.put(page, kept, len(kept[2]))
        except JusticeGraphError as error:
            if isinstance(error, PageFailed):
                self._observer.happened("failure", {"trace": error.trace})
            return await self._bridge.answer(failing(running.app, _of_page(error)), scope, protocol, caller, b"")
        status, headers, body = kept
        if status >= HTTPStatus.BAD_REQUEST:  # it is told in the form that this reader takes, which may be no page
            return await self._bridge.answer(running.app, scope, protocol, caller, b"")
        send(protocol, status, headers, b"" if scope.method == "HEAD" else body)
        return status

    async def _answer_question(self, scope: Any, protocol: Any) -> int:
        """Answer at /sparql. A request that was read before is not read again, nor is a kept answer made again."""
        running, get = self._now(), scope.headers.get
        caller = Caller(scope, self._proxies)
        raw = (
            scope.method, scope.query_string, get("accept"), get("accept-encoding"), get("if-none-match"),
            caller.client,
        )  # fmt: skip
        known = running.known.get(raw)
        if known is None:
            body = await body_of(protocol) if scope.method == "POST" else b""
            running = self._now()  # the body may have taken long
            request = _request(raw, get("content-type"), body)
            is_long, begin = len(request.accept) + len(request.encodings) > MOST, running.endpoint.begin
            asked = await asyncio.to_thread(begin, request) if is_long else begin(request)
            if isinstance(asked, Response):
                return _send(protocol, asked)
            if not asked.question.text:
                return await self._bridge.answer(running.app, scope, protocol, caller, body)
            known = Known(request, asked)
            if scope.method == "GET" and sum(len(each or "") for each in raw) <= SHORT:
                running.remember(raw, known)
        return _send(protocol, await _answered(running, known.request, known.asked, protocol))


async def _entry(running: Running, slug: str, asked: Asked, scope: Any, protocol: Any) -> Response | None:
    """Return the response with an entry's JSON-LD; None where there is no such entry here, or it is very long."""
    request = Request(scope.method, "", known=scope.headers.get("if-none-match") or "")
    if response := unchanged(request, asked.headers):
        return response
    try:
        answer = running.cache.find(asked.key)
        if answer is None:
            found = await _run(running, asked, request.client, protocol)
            if found.length > LONG:
                found.body.close()
                return None
            answer = running.entries.document(slug, found, str(asked.key[-1]))
            if answer is None:
                return None
            answer = running.cache.keep(asked.question, asked.key, answer)
        return answered(request, asked.headers, answer)
    except JusticeGraphError as error:
        return failed(request, error)


async def _answered(running: Running, request: Request, asked: Asked, protocol: Any) -> Response:
    try:
        answer = running.cache.find(asked.key)
        if answer is None:
            answer = await _run(running, asked, request.client, protocol)
            answer = running.cache.keep(asked.question, asked.key, answer)
        return answered(request, asked.headers, answer)
    except JusticeGraphError as error:
        return failed(request, error)


async def _run(running: Running, asked: Asked, client: str, protocol: Any) -> Result:
    return result_of(await running.pool.run(query_job(asked.question, client), protocol.client_disconnect))


def _of_page(error: JusticeGraphError) -> JusticeGraphError:
    """Return an error as who reads a page is told it: the sentences about limits speak to who writes queries."""
    if isinstance(error, LimitReached) and error.limit in _COSTLY:
        return LimitReached(error.limit, TOO_COSTLY, error.retry_after)
    return error


def _taken(headers: Any) -> tuple[str, str, str]:
    """Return what a client takes: forms, languages and codings. What stands on several lines is one (RFC 9110, 5.3)."""
    said = dict.fromkeys(_TAKEN, "")
    for name, value in headers.items():
        if name in said:
            said[name] = f"{said[name]}, {value}" if said[name] else value
    return said["accept"], said["accept-language"], said["accept-encoding"]


def _request(raw: tuple[Any, ...], kind: str | None, body: bytes) -> Request:
    method, address, accept, encodings, tags, client = raw
    return Request(method, address, accept or "", encodings or "", kind or "", tags or "", client_of(client), body)


def _send(protocol: Any, response: Response) -> int:
    send(protocol, response.status, response.headers, response.body)
    return response.status
