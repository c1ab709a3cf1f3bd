"""The schema.org block of a page has only what the graph has, in that vocabulary."""

import json
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from shutil import copytree
from typing import Any

import pytest
from flask import Flask
from pyld import jsonld
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse

from justicegraph.entity.named import facts_of
from justicegraph.jsonld import read_context
from justicegraph.namespaces import DOC, ID, RDFS, SKOS, TYPE, document_of
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.mappings import record
from justicegraph.project.reason import reason
from justicegraph.project.sssom import MATCHES, NOT, SAME_AS, SEMAPV, Decision
from justicegraph.sparql.evaluate import evaluate
from justicegraph.sparql.query import Query, Result
from justicegraph.web import Site, create_app
from justicegraph.web.schema_org import SCHEMA, schema_org
from tests.support.project import ROOT, write_entity

EXAMPLES = ROOT / "ontology" / "examples"
BREAKOUT = "</script><script>alert(1)</script><!-- & <script>"
MORE = {
    "invented-breakout": f"""a jg:Person ; skos:prefLabel "{BREAKOUT}"@en ; skos:definition "{BREAKOUT}\u2028\u2029"@en ;
        jg:source id:invented-list .
        id:invented-breakout.claim-1 a jg:Claim ; jg:about id:invented-breakout ; jg:claimant id:invented-list ;
        jg:stance jgt:asserts ; jg:claimedProperty jg:bornOn ; jg:claimedValue "1971"^^xsd:gYear ;
        jg:says "Born in 1971."@en ; jg:source id:invented-list .""",
    "invented-translator": """a jg:Person ; skos:prefLabel "Invented Translator"@en, "Traductrice inventée"@fr ;
        skos:altLabel "I. T."@en ; skos:definition "Someone who does not exist."@en ; jg:bornOn "1970-05"^^xsd:gYearMonth ;
        jg:website <https://translator.invented.example/> ; jg:source id:invented-list .""",
}
LINKS = {key: {"@type": "@id"} for key in ("url", "sameAs", "mainEntityOfPage")}
RENAMED = "jg:RenamedEntity"
ITEM = "http://www.wikidata.org/entity/Q90000000"
FOUND, BY_MACHINE = "https://elsewhere.example/found", SEMAPV + "CompositeMatching"
SLUGS = sorted({path.stem for path in EXAMPLES.glob("invented-*.ttl") if RENAMED not in path.read_text()} | MORE.keys())
LABELS = {SKOS + "prefLabel", RDFS + "label"}


class Scripts(HTMLParser):
    """The scripts of a page: the type and the text of each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._type: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._type = dict(attrs).get("type") or "" if tag == "script" else None

    def handle_data(self, data: str) -> None:
        if self._type is not None:
            self.found.append((self._type, data))

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  # whatever ends, no script is open then
        self._type = None


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The examples of the ontology with what is derived from them, and some more entries."""
    project = tmp_path_factory.mktemp("schema-org")
    for name in ("ontology", "shapes"):
        copytree(ROOT / name, project / name)
    copytree(EXAMPLES, project / "graph")
    for slug, turtle in MORE.items():
        write_entity(project, slug, f"id:{slug} {turtle}")
    by: dict[str, Any] = {"author_label": "Nobody", "mapping_date": "2001-02-03"}
    scholar, cause = ID + "invented-scholar", ID + "invented-fair-trials"
    matched = [
        Decision(subject_id=scholar, predicate_id=SAME_AS, object_id=f"{ITEM}1", **by),
        Decision(subject_id=cause, predicate_id=MATCHES[1], object_id=f"{ITEM}2", **by),
        Decision(subject_id=scholar, predicate_id=SAME_AS, object_id=FOUND, mapping_justification=BY_MACHINE, **by),
        Decision(subject_id=cause, predicate_id=MATCHES[0], object_id=FOUND, mapping_justification=BY_MACHINE, **by),
    ]
    refused = [Decision(subject_id=scholar, predicate_id=SAME_AS, predicate_modifier=NOT, object_id=f"{ITEM}3", **by)]
    record(project, [*matched, *refused])
    folder = load_folder(project)
    found = store_of(folder)
    reason(found, folder.rules)
    return found


@pytest.fixture(scope="module")
def asked() -> list[Query]:
    """What the application has asked."""
    return []


@pytest.fixture(scope="module")
def app(store: Store, asked: list[Query]) -> Flask:
    def run_query(question: Query) -> Result:
        asked.append(question)
        return evaluate(store, question, union=True)

    return create_app(Site(run_query, read_context(ROOT)))


def page_of(app: Flask, slug: str) -> str:
    response = app.test_client().get(f"/doc/{slug}", headers={"Accept": "text/html"})
    assert response.status_code == 200
    return response.text


def block_of_page(app: Flask, slug: str) -> dict[str, Any]:
    """Return what the one block of a page says."""
    [(kind, text)] = Scripts(page_of(app, slug)).found
    assert kind == "application/ld+json"
    return dict(json.loads(text))


def triples_of(node: dict[str, Any]) -> Iterator[Triple]:
    """Return what pyld reads in a node, with a stand-in for schema.org's own context."""

    def load(address: str, _: object) -> dict[str, Any]:
        assert address == "https://schema.org"
        return {"document": {"@context": {"@vocab": SCHEMA, **LINKS}}, "documentUrl": address, "contextUrl": None}

    quads = jsonld.to_rdf(node, {"documentLoader": load, "format": "application/n-quads"})
    return (quad.triple for quad in parse(quads, format=RdfFormat.N_QUADS))


def plain(triple: Triple, predicate: str) -> tuple[str, str, str, str]:
    """Return a triple without the datatype, and without the language where that is English."""
    subject, _, value = triple
    assert isinstance(subject, NamedNode)
    assert isinstance(value, NamedNode | Literal)
    language = (value.language or "") if isinstance(value, Literal) else "@id"
    return subject.value, predicate, value.value, "" if language == "en" else language


def in_graph(store: Store) -> Iterator[tuple[str, str, str, str]]:
    """Yield what the graph says in the words of schema.org, and its labels as names."""
    for quad in store:
        name = quad.predicate.value
        if name in LABELS:
            yield plain(quad.triple, SCHEMA + "name")
        elif name.startswith(SCHEMA) or (name == TYPE and isinstance(quad.object, NamedNode)):
            yield plain(quad.triple, name)


def about_the_page(slug: str) -> set[tuple[str, str, str, str]]:
    """Return what the block says without the graph: where the entry is found, and that it is a thing."""
    pairs = (("url", ID + slug), ("mainEntityOfPage", document_of(slug)))
    return {(ID + slug, SCHEMA + key, value, "@id") for key, value in pairs} | {
        (ID + slug, TYPE, SCHEMA + "Thing", "@id")
    }


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("invented-scholar", "Person"),
        ("invented-alliance", "Organization"),
        ("invented-gazette", ["NewsMediaOrganization", "Organization"]),
        ("free-the-invented-scholar", "Project"),
        ("invented-city", "Place"),
        ("invented-prison", ["CivicStructure", "Place"]),
        ("invented-arrests-2001", "Event"),
        ("invented-report-2011", "CreativeWork"),
        ("invented-fair-trials", "Thing"),
    ],
)
def test_entry_has_the_classes_that_the_ontology_gives_it_in_schema_org(
    slug: str, expected: object, app: Flask
) -> None:
    block = block_of_page(app, slug)
    assert (block["@context"], block["@type"], block["@id"]) == ("https://schema.org", expected, ID + slug)


@pytest.mark.parametrize("slug", SLUGS)
def test_block_says_all_that_the_graph_says_of_the_entry_in_these_words_and_no_more(
    slug: str, app: Flask, store: Store
) -> None:
    graph = set(in_graph(store))
    block = {plain(triple, triple.predicate.value) for triple in triples_of(block_of_page(app, slug))}
    of_entry = {triple for triple in graph if triple[0] == ID + slug}
    own = {triple for triple in of_entry if (triple[2] if triple[1] == TYPE else triple[1]).startswith(SCHEMA)}
    assert own <= block <= graph | about_the_page(slug)
    assert {predicate for _, predicate, _, _ in block if not predicate.startswith(SCHEMA)} == {TYPE}


def test_entry_is_the_same_as_what_was_matched_exactly_and_nothing_else(app: Flask) -> None:
    assert block_of_page(app, "invented-scholar")["sameAs"] == f"{ITEM}1"
    assert "sameAs" not in block_of_page(app, "invented-fair-trials")


def test_what_a_machine_matched_is_the_same_nowhere_until_it_is_reviewed(app: Flask, store: Store) -> None:
    block = {(quad.subject, quad.predicate.value) for quad in store.quads_for_pattern(None, None, NamedNode(FOUND))}
    both = (NamedNode(ID + slug) for slug in ("invented-scholar", "invented-fair-trials"))
    assert block == {(entry, RDFS + "seeAlso") for entry in both}
    assert FOUND not in str(block_of_page(app, "invented-scholar"))
    assert page_of(app, "invented-scholar").count(f'<a href="{FOUND}"') == 1
    document = app.test_client().get("/doc/invented-scholar.jsonld").json or {}
    assert (FOUND in document["sameAs"], FOUND in str(document)) == (False, True)


def test_page_leads_to_what_was_matched(app: Flask) -> None:
    assert page_of(app, "invented-scholar").count(f'<a href="{ITEM}1"') == 1
    assert f"{ITEM}3" not in page_of(app, "invented-scholar")
    assert page_of(app, "invented-fair-trials").count(f'<a href="{ITEM}2"') == 1


def test_document_has_the_link_under_a_key(app: Flask) -> None:
    documents = [
        app.test_client().get(f"/doc/{slug}.jsonld").json for slug in ("invented-scholar", "invented-fair-trials")
    ]
    assert [(document or {}).get("sameAs") for document in documents] == [[f"{ITEM}1"], None]


def test_event_tells_when_and_where(app: Flask) -> None:
    block = block_of_page(app, "invented-exhibition-2011")
    assert (block["startDate"], block["endDate"]) == ("2011-04-01", "2011-06")
    assert block["location"] == {"@id": ID + "invented-city", "name": "Invented City"}


def test_language_is_told_where_it_is_not_english_and_the_order_is_the_same_each_time(app: Flask) -> None:
    assert list(block_of_page(app, "invented-translator").items()) == [
        ("@context", "https://schema.org"),
        ("@type", "Person"),
        ("@id", ID + "invented-translator"),
        ("name", ["Invented Translator", {"@value": "Traductrice inventée", "@language": "fr"}]),
        ("alternateName", "I. T."),
        ("description", "Someone who does not exist."),
        ("url", [ID + "invented-translator", "https://translator.invented.example/"]),
        ("birthDate", "1970-05"),
        ("mainEntityOfPage", DOC + "invented-translator"),
    ]


def test_no_text_ends_the_block(app: Flask) -> None:
    page = page_of(app, "invented-breakout")
    [(_, text)] = Scripts(page).found
    assert [char for char in "<>&\u2028\u2029" if char in text] == []
    assert (json.loads(text)["name"], json.loads(text)["description"]) == (BREAKOUT, f"{BREAKOUT}\u2028\u2029")
    assert (page.count("<script"), page.count("</script"), page.count("<!--")) == (1, 1, 0)


def test_claim_is_no_fact(app: Flask) -> None:
    block = block_of_page(app, "invented-breakout")
    assert set(block) == {"@context", "@type", "@id", "name", "description", "url", "mainEntityOfPage"}
    assert "1971" in page_of(app, "invented-breakout")


def test_policy_still_runs_no_script(app: Flask) -> None:
    policy = app.test_client().get("/doc/invented-city").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_page_asks_one_question(app: Flask, asked: list[Query]) -> None:
    asked.clear()
    page_of(app, "invented-scholar")
    assert len(asked) == 1


def test_words_of_schema_org_are_told_only_where_they_are_asked_for(store: Store) -> None:
    found = facts_of(partial(evaluate, store, union=True), "invented-city")
    assert [row for row in found if SCHEMA in row["property"] + row["value"]] == []
    assert "Invented City" in [row["value"] for row in found]


def test_part_says_nothing_of_its_owner() -> None:
    row = {"subject": ID + "invented.custody-1", "property": SCHEMA + "name", "value": "x", "value.type": "literal"}
    assert "name" not in schema_org(ID + "invented", DOC + "invented", [row])
