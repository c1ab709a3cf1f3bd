"""The W3C's SPARQL 1.1 suite, asked of a running server: queries, syntax, results, protocol, description, graph store.

Not run, since the endpoint changes nothing and calls nobody: tests that need an update or SERVICE, and of the protocols'
tests the requests that ask for what such an update has made. Nor are graphs named by the paths of a store (Graph Store
Protocol, 4.1): here a path of one's own is a document.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Dataset, NamedNode

from tests.support.project import ROOT
from tests.support.servers import serving
from tests.support.w3c.datasets import (
    WRITES,
    graphs_of_files,
    graphs_of_labels,
    graphs_of_store,
    quads_of,
    readings,
    write_dataset,
)
from tests.support.w3c.exchanges import Exchange, exchanges_of, run_query, send
from tests.support.w3c.manifests import BASE, PREFIXES, Case, case_of, name_of, named, path_of, read_tests
from tests.support.w3c.results import MEDIA_TYPES, Answer, Table, meaning, read_answer, read_result

SUITE = ROOT.parent / "shared" / "w3c" / "sparql11"

_CONCAT = "the engine keeps the language tag that all texts of a GROUP_CONCAT share, as later drafts do"
_GRAPH = "the engine binds the variable of GRAPH ?g in each triple pattern instead of going from graph to graph"
_PATH = "the engine finds no path of length zero from a term that the graph lacks"
EXPECTED = {
    "aggregates/agg-groupconcat-04": _CONCAT,
    "aggregates/agg-groupconcat-06": _CONCAT,
    "aggregates/agg-empty-group-count-graph": _GRAPH,
    "bindings/graph": _GRAPH,
    "csv-tsv-res/tsv03": "the engine stores a number of a derived datatype as an xsd:integer",
    "functions/bnode01": "the engine gives BNODE(text) the same node in every row",
    "negation/graph-minus": _GRAPH,
    "property-path/zero_or_more_set_end": _PATH,
    "property-path/zero_or_more_set_start": _PATH,
    "property-path/zero_or_one_set_end": _PATH,
    "property-path/zero_or_one_set_start": _PATH,
}
"""Tests that the engine fails, and why; nothing above it can mend them."""

QUERIES = [case_of(test) for test in read_tests(SUITE, "manifest-sparql11-query.ttl")]
RESULTS = [case_of(test) for test in read_tests(SUITE, "manifest-sparql11-results.ttl")]
PROTOCOL = read_tests(SUITE, "protocol/manifest.ttl")
STORE = {name_of(test): exchanges_of(test) for test in read_tests(SUITE, "graph-store-protocol/manifest-indirect.ttl")}

SERVED = (
    graphs_of_files(SUITE, QUERIES + RESULTS)
    | graphs_of_labels(SUITE, PROTOCOL)
    | graphs_of_store(request for requests in STORE.values() for request in requests)
)
"""The dataset: each data file of the suite, and each graph that its protocols' tests begin with."""

TERMS = (
    "Service Feature Language Function Aggregate EntailmentRegime EntailmentProfile GraphCollection Dataset Graph "
    "NamedGraph SPARQL10Query SPARQL11Query SPARQL11Update DereferencesURIs UnionDefaultGraph RequiresDataset "
    "EmptyGraphs BasicFederatedQuery endpoint feature defaultEntailmentRegime entailmentRegime "
    "defaultSupportedEntailmentProfile supportedEntailmentProfile extensionFunction extensionAggregate "
    "languageExtension supportedLanguage propertyFeature defaultDataset availableGraphs resultFormat inputFormat "
    "defaultGraph namedGraph name graph"
)
"""The vocabulary of SPARQL 1.1 Service Description, section 3."""

_serial = count()


def of_kind(*kinds: str) -> list[Any]:
    """Return the tests of queries of these kinds, each under its name; a failure that is expected must happen."""
    return [
        pytest.param(case, id=case.name, marks=_marks(case.name)) for case in QUERIES + RESULTS if case.kind in kinds
    ]


def _marks(name: str) -> list[pytest.MarkDecorator]:
    if name not in EXPECTED:
        return []
    return [pytest.mark.xfail(strict=True, raises=AssertionError, reason=EXPECTED[name])]


def of_protocol(*beginnings: str) -> list[Any]:
    """Return the first request of each test of the protocol whose name begins so."""
    names = {name_of(test).removeprefix("protocol/"): test for test in PROTOCOL}
    return [pytest.param(exchanges_of(names[name])[0], id=name) for name in names if name.startswith(beginnings)]


def of_store(requests: Iterable[tuple[str, Iterable[Exchange]]]) -> list[Any]:
    """Return requests of the Graph Store Protocol's tests, each under its test's name."""
    return [pytest.param(each, id=f"{name}-{place}") for name, found in requests for place, each in enumerate(found, 1)]


@pytest.fixture(scope="module")
def suite() -> Path:
    """The folder with the suite: beside the checkout, and required where CI says so."""
    if not SUITE.is_dir():
        missing = "the W3C's SPARQL 1.1 suite is not beside this checkout"
        if os.environ.get("JUSTICEGRAPH_TEXTS") == "required":
            pytest.fail(missing)
        pytest.skip(missing)
    return SUITE


@pytest.fixture(scope="module")
def server(suite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("w3c")
    write_dataset(SERVED, folder / "suite.nq")
    with serving(folder, "suite.nq") as address:
        yield address


def triples(server: str) -> int:
    """Return how many triples the server has: asked anew each time, so no cache answers."""
    query = f"SELECT (COUNT(*) AS ?n) {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }} # {next(_serial)}"
    headers = {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
    return int(send(server, "POST", "/sparql", headers, query.encode()).body.split()[1])


def is_ordered(query: str) -> bool:
    return re.search(r"\border\s+by\b[^}]*$", query, re.IGNORECASE) is not None


def to_store(target: str) -> str:
    return target.replace("/gsp", "/graph-store", 1)


def description(server: str) -> Dataset:
    reply = send(server, "GET", "/sparql")
    assert reply.status == 200, reply.body
    answer = read_answer(reply.body, reply.kind, f"{server}/sparql")
    assert isinstance(answer, Dataset)
    return answer


def test_suite_is_whole(suite: Path) -> None:
    kinds = Counter(case.kind for case in QUERIES + RESULTS)
    assert kinds == {
        "QueryEvaluationTest": 232,
        "CSVResultFormatTest": 3,
        "PositiveSyntaxTest11": 63,
        "NegativeSyntaxTest11": 40,
    }
    assert (len(PROTOCOL), len(STORE)) == (34, 9)
    assert EXPECTED.keys() <= {case.name for case in QUERIES + RESULTS}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("?a\t?b\n1.50\t_:x\n2\t_:x\n", "?b\t?a\n_:y\t2\n_:y\t1.5\n", True),
        ("?a\t?b\n1\t_:x\n2\t_:x\n", "?a\t?b\n1\t_:x\n2\t_:y\n", False),
        ("?a\n1\n1\n", "?a\n1\n", False),
        ("?a\n1\n", "?a\n1.0\n", False),
        ("?a\n1\n", "?b\n1\n", False),
        ("?a\n\n", "?a\n", False),
    ],
)
def test_tables_are_the_same_where_they_mean_the_same(one: str, other: str, same: bool) -> None:
    first, second = (meaning(read_answer(text.encode(), MEDIA_TYPES["tsv"])) for text in (one, other))
    assert (first == second) is same


def test_order_of_rows_counts_where_it_was_asked_for() -> None:
    first, second = (read_answer(text, "text/csv") for text in (b"a\n1\n2\n", b"a\n2\n1\n"))
    assert meaning(first) == meaning(second)
    assert meaning(first, ordered=True) != meaning(second, ordered=True)


@pytest.mark.parametrize("case", of_kind("QueryEvaluationTest", "CSVResultFormatTest"))
def test_query_is_answered_as_the_suite_says(case: Case, server: str, suite: Path) -> None:
    kind = MEDIA_TYPES[case.result.rpartition(".")[2]]
    reply = run_query(server, suite, case, f"{kind}, application/sparql-results+json;q=0.5")
    assert reply.status == 200, reply.body
    ordered = is_ordered(path_of(suite, case.query).read_text())
    found, wanted = read_answer(reply.body, reply.kind), read_result(path_of(suite, case.result), case.result)
    assert meaning(found, ordered=ordered) == meaning(wanted, ordered=ordered)


@pytest.mark.parametrize("case", RESULTS, ids=lambda case: case.name)
def test_columns_stand_as_in_the_query_and_come_in_the_format_asked_for(case: Case, server: str, suite: Path) -> None:
    kind = MEDIA_TYPES[case.result.rpartition(".")[2]]
    reply = run_query(server, suite, case, kind)
    found, wanted = read_answer(reply.body, reply.kind), read_result(path_of(suite, case.result), case.result)
    assert reply.kind == kind
    assert variables(found) == variables(wanted)


def variables(answer: Answer) -> tuple[str, ...]:
    return answer.variables if isinstance(answer, Table) else ()


@pytest.mark.parametrize("case", of_kind("PositiveSyntaxTest11"))
def test_right_syntax_is_answered(case: Case, server: str, suite: Path) -> None:
    reply = run_query(server, suite, case, "*/*")
    assert reply.status in {200, 422}, reply.body  # 422: rightly written, with a function that the engine lacks


@pytest.mark.parametrize("case", of_kind("NegativeSyntaxTest11"))
def test_wrong_syntax_is_a_bad_request(case: Case, server: str, suite: Path) -> None:
    assert run_query(server, suite, case, "*/*").status == 400


@pytest.mark.parametrize("request_", of_protocol("query_", "bad_query", "bad_multiple_queries"))
def test_protocol_is_spoken_to_the_letter(request_: Exchange, server: str) -> None:
    reply = send(server, request_.method, request_.target, request_.headers, request_.body)
    assert str(reply.status).startswith(request_.statuses), reply.body
    if request_.format:
        answer = read_answer(reply.body, reply.kind)
        assert isinstance(answer, {"boolean": bool, "tabular": Table, "RDF": Dataset}[request_.format])
        assert request_.boolean in (None, answer)


@pytest.mark.parametrize("request_", of_protocol("update_", "bad_update", "bad_multiple_updates"))
def test_update_is_refused_and_changes_nothing(request_: Exchange, server: str) -> None:
    before = triples(server)
    reply = send(server, request_.method, request_.target, request_.headers, request_.body)
    assert 400 <= reply.status < 500
    assert triples(server) == before > 0


def test_endpoint_describes_itself_in_rdf(server: str) -> None:
    services = {quad.subject for quad in description(server) if quad.object == named("sd:Service")}
    assert len(services) == 1


def test_description_names_its_own_endpoint(server: str) -> None:
    endpoints = [quad.object for quad in description(server) if quad.predicate == named("sd:endpoint")]
    assert endpoints == [NamedNode(f"{server}/sparql")]


def test_description_keeps_to_its_vocabulary_and_promises_no_update(server: str) -> None:
    terms = {term for quad in description(server) for term in (quad.predicate, quad.object)}
    names = {term.value for term in terms if isinstance(term, NamedNode)}
    used = {name.removeprefix(PREFIXES["sd"]) for name in names if name.startswith(PREFIXES["sd"])}
    assert used <= set(TERMS.split()) - {"SPARQL11Update", "BasicFederatedQuery", "DereferencesURIs"}
    assert {"Service", "endpoint", "supportedLanguage", "SPARQL11Query", "resultFormat"} <= used


@pytest.mark.parametrize("request_", of_store((name, readings(requests, SERVED)) for name, requests in STORE.items()))
def test_graph_store_is_read_as_the_suite_says(request_: Exchange, server: str) -> None:
    reply = send(server, request_.method, to_store(request_.target), request_.headers)
    assert str(reply.status).startswith(request_.statuses), reply.body
    if request_.media_type:
        assert reply.headers["Content-Type"] == request_.media_type
    if request_.content:
        wanted = read_answer(request_.content, request_.media_type)
        assert meaning(read_answer(reply.body, reply.kind)) == meaning(wanted)


@pytest.mark.parametrize(
    "request_", of_store((name, [each for each in found if each.method in WRITES]) for name, found in STORE.items())
)
def test_graph_store_is_not_written(request_: Exchange, server: str) -> None:
    before = triples(server)
    reply = send(server, request_.method, to_store(request_.target), request_.headers, request_.body)
    assert (reply.status, reply.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert triples(server) == before > 0


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_graph_store_refuses_to_write_any_graph(method: str, server: str) -> None:
    for target in ("/graph-store", "/graph-store?default", f"/graph-store?graph={BASE}exists/exists02.ttl"):
        reply = send(server, method, target)
        assert (reply.status, reply.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("name", ["exists/exists02.ttl", "subquery/sq01.rdf"])
def test_graph_store_gives_a_graph_by_its_name(name: str, server: str, suite: Path) -> None:
    reply = send(server, "GET", f"/graph-store?graph={BASE}{name}", {"Accept": "application/n-triples"})
    assert reply.status == 200, reply.body
    wanted = Dataset(quads_of(SERVED[BASE + name]))
    assert meaning(read_answer(reply.body, reply.kind)) == meaning(wanted)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_graph_that_is_not_there_is_not_found(method: str, server: str) -> None:
    assert send(server, method, f"/graph-store?graph={BASE}no-such-graph").status == 404
