"""The endpoint speaks the SPARQL 1.1 Protocol, and answers a bad request with a status and a sentence."""

import gzip
import io
import json
from typing import Any

import pytest
import zstandard
from pyoxigraph import NamedNode, Quad, Store
from werkzeug.test import Client
from werkzeug.test import TestResponse as Response

from justicegraph.rdf.formats import Format
from justicegraph.sparql import MAX_BODY, Endpoint
from justicegraph.sparql.evaluate import evaluate
from tests.support.endpoint import endpoint_of

ALL = "SELECT ?s WHERE { ?s ?p ?o } ORDER BY ?s"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


class Whole(Client):
    """A client that reads each answer to its end, and closes it."""

    def open(self, *args: Any, **options: Any) -> Response:
        return super().open(*args, **options, buffered=True)


@pytest.fixture(scope="module")
def client() -> Client:
    store = Store()
    for name in "ab":
        node = NamedNode(f"https://invented.example/{name}")
        store.add(
            Quad(
                node, NamedNode("https://invented.example/p"), node, NamedNode(f"https://invented.example/graph/{name}")
            )
        )
    return Whole(
        endpoint_of(lambda question: evaluate(store, question, union=True), described, Endpoint("invented", 60))
    )


def described(address: str, form: Format) -> bytes:
    return f"<{address}> a <{form.name}> .".encode()


def subjects(response: Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [row["s"]["value"][-1] for row in json.loads(response.data)["results"]["bindings"]]


def test_three_ways_to_ask_give_one_answer(client: Client) -> None:
    answers = [
        client.get("/", query_string={"query": ALL}),
        client.post("/", data={"query": ALL}),
        client.post("/", data=ALL, content_type="application/sparql-query; charset=utf-8"),
    ]
    assert [subjects(answer) for answer in answers] == [["a", "b"]] * 3


@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_dataset_parameters_choose_graphs(way: str, client: Client) -> None:
    one = {"default-graph-uri": "https://invented.example/graph/a"}
    answer = {
        "get": lambda: client.get("/", query_string={"query": ALL, **one}),
        "form": lambda: client.post("/", data={"query": ALL, **one}),
        "direct": lambda: client.post("/", query_string=one, data=ALL, content_type="application/sparql-query"),
    }[way]()
    assert subjects(answer) == ["a"]


def test_graph_that_is_not_there_is_empty_and_not_fetched(client: Client) -> None:
    asked = {"query": ALL, "default-graph-uri": "http://127.0.0.1:9/none"}
    assert subjects(client.get("/", query_string=asked)) == []


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        (ALL, "", "application/sparql-results+json"),
        (ALL, "application/sparql-results+xml", "application/sparql-results+xml"),
        (ALL, "text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        (ALL, "application/json", "application/sparql-results+json"),
        ("ASK {}", "text/csv", "text/csv; charset=utf-8"),
        (GRAPH, "*/*", "text/turtle; charset=utf-8"),
        (GRAPH, "application/n-triples", "application/n-triples"),
        (GRAPH, "application/n-quads", "application/n-quads"),
        (GRAPH, "application/trig", "application/trig"),
        (GRAPH, "application/rdf+xml", "application/rdf+xml"),
        ("DESCRIBE <https://invented.example/a>", "application/ld+json, */*;q=0.1", "application/ld+json"),
    ],
)
def test_answer_comes_in_the_accepted_format(query: str, accept: str, kind: str, client: Client) -> None:
    response = client.get("/", query_string={"query": query}, headers={"Accept": accept})
    assert (response.status_code, response.headers["Content-Type"]) == (200, kind)
    assert int(response.headers["Content-Length"]) == len(response.data) > 0
    assert response.headers["Vary"] == "Accept, Accept-Encoding"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("query", "name"), [(ALL, "csv"), (ALL, "xml"), (GRAPH, "jsonld"), (GRAPH, "ttl"), (GRAPH, "text/turtle")]
)
def test_format_parameter_outweighs_the_header(query: str, name: str, client: Client) -> None:
    response = client.get("/", query_string={"query": query, "format": name}, headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert (
        name[-3:] in response.headers["Content-Disposition"].replace("ttl", "tletl")
        or name in response.headers["Content-Disposition"]
    )


@pytest.mark.parametrize("name", ["turtle", "n3", "rdf+xml", "json-ld", "xml", "json", "csv", "tsv", "rdf"])
def test_other_endpoint_may_ask_by_its_own_names(name: str, client: Client) -> None:
    wrapped = {"format": name, "output": name, "results": name}
    graph = client.get("/", query_string={"query": GRAPH, **wrapped})
    table = client.get("/", query_string={"query": ALL, **wrapped})
    assert 200 in {graph.status_code, table.status_code}
    if name in {"xml", "json"}:
        assert graph.status_code == table.status_code == 200


def test_head_has_the_headers_and_no_body(client: Client) -> None:
    response = client.head("/", query_string={"query": ALL})
    assert (response.status_code, response.data) == (200, b"")
    assert int(response.headers["Content-Length"]) > 0


def test_browser_is_sent_to_the_form(client: Client) -> None:
    accept = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    assert client.get("/", headers=accept).headers["Location"] == "/query"
    asked = client.get("/?query=ASK%20%7B%7D", headers=accept)
    assert (asked.status_code, asked.headers["Location"]) == (303, "/query?query=ASK%20%7B%7D")


def test_script_from_another_site_may_ask(client: Client) -> None:
    response = client.options("/")
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST, OPTIONS"


@pytest.mark.parametrize(
    ("request_", "status", "said"),
    [
        ({"query_string": {"query": "SELECT"}}, 400, "The query does not parse: "),
        ({"method": "POST", "data": {"other": "1"}}, 400, "A request carries one parameter `query`; this one has 0."),
        ({"query_string": {"default-graph-uri": "a:b"}}, 400, "A request carries one parameter `query`; this one has 0."),
        ({"query_string": {"query": ""}}, 400, "The query does not parse: "),
        ({"query_string": [("query", ALL), ("query", ALL)]}, 400, "this one has 2."),
        ({"query_string": "query=%FF"}, 400, "not UTF-8"),
        ({"query_string": {"query": ALL, "default-graph-uri": "a b"}}, 400, "a graph is named by a whole IRI"),
        ({"query_string": {"query": ALL, "format": "docx"}}, 406, 'There is no format "docx" for this. Ask for one of: json, xml, csv'),
        ({"query_string": {"query": ALL, "format": "ttl"}}, 406, "SELECT and ASK cannot be written in an accepted format"),
        ({"query_string": {"query": ALL}, "headers": {"Accept": "image/png"}}, 406, "None of the formats"),
        ({"query_string": {"query": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}}, 403, "SERVICE in line 1"),
        ({"query_string": {"query": "LOAD <http://127.0.0.1:9/>"}}, 403, "Updates are refused"),
        ({"query_string": {"query": "INSERT DATA { <a:a> <a:a> 1 }"}}, 403, "Updates are refused"),
        ({"query_string": {"update": "CLEAR ALL"}}, 403, "Updates are refused"),
        ({"query_string": {"query": "ASK {}" + " " * 65_536}}, 414, "longer than 65,536 bytes"),
        ({"query_string": "query=" + "+" * MAX_BODY}, 414, "send the query by POST"),
        ({"method": "POST", "data": {"query": "ASK {}" + " " * 65_536}}, 413, "longer than 65,536 bytes"),
        ({"query_string": {"query": "SELECT (<a:b>() AS ?x) {}"}}, 422, "The query cannot be run: "),
        ({"method": "POST", "data": ALL, "content_type": "application/sparql-query; charset=latin-1"}, 415, "in UTF-8"),
        ({"method": "PUT"}, 405, "use GET or POST"),
        ({"method": "POST", "data": "CLEAR ALL", "content_type": "application/sparql-update"}, 403, "Updates are refused"),
        ({"method": "POST", "data": ALL, "content_type": "text/plain"}, 415, "Send the query as application/sparql-query"),
        ({"method": "POST", "data": b"\xff", "content_type": "application/sparql-query"}, 400, "Byte 0 of the query is not UTF-8"),
        ({"method": "POST", "data": b"x" * (MAX_BODY + 1), "content_type": "application/sparql-query"}, 413, "longer than"),
        ({"query_string": {"query": "SELECT * {" + "{" * 3000 + "}" * 3000 + "}"}}, 400, "deeper than 256"),
    ],
)  # fmt: skip
def test_bad_request_gets_its_status_and_one_sentence(
    request_: dict[str, Any], status: int, said: str, client: Client
) -> None:
    response = client.open("/", **request_)
    problem = json.loads(response.data)
    assert (response.status_code, problem["status"]) == (status, status)
    assert said in problem["detail"]
    assert response.headers["Content-Type"] == "application/problem+json"


def test_parse_error_names_line_and_column_at_a_readable_length(client: Client) -> None:
    problem = json.loads(client.get("/", query_string={"query": "SELECT *\n{ ?s ?p }" + " " * 5_000}).data)
    assert (problem["line"], problem["column"]) == (2, 11)
    assert len(problem["detail"]) < 500


def test_bare_endpoint_describes_itself(client: Client) -> None:
    response = client.get("/", headers={"Accept": "application/n-triples"})
    assert (response.text, response.headers["Vary"]) == ("<http://localhost/sparql> a <nt> .", "Accept")


def test_answer_is_compressed_where_that_is_taken(client: Client) -> None:
    long = {"query": "SELECT ?x { VALUES ?x { " + "1 " * 500 + "} }"}
    plain = client.get("/", query_string=long)
    for coding, decode in (("gzip", gzip.decompress), ("zstd", zstandard.decompress)):
        sent = client.get("/", query_string=long, headers={"Accept-Encoding": coding})
        assert (sent.headers["Content-Encoding"], decode(sent.data)) == (coding, plain.data)
        assert len(sent.data) == int(sent.headers["Content-Length"]) < len(plain.data)


def test_known_answer_is_not_sent_again(client: Client) -> None:
    first = client.get("/", query_string={"query": ALL})
    assert first.headers["Cache-Control"] == "public, max-age=60"
    for known, status in ((first.headers["ETag"], 304), (f'"other", {first.headers["ETag"]}', 304), ('"other"', 200)):
        again = client.get("/", query_string={"query": ALL}, headers={"If-None-Match": known})
        assert (again.status_code, again.headers["ETag"]) == (status, first.headers["ETag"])
    assert client.get("/", query_string={"query": ALL, "format": "csv"}).headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("call", ["NOW()", "now( )", "RAND()", "STRUUID #\n ()", "uuid()"])
def test_answer_that_changes_by_itself_is_kept_by_nobody(call: str, client: Client) -> None:
    response = client.get("/", query_string={"query": f"SELECT ({call} AS ?x) {{}}"})
    assert (response.headers["Cache-Control"], "ETag" in response.headers) == ("no-store", False)


def test_body_without_a_length_is_read_up_to_the_limit(client: Client) -> None:
    environ = {
        "wsgi.input": io.BytesIO(ALL.encode()),
        "wsgi.input_terminated": True,
        "CONTENT_TYPE": "application/sparql-query",
    }
    assert subjects(client.open("/", method="POST", environ_overrides=environ)) == ["a", "b"]
