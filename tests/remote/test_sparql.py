"""Another endpoint gets a query by the SPARQL 1.1 Protocol, and its result is checked."""

from urllib.parse import parse_qsl

import pytest
from pyoxigraph import NamedNode

from justicegraph.errors import BadQuery, JusticeGraphError, RemoteFailed
from justicegraph.rdf.formats import GRAPHS, SOLUTIONS, named_format
from justicegraph.remote import USER_AGENT, remote_endpoint
from justicegraph.sparql.query import Query
from tests.support.wikidata import TRACE, Reply, endpoint, name_of

pytestmark = pytest.mark.quiet

RESULT = b'{"head":{},"boolean":true}'
KIND = "application/sparql-results+json"
OK: Reply = (200, {"Content-Type": KIND}, RESULT)
ASK = Query("ASK {}", SOLUTIONS[0])
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"


def test_result_comes_whole_and_the_request_names_its_sender() -> None:
    with endpoint((200, {"Content-Type": f"{KIND}; charset=utf-8"}, RESULT)) as (address, seen):
        assert remote_endpoint(address)(ASK).read() == RESULT
    assert seen[0].headers["User-Agent"] == USER_AGENT
    assert seen[0].headers["Accept"] == KIND
    assert seen[0].headers["Accept-Encoding"] == "identity"


def test_format_is_chosen_by_the_accept_header_alone() -> None:
    query = Query("ASK {}", SOLUTIONS[0], GRAPHS[0], default_graphs=("http://a.example/1", "http://a.example/2"))
    with endpoint(OK) as (address, seen):
        remote_endpoint(f"{address}?x=1")(query).read()
    path, _, fields = seen[0].path.partition("?")
    assert path == "/sparql"
    assert parse_qsl(fields) == [
        ("x", "1"), ("query", "ASK {}"),
        ("default-graph-uri", "http://a.example/1"), ("default-graph-uri", "http://a.example/2"),
    ]  # fmt: skip
    assert seen[0].headers["Accept"] == f"{KIND}, text/turtle"


def test_update_is_sent_as_a_query_and_bound_variables_are_refused() -> None:
    with endpoint((400, {}, b"no query")) as (address, seen):
        with pytest.raises(BadQuery, match="refused the query: no query"):
            remote_endpoint(address)(Query("DELETE WHERE { ?s ?p ?o }", SOLUTIONS[0]))
        with pytest.raises(BadQuery, match="Bound variables"):
            remote_endpoint(address)(Query("ASK {}", SOLUTIONS[0], bindings={"s": NamedNode("http://a.example/")}))
    assert [(request.command, request.path.partition("=")[0]) for request in seen] == [("GET", "/sparql?query")]


def test_long_query_is_posted() -> None:
    with endpoint(OK) as (address, seen):
        remote_endpoint(address)(Query("ASK {}" + " " * 3000, SOLUTIONS[0])).read()
    assert seen[0].command == "POST"


@pytest.mark.parametrize(
    ("reply", "error", "said"),
    [
        ((429, {"Retry-After": "3600"}, b""), RemoteFailed, "answered 429 .* asks to wait 3600 seconds"),
        ((429, {"Retry-After": "Fri, 31 Dec 2199 23:59:59 GMT"}, b""), RemoteFailed, "asks to wait [0-9]{10} seconds"),
        ((404, {}, b""), RemoteFailed, "answered 404"),
        ((500, {}, b"oh"), RemoteFailed, "answered 500 .* It says: oh"),
        ((400, {}, b"line 1: what is SELEC?"), BadQuery, "refused the query: line 1: what is SELEC"),
        ((400, {}, b"\x1b[31mred\r\n"), BadQuery, "refused the query: \\[31mred"),
        ((200, {"Content-Type": "text/html"}, b"<p>Welcome"), RemoteFailed, 'sent "text/html" instead of query results'),
        ((200, {"Content-Type": KIND, "Content-Length": "99"}, RESULT), RemoteFailed, "broke off after 26 of 99 bytes"),
        ((200, {"Content-Type": KIND}, RESULT[:9]), RemoteFailed, "broke off within its results"),
        ((200, {"Content-Type": KIND}, b""), RemoteFailed, "broke off within its results"),
        ((200, {"Content-Type": KIND}, RESULT[:9] + TRACE), RemoteFailed, "broke off within its results"),
        ((200, {"Content-Type": KIND, "Content-Encoding": "gzip"}, RESULT), RemoteFailed, 'content coding "gzip"'),
        ((302, {"Location": "file:///etc/passwd"}, b""), RemoteFailed, "has moved. Use file:///etc/passwd"),
        ((302, {"Location": "/sparql"}, b""), RemoteFailed, "without end"),
        (lambda handler: handler.wfile.write(b"SSH-2.0-hello\r\n"), RemoteFailed, "is no HTTP server"),
        (lambda _: None, RemoteFailed, "cannot be reached|is no HTTP server"),
        (
            lambda handler: handler.wfile.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n"),
            RemoteFailed, "broke off",
        ),
    ],
    ids=name_of,
)  # fmt: skip
def test_failure_is_explained_in_a_sentence(reply: Reply, error: type[JusticeGraphError], said: str) -> None:
    with endpoint(reply) as (address, _), pytest.raises(error, match=said):
        remote_endpoint(address, seconds=5)(ASK)


def test_cut_lines_are_noticed_and_an_empty_result_is_whole() -> None:
    graph = Query("CONSTRUCT {} WHERE {}", graph=named_format("nt", GRAPHS))
    kind = {"Content-Type": "application/n-triples"}
    with endpoint((200, kind, b""), (200, kind, b'<a:a> <a:b> "c" .\n'), (200, kind, b"<a:a> <a:b> <a:")) as (
        address,
        _,
    ):
        run_query = remote_endpoint(address)
        assert (run_query(graph).read(), run_query(graph).read()) == (b"", b'<a:a> <a:b> "c" .\n')
        with pytest.raises(RemoteFailed, match="broke off within"):
            run_query(graph)
