"""A new property touches the ontology, a shape and an entry, and nothing under src/: pages, forms and files follow.

Three invented properties stand for all: a date of a beginning, a link between entries, and a link from a part. No program
knows their names, so each of these tests fails where a list of properties comes back.
"""

import csv
import runpy
from contextlib import chdir
from pathlib import Path

import pytest

from justicegraph.build import Project
from justicegraph.jsonld import read_context, read_frames
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.rdf.nquads import write_sorted
from justicegraph.release.tables import write_tables
from justicegraph.suggest.intake import Intake
from tests.support.pages import Page, Visitor, visitor
from tests.support.project import HEAD, make_project, write_entity
from tests.support.turtle import read_turtle

ONTOLOGY = """
jg:launchedOn a owl:DatatypeProperty ; rdfs:label "launched on"@en, "fecha de lanzamiento"@es ;
    rdfs:comment "When the organization went to the public."@en ; skos:scopeNote "The first day."@en ;
    skos:example "5 March 2020."@en ; jg:counterExample "When it was founded."@en ; rdfs:domain jg:Organization ;
    rdfs:subPropertyOf jg:beganOn ; rdfs:isDefinedBy <https://w3id.org/justicegraph/ontology> .
jg:isAdvisedBy a owl:ObjectProperty ; rdfs:label "is advised by"@en, "quién lo asesora"@es ;
    jg:inverseLabel "Advises"@en, "Asesora a"@es ; rdfs:comment "Who advises the organization."@en ;
    skos:scopeNote "Without pay."@en ; skos:example "A lawyer."@en ; jg:counterExample "Who directs it."@en ;
    rdfs:domain jg:Organization ; rdfs:range jg:Agent ; rdfs:isDefinedBy <https://w3id.org/justicegraph/ontology> .
jg:isBroughtFrom a owl:ObjectProperty ; rdfs:label "is brought from"@en, "de dónde viene"@es ;
    jg:inverseLabel "Brought from here"@en, "Traídos de aquí"@es ; rdfs:comment "Where the person came from."@en ;
    skos:scopeNote "A facility."@en ; skos:example "A jail."@en ; jg:counterExample "A home."@en ;
    rdfs:domain jg:Custody ; rdfs:range jg:Location ; rdfs:isDefinedBy <https://w3id.org/justicegraph/ontology> .
"""
SHAPES = """
jgs:Organization sh:property jgs:Organization-launchedOn, jgs:Organization-isAdvisedBy .
jgs:Organization-launchedOn a sh:PropertyShape ; sh:path jg:launchedOn ; sh:group jgs:group-when ; sh:order 21 ;
    sh:maxCount 1 ; sh:node jgs:Date ; sh:message "Give one date on which the organization went to the public."@en .
jgs:Organization-isAdvisedBy a sh:PropertyShape ; sh:path jg:isAdvisedBy ; sh:group jgs:group-people ; sh:order 22 ;
    sh:class jg:Agent ; sh:message "Link who advises the organization."@en .
jgs:Custody sh:property jgs:Custody-isBroughtFrom .
jgs:Custody-isBroughtFrom a sh:PropertyShape ; sh:path jg:isBroughtFrom ; sh:order 20 ; sh:class jg:Location ;
    jg:clause "brought from {x}"@en, "procedente de {x}"@es ; sh:message "Link the facility before."@en .
"""
ENTRIES = {
    "organizations/invented-circle": """id:invented-circle a jg:Organization ; skos:prefLabel "Invented Circle"@en ;
        skos:definition "A circle that does not exist."@en ; jg:launchedOn "2020-03-05"^^xsd:date ;
        jg:isAdvisedBy id:invented-person ; jg:worksOn id:invented-cause ; jg:source id:invented-list .""",
    "places/invented-land": """id:invented-land a jg:Place ; skos:prefLabel "Invented Land"@en ; jg:level jgt:country ;
        skos:definition "A land that does not exist."@en ; jg:source id:invented-list .""",
    "facilities/invented-jail": """id:invented-jail a jg:Facility ; skos:prefLabel "Invented Jail"@en ;
        skos:definition "A jail that does not exist."@en ; jg:isLocatedIn id:invented-land ; jg:source id:invented-list .""",
    "people/invented-prisoner": """id:invented-prisoner a jg:Person ; skos:prefLabel "Invented Prisoner"@en ;
        skos:definition "Someone who does not exist."@en ; jg:source id:invented-list .
        id:invented-prisoner.custody-1 a jg:Custody ; jg:isCustodyOf id:invented-prisoner ; jg:position 1 ;
        jg:regime jgt:prison ; jg:isBroughtFrom id:invented-jail ; jg:source id:invented-list .""",
}
CIRCLE, PERSON, PRISONER, JAIL = (
    f"/doc/invented-{name}{{}}" for name in ("circle", "person", "prisoner", "jail")
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the new properties; its context is written anew, as by `make context`."""
    project = make_project(tmp_path_factory.mktemp("new") / "project")
    for name, turtle in (("ontology/new.ttl", ONTOLOGY), ("shapes/new.ttl", SHAPES)):
        path = project / name
        path.write_text(HEAD + turtle)
        path.write_text(canonical_turtle(read_turtle(path)))
    for name, turtle in ENTRIES.items():
        write_entity(project, name, turtle)
    with chdir(project):
        runpy.run_module("justicegraph.jsonld", run_name="__main__")
    return project


@pytest.fixture(scope="module")
def reader(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    place = tmp_path_factory.mktemp("served")
    return visitor(
        folder, place, frames=read_frames(folder), suggestions=Intake(folder, place / "intake" / "s.sqlite")
    )  # fmt: skip


def under(page: Page, heading: str) -> str:
    """Return the text that follows a heading of a page."""
    assert heading in page.headings, page.headings
    return page.text.partition(f" {heading} ")[2]


def test_the_project_has_no_findings(folder: Path) -> None:
    assert list(map(str, Project(folder).check())) == []


@pytest.mark.parametrize(
    ("end", "when", "said", "who", "by"),
    [
        ("", "When", "launched on 5 March 2020", "People and organizations", "is advised by"),
        ("?lang=es", "Cuándo", "fecha de lanzamiento 5 de marzo de 2020", "Personas y organizaciones",
         "quién lo asesora"),
    ],
)  # fmt: skip
def test_page_shows_it_under_its_heading(end: str, when: str, said: str, who: str, by: str, reader: Visitor) -> None:
    page = reader.page(CIRCLE.format(end))
    assert under(page, when).startswith(said)
    assert under(page, who).startswith(f"{by} Invented Person")


@pytest.mark.parametrize(("end", "heading"), [("", "Advises"), ("?lang=es", "Asesora a")])
def test_page_of_the_other_entry_reads_it_backwards(end: str, heading: str, reader: Visitor) -> None:
    assert under(reader.page(PERSON.format(end)), heading).startswith("Invented Circle")


@pytest.mark.parametrize(
    ("end", "clause", "heading"),
    [("", "prison, brought from Invented Jail", "Brought from here"),
     ("?lang=es", "prisión, procedente de Invented Jail", "Traídos de aquí")],
)  # fmt: skip
def test_part_is_told_with_its_clause(end: str, clause: str, heading: str, reader: Visitor) -> None:
    assert clause in reader.page(PRISONER.format(end)).text
    assert under(reader.page(JAIL.format(end)), heading).startswith("Invented Prisoner")


@pytest.mark.parametrize(
    ("end", "labels"),
    [("", ("launched on", "is advised by")), ("?lang=es", ("fecha de lanzamiento", "quién lo asesora"))],
)
def test_form_asks_for_it(end: str, labels: tuple[str, str], reader: Visitor) -> None:
    text = reader.get(f"/suggest/new/Organization{end}").text
    for name, label in zip(("launchedOn", "isAdvisedBy"), labels, strict=True):
        assert f'<label for="entry.jg-{name}.0">{label}' in text
    assert 'placeholder="2018-07-20"' in text.partition('name="entry.jg-launchedOn.0"')[2].partition(">")[0]


def test_json_ld_has_its_key(folder: Path, reader: Visitor) -> None:
    document = reader.get("/doc/invented-circle.jsonld").json
    assert document is not None
    assert document["launchedOn"] == "2020-03-05"
    assert [node["label"] for node in document["isAdvisedBy"]] == [{"en": "Invented Person"}]
    assert "isAdvisedBy" in read_frames(folder)["Organization"]


def test_search_files_the_entry_under_its_year(reader: Visitor) -> None:
    rows = list(csv.DictReader(reader.get("/browse.csv?year=2020").text.splitlines()))
    assert [row["id"].rpartition("/")[2] for row in rows] == ["invented-circle"]
    query = reader.get("/browse.rq?year=2020").text
    found = reader.get("/sparql", query_string={"query": query, "format": "csv"}).text
    assert "invented-circle" in found


def test_query_for_the_wider_property_finds_it(reader: Visitor) -> None:
    query = "SELECT ?when { <https://w3id.org/justicegraph/id/invented-circle> jg:beganOn ?when }"
    query = f"PREFIX jg: <https://w3id.org/justicegraph/ontology#> {query}"
    found = reader.get("/sparql", query_string={"query": query, "format": "csv"}).text
    assert found.split() == ["when", "2020-03-05"]


def test_table_of_a_release_has_its_columns(folder: Path, tmp_path: Path) -> None:
    project = load_folder(folder)
    store = store_of(project)
    reason(store, project.rules)
    with (tmp_path / "quads.nq").open("wb") as quads:
        write_sorted((f"{quad} .\n".encode() for quad in store), quads)
    write_tables(
        tmp_path / "quads.nq", tmp_path / "tables", read_context(folder), project.ontology, project.shapes
    )  # fmt: skip
    rows = csv.DictReader((tmp_path / "tables" / "organizations.csv").read_text().splitlines())
    circle = next(row for row in rows if row["label"] == "Invented Circle")
    assert (circle["launchedOn"], circle["isAdvisedBy"]) == ("2020-03-05", "Invented Person")
    assert circle["isAdvisedBy_id"] == "https://w3id.org/justicegraph/id/invented-person"
