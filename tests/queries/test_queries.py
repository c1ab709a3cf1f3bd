"""Each question in queries/ is a question, has the answer that was worked out by hand, and leans on what it uses.

Beside each question stand in tests/queries/expected/ a few invented entries, the exact answer, and a twin of the entries in
which what decides is missing.
"""

import csv
import io
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from justicegraph.namespaces import JG, ONTOLOGY_GRAPH, OWL, RDFS, SKOS, TYPE, document_of, short
from justicegraph.project.folder import Folder, load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.rdf.formats import SOLUTIONS, named_format
from justicegraph.sparql.evaluate import evaluate
from justicegraph.sparql.query import Query
from tests.support.project import ROOT
from tests.support.turtle import read_turtle

BESIDE = ROOT / "tests" / "queries" / "expected"
RULES = ROOT / "ontology" / "rules"
QUERIES = {path.stem: path.read_text() for path in sorted((ROOT / "queries").glob("*.rq"))}
ONTOLOGY = [
    triple
    for pattern in ("*.ttl", "terms/*.ttl")
    for path in sorted((ROOT / "ontology").glob(pattern))
    for triple in read_turtle(path)
]
KINDS = {OWL + kind for kind in ("Class", "ObjectProperty", "DatatypeProperty")}
TERMS = sorted(
    {
        short(triple.subject.value)
        for triple in ONTOLOGY
        if isinstance(triple.subject, NamedNode)
        and triple.subject.value.startswith(JG)
        and triple.predicate.value == TYPE
        and isinstance(triple.object, NamedNode)
        and triple.object.value in KINDS
    }
)
AXIOMS = [triple for triple in ONTOLOGY if triple.predicate.value in (RDFS + "subClassOf", RDFS + "subPropertyOf")]

Table = list[list[str]]

each_question = pytest.mark.parametrize("name", QUERIES)


def store_with(entries: Iterable[Triple], *, without: Triple | None = None, rules: Path = RULES) -> Store:
    """Return a store with the ontology, these entries and what follows from them, save for one axiom."""
    store = Store()
    store.extend(_in_graph(ONTOLOGY_GRAPH, (triple for triple in ONTOLOGY if triple != without)))
    store.extend(_in_graph(document_of("invented"), entries))
    reason(store, rules)
    return store


def _in_graph(name: str, triples: Iterable[Triple]) -> Iterator[Quad]:
    return (Quad(triple.subject, triple.predicate, triple.object, NamedNode(name)) for triple in triples)


def answer(store: Store, name: str) -> Table:
    """Return the answer's header and rows."""
    question = Query(QUERIES[name], named_format("csv", SOLUTIONS))
    return list(csv.reader(io.StringIO(evaluate(store, question, union=True).read().decode())))


def entries(name: str) -> list[Triple]:
    return read_turtle(BESIDE / f"{name}.ttl")


def expected(name: str) -> Table:
    return list(csv.reader((BESIDE / f"{name}.csv").read_text().splitlines()))


def words(name: str) -> set[str]:
    """Return the prefixed names in a question, without its title."""
    return set(re.findall(r"\b[a-z]+:\w+", QUERIES[name].partition("\n")[2]))


@pytest.fixture(scope="module")
def graph() -> Store:
    folder: Folder = load_folder(ROOT)
    store = store_of(folder)
    reason(store, folder.rules)
    return store


@pytest.fixture(scope="module")
def stores() -> dict[str, Store]:
    """The entries beside each question, with what follows from them."""
    return {name: store_with(entries(name)) for name in QUERIES}


def test_there_are_forty_questions_or_more() -> None:
    assert len(QUERIES) >= 40


def test_each_file_belongs_to_a_question() -> None:
    belonging = {f"{name}{suffix}" for name in QUERIES for suffix in (".ttl", ".csv", ".twin.ttl")}
    assert {path.name for path in BESIDE.iterdir()} == belonging


def test_no_two_titles_are_alike() -> None:
    assert len({query.partition("\n")[0] for query in QUERIES.values()}) == len(QUERIES)


@each_question
def test_title_is_a_question(name: str) -> None:
    assert re.fullmatch(r"# [A-Z].+\?", QUERIES[name].partition("\n")[0])


@each_question
def test_order_cannot_tie(name: str) -> None:
    body = re.sub(r'"[^"]*"', '""', QUERIES[name].partition("\n")[2])
    told = re.sub(r"\(.*?AS \?\w+\)", "", body[body.index("SELECT") : body.index("\nWHERE")])
    grouped = re.findall(r"^GROUP BY (.*)", body, re.MULTILINE)
    ordered = re.findall(r"^ORDER BY (.*)", body, re.MULTILINE)
    assert len(ordered) == 1
    assert set(re.findall(r"\?\w+", told + "".join(grouped))) <= set(re.findall(r"\?\w+", ordered[0]))


@each_question
def test_answer_is_the_one_worked_out_by_hand(name: str, stores: dict[str, Store]) -> None:
    assert answer(stores[name], name) == expected(name)


@each_question
def test_twin_has_no_answer(name: str) -> None:
    twin = read_turtle(BESIDE / f"{name}.twin.ttl")
    assert twin
    assert answer(store_with(twin), name)[1:] == []


@each_question
def test_names_in_another_language_change_no_answer(name: str) -> None:
    translated = [
        Triple(triple.subject, triple.predicate, Literal(f"{triple.object.value} auf Deutsch", language="de"))
        for triple in entries(name)
        if triple.predicate.value == SKOS + "prefLabel" and isinstance(triple.object, Literal)
    ]
    assert answer(store_with([*entries(name), *translated]), name) == expected(name)


@each_question
def test_graph_has_an_answer(name: str, graph: Store) -> None:
    rows = answer(graph, name)[1:]
    assert rows
    assert len({tuple(row) for row in rows}) == len(rows)


def test_every_class_and_property_is_used() -> None:
    used = {word for name in QUERIES for word in words(name)}
    assert [term for term in TERMS if term not in used] == []


def test_every_class_and_property_decides_an_answer(stores: dict[str, Store]) -> None:
    assert [term for term in TERMS if not any(_decides(term, name, stores[name]) for name in _using(term))] == []


def test_every_rule_changes_an_answer(tmp_path: Path) -> None:
    idle = []
    for rule in sorted(RULES.glob("*.rq")):
        others = shutil.copytree(RULES, tmp_path / rule.stem)
        (others / rule.name).unlink()
        if all(answer(store_with(entries(name), rules=others), name) == expected(name) for name in QUERIES):
            idle.append(rule.name)
    assert idle == []


def test_every_axiom_changes_an_answer() -> None:
    assert [short_axiom(axiom) for axiom in AXIOMS if not _matters(axiom)] == []


def short_axiom(axiom: Triple) -> str:
    return " ".join(short(term.value) for term in axiom if isinstance(term, NamedNode))


def _matters(axiom: Triple) -> bool:
    """Tell whether some question that asks for what the axiom leads to has another answer without it."""
    assert isinstance(axiom.object, NamedNode)
    names = [name for wider in (axiom.object, *_wider(axiom.object)) for name in _using(short(wider.value))]
    return any(answer(store_with(entries(name), without=axiom), name) != expected(name) for name in names)


def _wider(narrow: NamedNode) -> Iterator[NamedNode]:
    for axiom in AXIOMS:
        if axiom.subject == narrow and isinstance(axiom.object, NamedNode):
            yield axiom.object
            yield from _wider(axiom.object)


def _using(term: str) -> list[str]:
    return [name for name in QUERIES if term in words(name)]


def _decides(term: str, name: str, store: Store) -> bool:
    """Tell whether the answer is another one where nothing is of this class or has this property."""
    node = NamedNode(JG + term.removeprefix("jg:"))
    quads = [*store.quads_for_pattern(None, node, None), *store.quads_for_pattern(None, NamedNode(TYPE), node)]
    for quad in quads:
        store.remove(quad)
    try:
        return answer(store, name) != expected(name)
    finally:
        store.extend(quads)
