"""The endpoint says what it is and what is in it, and gives its graphs one by one."""

import gzip
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse
from werkzeug.test import Client, TestResponse

from justicegraph.build import build_snapshot
from justicegraph.errors import BadQuery
from justicegraph.namespaces import DOC, GRAPH, ID, MAPPINGS_GRAPH, SD, VOID, VOID_GRAPH
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.mappings import record
from justicegraph.project.snapshot import open_store
from justicegraph.project.sssom import SAME_AS, Decision
from justicegraph.rdf.formats import GRAPHS, SOLUTIONS, Format, named_format
from justicegraph.sparql.evaluate import evaluate
from justicegraph.sparql.query import Query, Result, RunQuery
from justicegraph.web import Site, create_app
from justicegraph.web.service import FORMATS, serialize_triples, service_description
from tests.support.endpoint import with_endpoint
from tests.support.project import make_project

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HERE = "https://graph.example/sparql"
FILES = (
    "<http://a.example/s> <http://a.example/p> 1 . <http://a.example/g> { <http://a.example/t> <http://a.example/p> 2 }"
)


class Whole(Client):
    """A client that reads each answer to its end, and closes it."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        return super().open(*args, **options, buffered=True)


@pytest.fixture(scope="module")
def store(shared_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return open_store(build_snapshot(shared_project, tmp_path_factory.mktemp("build")))


def client_of(store: Store, *, union: bool) -> Client:
    return Whole(with_endpoint(create_app(Site(ask_of(store, union=union), {}, union=union))))


def ask_of(store: Store, *, union: bool) -> RunQuery:
    return partial(evaluate, store, union=union)


@pytest.fixture(scope="module")
def client(store: Store) -> Client:
    return client_of(store, union=True)


@pytest.fixture
def files() -> Client:
    """A client of a server of files, whose default graph is the one in the files."""
    store = Store()
    store.load(FILES.encode(), format=RdfFormat.TRIG)
    return client_of(store, union=False)


def triples_of(response: TestResponse, form: Format | None = None) -> set[Triple]:
    form = form or named_format(str(response.mimetype), GRAPHS)
    assert isinstance(form.writer, RdfFormat)
    return {quad.triple for quad in parse(response.data, format=form.writer)}


def graph_of(store: Store, name: str) -> set[Triple]:
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(name))}


@pytest.mark.parametrize("path", ["/.well-known/void", f"/graph-store?graph={VOID_GRAPH}"])
@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        (BROWSER, "text/turtle"),
        ("text/html", "text/turtle"),
        ("text/html;q=0.3, application/n-triples;q=0.4", "application/n-triples"),
        *((form.media_type.partition(";")[0], form.media_type.partition(";")[0]) for form in GRAPHS),
    ],
)
def test_description_comes_in_the_accepted_form(
    path: str, accept: str, kind: str, client: Client, store: Store
) -> None:
    response = client.get(path, headers={"Accept": accept})
    assert (response.status_code, response.mimetype, response.headers["Vary"]) == (200, kind, "Accept, Accept-Encoding")
    assert triples_of(response) == graph_of(store, VOID_GRAPH)


@pytest.mark.parametrize("path", ["/.well-known/void", "/graph-store?default"])
def test_form_that_is_not_on_offer_is_not_acceptable(path: str, client: Client) -> None:
    response = client.get(path, headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/turtle" in response.text


@pytest.mark.parametrize("path", ["/.well-known/void", "/graph-store?default", f"/graph-store?graph={GRAPH}ontology"])
def test_head_has_the_length_and_no_body(path: str, client: Client) -> None:
    whole, head = client.get(path), client.head(path)
    assert int(head.headers["Content-Length"]) == int(whole.headers["Content-Length"]) == len(whole.data) > 1000
    assert (head.data, head.headers["Content-Type"]) == (b"", whole.headers["Content-Type"])


@pytest.mark.parametrize("path", ["/.well-known/void", "/graph-store?default"])
def test_answer_is_compressed_for_whoever_takes_it(path: str, client: Client) -> None:
    plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert gzip.decompress(packed.data) == plain.data


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_answer_is_closed_whether_it_is_sent_or_not(method: str) -> None:
    given: list[Result] = []

    def run_query(question: Query) -> Result:
        given.append(evaluate(Store(), question, union=False))
        return given[-1]

    Whole(create_app(Site(run_query, {}))).open("/graph-store?default", method=method)
    assert [answer.body.closed for answer in given] == [True]


def test_graph_of_the_description_leads_to_it(client: Client) -> None:
    response = client.get("/graph/void")
    assert (response.status_code, response.headers["Location"]) == (303, "/.well-known/void")


def test_graph_of_mappings_leads_to_it(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    link = Decision(subject_id=ID + "invented-group", predicate_id=SAME_AS, object_id="https://elsewhere.example/x")
    record(project, [replace(link, author_label="Nobody", mapping_date="2001-02-03")])
    client = client_of(store_of(load_folder(project)), union=True)
    leads = client.get("/graph/mappings").headers["Location"]
    assert triples_of(client.get(leads, headers={"Accept": "text/turtle"})) == {link.triple}
    described = service_description(HERE, ask_of(store_of(load_folder(project)), union=True), union=True)
    assert NamedNode(MAPPINGS_GRAPH) in {triple.object for triple in described if triple.predicate.value == SD + "name"}


def test_files_are_described_by_how_to_ask(files: Client) -> None:
    values = {triple.predicate.value: str(triple.object) for triple in triples_of(files.get("/.well-known/void"))}
    assert values[VOID + "sparqlEndpoint"] == "<http://localhost/sparql>"
    assert VOID + "triples" not in values


@pytest.mark.parametrize("name", [DOC + "invented-person", GRAPH + "derived", GRAPH + "shapes"])
def test_named_graph_is_given_whole(name: str, client: Client, store: Store) -> None:
    response = client.get("/graph-store", query_string={"graph": name})
    assert triples_of(response) == graph_of(store, name) != set()


def test_default_graph_is_the_union_of_all(client: Client, store: Store) -> None:
    assert triples_of(client.get("/graph-store?default")) == {quad.triple for quad in store}


def test_default_graph_of_files_is_their_own(files: Client) -> None:
    def graph(query: str) -> set[str]:
        return {str(triple.subject) for triple in triples_of(files.get(f"/graph-store?{query}"))}

    assert graph("default") == {"<http://a.example/s>"}
    assert graph("graph=http://a.example/g") == {"<http://a.example/t>"}


def test_graph_that_is_not_there_is_not_found(client: Client) -> None:
    assert client.get("/graph-store?graph=http://a.example/none").status_code == 404
    assert client.head("/graph-store?graph=http://a.example/none").status_code == 404


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "Name one graph"),
        ("ac=1", "Name one graph"),
        ("default=x", "Name one graph"),
        ("default&default", "Name one graph"),
        (f"default&graph={VOID_GRAPH}", "Name one graph"),
        (f"graph={VOID_GRAPH}&graph={VOID_GRAPH}", "Name one graph"),
        ("graph=", "a graph is named by a whole IRI"),
        ("graph=/graph/void", "/graph/void: a graph is named by a whole IRI"),
        ("graph=void", "void: a graph is named by a whole IRI"),
        ("graph=http://a.example/%3E", "a graph is named by a whole IRI"),
        ("graph=http://a.example/%FF", "not UTF-8"),
        ("default&" + "x&" * 100, "more than 100 parameters"),
    ],
)
def test_request_for_no_graph_or_several_is_bad(query: str, message: str, client: Client) -> None:
    response = client.get(f"/graph-store?{query}")
    assert response.status_code == 400
    assert message in response.text


def test_parameter_of_another_purpose_is_passed_over(client: Client) -> None:
    assert client.get("/graph-store?default=&ac=1").status_code == 200


@pytest.mark.parametrize("path", ["/.well-known/void", "/graph-store?default"])
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_writing_is_not_allowed(method: str, path: str, client: Client) -> None:
    refused, options = client.open(path, method=method), client.options(path)
    assert (refused.status_code, options.status_code) == (405, 200)
    for response in (refused, options):
        assert sorted(response.headers["Allow"].split(", ")) == ["GET", "HEAD", "OPTIONS"]


def store_with(description: list[Triple]) -> Store:
    store = Store()
    store.extend(Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()) for triple in description)
    return store


def holds(store: Store, pattern: str) -> bool:
    return bool(store.query(f"PREFIX sd: <{SD}> PREFIX void: <{VOID}> ASK {{ {pattern} }}"))


def test_service_has_its_endpoint_language_dataset_and_figures(store: Store) -> None:
    description = store_with(service_description(HERE, ask_of(store, union=True), union=True))
    assert holds(description, f"<{HERE}> a sd:Service ; sd:endpoint <{HERE}> ; sd:supportedLanguage sd:SPARQL11Query")
    assert holds(
        description, f"<{HERE}> sd:defaultDataset/sd:defaultGraph ?graph . ?graph a sd:Graph ; void:triples ?triples"
    )
    assert holds(description, f"<{HERE}> sd:defaultDataset ?dataset . ?dataset a sd:Dataset")
    assert len(list(description.quads_for_pattern(None, NamedNode(SD + "defaultGraph"), None))) == 1
    assert len(description) < 100


def test_service_names_the_graphs_of_the_vocabulary(store: Store) -> None:
    description = store_with(service_description(HERE, ask_of(store, union=True), union=True))
    names = f"SELECT ?name {{ ?dataset <{SD}namedGraph> ?graph . ?graph a <{SD}NamedGraph> ; <{SD}name> ?name }}"
    found = sorted(row["name"].value for row in description.query(names))  # type: ignore[union-attr]
    assert found == [GRAPH + name for name in ("derived", "ontology", "shapes", "void")]


def test_service_has_no_blank_node(store: Store) -> None:
    description = service_description(HERE, ask_of(store, union=True), union=True)
    assert {type(term).__name__ for triple in description for term in triple} == {"NamedNode", "Literal"}


def test_union_is_a_feature_only_where_it_is_one(store: Store) -> None:
    feature = f"<{HERE}> sd:feature sd:UnionDefaultGraph"
    for union in (True, False):
        description = store_with(service_description(HERE, ask_of(store, union=union), union=union))
        assert holds(description, feature) is union


def test_service_of_files_has_no_figures() -> None:
    description = store_with(service_description(HERE, ask_of(Store(), union=False), union=False))
    assert holds(description, "?service sd:defaultDataset/sd:defaultGraph ?graph . ?graph a sd:Graph")
    assert not holds(description, "{ ?graph void:triples ?triples } UNION { ?graph sd:name ?name }")


def test_every_format_of_an_answer_is_named(store: Store) -> None:
    assert set(FORMATS) == {form.name for form in (*SOLUTIONS, *GRAPHS)}
    description = store_with(service_description(HERE, ask_of(store, union=True), union=True))
    formats = {quad.object.value for quad in description.quads_for_pattern(None, NamedNode(SD + "resultFormat"), None)}  # type: ignore[union-attr]
    assert formats == {f"http://www.w3.org/ns/formats/{name}" for name in FORMATS.values()}


def test_service_leads_to_the_description(store: Store) -> None:
    description = store_with(service_description(HERE, ask_of(store, union=True), union=True))
    assert holds(description, f"<{HERE}> ?see <https://graph.example/.well-known/void>")


@pytest.mark.parametrize("address", ["http://a b/sparql", "http:///sparql"])
def test_address_without_a_host_is_said(address: str) -> None:
    with pytest.raises(BadQuery, match="Correct the Host header"):
        service_description(address, ask_of(Store(), union=False), union=False)


def test_host_that_is_none_is_said(files: Client) -> None:
    response = files.get("/.well-known/void", environ_overrides={"HTTP_HOST": "a<b"})
    assert response.status_code == 400
    assert "Correct the Host header" in response.text


@pytest.mark.parametrize("form", GRAPHS, ids=lambda form: form.name)
def test_order_of_the_triples_does_not_change_the_bytes(form: Format, store: Store) -> None:
    description = service_description(HERE, ask_of(store, union=True), union=True)
    assert serialize_triples(description, form) == serialize_triples(description[::-1], form)
    assert {quad.triple for quad in parse(serialize_triples(description, form), format=form.writer)} == set(description)  # type: ignore[arg-type]
