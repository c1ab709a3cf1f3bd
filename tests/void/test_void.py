"""The graph describes itself: figures that a plain count confirms, found by the queries that editors send."""

import csv
import io
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions, Store, Triple

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import DOC, ENDPOINT, JG, PREFIXES, RDF, SH, VOID, VOID_GRAPH, XSD
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.rdf.formats import SOLUTIONS, named_format
from justicegraph.rdf.triples import part_iri
from justicegraph.sparql.evaluate import evaluate
from justicegraph.sparql.query import Query
from justicegraph.void import DATASET, describe
from tests.support.project import ROOT

HEAD = f"""
PREFIX jg: <{JG}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX schema: <{PREFIXES["schema"]}>
PREFIX sh: <{SH}>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
"""
QUESTIONS = {path.stem: path.read_text() for path in sorted((ROOT / "queries").glob("*.rq"))}

# What sib-swiss/sparql-editor and sparql-llm send to an endpoint when they open it.
PREFIXES_ASKED = """
SELECT DISTINCT ?prefix ?namespace WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix"""
EXAMPLES_ASKED = """
SELECT DISTINCT ?sq ?comment ?query
WHERE { ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|sh:describe ?query }
ORDER BY ?sq"""
CLASSES_ASKED = """
SELECT DISTINCT ?graph ?subjectClass ?prop ?objectClass ?objectDatatype ?triples ?subjectClassLabel ?propLabel
WHERE {
  {
    OPTIONAL { ?graph sd:graph ?described . ?described void:classPartition ?cp }
    ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
    OPTIONAL { ?subjectClass rdfs:label ?subjectClassLabel }
    ?pp void:property ?prop .
    OPTIONAL { ?pp void:triples ?triples }
    OPTIONAL { ?prop rdfs:label ?propLabel }
    OPTIONAL {
      { ?pp void:classPartition [ void:class ?objectClass ] }
      UNION
      { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] }
    }
  }
  UNION
  {
    ?links void:subjectsTarget [ void:class ?subjectClass ] ; void:linkPredicate ?prop ;
      void:objectsTarget [ void:class ?objectClass ]
  }
}
ORDER BY ?subjectClass ?objectClass ?objectDatatype ?graph ?triples"""


def reasoned(project: Path) -> Store:
    folder = load_folder(project)
    store = store_of(folder)
    reason(store, folder.rules)
    return store


@pytest.fixture(scope="module")
def plain(shared_project: Path) -> Store:
    """The store without its description."""
    return reasoned(shared_project)


@pytest.fixture(scope="module")
def store(shared_project: Path) -> Store:
    store = reasoned(shared_project)
    describe(store, ROOT / "queries")
    return store


def answer(store: Store, query: str) -> list[tuple[str, ...]]:
    """Return the rows of an answer over the union of the graphs, as the endpoint gives them."""
    question = Query(query, named_format("csv", SOLUTIONS))
    rows = csv.reader(io.StringIO(evaluate(store, question, union=True).read().decode()))
    return [tuple(row) for row in rows][1:]


def counted(store: Store, query: str) -> list[tuple[str, ...]]:
    return sorted(answer(store, HEAD + query))


def described(store: Store) -> set[Triple]:
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(VOID_GRAPH))}


def figure(store: Store, name: str) -> str:
    return counted(store, f"SELECT ?figure {{ <{DATASET}> void:{name} ?figure }}")[0][0]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("triples", "COUNT(*)"),
        ("distinctSubjects", "COUNT(DISTINCT ?thing)"),
        ("properties", "COUNT(DISTINCT ?property)"),
        ("classes", "COUNT(DISTINCT ?class)"),
        ("entities", "COUNT(DISTINCT ?ours)"),
    ],
)
def test_figure_is_what_a_plain_count_gives(name: str, count: str, plain: Store, store: Store) -> None:
    ours = f'BIND (IF(STRSTARTS(STR(?thing), "{PREFIXES["id"]}"), ?thing, ?none) AS ?ours)'
    of_class = f"BIND (IF(?property = <{RDF}type>, ?value, ?none) AS ?class)"
    query = f"SELECT ({count} AS ?figure) {{ ?thing ?property ?value {ours} {of_class} }}"
    assert counted(plain, query) == [(figure(store, name),)]


def test_each_class_has_its_things_counted(plain: Store, store: Store) -> None:
    said = counted(
        store, f"SELECT ?c ?n {{ <{DATASET}> void:classPartition ?part . ?part void:class ?c ; void:entities ?n }}"
    )
    assert said == counted(plain, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c")
    assert (JG + "Person", "1") in said


def test_each_property_has_its_triples_counted(plain: Store, store: Store) -> None:
    said = counted(
        store, f"SELECT ?p ?n {{ <{DATASET}> void:propertyPartition ?part . ?part void:property ?p ; void:triples ?n }}"
    )
    assert said == counted(plain, "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p")


def test_each_property_of_a_class_has_its_triples_counted(plain: Store, store: Store) -> None:
    part = "?c ?p ?n { ?whole void:class ?c ; void:propertyPartition ?part . ?part void:property ?p ; void:triples ?n }"
    assert counted(store, f"SELECT {part}") == counted(
        plain, "SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o } GROUP BY ?c ?p"
    )


def test_what_a_property_leads_to_is_counted_by_narrowest_class(plain: Store, store: Store) -> None:
    said = counted(
        store,
        """SELECT ?c ?p ?d ?n {
          ?whole void:class ?c ; void:propertyPartition ?part .
          ?part void:property ?p ; void:classPartition ?leads .
          ?leads void:class ?d ; void:triples ?n
        }""",
    )
    assert said == counted(
        plain,
        """SELECT ?c ?p ?d (COUNT(*) AS ?n) {
          ?s a ?c ; ?p ?o . ?o a ?d
          FILTER NOT EXISTS { ?o a ?narrower . ?narrower rdfs:subClassOf+ ?d }
        } GROUP BY ?c ?p ?d""",
    )
    assert (JG + "Campaign", JG + "campaignsFor", JG + "Person", "1") in said
    assert not any(row[1:3] == (JG + "campaignsFor", JG + "Agent") for row in said)


def test_datatypes_of_a_property_are_counted(plain: Store, store: Store) -> None:
    said = counted(
        store,
        """SELECT ?c ?p ?d ?n {
          ?whole void:class ?c ; void:propertyPartition ?part .
          ?part void:property ?p ; void-ext:datatypePartition ?leads .
          ?leads void-ext:datatype ?d ; void:triples ?n
        }""",
    )
    assert said == counted(
        plain,
        """SELECT ?c ?p ?d (COUNT(*) AS ?n) {
          ?s a ?c ; ?p ?o FILTER (isLiteral(?o)) BIND (DATATYPE(?o) AS ?d)
        } GROUP BY ?c ?p ?d""",
    )


def test_description_has_no_blank_node_and_speaks_of_itself_only(store: Store) -> None:
    terms = {term for triple in described(store) for term in (triple.subject, triple.object)}
    assert {type(term).__name__ for term in terms} == {"NamedNode", "Literal"}
    assert all(triple.subject.value.startswith(VOID_GRAPH) for triple in described(store))  # type: ignore[union-attr]


def test_description_is_the_same_in_whatever_order_the_quads_come(plain: Store, store: Store) -> None:
    other = Store()
    other.extend(sorted(plain, key=str, reverse=True))
    assert describe(other, ROOT / "queries") == len(described(store))
    assert described(other) == described(store)


def test_every_resource_in_the_description_is_reached_from_the_dataset(store: Store) -> None:
    parts = {triple.subject for triple in described(store) if "#class-" in str(triple.subject)}
    links = "void:classPartition|void:propertyPartition|void-ext:datatypePartition"
    reached = counted(store, f"SELECT ?part {{ <{DATASET}> ({links})+ ?part FILTER CONTAINS(STR(?part), '#class-') }}")
    assert {part.value for part in parts} == {part for (part,) in reached}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        (JG + "Person", "#class-Person"),
        (PREFIXES["foaf"] + "Person", "#class-foaf:Person"),
        ("http://example.org/a/b#Person", "#class-http:%2F%2Fexample.org%2Fa%2Fb%23Person"),
    ],
)
def test_part_has_a_readable_name_of_its_own(iri: str, name: str) -> None:
    assert part_iri("class", iri) == VOID_GRAPH + name
    assert NamedNode(part_iri("class", iri, iri)).value.endswith(f"/{name.partition('-')[2]}")


def test_editor_finds_the_prefixes(store: Store) -> None:
    assert answer(store, HEAD + PREFIXES_ASKED) == sorted(PREFIXES.items())


def test_editor_finds_each_question_with_its_title(store: Store) -> None:
    said = {iri: (title, query) for iri, title, query in answer(store, HEAD + EXAMPLES_ASKED)}
    assert said == {
        f"{VOID_GRAPH}#question-{name}": (text.partition("\n")[0].lstrip("# "), text)
        for name, text in QUESTIONS.items()
    }


def test_editor_finds_what_a_class_has(store: Store) -> None:
    rows = answer(store, HEAD + CLASSES_ASKED)
    assert (
        "",
        JG + "Organization",
        JG + "foundedOn",
        "",
        XSD + "gYearMonth",
        "1",
        "organization",
        "founded on",
    ) in rows
    assert ("", JG + "Campaign", JG + "isRunBy", JG + "Organization", "", "1", "campaign", "is run by") in rows


@pytest.mark.parametrize("form", ["select", "ask", "construct", "describe"])
def test_question_is_said_by_its_form(form: str, tmp_path: Path) -> None:
    what = {"select": "SELECT * {", "ask": "ask {", "construct": "CONSTRUCT {} {", "describe": "DESCRIBE ?s {"}[form]
    text = f"# A question?\nPREFIX select: <http://example.org/ask#>#construct\n{what} ?s ?p ?o }}"
    (tmp_path / "one.rq").write_text(text)
    store = Store()
    describe(store, tmp_path)
    kind = f"?q a sh:SPARQLExecutable, sh:SPARQL{form.title()}Executable ; schema:target <{ENDPOINT}>"
    assert answer(store, f"{HEAD}SELECT ?text {{ {kind} ; sh:{form} ?text }}") == [(text,)]


@pytest.mark.parametrize("text", [b"SELECT", b"INSERT DATA {}", b"\xff"])
def test_broken_question_is_said(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "one.rq").write_bytes(text)
    with pytest.raises(BrokenFile, match=r"one\.rq: not a SPARQL query in UTF-8: "):
        describe(Store(), tmp_path)


def test_empty_store_is_described(tmp_path: Path) -> None:
    store = Store()
    describe(store, tmp_path / "none")
    assert figure(store, "triples") == "0"
    assert (NamedNode(DATASET), NamedNode(VOID + "classes")) in {(each.subject, each.predicate) for each in store}


def test_description_changes_no_answer() -> None:
    before, after = reasoned(ROOT), reasoned(ROOT)
    describe(after, ROOT / "queries")
    assert len(after) > len(before)
    assert [name for name, query in QUESTIONS.items() if answer(before, query) != answer(after, query)] == []


def test_no_graph_of_an_entry_is_touched(plain: Store, store: Store) -> None:
    def entries(each: Store) -> QuerySolutions:
        return each.query(f"SELECT * {{ GRAPH ?g {{ ?s ?p ?o }} FILTER STRSTARTS(STR(?g), '{DOC}') }}")  # type: ignore[return-value]

    assert {tuple(row) for row in entries(plain)} == {tuple(row) for row in entries(store)}
