"""The query operation of the SPARQL 1.1 Protocol (section 2.1): from a request to a query, from a result to a response.

A result is complete before its first byte is sent. So each response has its length, and none ends in the middle.
"""

import io
from dataclasses import dataclass
from typing import IO

from justicegraph.errors import JusticeGraphError, QueryTooLong
from justicegraph.http.problems import MEDIA_TYPE, Problem, problem_of
from justicegraph.rdf.formats import GRAPHS
from justicegraph.sparql.cache import Key, is_volatile, key_of, tag_of
from justicegraph.sparql.protocol import InvalidRequest, Request, ShortResponse, read_query
from justicegraph.sparql.query import Query, Result

Headers = list[tuple[str, str]]
"""The headers of a response: names and values."""

_OPEN = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "Content-Disposition, ETag, Retry-After"),
    ("X-Content-Type-Options", "nosniff"),
]
_VARY = ("Vary", "Accept, Accept-Encoding")


@dataclass(frozen=True, slots=True)
class Response:
    """A status, headers, and the whole body: bytes, or a file if it is long."""

    status: int
    headers: Headers
    body: bytes | IO[bytes] = b""


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """A query with the cache key of its result, and the headers that each response to it has."""

    query: Query
    key: Key
    headers: Headers


class Endpoint:
    """The endpoint over one graph: it parses requests, and other parts run the queries.

    Results from a named `snapshot` have an entity tag. Other caches may keep them for `max_age` seconds (RFC 9111).
    """

    def __init__(self, snapshot: str = "", max_age: int = 0) -> None:
        self._snapshot = snapshot
        self._cache_control = f"public, max-age={max_age}" if max_age else "no-cache"

    def parse(self, request: Request) -> ParsedRequest | Response:
        """Return the parsed request, or its response if no query has to run."""
        try:
            query = read_query(request)
            parsed = ParsedRequest(query, key := key_of(query), self._validators(query, key))
            return not_modified(request, parsed.headers) or parsed
        except ShortResponse as stop:
            return _response(request, stop)
        except InvalidRequest as refused:
            return problem_response(request, refused.problem)
        except JusticeGraphError as error:
            return error_response(request, error)

    def _validators(self, query: Query, key: Key) -> Headers:
        if is_volatile(query.text):
            return [_VARY, ("Cache-Control", "no-store")]
        if not self._snapshot:
            return [_VARY]
        return [_VARY, ("ETag", tag_of(self._snapshot, key)), ("Cache-Control", self._cache_control)]


def result_response(request: Request, headers: Headers, result: Result) -> Response:
    """Return the response with a result."""
    sent = [
        *headers,
        ("Content-Type", result.format.media_type),
        ("Content-Length", str(result.length)),
        ("Content-Disposition", f'inline; filename="answer.{result.format.name}"'),
        *_OPEN,
    ]
    if result.encoding:
        sent.append(("Content-Encoding", result.encoding))
    if request.method == "HEAD":
        result.body.close()
        return Response(200, sent)
    return Response(200, sent, result.body.getvalue() if isinstance(result.body, io.BytesIO) else result.body)


def description_response(request: Request, query: Query, body: bytes) -> Response:
    """Return the response with the service description, in the format that the client takes."""
    return result_response(request, [("Vary", "Accept")], Result(query.graph or GRAPHS[0], io.BytesIO(body), len(body)))


def not_modified(request: Request, headers: Headers) -> Response | None:
    """Return 304 for a client that has this result already (If-None-Match, RFC 9110, 13.1.2); else None."""
    if not request.if_none_match or request.method == "POST":
        return None
    tag = next((value for name, value in headers if name == "ETag"), None)
    is_current = tag is not None and _opaque(tag) in map(_opaque, request.if_none_match.split(","))
    return _response(request, ShortResponse(304, *headers)) if is_current else None


def error_response(request: Request, error: JusticeGraphError) -> Response:
    """Return the response with the problem of an error."""
    problem = problem_of(error)
    if isinstance(error, QueryTooLong) and request.method != "POST":
        problem = Problem("address-too-long", problem.detail)
    return problem_response(request, problem)


def problem_response(request: Request, problem: Problem) -> Response:
    """Return the response with a problem document."""
    uncached = [("Cache-Control", "no-store")] if problem.status >= 429 else []
    headers = (("Content-Type", MEDIA_TYPE), ("Content-Language", "en"), _VARY, *uncached, *problem.headers)
    return _response(request, ShortResponse(problem.status, *headers, body=problem.document()))


def _opaque(tag: str) -> str:
    """Return the part of a tag that the weak comparison compares (RFC 9110, 8.8.3.2)."""
    return tag.strip().removeprefix("W/")


def _response(request: Request, stop: ShortResponse) -> Response:
    length = [] if stop.status in {204, 304} else [("Content-Length", str(len(stop.body)))]
    return Response(stop.status, [*length, *stop.headers, *_OPEN], b"" if request.method == "HEAD" else stop.body)
