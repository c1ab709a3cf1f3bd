"""The endpoint in this process, as a WSGI application (PEP 3333) that tests can call without a server."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wsgi import FileWrapper, get_host

from justicegraph.errors import JusticeGraphError
from justicegraph.rdf.formats import GRAPHS, Format
from justicegraph.sparql.endpoint import (
    Endpoint,
    ParsedRequest,
    Response,
    description_response,
    error_response,
    result_response,
)
from justicegraph.sparql.protocol import MAX_BODY, Request, client_of
from justicegraph.sparql.query import RunQuery
from justicegraph.web.service import serialize_triples, service_description
from justicegraph.web.site import Site

_CHUNK = 65_536
_PHRASES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]
Describe = Callable[[str, Format], bytes]
"""Returns the service description of the endpoint at an address, in a format."""


def endpoint_of(run_query: RunQuery, describe: Describe, endpoint: Endpoint) -> Wsgi:
    """Return the endpoint over what runs queries."""

    def application(environ: Environ, start: StartResponse) -> Iterable[bytes]:
        request = _request(environ)
        parsed = endpoint.parse(request)
        return _send(start, parsed if isinstance(parsed, Response) else _answer(environ, request, parsed))

    def _answer(environ: Environ, request: Request, parsed: ParsedRequest) -> Response:
        try:
            if parsed.query.text:
                return result_response(request, parsed.headers, run_query(parsed.query))
            address = f"{environ['wsgi.url_scheme']}://{get_host(environ)}/sparql"
            return description_response(request, parsed.query, describe(address, parsed.query.graph or GRAPHS[0]))
        except JusticeGraphError as error:
            return error_response(request, error)

    return application


def with_endpoint(app: Flask) -> Flask:
    """Mount the endpoint of an application's site at /sparql, as a server answers there beside the pages."""
    site: Site = app.extensions["site"]

    def describe(address: str, form: Format) -> bytes:
        return serialize_triples(service_description(address, site.run_query, union=site.union), form)

    endpoint = endpoint_of(site.run_query, describe, Endpoint(site.snapshot, site.max_age))
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/sparql": endpoint})  # type: ignore[method-assign]
    return app


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
