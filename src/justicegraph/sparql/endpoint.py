"""The SPARQL 1.1 Protocol's query operation (section 2.1): a request to a question, its answer to a response.

Every answer is finished before its first byte is sent, so it carries its length and never ends in the middle.
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

_OPEN = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "Content-Disposition, ETag, Retry-After"),
    ("X-Content-Type-Options", "nosniff"),
]
_VARY = ("Vary", "Accept, Accept-Encoding")


@dataclass(frozen=True, slots=True)
class Response:
    """A status, headers, and the whole body: bytes, or a file where it is long."""

    status: int
    headers: Headers
    body: bytes | IO[bytes] = b""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the key of its answer, and the headers that every answer to it has."""

    question: Query
    key: Key
    headers: Headers


class Endpoint:
    """The endpoint over one graph, without what answers.

    Answers from a named `snapshot` have an entity tag, and may be kept by others for `max_age` seconds (RFC 9111).
    """

    def __init__(self, snapshot: str = "", max_age: int = 0) -> None:
        self._snapshot = snapshot
        self._fresh = f"public, max-age={max_age}" if max_age else "no-cache"

    def begin(self, request: Request) -> Asked | Response:
        """Return what is asked, or the response where that is known already."""
        try:
            question = read_query(request)
            asked = Asked(question, key := key_of(question), self._validators(question, key))
            return unchanged(request, asked.headers) or asked
        except ShortResponse as stop:
            return _response(request, stop)
        except InvalidRequest as refused:
            return told(request, refused.problem)
        except JusticeGraphError as error:
            return failed(request, error)

    def _validators(self, question: Query, key: Key) -> Headers:
        if is_volatile(question.text):
            return [_VARY, ("Cache-Control", "no-store")]
        if not self._snapshot:
            return [_VARY]
        return [_VARY, ("ETag", tag_of(self._snapshot, key)), ("Cache-Control", self._fresh)]


def answered(request: Request, headers: Headers, answer: Result) -> Response:
    """Return the response that carries an answer."""
    sent = [
        *headers,
        ("Content-Type", answer.format.media_type),
        ("Content-Length", str(answer.length)),
        ("Content-Disposition", f'inline; filename="answer.{answer.format.name}"'),
        *_OPEN,
    ]
    if answer.encoding:
        sent.append(("Content-Encoding", answer.encoding))
    if request.method == "HEAD":
        answer.body.close()
        return Response(200, sent)
    return Response(200, sent, answer.body.getvalue() if isinstance(answer.body, io.BytesIO) else answer.body)


def described(request: Request, question: Query, body: bytes) -> Response:
    """Return the response that carries the service description, in the format that is asked for."""
    return answered(request, [("Vary", "Accept")], Result(question.graph or GRAPHS[0], io.BytesIO(body), len(body)))


def unchanged(request: Request, headers: Headers) -> Response | None:
    """Return the response for a client that has this answer already (If-None-Match, RFC 9110, 13.1.2); else None."""
    if not request.known or request.method == "POST":
        return None
    tag = next((value for name, value in headers if name == "ETag"), None)
    is_known = tag is not None and _opaque(tag) in map(_opaque, request.known.split(","))
    return _response(request, ShortResponse(304, *headers)) if is_known else None


def failed(request: Request, error: JusticeGraphError) -> Response:
    """Return the response that tells of an error."""
    problem = problem_of(error)
    if isinstance(error, QueryTooLong) and request.method != "POST":
        problem = Problem("address-too-long", problem.detail)
    return told(request, problem)


def told(request: Request, problem: Problem) -> Response:
    """Return the response that tells of a problem."""
    kept = [("Cache-Control", "no-store")] if problem.status >= 429 else []
    headers = (("Content-Type", MEDIA_TYPE), ("Content-Language", "en"), _VARY, *kept, *problem.headers)
    return _response(request, ShortResponse(problem.status, *headers, body=problem.document()))


def _opaque(tag: str) -> str:
    """Return what two tags must share where weak ones are equal too (RFC 9110, 8.8.3.2)."""
    return tag.strip().removeprefix("W/")


def _response(request: Request, stop: ShortResponse) -> Response:
    length = [] if stop.status in {204, 304} else [("Content-Length", str(len(stop.body)))]
    return Response(stop.status, [*length, *stop.headers, *_OPEN], b"" if request.method == "HEAD" else stop.body)
