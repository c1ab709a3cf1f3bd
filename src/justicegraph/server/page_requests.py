"""Page requests: what a worker must know about one, and which pages can be cached for other readers."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from justicegraph.errors import JusticeGraphError, NotAcceptable
from justicegraph.http.accept import MAX_CACHED_ACCEPT, accepted_encoding, accepted_format
from justicegraph.namespaces import SLUG
from justicegraph.rdf.formats import HTML
from justicegraph.search import FACETS
from justicegraph.server.exchange import Client
from justicegraph.sparql.cache import Key
from justicegraph.web.i18n import CODES, preferred_code
from justicegraph.web.negotiation import JSONLD, OFFERS, media_type, wanted_form

HEADERS = frozenset({
    "accept", "accept-language", "accept-encoding", "content-type", "if-match", "if-modified-since", "if-none-match",
    "if-range", "if-unmodified-since", "origin", "range", "sec-fetch-site",
})  # fmt: skip
"""The headers that pages read. No other header travels to a worker: no cookie, no password, no browser's name."""

CONDITIONS = HEADERS & {"if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "range"}
"""Headers with which only this reader gets the response."""

LIST = frozenset({"after", "page", "sort", *FACETS})
"""The parameters of a list. A list for a text (`q`) is not cached: there are too many texts."""

MAX_CACHED_QUERY = 2_048
"""Characters of the longest query string whose page is cached."""

_PARAMETER = re.compile(r"([^&=]+)(?:=[^&]*)?")
_TEXT = re.compile(r"(?:^|&)q=")
_LANGUAGE = re.compile(r"(?:^|&)lang=([^&]*)")
_LISTS = re.compile(r"/browse(?:[/.][A-Za-z0-9.]*)?")
_VOCABULARIES = re.compile(r"/(?:ontology|terms|shapes)(?:\.[a-z]+|/[^/]+)?")
_CONTEXTS = re.compile(r"/context/.+")


class PageRequest(NamedTuple):
    """The request for a page. `client` is the address of the client, and `host` the name by which it called us.

    `failure` is the error that ended an earlier attempt, to be shown by the page. `wait` is the number of seconds for
    which the rate limit asks the client to wait; None if nothing is limited.
    """

    method: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    scheme: str = "http"
    host: str = "localhost"
    client: str = ""
    failure: JusticeGraphError | None = None
    wait: int | None = None


class PageHead(NamedTuple):
    """The head of the reply with a page.

    `limit` is the limit that ended a query of the page, if any. `is_counted` tells whether the request counts for the
    rate limit.
    """

    status: int
    headers: list[tuple[str, str]]
    limit: str = ""
    is_counted: bool = False


def page_request(scope: Any, client: Client, headers: Mapping[str, str], body: bytes) -> PageRequest:
    """Return the request for a page, as the client has sent it."""
    lines = tuple(headers.items())
    return PageRequest(
        scope.method, scope.path, scope.query_string, lines, body, client.scheme, client.host, client.address
    )


def request_headers(scope: Any) -> dict[str, str]:
    """Return the headers that pages read, by their names; what is on several lines is one list (RFC 9110, 5.3)."""
    headers: dict[str, str] = {}
    for name, value in scope.headers.items():
        if name in HEADERS:
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def shared_page(path: str, query: str, headers: Mapping[str, str]) -> PageRequest | None:
    """Return the one request for all readers who get the same page; None if the page is not shared.

    It has only what the page depends on: the path, the parameters that the page reads, and the form, the language and
    the content coding that were negotiated. Other parameters are dropped, or anyone could fill the cache.
    """
    parameters = _parameters_of(path)
    if parameters is None or len(query) > MAX_CACHED_QUERY or headers.keys() & CONDITIONS:
        return None
    lines = headers.get("accept", ""), headers.get("accept-language", ""), headers.get("accept-encoding", "")
    negotiate = _cached_negotiated if sum(map(len, lines)) <= MAX_CACHED_ACCEPT else _negotiated
    accept, language, encoding = negotiate(_form_of(path), *lines)
    if accept is None or (parameters is LIST and _TEXT.search(query)):
        return None
    parts = [part[0] for part in _PARAMETER.finditer(query) if part[1] in parameters] if query else []
    if (chosen := _LANGUAGE.search(query)) and chosen[1] in CODES:
        language = chosen[1]
        parts.append(f"lang={language}")
    negotiated = ("accept", accept), ("accept-language", language), ("accept-encoding", encoding)
    return PageRequest("GET", path, "&".join(parts), negotiated)


def key_of_page(page: PageRequest) -> Key:
    """Return the key of a shared page. A page may name the day, so it is made anew the next day."""
    return "page", date.today().toordinal(), page.path, page.query, page.headers


def may_be_shared(head: PageHead) -> bool:
    """Tell whether a page may be cached for others (RFC 9111, 5.2.2)."""
    rules = next((value for name, value in head.headers if name == "cache-control"), "")
    return head.status == 200 and not head.limit and "no-store" not in rules and "private" not in rules


def _parameters_of(path: str) -> frozenset[str] | None:
    """Return the parameters that a page reads, besides the language; None if its pages are never shared.

    Not shared: files, feeds and data pages, which follow the folder of releases; all that has the address of this
    server in it; forms, receipts, and results of queries.
    """
    if path.startswith("/browse"):
        return LIST if _LISTS.fullmatch(path) else None
    if path.startswith("/doc/"):
        name, dot, extension = path.removeprefix("/doc/").partition(".")
        is_known = not dot or any(extension == form.name for form in OFFERS)
        return frozenset() if SLUG.fullmatch(name) and is_known else None
    if path in {"/", "/problems"} or _VOCABULARIES.fullmatch(path) or _CONTEXTS.fullmatch(path):
        return frozenset()
    return None


def _form_of(path: str) -> str:
    """Return the form that a path names by its extension, "*" for any form, "html" if a page has no other form."""
    if not (path.startswith("/doc/") or _VOCABULARIES.fullmatch(path)):
        return HTML.name
    return path.rpartition("/")[2].partition(".")[2] or "*"


def _negotiated(form: str, accept: str, languages: str, encodings: str) -> tuple[str | None, str, str]:
    """Return what was negotiated, each as a header that asks for it; None for an unknown form."""
    return _accepted(form, accept), preferred_code(languages), accepted_encoding(encodings)


_cached_negotiated = lru_cache(1_024)(_negotiated)


def _accepted(name: str, accept: str) -> str | None:
    form = next((offer for offer in OFFERS if offer.name == name), None)
    if form is None:
        try:
            form = accepted_format(accept, OFFERS)
        except NotAcceptable:
            return None
    return media_type(form, wanted_form(accept) if form is JSONLD else "")
