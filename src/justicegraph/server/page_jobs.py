"""Requests for pages and documents: from the cache, or as jobs of workers."""

import asyncio
import io
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from justicegraph.errors import JusticeGraphError, LimitReached
from justicegraph.pool import Job, Reply
from justicegraph.server.current import Current
from justicegraph.server.entity_jsonld import EntryRequest, entry_request
from justicegraph.server.exchange import Exchange, body_of, send_response
from justicegraph.server.metrics import Observer
from justicegraph.server.page_requests import (
    PageHead,
    PageRequest,
    key_of_page,
    may_be_shared,
    page_request,
    request_headers,
    shared_page,
)
from justicegraph.server.reconcile_pool import ReconcilePool, is_reconciled
from justicegraph.server.site_source import PageFailed
from justicegraph.server.sparql_requests import MAX_HEADER_CHARS
from justicegraph.server.wsgi import call
from justicegraph.sparql import Request, Response, error_response, not_modified, result_response
from justicegraph.sparql.query import Result
from justicegraph.suggest.rate import RateLimit
from justicegraph.web.errors import failing
from justicegraph.web.negotiation import JSONLD

FAILURE_TIMEOUT = 2.0
"""Seconds in which a worker must have made the page of an error; else it is made here."""

_NEGOTIATED = "accept", "accept-language", "accept-encoding"
_READ = {"GET", "HEAD"}
_FORMS = "/suggest/"


class PageJobs:
    """Gives page requests to the workers. `now` returns what is served at the moment."""

    def __init__(
        self, now: Callable[[], Current], observer: Observer, reconcile: ReconcilePool | None, limit: RateLimit | None
    ) -> None:
        self._now, self._observer, self._reconcile, self._rate_limit = now, observer, reconcile, limit

    async def answer(self, exchange: Exchange) -> int:
        """Answer a request for a page, and return the status."""
        scope, current, headers = exchange.scope, self._now(), request_headers(exchange.scope)
        is_read, shared = scope.method in _READ, None
        if is_read and sum(len(headers.get(name, "")) for name in _NEGOTIATED) <= MAX_HEADER_CHARS:
            entry = entry_request(scope.path, headers.get("accept", ""))
            if entry and (response := await _document(current, entry, headers, exchange)):
                return exchange.send(response)
            shared = shared_page(scope.path, scope.query_string, headers)
        body = b"" if is_read else await body_of(exchange.protocol)
        page = page_request(scope, exchange.client, headers, body)
        if shared:
            return _send_page(exchange, await self._shared(current, shared, page, exchange))
        return _send_page(exchange, await self._page(self._now(), page, exchange))

    async def _shared(self, current: Current, shared: PageRequest, own: PageRequest, exchange: Exchange) -> Reply:
        """Return a page that all readers share, from the cache or a worker.

        This reader gets an error in a form that it accepts, so the page is then made for its own request.
        """
        key = key_of_page(shared)
        if cached := current.cache.get(key):
            head, body = cached
            return Reply(head, io.BytesIO(body), len(body))
        try:
            reply = await self._run(current, shared, exchange)
        except JusticeGraphError as error:
            return await self._failure(current, own, error, exchange)
        if reply.head.status >= HTTPStatus.BAD_REQUEST:
            reply.body.close()
            return await self._page(current, own, exchange)
        if may_be_shared(reply.head) and current.cache.has_room(key, reply.length):
            body = reply.read()
            current.cache.put(key, (reply.head, body), len(body))
            return Reply(reply.head, io.BytesIO(body), len(body))
        return reply

    async def _page(self, current: Current, page: PageRequest, exchange: Exchange) -> Reply:
        """Return the reply with a page; if it could not be made, with the page of the error."""
        try:
            reply = await self._limited(current, page, exchange)
        except JusticeGraphError as error:
            return await self._failure(current, page, error, exchange)
        if reply.head.limit:
            self._observer.record_event("limit", {"limit": reply.head.limit})
        return reply

    async def _limited(self, current: Current, page: PageRequest, exchange: Exchange) -> Reply:
        """Run the job of a page. A suggestion counts for the rate limit, which is that of all workers together."""
        limit, client = self._rate_limit, exchange.client_name
        if limit is None or page.method != "POST" or not page.path.startswith(_FORMS):
            return await self._run(current, page, exchange)
        wait = limit.seconds_to_wait(client)
        reply = await self._run(current, page._replace(wait=wait), exchange)
        if not wait and not reply.head.is_counted:
            limit.give_back(client)
        return reply

    async def _run(self, current: Current, page: PageRequest, exchange: Exchange) -> Reply:
        is_failure = page.failure is not None
        key = hash((is_failure, page.method, page.path, page.query, page.body))
        job = Job(page, exchange.client_name, key, is_query=page.path == "/query")
        until_disconnect = exchange.protocol.client_disconnect
        if self._reconcile is not None and is_reconciled(page):
            return await self._reconcile.run(job, until_disconnect)
        return await current.pool.run(job, until_disconnect)

    async def _failure(
        self, current: Current, page: PageRequest, error: JusticeGraphError, exchange: Exchange
    ) -> Reply:
        """Return the page of an error, from a worker if it shows the reader's text again."""
        if isinstance(error, PageFailed):
            self._observer.record_event("failure", {"trace": error.trace})
        has_left, has_text = isinstance(error, LimitReached) and error.limit == "left", _has_text(page.path)
        if has_text and not has_left:
            try:
                async with asyncio.timeout(FAILURE_TIMEOUT):
                    return await self._run(current, page._replace(failure=error, wait=None), exchange)
            except (JusticeGraphError, TimeoutError):
                pass
        return call(failing(current.app, error, with_graph=not has_text), _short(page))


async def _document(
    current: Current, entry: EntryRequest, headers: dict[str, str], exchange: Exchange
) -> Response | None:
    """Return the response with an entry's JSON-LD; None if there is no such entry here."""
    request = Request(exchange.scope.method, "", if_none_match=headers.get("if-none-match", ""))
    sent = entry.headers(current.snapshot, current.max_age)
    if response := not_modified(request, sent):
        return response
    form, key = replace(JSONLD, media_type=entry.media_type), ("entry", *entry)
    try:
        body = current.cache.get(key)
        if body is None:
            job = Job(entry, exchange.client_name, hash(key))
            reply = await current.pool.run(job, exchange.protocol.client_disconnect)
            if not reply.head:
                return None
            body = reply.read()
            if current.cache.has_room(key, len(body)):
                current.cache.put(key, body, len(body))
        return result_response(request, sent, Result(form, io.BytesIO(body), len(body)))
    except JusticeGraphError as error:
        return error_response(request, error)


def _send_page(exchange: Exchange, reply: Reply) -> int:
    head: PageHead = reply.head
    if exchange.scope.method == "HEAD":
        reply.body.close()
        send_response(exchange.protocol, head.status, head.headers)
    else:
        part = (reply.offset, reply.offset + reply.length) if head.status == 206 else ()
        send_response(exchange.protocol, head.status, head.headers, reply.body, part)
    return head.status


def _has_text(path: str) -> bool:
    """Tell whether a page shows the reader's text again, even after an error."""
    return path == "/query" or path.startswith(_FORMS)


def _short(page: PageRequest) -> PageRequest:
    """Return a request without the headers that are too long to be read in the event loop."""
    return page._replace(
        headers=tuple(header for header in page.headers if len(header[1]) <= MAX_HEADER_CHARS), body=b""
    )
