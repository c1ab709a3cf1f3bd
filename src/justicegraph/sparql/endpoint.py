"""The SPARQL 1.1 Protocol's query operation (section 2.1) as a WSGI application of its own, in front of the pages.

Every answer is finished before its first byte is sent, so it carries its length and never ends in the middle.
"""

import io
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from werkzeug.wsgi import FileWrapper, get_host

from justicegraph.cache import is_volatile, key_of, tag_of
from justicegraph.errors import JusticeGraphError, QueryTooLong
from justicegraph.evaluate import Answer, Ask, Question
from justicegraph.formats import GRAPHS, Format
from justicegraph.problems import MEDIA_TYPE, Problem, problem_of
from justicegraph.sparql.reading import Environ, Refused, Stop, read

_CHUNK = 65_536
_OPEN = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "Content-Disposition, ETag, Retry-After"),
    ("X-Content-Type-Options", "nosniff"),
]
_VARY = ("Vary", "Accept, Accept-Encoding")
_PHRASES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}

StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]
Describe = Callable[[str, Format], bytes]
"""Returns the service description of the endpoint at an address, in a format."""


def sparql_endpoint(ask: Ask, describe: Describe, snapshot: str = "", max_age: int = 0) -> Wsgi:
    """Return the endpoint. A browser, which prefers HTML, is sent on to /query, the page that shows answers.

    Answers from a named `snapshot` have an entity tag, and may be kept by others for `max_age` seconds (RFC 9111).
    """
    fresh = f"public, max-age={max_age}" if max_age else "no-cache"

    def endpoint(environ: Environ, start: StartResponse) -> Iterable[bytes]:
        try:
            question = read(environ)
            if not question.query:
                return _send_description(environ, start, describe, question)
            headers = _validators(question, snapshot, fresh)
            if _is_known(environ, headers):
                raise Stop(304, *headers)
            return _send(environ, start, ask(question), headers)
        except Stop as stop:
            return _stop(environ, start, stop)
        except Refused as refused:
            return _tell(environ, start, refused.problem)
        except JusticeGraphError as error:
            return _tell(environ, start, _problem(environ, error))

    return endpoint


def _validators(question: Question, snapshot: str, fresh: str) -> list[tuple[str, str]]:
    if is_volatile(question.query):
        return [_VARY, ("Cache-Control", "no-store")]
    if not snapshot:
        return [_VARY]
    return [_VARY, ("ETag", tag_of(snapshot, key_of(question))), ("Cache-Control", fresh)]


def _is_known(environ: Environ, headers: list[tuple[str, str]]) -> bool:
    """Tell whether the client has this answer already (If-None-Match, RFC 9110, 13.1.2)."""
    known = environ.get("HTTP_IF_NONE_MATCH")
    if not known or environ["REQUEST_METHOD"] == "POST" or len(headers) < 3:
        return False
    return headers[1][1] in (tag.strip() for tag in known.split(","))


def _send(environ: Environ, start: StartResponse, answer: Answer, headers: list[tuple[str, str]]) -> Iterable[bytes]:
    headers += [
        ("Content-Type", answer.format.media_type),
        ("Content-Length", str(answer.length)),
        ("Content-Disposition", f'inline; filename="answer.{answer.format.name}"'),
        *_OPEN,
    ]
    if answer.encoding:
        headers.append(("Content-Encoding", answer.encoding))
    start("200 OK", headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        answer.body.close()
        return []
    if isinstance(answer.body, io.BytesIO):
        return [answer.body.getvalue()]
    return FileWrapper(answer.body, _CHUNK)


def _send_description(
    environ: Environ, start: StartResponse, describe: Describe, question: Question
) -> Iterable[bytes]:
    """Send what the endpoint says of itself (SPARQL 1.1 Service Description, 2)."""
    form = question.graph or GRAPHS[0]
    body = describe(f"{environ['wsgi.url_scheme']}://{get_host(environ)}/sparql", form)
    return _send(environ, start, Answer(form, io.BytesIO(body), len(body)), [("Vary", "Accept")])


def _problem(environ: Environ, error: JusticeGraphError) -> Problem:
    problem = problem_of(error)
    if isinstance(error, QueryTooLong) and environ["REQUEST_METHOD"] != "POST":
        return Problem("address-too-long", problem.detail)
    return problem


def _tell(environ: Environ, start: StartResponse, problem: Problem) -> list[bytes]:
    kept = [("Cache-Control", "no-store")] if problem.status >= 429 else []
    headers = (("Content-Type", MEDIA_TYPE), ("Content-Language", "en"), _VARY, *kept, *problem.headers)
    return _stop(environ, start, Stop(problem.status, *headers, body=problem.document()))


def _stop(environ: Environ, start: StartResponse, stop: Stop) -> list[bytes]:
    length = [] if stop.status in {204, 304} else [("Content-Length", str(len(stop.body)))]
    start(_PHRASES[stop.status], [*length, *stop.headers, *_OPEN])
    return [] if environ["REQUEST_METHOD"] == "HEAD" or not stop.body else [stop.body]
