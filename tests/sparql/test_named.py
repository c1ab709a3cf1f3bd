"""One door for named queries: a .rq file is read, bound and run in one place, and results are parsed in one."""

import re
from functools import partial
from itertools import takewhile
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from justicegraph.sparql.evaluate import evaluate
from justicegraph.sparql.named import NamedQueries, Values
from justicegraph.sparql.query import RunQuery
from tests.support.project import ROOT

SOURCE = ROOT / "src" / "justicegraph"
P, Q = NamedNode("http://example.org/p"), NamedNode("http://example.org/q")
A, B = NamedNode("http://example.org/a"), NamedNode("http://example.org/b")
HOSTILE = Literal('x" } } UNION { ?a ?b ?c } #\n\\', language="en")

TEXTS = {
    "all": "SELECT ?s ?value WHERE { ?s ?p ?value } ORDER BY ?s ?value",
    "of": "SELECT ?s ?value WHERE { ?s ?p ?value } ORDER BY ?value",
    "some": "SELECT ?s ?more WHERE { VALUES ?s {} OPTIONAL { ?s <http://example.org/q> ?more } } ORDER BY ?s",
    "pairs": "SELECT ?s ?o WHERE { VALUES (?s ?o) {} ?s ?p ?o } ORDER BY ?s",
    "graph": "CONSTRUCT { ?s <http://example.org/r> <http://example.org/b> } WHERE { ?s ?p ?o }",
    "is": "ASK { ?s ?p ?o }",
}


@pytest.fixture
def queries(tmp_path: Path) -> NamedQueries:
    (tmp_path / "queries").mkdir()
    for name, text in TEXTS.items():
        (tmp_path / "queries" / f"{name}.rq").write_text(f"# {name}\n{text}")
    return NamedQueries.beside(str(tmp_path / "module.py"))


@pytest.fixture
def run_query() -> RunQuery:
    store = Store()
    store.extend([Quad(A, P, Literal("hello", language="en")), Quad(A, P, HOSTILE), Quad(B, P, A)])
    return partial(evaluate, store, union=True)


def test_rows_have_texts_with_type_and_language(queries: NamedQueries, run_query: RunQuery) -> None:
    first, _, last = queries.rows(run_query, "all")
    assert first == {"s": A.value, "value": "hello", "value.type": "literal", "language": "en"}
    assert last == {"s": B.value, "value": A.value, "value.type": "uri"}


def test_terms_are_typed_and_unbound_ones_missing(queries: NamedQueries, run_query: RunQuery) -> None:
    assert next(queries.terms(run_query, "of", {"s": A})) == {"s": A, "value": Literal("hello", language="en")}
    assert list(queries.terms(run_query, "some", values={"s": [A]})) == [{"s": A}]
    with pytest.raises(ValueError, match="yes or no"):
        list(queries.terms(run_query, "is"))


def test_rows_of_a_long_result_come_one_at_a_time(queries: NamedQueries, run_query: RunQuery) -> None:
    rows = queries.iter_rows(run_query, "all")
    assert next(rows) == [A.value, "hello"]
    assert [row[1] for row in rows] == [HOSTILE.value, A.value]


def test_triples_come_once(queries: NamedQueries, run_query: RunQuery) -> None:
    found = queries.triples(run_query, "graph")
    assert sorted(triple.subject.value for triple in found) == [A.value, B.value]  # type: ignore[union-attr]
    assert set(queries.iter_triples(run_query, "graph")) == set(found)


@pytest.mark.parametrize("values", [{"s": [A, B]}, {("s",): [(A,), (B,)]}, {("s",): [A, B]}])
def test_values_fill_a_block_of_one_variable(queries: NamedQueries, run_query: RunQuery, values: Values) -> None:
    assert [row["s"] for row in queries.rows(run_query, "some", values=values)] == [A.value, B.value]


def test_values_fill_a_block_of_two_variables(queries: NamedQueries, run_query: RunQuery) -> None:
    pairs: Values = {("s", "o"): [(A, HOSTILE), (B, A), (B, B)]}
    assert [row["o"] for row in queries.rows(run_query, "pairs", values=pairs)] == [HOSTILE.value, A.value]


def test_no_value_changes_the_query(queries: NamedQueries, run_query: RunQuery) -> None:
    assert queries.rows(run_query, "of", {"value": HOSTILE})[0]["value"] == HOSTILE.value
    assert len(queries.rows(run_query, "pairs", values={("s", "o"): [(A, HOSTILE)]})) == 1
    assert len(queries.rows(run_query, "of", constants={"p": Q})) == 0
    assert len(queries.rows(run_query, "of", constants={"p": P})) == 3
    assert r'(<http://example.org/a> "x\" } } UNION { ?a ?b ?c } #\n\\"@en)' in queries.text(
        "pairs", {("s", "o"): [(A, HOSTILE)]}
    )


def test_values_without_a_block_are_a_mistake(queries: NamedQueries) -> None:
    with pytest.raises(ValueError, match=r"no empty block VALUES \?o \{\}"):
        queries.text("some", {"o": [A]})


FILES = sorted(path for path in SOURCE.rglob("*.py") if path.parent.name != "sparql")
OF_THE_PROJECT = {"project/reason.py", "void/examples.py", "web/site.py"}
"""Modules that read the rules and queries in the folder of a project, which have no Python module beside them."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_other_module_reads_queries_or_parses_their_results(path: Path) -> None:
    text = path.read_text()
    if str(path.relative_to(SOURCE)) not in OF_THE_PROJECT:
        assert re.findall(r"""\.rq["']\)?\.\w+|\*\.rq|__file__.+["']queries["']""", text) == []
    assert re.findall(r"""["']bindings["']|parse_query_results""", text) == []


QUERY_FILES = sorted(path for path in SOURCE.rglob("*.rq") if path.parent.name == "queries")


@pytest.mark.parametrize("path", QUERY_FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_query_begins_with_its_question(path: Path) -> None:
    lines = path.read_text().splitlines()
    comment = " ".join(line.removeprefix("# ") for line in takewhile(lambda line: line.startswith("#"), lines))
    assert re.match(r"[A-Z][^?]*(?:\?\w[^?]*)*\?(?: |$)", comment), "the first line is a question in plain English"


@pytest.mark.parametrize("path", QUERY_FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_query_is_run_by_a_module_of_its_room(path: Path) -> None:
    stem = path.stem.replace("_ontology", "_{").replace("_shapes", "_{").replace("_terms", "_{")
    modules = [*path.parents[1].rglob("*.py"), *(SOURCE / "server").glob("*.py")]
    assert any(f'"{path.stem}"' in text or f'"{stem}' in text for text in (module.read_text() for module in modules))
