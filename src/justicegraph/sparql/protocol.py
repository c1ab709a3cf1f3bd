"""A request to the question that it asks, read strictly: what cannot be read right is refused with a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from justicegraph.errors import NotAcceptable, QueryTooLong, RefusedQuery
from justicegraph.http.accept import SHORT, accepted_encoding, accepted_format
from justicegraph.http.parameters import parse_parameters
from justicegraph.http.problems import Problem
from justicegraph.rdf.formats import GRAPHS, HTML, SOLUTIONS, Format, named_format
from justicegraph.sparql.guard import MAX_BYTES
from justicegraph.sparql.query import Query

MAX_BODY = 4 * MAX_BYTES
"""Bytes of a request that are read: a query whose every byte is percent-encoded, and parameters."""

MAX_GRAPHS = 32_768
"""Bytes of all dataset parameters together."""

METHODS = "GET, HEAD, POST, OPTIONS"
_QUERY, _FORM = "application/sparql-query", "application/x-www-form-urlencoded"
_NO_UPDATE = "Updates are refused: this endpoint answers questions and changes nothing."


@dataclass(frozen=True, slots=True)
class Request:
    """What the endpoint looks at in a request: the method, the query of its address, four headers, who asks, the body.

    A body may be cut one byte after MAX_BODY.
    """

    method: str
    address: str
    accept: str = ""
    encodings: str = ""
    kind: str = ""
    known: str = ""
    client: str = ""
    body: bytes = b""


class Stop(Exception):
    """The request asks no question: a status, headers, and the body if any."""

    def __init__(self, status: int, *headers: tuple[str, str], body: bytes = b"") -> None:
        super().__init__(status)
        self.status, self.headers, self.body = status, headers, body


class Refused(Exception):
    """The request cannot be read: the problem says why."""

    def __init__(self, kind: str, detail: str, *headers: tuple[str, str]) -> None:
        super().__init__(detail)
        self.problem = Problem(kind, detail, headers)


def read(request: Request) -> Query:
    """Return the question of a request (SPARQL 1.1 Protocol, 2.1); one without a query asks for the description.

    Raise Stop, Refused or an error of the project.
    """
    _check_method(request.method)
    taken, address = (request.accept, request.encodings), request.address
    if request.method == "POST":
        return _question(parse_parameters(address) + _posted(request), *taken)
    if len(address) > MAX_BODY:
        raise Refused("address-too-long", f"The address has more than {MAX_BODY:,} bytes: send the query by POST.")
    question = _question(parse_parameters(address), *taken)
    if HTML in (question.solutions, question.graph):
        raise Stop(303, ("Location", f"/query?{address}".rstrip("?")), ("Vary", "Accept"))
    return question


def client_of(address: str) -> str:
    """Return who asks: the address, or for IPv6 the network of 64 bits that one person has."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    return str(found.ipv4_mapped or f"{int(found) >> 64:x}::/64")


def _check_method(method: str) -> None:
    if method == "OPTIONS":
        sent = "Accept, Accept-Encoding, Content-Type, If-None-Match"
        allowed = ("Access-Control-Allow-Methods", METHODS), ("Access-Control-Allow-Headers", sent)
        raise Stop(204, ("Allow", METHODS), *allowed, ("Access-Control-Max-Age", "86400"))
    if method not in METHODS.split(", "):
        raise Refused("method-not-allowed", f"{method[:20]} is not answered here: use GET or POST.", ("Allow", METHODS))


def _question(pairs: list[tuple[str, str]], accept: str, encodings: str) -> Query:
    if any(name == "update" for name, _ in pairs):
        raise RefusedQuery(_NO_UPDATE)
    queries = [value for name, value in pairs if name == "query"]
    solutions, graph = _formats(accept, tuple(value for name, value in pairs if name == "format"))
    if len(queries) > 1:
        raise Refused("bad-request", f"A request carries one parameter `query`; this one has {len(queries)}.")
    dataset = _dataset(pairs)
    if not queries and any(dataset):
        raise Refused("bad-request", "A request carries one parameter `query`; this one has 0.")
    query = (queries[0] or " ") if queries else ""
    return Query(query, solutions, graph, *dataset, encoding=accepted_encoding(encodings))


def _posted(request: Request) -> list[tuple[str, str]]:
    kind, _, parameters = request.kind.partition(";")
    kind = kind.strip().lower()
    if kind == "application/sparql-update":
        raise RefusedQuery(_NO_UPDATE)
    charset = parameters.lower().partition("charset=")[2].strip(' "')
    if kind not in {_QUERY, _FORM} or charset not in {"", "utf-8", "utf8"}:
        said = f"Send the query as {_QUERY} or {_FORM}, in UTF-8."
        raise Refused("unsupported-media-type", said, ("Accept", f"{_QUERY}, {_FORM}"))
    if len(request.body) > MAX_BODY:
        raise QueryTooLong(f"The request is longer than {MAX_BODY:,} bytes: ask for less at a time.")
    try:
        text = request.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("bad-request", f"Byte {error.start} of the query is not UTF-8.") from error
    return [("query", text)] if kind == _QUERY else _required(parse_parameters(text))


def _required(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if not any(name in {"query", "update"} for name, _ in pairs):
        raise Refused("bad-request", "A request carries one parameter `query`; this one has 0.")
    return pairs


def _formats(accept: str, named: tuple[str, ...]) -> tuple[Format | None, Format | None]:
    """Return the formats for a table and for a graph; a parameter `format` outweighs the Accept header.

    Clients send the same few headers again and again, and weighing one takes as long as a small answer.
    """
    choose = _remembered if len(accept) + sum(map(len, named)) <= SHORT else _chosen
    return choose(accept, named)


def _chosen(accept: str, named: tuple[str, ...]) -> tuple[Format | None, Format | None]:
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


_remembered = lru_cache(512)(_chosen)


def _dataset(pairs: list[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    default, named = (
        tuple(value for name, value in pairs if name == wanted) for wanted in ("default-graph-uri", "named-graph-uri")
    )
    for iri in (*default, *named):
        if ":" not in iri or any(char in iri for char in ' <>"{}|\\^`') or not iri.isprintable():
            raise Refused("bad-request", f"{iri[:100]}: a graph is named by a whole IRI.")
    if sum(len(iri.encode()) for iri in (*default, *named)) > MAX_GRAPHS:
        raise QueryTooLong(f"The names of graphs are longer than {MAX_GRAPHS:,} bytes: ask for fewer at a time.")
    return default, named
