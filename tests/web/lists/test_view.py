"""Lists: found by text, narrowed by facets that are plain links, all of it in the address, and the same as files."""

import csv
import io
import re
from functools import partial
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from pyld import jsonld
from pyoxigraph import Literal, NamedNode, Quad

from justicegraph.jsonld import read_context
from justicegraph.namespaces import CONTEXT, ID, JG, SKOS, TYPE, document_of
from justicegraph.project.folder import load_folder, store_of
from justicegraph.rdf.files import load_store
from justicegraph.sparql.evaluate import evaluate
from justicegraph.web import Site, create_app
from tests.support.pages import Visitor, visitor, visitor_of
from tests.support.project import ROOT, make_project, write_entity

PEOPLE = 120


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    place = tmp_path_factory.mktemp("lists")
    folder = make_project(place / "project")
    for number in range(PEOPLE):
        write_entity(folder, f"people/member-{number}", f"""id:member-{number} a jg:Person ;
            skos:prefLabel "Member {number:03}"@en ; skos:definition "Invented."@en ;
            jg:isMemberOf id:invented-group ; jg:source id:invented-list .""")  # fmt: skip
    return visitor(folder, place)


@pytest.fixture(scope="module")
def own(own_quads: Path, tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """A visitor of our own graph."""
    return visitor_of(load_store([own_quads]), ROOT, tmp_path_factory.mktemp("own-lists"))


def asked(**parameters: str | list[str]) -> str:
    """Return the end of an address."""
    return urlencode(parameters, doseq=True)


def test_facets_are_links_with_counts(reader: Visitor) -> None:
    page = reader.page("/browse")
    assert page.links["organization"] == "/browse/Organization"
    assert "prisoner 1" in page.text
    assert f"person {PEOPLE + 1}" in page.text
    assert 'href="/browse?source=invented-list"' in page.source
    assert page.links["1990s"] == "/browse?year=1990s"


def test_what_was_chosen_can_be_taken_away(reader: Visitor) -> None:
    page = reader.page("/browse/Organization?" + asked(cause="invented-cause", q="group", sort="name"))
    chosen = page.source.partition('<ul class="chosen"')[2].partition("</ul>")[0]
    assert 'href="/browse?q=group&amp;cause=invented-cause&amp;sort=name"' in chosen
    assert 'href="/browse/Organization?q=group&amp;sort=name"' in chosen
    assert "1 entry" in page.text


def test_two_values_of_a_facet_mean_either(reader: Visitor) -> None:
    page = reader.page("/browse?" + asked(kind=["Organization", "Campaign"]))
    assert "2 entries" in page.text
    assert page.headings[0] == "Campaigns, organizations"


def test_facet_that_is_empty_in_the_address_narrows_nothing(reader: Visitor) -> None:
    assert "1 entry" in reader.page("/browse/Organization?cause=&place=").text


@pytest.mark.parametrize("start", [asked(place="united-states"), asked(year="2010s"), asked(cause="mass-incarceration"),
                                   asked(kind="Organization"), asked(status="prison", q="prison")])  # fmt: skip
def test_link_of_a_facet_leads_to_as_many_entries_as_it_says(own: Visitor, start: str) -> None:
    aside = own.page(f"/browse?{start}").source.partition('<aside id="narrow"')[2]
    links = re.findall(r'<a href="([^"]+)" rel="nofollow"[^>]*>[^<]*</a> <span class="number">([\d,]+)<', aside)
    assert len(links) > 20
    for address, count in links[::4]:
        assert re.search(rf"\b{count} entr(y|ies)|\d of {count}\b", own.page(unescape(address)).text), address


def test_facet_says_that_it_has_more_values_than_it_shows(own: Visitor) -> None:
    aside = own.page("/browse?lang=es").source.partition('<aside id="narrow"')[2]
    facets = aside.split("<h2>")[1:]
    more = [facet.partition("<")[0] for facet in facets if "Hay más de los que se muestran aquí." in facet]
    assert more == ["Fuente"]


@pytest.mark.parametrize("path", ["/browse", "/browse/Organization"])
def test_slash_at_the_end_leads_to_the_same_list(path: str, reader: Visitor) -> None:
    assert reader.page(f"{path}/").headings == reader.page(path).headings


def test_pages_follow_one_another(reader: Visitor) -> None:
    first = reader.page("/browse/Person")
    assert f"1\u201350 of {PEOPLE + 1}" in first.text
    second = reader.page(first.links["Next page"])
    assert "Member 050" in second.text
    assert second.links["Previous page"] == "/browse/Person"
    last = reader.page(second.links["Next page"])
    assert f"101\u2013{PEOPLE + 1} of {PEOPLE + 1}" in last.text
    assert "Next page" not in last.links


def test_page_beyond_the_end_leads_to_the_first(reader: Visitor) -> None:
    assert reader.get("/browse/Person?page=99").location == "/browse/Person"


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        ("page=0", "`page` must be"), ("page=x", "`page` must be"), ("page=9999999999", "`page` must be"),
        ("sort=colour", "There is no order"), ("cause=%3E%7D", "is not a value of a facet"), ("q=" + "a" * 500, "500 char"),
        ("cause=&cause=%3E%7D", "is not a value of a facet"),
        ("&".join(f"cause=c{number}" for number in range(30)), "values are chosen"), ("page=9999", "narrow the search"),
    ],
)  # fmt: skip
def test_what_cannot_be_listed_is_one_sentence(reader: Visitor, end: str, sentence: str) -> None:
    response = reader.get(f"/browse?{end}")
    assert response.status_code == 400
    assert sentence in response.text


def test_unknown_kinds_and_forms_are_not_there(reader: Visitor) -> None:
    for path in ("/browse/Nothing", "/browse/Nothing.csv", "/browse.pdf", "/browse/Person.pdf", "/browse/<b>"):
        assert reader.get(path).status_code == 404
    assert reader.get("/browse/Nothing").text.count("Page not found") == 2  # title and heading


def test_slip_of_the_pen_is_forgiven(reader: Visitor) -> None:
    page = reader.page("/browse?q=Invetned+Gruop")
    assert page.links["Invented Group"] == "/doc/invented-group"
    assert page.links["invented group"] == "/browse?q=invented+group"


def test_what_would_find_nothing_either_is_not_offered(own: Visitor) -> None:
    assert "Did you mean" not in own.page("/browse?q=Edward+Snowdon").text
    assert "Did you mean" in own.page("/browse?q=Sigelman").text


def test_empty_answer_helps_on(reader: Visitor) -> None:
    page = reader.page("/browse/Campaign?q=zzzzqqqq")
    assert "Nothing was found." in page.text
    assert "/browse?q=zzzzqqqq" in page.links.values()  # in all kinds


def test_state_of_the_list_is_in_its_address(reader: Visitor) -> None:
    page = reader.page("/browse/Person?q=member&page=2&lang=es")
    assert '<html lang="es">' in page.source
    assert page.links["CSV"] == "/browse/Person.csv?q=member&lang=es"
    sorting = [link for link in page.links.values() if "sort=name" in link]
    assert sorting == ["/browse/Person?q=member&sort=name&lang=es"]


def test_list_is_the_same_as_csv(reader: Visitor) -> None:
    response = reader.get("/browse/Person.csv?q=member")
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert len(rows) == PEOPLE
    assert (rows[0]["id"], rows[0]["kind"]) == (ID + "member-0", "Person")
    held = next(csv.DictReader(io.StringIO(reader.get("/browse/Prisoner.csv").text)))
    assert (held["name"], held["status"], held["status_as_of"]) == ("Invented Person", "prison", "2010-05")


def test_file_has_all_of_a_long_list(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project")
    store = store_of(load_folder(folder))
    for number in range(1_100):
        one, graph = NamedNode(f"{ID}member-{number}"), NamedNode(document_of(f"member-{number}"))
        for predicate, value in ((TYPE, NamedNode(JG + "Entity")), (TYPE, NamedNode(JG + "Person")),
                            (SKOS + "prefLabel", Literal(f"Member {number}", language="en"))):  # fmt: skip
            store.add(Quad(one, NamedNode(predicate), value, graph))
    response = visitor_of(store, folder, tmp_path).get("/browse/Person.csv?q=member")
    assert len({row["id"] for row in csv.DictReader(io.StringIO(response.text))}) == 1_100


def test_no_cell_begins_like_a_formula(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project")
    write_entity(folder, "people/sly", """id:sly a jg:Person ; skos:prefLabel "Sly"@en ;
        skos:definition "=1+1"@en ; jg:source id:invented-list .""")  # fmt: skip
    (row,) = csv.DictReader(io.StringIO(visitor(folder, tmp_path).get("/browse.csv?q=sly").text))
    assert row["definition"] == "'=1+1"


def test_list_is_the_same_as_json_ld(reader: Visitor) -> None:
    document = reader.get("/browse/Organization.jsonld").get_json(force=True)
    assert document.pop("@context") == CONTEXT
    graph = jsonld.expand({"@context": read_context(ROOT), **document})
    assert [node["@id"] for node in graph] == [ID + "invented-group"]
    assert graph[0][SKOS + "prefLabel"] == [{"@language": "en", "@value": "Invented Group"}]


@pytest.mark.parametrize(
    "end",
    [
        asked(), asked(kind="Organization"), asked(kind="Prisoner"), asked(kind=["Campaign", "Law"]),
        asked(cause="mass-incarceration"), asked(cause="death-penalty", kind="Organization"), asked(place="united-states"),
        asked(place="alabama", kind="Person"), asked(status="prison"), asked(status=["endedOn", "dissolvedOn"]),
        asked(source="cji-petitions-and-campaigns"), asked(year="1990s"), asked(year=["1970s", "2018"]), asked(q="prison"),
        asked(q="prison strike"), asked(q='"death penalty"'), asked(q="the right", cause="death-penalty"),
        asked(q="alabama", kind="Campaign", source="cji-petitions-and-campaigns"),
    ],
)  # fmt: skip
def test_sparql_finds_what_the_index_finds(own: Visitor, end: str) -> None:
    found = {row["id"] for row in csv.DictReader(io.StringIO(own.get(f"/browse.csv?{end}").text))}
    query = own.get(f"/browse.rq?{end}").text
    answer = own.get("/sparql", query_string={"query": query, "format": "csv"})
    assert answer.status_code == 200, query
    assert {row["entry"] for row in csv.DictReader(io.StringIO(answer.text))} == found
    assert found


def test_list_leads_to_its_question(own: Visitor) -> None:
    page = own.page("/browse/Campaign?lang=es")
    link = urlsplit(page.links["SPARQL"])
    assert link.path == "/query"
    assert parse_qs(link.query)["query"] == [own.get("/browse/Campaign.rq").text]


def test_names_begun_are_completed(reader: Visitor) -> None:
    entries = reader.get("/complete?q=invented+gr").json
    assert entries == [{"id": ID + "invented-group", "name": "Invented Group", "kind": "organization"}]


def test_without_an_index_entries_are_listed_by_name(own_quads: Path) -> None:
    run_query = partial(evaluate, load_store([own_quads]), union=True)
    reader = Visitor(create_app(Site(run_query, read_context(ROOT))))
    first = reader.page("/browse?lang=es")
    assert "lang=es" in first.links["Página siguiente"]
    assert reader.page(first.links["Página siguiente"]).headings == first.headings
    assert reader.get("/browse/Nothing").status_code == 404
