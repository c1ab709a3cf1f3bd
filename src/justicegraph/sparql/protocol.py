"""Read the query of a request strictly (SPARQL 1.1 Protocol, 2.1): a faulty request is refused with a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from justicegraph.errors import NotAcceptable, QueryTooLong, RefusedQuery
from justicegraph.http.accept import MAX_CACHED_ACCEPT, accepted_encoding, accepted_format
from justicegraph.http.parameters import parse_parameters
from justicegraph.http.problems import Problem
from justicegraph.rdf.formats import GRAPHS, HTML, SOLUTIONS, Format, named_format
from justicegraph.sparql.guard import MAX_BYTES, NO_UPDATES
from justicegraph.sparql.query import Query

MAX_BODY = 4 * MAX_BYTES
"""Bytes of a request that are read: enough for a query with every byte percent-encoded, and parameters."""

MAX_GRAPHS = 32_768
"""Bytes of all dataset parameters together."""

METHODS = "GET, HEAD, POST, OPTIONS"
_QUERY, _FORM = "application/sparql-query", "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Request:
    """The parts of a request that the endpoint needs; a body may be cut one byte after MAX_BODY.

    A header that the client has not sent is "".
    """

    method: str
    query_string: str
    accept: str = ""
    accept_encoding: str = ""
    content_type: str = ""
    if_none_match: str = ""
    client: str = ""
    body: bytes = b""


class ShortResponse(Exception):
    """The request has no query to run. Its response is a status, headers and a body, if any."""

    def __init__(self, status: int, *headers: tuple[str, str], body: bytes = b"") -> None:
        super().__init__(status)
        self.status, self.headers, self.body = status, headers, body


class InvalidRequest(Exception):
    """The request cannot be read; its problem says why."""

    def __init__(self, kind: str, detail: str, *headers: tuple[str, str]) -> None:
        super().__init__(detail)
        self.problem = Problem(kind, detail, headers)


def read_query(request: Request) -> Query:
    """Return the query of a request; a request without one is for the service description.

    Raise ShortResponse, InvalidRequest or an error of the project.
    """
    _check_method(request.method)
    accepted, query_string = (request.accept, request.accept_encoding), request.query_string
    if request.method == "POST":
        return _query_of(parse_parameters(query_string) + _posted(request), *accepted)
    if len(query_string) > MAX_BODY:
        sentence = f"The address has more than {MAX_BODY:,} bytes: send the query by POST."
        raise InvalidRequest("address-too-long", sentence)
    query = _query_of(parse_parameters(query_string), *accepted)
    if HTML in (query.solutions, query.graph):
        raise ShortResponse(303, ("Location", f"/query?{query_string}".rstrip("?")), ("Vary", "Accept"))
    return query


def client_of(address: str) -> str:
    """Return the client behind an address: the address, or for IPv6 its network of 64 bits, which one person has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    return str(parsed.ipv4_mapped or f"{int(parsed) >> 64:x}::/64")


def _check_method(method: str) -> None:
    if method == "OPTIONS":
        sent = "Accept, Accept-Encoding, Content-Type, If-None-Match"
        allowed = ("Access-Control-Allow-Methods", METHODS), ("Access-Control-Allow-Headers", sent)
        raise ShortResponse(204, ("Allow", METHODS), *allowed, ("Access-Control-Max-Age", "86400"))
    if method not in METHODS.split(", "):
        sentence = f"{method[:20]} is not allowed here: use GET or POST."
        raise InvalidRequest("method-not-allowed", sentence, ("Allow", METHODS))


def _query_of(pairs: list[tuple[str, str]], accept: str, accept_encoding: str) -> Query:
    if any(name == "update" for name, _ in pairs):
        raise RefusedQuery(NO_UPDATES)
    queries = [value for name, value in pairs if name == "query"]
    solutions, graph = _formats(accept, tuple(value for name, value in pairs if name == "format"))
    if len(queries) > 1:
        raise InvalidRequest("bad-request", f"A request carries one parameter `query`; this one has {len(queries)}.")
    dataset = _dataset(pairs)
    if not queries and any(dataset):
        raise InvalidRequest("bad-request", "A request carries one parameter `query`; this one has 0.")
    query = (queries[0] or " ") if queries else ""
    return Query(query, solutions, graph, *dataset, encoding=accepted_encoding(accept_encoding))


def _posted(request: Request) -> list[tuple[str, str]]:
    media_type, _, parameters = request.content_type.partition(";")
    media_type = media_type.strip().lower()
    if media_type == "application/sparql-update":
        raise RefusedQuery(NO_UPDATES)
    charset = parameters.lower().partition("charset=")[2].strip(' "')
    if media_type not in {_QUERY, _FORM} or charset not in {"", "utf-8", "utf8"}:
        sentence = f"Send the query as {_QUERY} or {_FORM}, in UTF-8."
        raise InvalidRequest("unsupported-media-type", sentence, ("Accept", f"{_QUERY}, {_FORM}"))
    if len(request.body) > MAX_BODY:
        raise QueryTooLong(f"The request is longer than {MAX_BODY:,} bytes. Split the query into smaller ones.")
    try:
        text = request.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidRequest("bad-request", f"Byte {error.start} of the query is not UTF-8.") from error
    return [("query", text)] if media_type == _QUERY else _required(parse_parameters(text))


def _required(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if not any(name in {"query", "update"} for name, _ in pairs):
        raise InvalidRequest("bad-request", "A request carries one parameter `query`; this one has 0.")
    return pairs


def _formats(accept: str, named: tuple[str, ...]) -> tuple[Format | None, Format | None]:
    """Return the formats for a table and for a graph; a parameter `format` outweighs the Accept header.

    Clients send the same few headers again, and reading one takes as long as running a small query.
    """
    choose = _cached_choice if len(accept) + sum(map(len, named)) <= MAX_CACHED_ACCEPT else _choose
    return choose(accept, named)


def _choose(accept: str, named: tuple[str, ...]) -> tuple[Format | None, Format | None]:
    def either(choose: Callable[[tuple[Format, ...]], Format]) -> tuple[Format | None, Format | None]:
        formats: list[Format | None] = []
        for offers in (SOLUTIONS, GRAPHS):
            try:
                formats.append(choose((*offers, HTML)))
            except NotAcceptable:
                formats.append(None)
        if formats == [None, None]:
            choose((*SOLUTIONS, *GRAPHS, HTML))  # its message lists them all
        return formats[0], formats[1]

    if named:
        return either(lambda offers: named_format(named[-1], offers))
    return either(lambda offers: accepted_format(accept, offers))


_cached_choice = lru_cache(512)(_choose)


def _dataset(pairs: list[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    default, named = (
        tuple(value for name, value in pairs if name == wanted) for wanted in ("default-graph-uri", "named-graph-uri")
    )
    for iri in (*default, *named):
        if ":" not in iri or any(char in iri for char in ' <>"{}|\\^`') or not iri.isprintable():
            raise InvalidRequest("bad-request", f"{iri[:100]}: a graph is named by a whole IRI.")
    if sum(len(iri.encode()) for iri in (*default, *named)) > MAX_GRAPHS:
        raise QueryTooLong(f"The names of graphs are longer than {MAX_GRAPHS:,} bytes. Name fewer graphs.")
    return default, named
