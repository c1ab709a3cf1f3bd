"""The SPARQL 1.1 Protocol's query operation (section 2.1) as a WSGI application of its own, in front of the pages.

Every answer is finished before its first byte is sent, so it carries its length and never ends in the middle.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.wsgi import FileWrapper

from justicegraph.errors import BadQuery, JusticeGraphError, NotAcceptable, QueryTooLong, RefusedQuery
from justicegraph.evaluate import Answer, Ask, Question
from justicegraph.formats import GRAPHS, HTML, SOLUTIONS, Format, accepted_format, named_format
from justicegraph.guard import MAX_BYTES

MAX_BODY = 4 * MAX_BYTES
"""Bytes of a request that are read: a query whose every byte is percent-encoded, and parameters."""

_CHUNK = 65_536
_ALLOW = "GET, HEAD, POST, OPTIONS"
_OPEN = [("Access-Control-Allow-Origin", "*"), ("X-Content-Type-Options", "nosniff")]
_STATUS = {QueryTooLong: 413, RefusedQuery: 403, NotAcceptable: 406}

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]


class _Stop(Exception):
    """An answer that is no result: a status, a sentence, and headers."""

    def __init__(self, status: int, sentence: str = "", *headers: tuple[str, str]) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.headers = status, sentence, headers


def sparql_endpoint(ask: Ask, form: str = "/query") -> Wsgi:
    """Return the endpoint. A browser, which prefers HTML, is sent on to `form`, the page that shows answers."""

    def endpoint(environ: Environ, start: StartResponse) -> Iterable[bytes]:
        try:
            answer = ask(_question(environ, form))
        except _Stop as stop:
            return _say(environ, start, stop)
        except JusticeGraphError as error:
            status = _STATUS.get(type(error), 400 if isinstance(error, BadQuery) else 500)
            return _say(environ, start, _Stop(status, str(error)))
        return _send(environ, start, answer)

    return endpoint


def _question(environ: Environ, form: str) -> Question:
    if environ.get("PATH_INFO", "") not in {"", "/"}:
        raise _Stop(404, "The endpoint is /sparql itself.")
    method = environ["REQUEST_METHOD"]
    if method == "OPTIONS":
        allowed = ("Access-Control-Allow-Methods", _ALLOW), ("Access-Control-Allow-Headers", "Accept, Content-Type")
        raise _Stop(204, "", ("Allow", _ALLOW), *allowed, ("Access-Control-Max-Age", "86400"))
    if method not in _ALLOW.split(", "):
        raise _Stop(405, f"{method} is not answered here: use GET or POST.", ("Allow", _ALLOW))
    pairs = _pairs(environ.get("QUERY_STRING", ""))
    if method == "POST":
        pairs += _posted(environ)
    queries = [value for name, value in pairs if name == "query"]
    if any(name == "update" for name, _ in pairs):
        raise RefusedQuery("Updates are refused: this endpoint answers questions and changes nothing.")
    formats = [value for name, value in pairs if name == "format"]
    solutions, graph = _formats(environ.get("HTTP_ACCEPT", ""), formats)
    if HTML in (solutions, graph) and method == "GET":
        raise _Stop(303, "", ("Location", f"{form}?{environ.get('QUERY_STRING', '')}".rstrip("?")))
    if len(queries) != 1:
        raise _Stop(400, f"A request carries one parameter `query`; this one has {len(queries)}.")
    return Question(queries[0], solutions, graph, *_dataset(pairs))


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise _Stop(400, "The parameters are not UTF-8, percent-encoded, or they are more than 100.") from error


def _posted(environ: Environ) -> list[tuple[str, str]]:
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if kind == "application/sparql-update":
        raise RefusedQuery("Updates are refused: this endpoint answers questions and changes nothing.")
    if kind not in {"application/sparql-query", "application/x-www-form-urlencoded"}:
        wanted = "application/sparql-query or application/x-www-form-urlencoded"
        raise _Stop(415, f"Send the query as {wanted}.", ("Accept", wanted.replace(" or ", ", ")))
    body = _body(environ)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _Stop(400, f"Byte {error.start} of the query is not UTF-8.") from error
    return [("query", text)] if kind == "application/sparql-query" else _pairs(text)


def _body(environ: Environ) -> bytes:
    try:
        length = int(environ.get("CONTENT_LENGTH") or MAX_BODY + 1)
    except ValueError as error:
        raise _Stop(400, "The length of the request is no number.") from error
    body: bytes = environ["wsgi.input"].read(min(length, MAX_BODY + 1))
    if len(body) > MAX_BODY:
        raise QueryTooLong(f"The request is longer than {MAX_BODY:,} bytes: ask for less at a time.")
    return body


def _formats(accept: str, named: list[str]) -> tuple[Format | None, Format | None]:
    """Return the formats for a table and for a graph; a parameter `format` outweighs the Accept header."""

    def either(choose: Callable[[tuple[Format, ...]], Format]) -> tuple[Format | None, Format | None]:
        found: list[Format | None] = []
        for offers in (SOLUTIONS, GRAPHS):
            try:
                found.append(choose((*offers, HTML)))
            except NotAcceptable:
                found.append(None)
        if found == [None, None]:
            choose((*SOLUTIONS, *GRAPHS, HTML))  # its sentence lists them all
        return found[0], found[1]

    if named:
        return either(lambda offers: named_format(named[-1], offers))
    return either(lambda offers: accepted_format(accept, offers))


def _dataset(pairs: list[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    default, named = (
        tuple(value for name, value in pairs if name == wanted) for wanted in ("default-graph-uri", "named-graph-uri")
    )
    for iri in (*default, *named):
        if ":" not in iri or any(char in iri for char in ' <>"{}|\\^`') or not iri.isprintable():
            raise _Stop(400, f"{iri[:100]}: a graph is named by a whole IRI.")
    return default, named


def _send(environ: Environ, start: StartResponse, answer: Answer) -> Iterable[bytes]:
    headers = [
        ("Content-Type", answer.format.media_type),
        ("Content-Length", str(answer.length)),
        ("Content-Disposition", f'inline; filename="answer.{answer.format.name}"'),
        ("Vary", "Accept"),
        *_OPEN,
    ]
    start("200 OK", headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        answer.body.close()
        return []
    return FileWrapper(answer.body, _CHUNK)


def _say(environ: Environ, start: StartResponse, stop: _Stop) -> list[bytes]:
    body = f"{stop.sentence}\n".encode() if stop.sentence else b""
    headers = [("Content-Length", str(len(body))), ("Vary", "Accept"), *stop.headers, *_OPEN]
    if body:
        headers.append(("Content-Type", "text/plain; charset=utf-8"))
    start(f"{stop.status} {HTTPStatus(stop.status).phrase}", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
