"""Requests to the SPARQL endpoint: from the cache, or as the job of a worker."""

import asyncio
from collections.abc import Callable
from typing import Any

from justicegraph.errors import JusticeGraphError
from justicegraph.pool import Job
from justicegraph.pool.queries import query_job, result_of
from justicegraph.rdf.formats import GRAPHS
from justicegraph.server.current import Current, Known
from justicegraph.server.exchange import Exchange, body_of
from justicegraph.server.site_source import DescriptionRequest
from justicegraph.sparql import ParsedRequest, Request, Response, client_of, error_response, result_response
from justicegraph.sparql.endpoint import description_response

MAX_REMEMBERED_CHARS = 1_024
"""Characters of the longest request that is remembered."""

MAX_HEADER_CHARS = 4_096
"""Characters of negotiation headers that the event loop reads itself; longer ones are read in a thread.

No browser sends more. A thousand characters would hold up the event loop for a millisecond.
"""


async def answer_query(now: Callable[[], Current], exchange: Exchange) -> int:
    """Answer at /sparql. A request that was read before is not read again, nor is a cached result made again."""
    current, scope, get = now(), exchange.scope, exchange.scope.headers.get
    raw = (
        scope.method, scope.query_string, get("accept"), get("accept-encoding"), get("if-none-match"),
        exchange.client.address,
    )  # fmt: skip
    known = current.known.get(raw)
    if known is None:
        body = await body_of(exchange.protocol) if scope.method == "POST" else b""
        current = now()  # the body may have taken long
        request = _request(raw, get("content-type"), body)
        is_long, parse = len(request.accept) + len(request.accept_encoding) > MAX_HEADER_CHARS, current.endpoint.parse
        parsed = await asyncio.to_thread(parse, request) if is_long else parse(request)
        if isinstance(parsed, Response):
            return exchange.send(parsed)
        if not parsed.query.text:
            return exchange.send(await _description(current, request, parsed, exchange))
        known = Known(request, parsed)
        if scope.method == "GET" and sum(len(part or "") for part in raw) <= MAX_REMEMBERED_CHARS:
            current.remember(raw, known)
    return exchange.send(await _result(current, known.request, known.parsed, exchange.protocol))


async def _result(current: Current, request: Request, parsed: ParsedRequest, protocol: Any) -> Response:
    try:
        result = current.cache.get_result(parsed.key)
        if result is None:
            job = query_job(parsed.query, request.client)
            result = result_of(await current.pool.run(job, protocol.client_disconnect))
            result = current.cache.put_result(parsed.query, parsed.key, result)
        return result_response(request, parsed.headers, result)
    except JusticeGraphError as error:
        return error_response(request, error)


async def _description(current: Current, request: Request, parsed: ParsedRequest, exchange: Exchange) -> Response:
    """Return the response with the description of the endpoint."""
    form, client = parsed.query.graph or GRAPHS[0], exchange.client
    payload = DescriptionRequest(f"{client.scheme}://{client.host}/sparql", form.media_type)
    try:
        job = Job(payload, exchange.client_name, hash(payload))
        reply = await current.pool.run(job, exchange.protocol.client_disconnect)
    except JusticeGraphError as error:
        return error_response(request, error)
    return description_response(request, parsed.query, reply.read())


def _request(raw: tuple[Any, ...], content_type: str | None, body: bytes) -> Request:
    method, query_string, *lines, client = raw
    accept, accept_encoding, if_none_match = (line or "" for line in lines)
    return Request(
        method, query_string, accept, accept_encoding, content_type or "", if_none_match, client_of(client), body
    )
