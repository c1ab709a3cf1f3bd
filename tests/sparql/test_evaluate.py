"""A question, a store, bytes."""

import json

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from justicegraph.errors import BadQuery, NotAcceptable, RefusedQuery
from justicegraph.rdf.formats import GRAPHS, SOLUTIONS, Format, named_format
from justicegraph.sparql.evaluate import evaluate
from justicegraph.sparql.query import Query, Result

DATA = b"<a:g1> { <a:s> <a:p> 1 } <a:g2> { <a:s> <a:p> 2 }"


@pytest.fixture
def store() -> Store:
    store = Store()
    store.load(DATA, format=RdfFormat.TRIG)
    store.load(b"<a:g1> { <a:s> <a:p> 1 } <a:g2> { <a:s> <a:p> 2 }", format=RdfFormat.TRIG)
    return store


def run_query(store: Store, query: str, **more: object) -> bytes:
    question = Query(query, solutions=SOLUTIONS[0], graph=GRAPHS[1], **more)  # type: ignore[arg-type]
    answer: Result = evaluate(store, question, union=True)
    body = answer.read()
    assert len(body) == answer.length
    return body


def count(store: Store, query: str, **more: object) -> int:
    return len(json.loads(run_query(store, query, **more))["results"]["bindings"])


def test_default_graph_is_the_union_of_the_named_ones(store: Store) -> None:
    assert count(store, "SELECT * { ?s ?p ?o }") == 2


def test_dataset_parameters_take_precedence_and_unknown_graphs_are_empty(store: Store) -> None:
    assert count(store, "SELECT * { ?s ?p ?o }", default_graphs=("a:g1",)) == 1
    assert count(store, "SELECT * FROM <a:g1> { ?s ?p ?o }", default_graphs=("a:g1", "a:g2")) == 2
    assert count(store, "SELECT * { ?s ?p ?o }", default_graphs=("a:none",)) == 0
    assert count(store, "SELECT * { GRAPH ?g { ?s ?p ?o } }", named_graphs=("a:g2",)) == 1
    assert count(store, "SELECT * { ?s ?p ?o }", named_graphs=("a:g2",)) == 0


def test_bindings_bind(store: Store) -> None:
    assert count(store, "SELECT ?o { ?s ?p ?o }", bindings={"o": Literal(2)}) == 1
    assert count(store, "SELECT ?s { ?s ?p ?o }", bindings={"s": NamedNode("a:none")}) == 0


@pytest.mark.parametrize("form", SOLUTIONS)
def test_select_and_ask_come_in_every_solutions_format(store: Store, form: Format) -> None:
    for query in ("SELECT * { ?s ?p ?o }", "ASK { ?s ?p ?o }"):
        assert evaluate(store, Query(query, solutions=form), union=True).read()


@pytest.mark.parametrize("form", GRAPHS)
def test_construct_and_describe_come_in_every_graph_format(store: Store, form: Format) -> None:
    for query in ("CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE <a:s>"):
        assert evaluate(store, Query(query, graph=form), union=True).read()


def test_graph_is_not_sent_where_only_tables_are_accepted(store: Store) -> None:
    with pytest.raises(NotAcceptable, match="CONSTRUCT and DESCRIBE cannot be written"):
        evaluate(store, Query("DESCRIBE <a:s>", solutions=SOLUTIONS[0]), union=True)


@pytest.mark.parametrize(
    "update",
    ["INSERT DATA { <a:s> <a:p> 3 }", "LOAD <http://e/>", "DROP ALL", "PREFIX a: <a:> DELETE DATA { a:s a:p 1 }"],
)
def test_updates_are_refused_in_words(store: Store, update: str) -> None:
    with pytest.raises(RefusedQuery, match="only runs queries"):
        run_query(store, update)
    assert len(store) == 2


def test_query_that_does_not_parse_says_where(store: Store) -> None:
    with pytest.raises(BadQuery, match=r"does not parse: error at 1:\d+"):
        run_query(store, "SELECT * { ?s ?p }")


def test_formats_have_names() -> None:
    assert named_format("ttl", GRAPHS).media_type.startswith("text/turtle")
    assert named_format("text/csv", SOLUTIONS).name == "csv"
    with pytest.raises(NotAcceptable, match="ttl, nt, nq, trig, rdf, jsonld"):
        named_format("pdf", GRAPHS)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT * FROM <https://invented.example/none> { ?s ?p ?o }", 0),
        ("SELECT * from<https://invented.example/g> { ?s ?p ?o }", 1),
        ("SELECT * FROM NAMED <https://invented.example/g> { ?s ?p ?o }", 0),
        ("SELECT * FROM NAMED <https://invented.example/g> { GRAPH ?g { ?s ?p ?o } }", 1),
        (
            "PREFIX from: <https://invented.example/> SELECT * { ?from ?p ?o FILTER (?o != 'a letter from <b:b>') } # from <b:b>",
            2,
        ),
        ("SELECT * { ?s ?p ?o FILTER (?o != <https://invented.example/from>) }", 2),
        ("# from where\nSELECT ?from $FROM { ?from ?p ?o }", 2),
        ("SELECT ?from FROM <https://invented.example/g> { ?from ?p ?o }", 1),
        ("SELECT (EXISTS { ?a ?b ?c } AS ?d) FROM <https://invented.example/g> { ?from ?p ?o }", 1),
        ("PREFIX a: #<> SELECT * {\n<b:> SELECT * FROM <https://invented.example/g> { ?s ?p ?o }", 1),
        ("BASE #<> SELECT * {\n<b:> SELECT * FROM <https://invented.example/g> { ?s ?p ?o }", 1),
    ],
)
def test_from_chooses_the_default_graph(query: str, rows: int) -> None:
    store = Store()
    for graph in ("g", "h"):
        name = NamedNode(f"https://invented.example/{graph}")
        store.add(Quad(name, NamedNode("https://invented.example/p"), Literal(1), name))
    answer = evaluate(store, Query(query, solutions=SOLUTIONS[0]), union=True)
    assert len(json.loads(answer.read())["results"]["bindings"]) == rows
