"""Whatever strangers send to a real server, it calls nobody, breaks nowhere, and answers the next one.

The last tests make requests up: a few hundred each time, or as many as the environment says, as in
JUSTICEGRAPH_HOSTILE=20000 python -m pytest -s tests/server/test_hostile.py
"""

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import quote, quote_from_bytes

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.project import ROOT
from tests.support.servers import Client, Listener, Server, request, sparql, started, until

pytestmark = pytest.mark.quiet

FULL = int(os.environ.get("JUSTICEGRAPH_HOSTILE", "0"))
THERE = "http://there.invalid:9/x"
"""Stands for the address of the listener until a request is sent."""


@pytest.fixture(scope="module")
def server(shared_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path, invented = tmp_path_factory.mktemp("hostile") / "numbers.ttl", "https://invented.example/"
    path.write_text("".join(f"<{invented}{n}> <{invented}p> {n} .\n" for n in range(300)))
    limits = ("--time-limit", "0.2", "--quick-limit", "0.05", "--memory-limit", "128", "--answer-limit", "1")
    with started(shared_project, str(path), "--union-default-graph", *limits) as made:
        yield made


# Nobody is called.

_CALLS = (
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ sErViCe SILENT <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{SERVICE<{0}>{{}}}}",
    "SELECT * {{ SERVICE#\n<{0}> {{ ?s ?p ?o }} }}",
    "PREFIX a: <{0}> SELECT * {{ SERVICE a: {{ ?s ?p ?o }} }}",
    "PREFIX : <{0}> SELECT * {{SERVICE:{{?s ?p ?o}}}}",
    "BASE <{0}> SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(<{0}> AS ?a) SERVICE ?a {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?a {{ <{0}> }} SERVICE ?a {{ ?s ?p ?o }} }}",
    "SELECT * {{ FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
    "ASK {{ {{ SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }} }}",
    "\\u0053ELECT * {{ \\u0053ERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p 1SERVICE<{0}>{{?s ?p ?o}} }}",
    "LOAD <{0}>",
    "LOAD SILENT <{0}> INTO GRAPH <a:b>",
    "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * FROM <{0}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{0}> {{ GRAPH <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ GRAPH <{0}> {{ ?s ?p ?o }} }}",
    "DESCRIBE <{0}>",
    "CONSTRUCT {{ <{0}> ?p ?o }} FROM <{0}> {{ ?s ?p ?o }}",
    "SELECT (<{0}>(1) AS ?x) {{}}",
)
"""Queries that name an address, where others would call it."""


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_nobody_is_called(host: str, server: Server) -> None:
    with Listener() as listener, Client(server.port) as client:
        there = f"http://{host}:{listener.port}/x"
        targets = [sparql(call.format(there)) for call in _CALLS] + [
            sparql("SELECT * { ?s ?p ?o }", **{"default-graph-uri": there}),
            sparql("SELECT * { GRAPH ?g { ?s ?p ?o } }", **{"named-graph-uri": there}),
            f"/sparql?update={quote(f'LOAD <{there}>')}", f"/graph-store?graph={quote(there)}",
            f"/query?query={quote(f'SELECT * {{ SERVICE <{there}> {{}} }}')}", f"/sparql?query={there}", there,
        ]  # fmt: skip
        assert {client.get(target).status for target in targets} <= {200, 400, 403, 404, 406, 422}
        assert listener.calls == 0


def test_listener_counts_who_calls() -> None:
    with Listener() as listener:
        for address in ("127.0.0.1", "::1"):
            Client(listener.port, address).__exit__()
        until(lambda: listener.calls == 2)


# Requests that are none.

HEAD = b"Host: invented.example\r\n"
GET = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n"
POST = b"POST /sparql HTTP/1.1\r\n" + HEAD + b"Content-Type: application/sparql-query\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"
STRANGE = {
    "no host": (GET + b"\r\n", {200, 400}),
    "two hosts": (GET + HEAD + HEAD + b"\r\n", {200, 400}),
    "host with a blank": (b"GET /sparql HTTP/1.1\r\nHost: a b\r\n\r\n", {400}),
    "host that is no text": (b"GET /sparql HTTP/1.1\r\nHost: \xff\r\n\r\n", {400}),
    "HTTP/1.0": (GET.replace(b"1.1", b"1.0") + b"\r\n", {200}),
    "HTTP/9.9": (GET.replace(b"1.1", b"9.9") + HEAD + b"\r\n", {400, 505}),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {0, 400, 505}),
    "no HTTP": (b"\x16\x03\x01\x00\xa5\x01\x00\r\n\r\n", {400}),
    "whole address": (b"GET http://other.example/sparql?query=ASK%7B%7D HTTP/1.1\r\n" + HEAD + b"\r\n", {200}),
    "address of the server": (b"OPTIONS * HTTP/1.1\r\n" + HEAD + b"\r\n", {200, 204, 308, 400, 404}),
    "CONNECT": (b"CONNECT other.example:80 HTTP/1.1\r\n" + HEAD + b"\r\n", {400, 404, 405}),
    "TRACE": (GET.replace(b"GET", b"TRACE") + HEAD + b"\r\n", {405}),
    "unknown method": (GET.replace(b"GET", b"FROBNICATE") + HEAD + b"\r\n", {405}),
    "percent and no digits": (b"GET /sparql?query=%zz%4 HTTP/1.1\r\n" + HEAD + b"\r\n", {400}),
    "percent-encoded bytes that are no text": (b"GET /sparql?query=%ff%fe HTTP/1.1\r\n" + HEAD + b"\r\n", {400}),
    "percent-encoded surrogate": (b"GET /sparql?query=%ed%a0%80 HTTP/1.1\r\n" + HEAD + b"\r\n", {400}),
    "bytes that are no text": (b"GET /sparql?query=\xff HTTP/1.1\r\n" + HEAD + b"\r\n", {400}),
    "NUL": (b"GET /sparql?query=ASK%7B%7D%00 HTTP/1.1\r\n" + HEAD + b"\r\n", {400}),
    "NUL as a byte": (b"GET /sparql?query=\x00 HTTP/1.1\r\n" + HEAD + b"\r\n", {400}),
    "NUL in a path": (b"GET /doc/%00 HTTP/1.1\r\n" + HEAD + b"\r\n", {404}),
    "path that is no text": (b"GET /doc/%ff%fe HTTP/1.1\r\n" + HEAD + b"\r\n", {404}),
    "path that climbs": (b"GET /data/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1\r\n" + HEAD + b"\r\n", {404}),
    "path encoded twice": (b"GET /data/%252e%252e%252fetc HTTP/1.1\r\n" + HEAD + b"\r\n", {404}),
    "many parameters": (b"GET /sparql?query=ASK%7B%7D" + b"&a=b" * 200 + b" HTTP/1.1\r\n" + HEAD + b"\r\n", {400}),
    "long address": (b"GET /sparql?query=" + b"a" * 80_000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n", {414}),
    "long header": (GET + HEAD + b"X: " + b"a" * 200_000 + b"\r\n\r\n", {200, 431}),
    "longer header": (GET + HEAD + b"X: " + b"a" * 900_000 + b"\r\n\r\n", {431}),
    "many headers": (GET + HEAD + b"X: a\r\n" * 300 + b"\r\n", {431}),
    "header without a name": (GET + HEAD + b": a\r\n\r\n", {400}),
    "header over two lines": (GET + HEAD + b"Accept: text/csv,\r\n text/html\r\n\r\n", {400}),
    "header that is no text": (GET + HEAD + b"Accept: \xff\xfe\r\nIf-None-Match: \xff\r\n\r\n", {200}),
    "coding that is unknown": (GET + HEAD + b"Accept-Encoding: ,;q=,\xff;;q=9\r\n\r\n", {200}),
    "chunks": (CHUNKED + b"\r\n3\r\nASK\r\n2;a=b\r\n{}\r\n0\r\nA: b\r\n\r\n", {200}),
    "chunks that are none": (CHUNKED + b"\r\nzz\r\nASK{}\r\n0\r\n\r\n", {400}),
    "chunks and a length": (CHUNKED + b"Content-Length: 3\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n", {200, 400}),
    "length that is none": (POST + b"Content-Length: -1\r\n\r\nASK{}", {400}),
    "two lengths": (POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK{}", {400}),
    "no length": (POST + b"\r\n", {400}),
    "length that is huge": (POST + b"Content-Length: 99999999999999999999\r\n\r\nASK{}", {400, 413}),
    "body that is long": (POST + b"Content-Length: 900000\r\n\r\n" + b"#" * 900_000, {413}),
    "body that is no text": (POST + b"Content-Length: 2\r\n\r\n\xff\xfe", {400}),
    "body with a mark of its order": (POST + b"Content-Length: 8\r\n\r\n\xef\xbb\xbfASK{}", {200, 400}),
    "body of a GET": (GET + HEAD + b"Content-Length: 5\r\n\r\nASK{}", {200}),
    "expectation": (POST + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\nASK{}", {200}),
    "expectation that is unknown": (POST + b"Content-Length: 5\r\nExpect: wonders\r\n\r\nASK{}", {200, 417}),
    "upgrade": (GET + HEAD + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n\r\n", {200, 400}),
    "form that is broken": (
        POST.replace(b"sparql-query", b"x-www-form-urlencoded") + b"Content-Length: 9\r\n\r\n&&=%ff&;q", {400},
    ),
    "post to a page": (b"POST /query HTTP/1.1\r\n" + HEAD + b"Content-Length: 5\r\n\r\nASK{}", {405}),
}  # fmt: skip
"""Requests that no client of ours sends, and how they may be answered."""


@pytest.mark.parametrize("name", STRANGE)
def test_strange_request_is_answered_and_harms_nobody(name: str, server: Server) -> None:
    said, allowed = STRANGE[name]
    with Client(server.port) as client:
        client.say(said)
        assert heard(client) in allowed
        client.say(request("/sparql?query=ASK%7B%7D"))
        with suppress(EOFError):  # the connection may have been ended
            assert client.hear().status in {200, 400}
    assert server.run_query("ASK {}").status == 200


def heard(client: Client, *, is_head: bool = False) -> int:
    """Return the status of the next answer; 0 where the connection was ended without one."""
    try:
        return client.hear(is_head=is_head).status
    except EOFError:
        return 0


def test_requests_in_a_row_are_answered_in_their_order(server: Server) -> None:
    with Client(server.port) as client:
        client.say(b"".join(request(sparql(f"SELECT ?a {{ VALUES ?a {{ {n} }} }}")) for n in range(100)))
        assert [client.hear().body.split() for _ in range(100)] == [[b"a", str(n).encode()] for n in range(100)]


def test_half_a_request_holds_up_nobody(server: Server) -> None:
    with ExitStack() as stack:
        for said in (b"GET", GET, POST + b"Content-Length: 5\r\n\r\nASK") * 20:
            stack.enter_context(Client(server.port)).say(said)
        with ThreadPoolExecutor(4) as threads:
            asked = threads.map(server.run_query, [f"ASK {{}} # {number}" for number in range(40)])
            assert {answer.status for answer in asked} == {200}


# Requests that are made up.


def words(text: str) -> list[str]:
    return text.split()


VALID = [
    "ASK {}",
    "SELECT * { ?s ?p ?o } LIMIT 3",
    "SELECT DISTINCT ?p (COUNT(*) AS ?n) { ?s ?p ?o FILTER(?o > 3) } GROUP BY ?p HAVING(?n > 1) ORDER BY DESC(?n)",
    "PREFIX a: <https://invented.example/> CONSTRUCT { ?s a:p _:b } { ?s a:p ?o OPTIONAL { ?o a:p* ?x } } LIMIT 9",
    "DESCRIBE <https://invented.example/7>",
    "SELECT ?x { VALUES ?x { 1 'a'@en '2001'^^<http://www.w3.org/2001/XMLSchema#gYear> UNDEF } MINUS { ?x ?x ?x } }",
    "SELECT * FROM <a:g> FROM NAMED <a:b> { GRAPH ?g { ?s ?p ?o } { SELECT ?s { ?s ?p ?o } } }",
    f"SELECT * {{ SERVICE SILENT <{THERE}> {{ ?s ?p ?o }} }}",
    f"LOAD <{THERE}> INTO GRAPH <a:b>",
    f"BASE <{THERE}> PREFIX : <> SELECT * FROM <{THERE}> {{ SERVICE : {{ GRAPH <{THERE}> {{ ?s ?p ?o }} }} }}",
    "INSERT DATA { <a:b> <a:b> 1 }; CLEAR ALL",
    "SELECT * { BIND(CONCAT('\\u0041\\U0001F600', '''x'y\"z''') AS ?x) # remark\n }",
    *(path.read_text(encoding="utf-8") for path in sorted((ROOT / "queries").glob("*.rq"))[:8]),
]
HEAVY = [
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }",
    "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?g ?d ?a",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 50000",
    "SELECT (GROUP_CONCAT(?y) AS ?z) { ?a ?b ?c . ?d ?e ?f BIND(CONCAT(STR(?a), STR(?d), STR(?c)) AS ?y) }",
    "SELECT (REPLACE(STR(?s), '(a*)*b', 'c') AS ?x) { ?s (<https://invented.example/p>|!<a:b>)+ ?o . ?a (!<a:c>)* ?b }",
]
TOKENS = [
    *"{}()[]<>.;,*+?/|!^=&-#$@:_ \n\t\"'\\\0\r\ufeff\u00b7\U0001f600",
    *words("<< >> || && ''' \"\"\" ^^ != _:b ?a $b a:b : <a:b> 1e9 -0.0 \\u0053 \\U00000041 %53 true NOW()"),
    *words("SELECT ASK CONSTRUCT DESCRIBE WHERE FROM NAMED GRAPH SERVICE SILENT LOAD BASE OPTIONAL UNION MINUS FILTER"),
    *words("EXISTS BIND AS VALUES UNDEF ORDER BY LIMIT INSERT LATERAL REGEX COUNT GROUP"),
    "PREFIX a: <a:>",
    f"<{THERE}>",
]
UNITS = words("{ ( [ << ! - +1 ||1 /a:b GRAPH<a:a>{ MINUS{} UNION{} BIND(1AS?a) _:b, ?a,")
VALUES = ["", THERE, "a:b", "json", "ttl", "csv", "xml", "\0", "%", "a b", "<", "\ud7ff", "x" * 5_000]
NAMES = [*words("query default-graph-uri named-graph-uri format update graph default after Query"), ""]
PATHS = ["/sparql"] * 30 + words("/sparql/ /query /query /graph-store /doc/7 /id/7 /browse/Person /healthz /ontology")
PATHS += [*words("/.well-known/void /data/justicegraph.nq /context/v1 / * // /%00/..%2f"), THERE]
METHODS = words("GET GET GET GET GET POST POST POST POST POST HEAD HEAD OPTIONS PUT BREW")
HEADERS = words("Accept Accept-Encoding If-None-Match Content-Type Host X-Forwarded-For Range Cookie Expect")
SAID = ["*/*", "text/html", "text/csv;q=0.5", "gzip, zstd;q=0", "application/*", "bytes=0-1,5-", '"a", W/"b"']
FORM, TEXT = "application/x-www-form-urlencoded", "application/sparql-query"
KINDS = [FORM, FORM, TEXT, TEXT, "text/plain", TEXT + ";charset=x", ""]


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """Return a valid query in which some pieces were taken out, doubled, moved, or replaced by tokens."""
    text = draw(st.sampled_from(VALID))
    for _ in range(draw(st.integers(1, 3))):
        first = draw(st.integers(0, len(text)))
        last = draw(st.integers(first, min(len(text), first + 40)))
        piece = draw(st.sampled_from(["", text[first:last] * 2, text[first:last].swapcase(), *TOKENS]))
        text = text[:first] + piece + text[last:]
    return text


@st.composite
def towers(draw: st.DrawFn) -> str:
    """Return a query that nests or chains something many times."""
    before = draw(st.sampled_from(["ASK{", "SELECT * {?s ?p ", "ASK{FILTER(", "", "SELECT "]))
    after = draw(st.sampled_from(["", "1", "?x", "a:b"])) + "}" * draw(st.integers(0, 9))
    return before + draw(st.sampled_from(UNITS)) * draw(st.integers(1, 6_000)) + after


soups = st.builds(str.join, st.sampled_from(["", " "]), st.lists(st.sampled_from(TOKENS), max_size=40))
whole = st.one_of(st.sampled_from(VALID), st.sampled_from(HEAVY))
queries = st.one_of(whole, whole, mutations(), mutations(), soups, towers(), st.text(max_size=60))
values = st.one_of(queries, st.sampled_from(VALUES), st.text(max_size=20))
parameters = st.lists(st.tuples(st.one_of(st.sampled_from(NAMES), st.text(max_size=5)), values), max_size=3)
lines = st.one_of(st.sampled_from(SAID), st.text(max_size=30), st.text('a*/;,q=" ', max_size=99))
headers = st.lists(st.tuples(st.sampled_from(HEADERS), lines), max_size=4)
junk = st.binary(max_size=60)


@st.composite
def requests(draw: st.DrawFn, there: str) -> bytes:
    """Return a request whose length is right, most often for a query; now and then bytes that are none at all."""
    if draw(st.integers(0, 40)) == 0:
        return draw(junk) + b"\r\n\r\n" + request("/sparql", Connection="close")
    pairs = [("query", draw(queries)), *draw(st.one_of(st.just([]), st.just([]), parameters))]
    said = "&".join(f"{_coded(name, there)}={_coded(value, there)}" for name, value in pairs)
    method, target, kind = draw(st.sampled_from(METHODS)), draw(st.sampled_from(PATHS)), draw(st.sampled_from(KINDS))
    body = b""
    if method != "POST":
        target += "?" + said[:60_000]
    else:
        body = said.encode() if kind == FORM else draw(st.one_of(queries.map(str.encode), junk))
    told = [("Connection", "close"), ("Content-Type", kind), ("Content-Length", str(len(body))), *draw(headers)]
    more = "".join(f"{name}: {_line(value)}\r\n" for name, value in told)
    return f"{method} {target} HTTP/1.1\r\n{more}\r\n".replace(THERE, there).encode() + body


def _coded(text: str, there: str) -> str:
    """Return a text as it stands in an address; what stands for the listener is its address."""
    return quote_from_bytes(text.replace(THERE, there).encode())


def _line(text: str) -> str:
    """Return a text without what would end a header, which would make the rest a request that never ends."""
    return text.translate(dict.fromkeys(map(ord, "\r\n"), " "))


@pytest.fixture(scope="module")
def seen() -> Counter[int]:
    """How many of the requests that were made up were answered by each status."""
    return Counter()


def test_no_request_that_is_made_up_breaks_the_server(server: Server, seen: Counter[int]) -> None:
    before = server.web, server.supervisor
    with Listener() as listener:

        @settings(
            max_examples=FULL or 300, deadline=None, database=None, derandomize=not FULL,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        )  # fmt: skip
        @given(requests(f"http://127.0.0.1:{listener.port}/x"))
        def send(said: bytes) -> None:
            with Client(server.port) as client:
                client.say(said)
                status = heard(client, is_head=said.startswith(b"HEAD"))
            seen[status] += 1
            assert status != 500

        send()
        assert listener.calls == 0
    assert ((server.web, server.supervisor), server.run_query("ASK {}").status) == (before, 200)


def test_each_worker_that_died_is_accounted_for(server: Server, seen: Counter[int]) -> None:
    said = server.metrics()
    limits = {name.split('"')[1]: int(number) for name, number in said.items() if name.startswith("limits_total{")}
    events = {name.split('"')[1]: int(number) for name, number in said.items() if name.startswith("events_total{")}
    print(f"\nstatuses {dict(sorted(seen.items()))}, limits {limits}, events {events}")
    assert (events, limits.keys() <= {"time", "memory", "answer", "depth"}) == ({"loaded": 1}, True)
    assert sum(limits.values()) == seen[503]
