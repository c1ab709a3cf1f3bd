"""Pages and documents: an id leads to its document in the form that is asked for, and pages need no script."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape
from pyoxigraph import RdfFormat, Triple, parse
from werkzeug.test import Client, TestResponse

from justicegraph.build import build_snapshot
from justicegraph.jsonld import read_context
from justicegraph.namespaces import HOME, JG, RDFS, SKOS, TYPE, short
from justicegraph.project.folder import load_folder, store_of
from justicegraph.rdf.schema import facts_of
from justicegraph.sparql.evaluate import evaluate
from justicegraph.web import Site, create_app
from justicegraph.web.paths import local_address
from tests.support.project import ROOT, app_of_snapshot

VOID = {"meta", "link", "br", "input", "img", "hr"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FORMATS = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "rdf": RdfFormat.RDF_XML, "jsonld": RdfFormat.JSON_LD}


class Whole(Client):
    """A client that reads each answer to its end, and closes it."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        return super().open(*args, **options, buffered=True)


class Page(HTMLParser):
    """A page as checked: well nested, every id once, every address in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open_tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.feed(text)
        assert self.open_tags == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append(tag)
        self.ids += [attributes["id"]] if attributes.get("id") else []  # type: ignore[list-item]
        self.links += [attributes[name] or "" for name in ("href", "src", "action") if name in attributes]
        if tag not in VOID:
            self.open_tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open_tags.pop() == tag


@pytest.fixture(scope="module")
def client(shared_project: Path) -> Iterator[Client]:
    snapshot = build_snapshot(shared_project, shared_project / "build")
    return Whole(app_of_snapshot(snapshot, shared_project))  # type: ignore[return-value]


def triples_of(response: TestResponse, name: str) -> set[Triple]:
    return {quad.triple for quad in parse(response.data, format=FORMATS[name])}


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (BROWSER["Accept"], "text/html"),
        ("", "text/html"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("text/turtle", "text/turtle"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("text/html;q=0.3, text/turtle;q=0.4", "text/turtle"),
    ],
)
def test_id_leads_to_the_document_in_the_accepted_form(accept: str, kind: str, client: Client) -> None:
    see = client.get("/id/invented-person", headers={"Accept": accept})
    assert (see.status_code, see.headers["Location"]) == (303, "/doc/invented-person")
    response = client.get(see.headers["Location"], headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, kind)
    assert "Accept" in response.headers["Vary"].split(", ")
    assert response.headers["Content-Location"].startswith("/doc/invented-person.")


@pytest.mark.parametrize("name", FORMATS)
def test_every_form_says_the_same(name: str, client: Client) -> None:
    expected = triples_of(client.get("/doc/invented-person.nt"), "nt")
    assert triples_of(client.get(f"/doc/invented-person.{name}"), name) == expected
    assert len(expected) > 50


@pytest.mark.parametrize("path", ["/ontology", "/terms", "/shapes"])
def test_vocabulary_comes_in_every_form(path: str, client: Client) -> None:
    expected = triples_of(client.get(f"{path}.nt"), "nt")
    for name in FORMATS:
        assert triples_of(client.get(f"{path}.{name}"), name) == expected
    assert client.get(path, headers=BROWSER).mimetype == "text/html"
    assert client.get(path, headers={"Accept": "text/turtle"}).mimetype == "text/turtle"


def test_part_leads_into_its_owners_document(client: Client) -> None:
    for part in ("custody-2", "status"):
        location = client.get(f"/id/invented-person.{part}").headers["Location"]
        assert location == f"/doc/invented-person#invented-person.{part}"
        assert location.partition("#")[2] in Page(client.get("/doc/invented-person", headers=BROWSER).text).ids


def test_renamed_entry_leads_to_the_new_id(client: Client) -> None:
    answers = [
        client.get(path) for path in ("/id/invented-misspelt", "/doc/invented-misspelt", "/doc/invented-misspelt.ttl")
    ]
    assert [(each.status_code, each.headers["Location"]) for each in answers] == [
        (308, "/id/invented-group"),
        (308, "/doc/invented-group"),
        (308, "/doc/invented-group.ttl"),
    ]


@pytest.mark.parametrize(
    "path",
    ["/id/nobody", "/id/nobody.custody-1", "/id/Invented", "/id/a..b", "/id/x%00", "/doc/nobody", "/doc/nobody.ttl",
     "/doc/invented-person.exe", "/doc/invented-person.", "/browse/Nothing", "/browse/a%3Eb", "/data/manifest.json", "/data/..%2Fmanifest.json", "/nope"],
)  # fmt: skip
def test_unknown_address_is_said_to_people_and_programs(path: str, client: Client) -> None:
    page, plain = client.get(path, headers=BROWSER), client.get(path)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert (plain.status_code, plain.mimetype) == (404, "application/problem+json")
    assert json.loads(plain.data)["status"] == 404


def test_document_in_no_known_form_is_refused(client: Client) -> None:
    response = client.get("/doc/invented-person", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "Use one of: text/html, application/ld+json" in response.text


PAGES = ["/", "/shapes", "/browse/Organization", "/browse/Prisoner", "/browse/Cause", "/doc/invented-person", "/doc/invented-group",
         "/doc/invented-list", "/ontology", "/terms", "/query", "/query?query=SELECT+*+%7B%3Fs+%3Fp+%3Fo%7D+LIMIT+5",
         "/query?query=ASK%7B%7D", "/query?query=DESCRIBE+%3Chttps://w3id.org/justicegraph/id/invented-group%3E", "/nope"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_page_is_well_formed_and_its_links_lead_somewhere(path: str, client: Client) -> None:
    response = client.get(path, headers=BROWSER)
    page = Page(response.text)
    assert len(page.ids) == len(set(page.ids))
    assert page.tags.count("h1") == 1
    named = len(re.findall(r'<script type="module" src="/static/[^"]+" nonce="[^"]+"></script>', response.text))
    assert page.tags.count("script") == response.text.count('<script type="application/ld+json">') + named
    own = f"{path}{'&' if '?' in path else '?'}lang="
    for link in {link.partition("#")[0] for link in page.links if link.startswith("/") and not link.startswith(own)}:
        assert client.get(link, headers=BROWSER).status_code in {200, 303}, link
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_entity_page_says_it_in_words(client: Client) -> None:
    text = client.get("/doc/invented-person", headers=BROWSER).text
    for expected in (
        "Invented Person",
        "Status",
        "prison",
        "as of",
        "May 2010",
        "An invented list",
        "That it was someone else.",
    ):
        assert expected in text
    assert "Linked from" in text
    assert 'href="/doc/free-invented-person"' in text
    assert "jg:regime" not in text


def test_text_of_a_query_is_shown_and_never_run(client: Client) -> None:
    response = client.get("/query", query_string={"query": "<script>alert(1)</script>"})
    assert response.status_code == 400
    assert "<script>" not in response.text
    assert "&lt;script&gt;" in response.text


def test_answer_is_shown_up_to_a_number_of_rows_and_can_be_downloaded(client: Client) -> None:
    query = "SELECT * { ?s ?p ?o }"
    text = client.get("/query", query_string={"query": query}).text
    assert "first 500 shown" in text
    assert "/sparql?query=SELECT" in text
    sent_on = client.get("/query", query_string={"query": query, "format": "csv"})
    assert (sent_on.status_code, client.get(sent_on.headers["Location"]).mimetype) == (303, "text/csv")


def test_context_is_served(client: Client) -> None:
    response = client.get("/context/v1")
    assert response.mimetype == "application/ld+json"
    assert json.loads(response.data)["@context"]["label"]["@id"] == "skos:prefLabel"


def test_dumps_say_the_same_and_can_be_asked_again_for_nothing(client: Client) -> None:
    quads = {quad.triple for quad in parse(client.get("/data/justicegraph.nq").data, format=RdfFormat.N_QUADS)}
    assert triples_of(client.get("/data/justicegraph.ttl"), "ttl") == quads
    first = client.get("/data/justicegraph.jsonld")
    assert triples_of(first, "jsonld") == quads
    assert client.get("/data/justicegraph.jsonld", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    part = client.get("/data/justicegraph.nq", headers={"Range": "bytes=0-9"})
    assert (part.status_code, len(part.data)) == (206, 10)


def test_pages_change_nothing_and_take_no_bodies(client: Client) -> None:
    assert client.post("/doc/invented-person").status_code == 405
    assert client.delete("/id/invented-person").status_code == 405
    assert client.put("/data/justicegraph.nq", data=b"x").status_code == 405


@pytest.mark.parametrize(
    "iri", ["javascript:alert(1)", "data:text/html,x", "JAVASCRIPT:alert(1)", "file:///etc/passwd"]
)
def test_address_that_a_browser_would_run_is_no_link(iri: str) -> None:
    assert local_address(iri) == ""


def test_parameters_of_the_form_are_read_strictly(client: Client) -> None:
    assert client.get("/query?query=%FF").status_code == 400


def test_range_behind_the_end_is_said(client: Client) -> None:
    response = client.get("/data/justicegraph.nq", headers={"Range": "bytes=99999999-"})
    assert (response.status_code, response.mimetype) == (416, "application/problem+json")


def test_dump_names_its_encoding_once(client: Client) -> None:
    assert client.get("/data/justicegraph.ttl").headers["Content-Type"] == "text/turtle; charset=utf-8"


def test_ontology_page_keeps_step_with_the_ontology(client: Client) -> None:
    page, facts_by_iri = client.get("/ontology", headers=BROWSER).text, facts_of(load_folder(ROOT).ontology)
    ids = set(Page(page).ids)
    for iri in (iri for iri in list(facts_by_iri) if iri.startswith(JG)):
        facts = facts_by_iri[iri]
        kinds = {kind.rpartition("#")[2] for kind in facts[TYPE]}
        assert kinds & {"Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty"}
        assert iri.removeprefix(JG) in ids
        for text in (
            *facts[RDFS + "comment"],
            *facts[SKOS + "scopeNote"],
            *facts[SKOS + "example"],
            *facts[JG + "counterExample"],
        ):
            assert escape(text) in page
        for wider in (*facts[RDFS + "subClassOf"], *facts[RDFS + "subPropertyOf"]):
            assert short(wider) in page
    for note in facts_by_iri[HOME + "ontology"][SKOS + "changeNote"]:
        assert escape(note) in page
    assert "An invented example" in page
    assert "<svg" in page


def test_every_question_stands_on_the_ontology_page(shared_project: Path) -> None:
    site = Site(
        lambda question: evaluate(store_of(load_folder(ROOT)), question, union=True),
        read_context(ROOT),
        question_files=ROOT / "queries",
    )
    page = Whole(create_app(site)).get("/ontology", headers=BROWSER).text
    titles = [path.read_text().partition("\n")[0].lstrip("# ") for path in (ROOT / "queries").glob("*.rq")]
    assert [title for title in titles if str(escape(title)) not in page] == []


def test_version_of_the_ontology_and_named_graphs_lead_somewhere(client: Client) -> None:
    assert client.get("/ontology/0.1.0", headers={"Accept": "text/turtle"}).mimetype == "text/turtle"
    assert client.get("/ontology/9.9.9").status_code == 404
    assert [
        client.get(f"/graph/{name}").status_code for name in ("ontology", "shapes", "derived", "mappings", "x")
    ] == [
        303,
        303,
        303,
        303,
        404,
    ]
