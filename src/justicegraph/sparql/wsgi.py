"""The endpoint as a WSGI application of its own (PEP 3333), to be mounted in front of the pages."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from werkzeug.wsgi import FileWrapper, get_host

from justicegraph.errors import JusticeGraphError
from justicegraph.http.problems import Problem
from justicegraph.rdf.formats import GRAPHS, Format
from justicegraph.sparql.endpoint import Asked, Endpoint, Response, answered, described, failed, told
from justicegraph.sparql.protocol import MAX_BODY, Request, client_of
from justicegraph.sparql.query import RunQuery

_CHUNK = 65_536
_PHRASES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]
Describe = Callable[[str, Format], bytes]
"""Returns the service description of the endpoint at an address, in a format."""


def sparql_endpoint(run_query: RunQuery, describe: Describe, endpoint: Endpoint) -> Wsgi:
    """Return the endpoint. A browser, which prefers HTML, is sent on to /query, the page that shows answers."""

    def application(environ: Environ, start: StartResponse) -> Iterable[bytes]:
        request = _request(environ)
        if environ.get("PATH_INFO", "") not in {"", "/"}:
            return _send(start, told(request, Problem("not-found", "The endpoint is /sparql itself.")))
        asked = endpoint.begin(request)
        return _send(start, asked if isinstance(asked, Response) else _answer(environ, request, asked))

    def _answer(environ: Environ, request: Request, asked: Asked) -> Response:
        try:
            if asked.question.text:
                return answered(request, asked.headers, run_query(asked.question))
            address = f"{environ['wsgi.url_scheme']}://{get_host(environ)}/sparql"
            return described(request, asked.question, describe(address, asked.question.graph or GRAPHS[0]))
        except JusticeGraphError as error:
            return failed(request, error)

    return application


def _request(environ: Environ) -> Request:
    return Request(
        environ["REQUEST_METHOD"], environ.get("QUERY_STRING", ""), environ.get("HTTP_ACCEPT", ""),
        environ.get("HTTP_ACCEPT_ENCODING", ""), environ.get("CONTENT_TYPE", ""),
        environ.get("HTTP_IF_NONE_MATCH", ""), client_of(environ.get("REMOTE_ADDR", "")), _body(environ),
    )  # fmt: skip


def _body(environ: Environ) -> bytes:
    if environ["REQUEST_METHOD"] != "POST":
        return b""
    length = environ.get("CONTENT_LENGTH") or str(MAX_BODY + 1)
    body: bytes = environ["wsgi.input"].read(min(int(length), MAX_BODY + 1) if length.isdecimal() else 0)
    return body


def _send(start: StartResponse, response: Response) -> Iterable[bytes]:
    start(_PHRASES[response.status], response.headers)
    if isinstance(response.body, bytes):
        return [response.body] if response.body else []
    return FileWrapper(response.body, _CHUNK)
