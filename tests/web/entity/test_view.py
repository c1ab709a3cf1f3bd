"""The page of an entry: in the order in which it is read, each fact with its source, in the reader's language."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from justicegraph.entity.read import entity_view
from justicegraph.namespaces import ID, JG, RDFS, SKOS, TYPE, document_of
from justicegraph.project.folder import load_folder, store_of
from justicegraph.rdf.schema import facts_of, read_schema, wider_classes
from tests.support.pages import Page, Visitor, visitor, visitor_of
from tests.support.project import ROOT, make_project, write_entity

MORE = {
    "campaigns/invented-strike": """id:invented-strike a jg:Campaign ; skos:prefLabel "Invented Strike"@en ,
            "Huelga inventada"@es ; skos:definition "A strike that never was."@en ; jg:isDirectedAt id:invented-group ;
        jg:startedOn "2001-02"^^xsd:gYearMonth ; jg:endedOn "2002"^^xsd:gYear ; jg:source id:invented-list .
        id:invented-strike.demand-2 a jg:Demand ; jg:isDemandOf id:invented-strike ; jg:position 2 ;
        jg:asksFor "Second thing."@en ; jg:concerns id:invented-cause ; jg:source id:invented-list .
        id:invented-strike.demand-10 a jg:Demand ; jg:isDemandOf id:invented-strike ; jg:position 10 ;
        jg:asksFor "Tenth thing."@en ; jg:source id:invented-list .
        id:invented-strike.demand-1 a jg:Demand ; jg:isDemandOf id:invented-strike ; jg:position 1 ;
        jg:asksFor "First thing."@en ; jg:source id:invented-list .
        id:invented-strike.mention-1 a jg:Mention ; jg:mentions id:invented-strike.demand-1 ;
        jg:inSource id:invented-list ; jg:exact "First"@en ; jg:firstLine 5 ; jg:lastLine 5 .
        id:invented-strike.mention-2 a jg:Mention ; jg:mentions id:invented-strike ;
        jg:inSource id:invented-list ; jg:exact "strike"@en ; jg:firstLine 2 ; jg:lastLine 2 .
        id:invented-strike.statistic-1 a jg:Statistic ; jg:isFigureOf id:invented-strike ; jg:precision jgt:about ;
        jg:value 1500 ; jg:unit "people" ; jg:measures "people who took part"@en ; jg:source id:invented-list .""",
    "people/only-elsewhere": """id:only-elsewhere a jg:Person ; skos:prefLabel "Nimi"@fi ;
        skos:definition "Keksitty."@fi ; jg:isMemberOf id:invented-group ; jg:source id:invented-list .""",
    "causes/narrower-cause": """id:narrower-cause a jg:Cause ; skos:prefLabel "narrower cause"@en ;
        skos:definition "Invented."@en ; skos:broader id:invented-cause ; skos:inScheme id:causes .""",
}
HOSTILE = "</title><script>alert(1)</script>\"' onload=\u202eevil {{ 7 * 7 }} %(x)s"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    place = tmp_path_factory.mktemp("pages")
    folder = make_project(place / "project")
    for name, turtle in MORE.items():
        write_entity(folder, name, turtle)
    return visitor(folder, place)


@pytest.fixture(scope="module")
def person(reader: Visitor) -> Page:
    return reader.page("/doc/invented-person")


@pytest.fixture(scope="module")
def strike(reader: Visitor) -> Page:
    return reader.page("/doc/invented-strike")


def test_page_has_its_parts_in_the_order_of_reading(person: Page) -> None:
    parts = [
        "Invented Person", "Someone who does not exist.", "Status", "What is known", "Custody pre-trial",
        "Claims", "Timeline", "Linked from", "This entry as data", "Cite:",
    ]  # fmt: skip
    places = [person.text.index(part) for part in parts]
    assert places == sorted(places)
    assert len(person.ids) == len(set(person.ids))


def test_status_has_its_date_and_leads_to_what_it_rests_on(person: Page) -> None:
    assert "Status Prison, as of May 2010, rests on: Custody 2." in person.text.replace(
        "Status prison", "Status Prison"
    )
    assert 'href="/doc/invented-person#invented-person.custody-2"' in person.source
    assert "invented-person.custody-2" in person.ids


def test_part_is_told_in_words_with_its_source(person: Page) -> None:
    said = "pre-trial, from 3 February 2001, until 2002, ended by: transferred Source: An invented list"
    assert said in person.text.replace("pre-trial detention", "pre-trial")


def test_claims_stand_apart_and_say_whose_they_are(person: Page) -> None:
    claims = person.source[person.source.index('<section class="claims">') :].partition("</section>")[0]
    assert claims.index("An invented list") < claims.index("That it was someone else.")
    assert "asserts" in claims
    assert "innocent" in claims
    assert "innocent" not in person.source.replace(claims, "").partition("<body>")[2].partition("<svg")[0]


def test_demands_are_in_order_and_their_addressee_is_named(strike: Page) -> None:
    places = [strike.text.index(f"{number} thing.") for number in ("First", "Second", "Tenth")]
    assert places == sorted(places)
    assert strike.text.index("is directed at Invented Group") < places[0]
    assert "concerns invented cause" in strike.text


def test_lines_that_tell_of_a_part_are_linked_from_its_source(strike: Page) -> None:
    assert strike.links["line 5"] == "/doc/invented-list#line-5"
    demand = strike.source.partition('id="invented-strike.demand-1"')[2].partition("</li>")[0]
    assert "/doc/invented-list#line-5" in demand
    assert "#line-2" not in demand


def test_every_line_that_is_linked_is_on_the_page_of_its_source(reader: Visitor, strike: Page, person: Page) -> None:
    source = reader.page("/doc/invented-list")
    linked = [link for page in (strike, person) for link in page.links.values() if "#line-" in link]
    assert {link.partition("#")[2] for link in linked} == {"line-2", "line-5"} <= set(source.ids)
    assert len(source.ids) == len(set(source.ids))


def test_source_tells_what_it_mentions_by_its_lines(reader: Visitor) -> None:
    told = reader.page("/doc/invented-list").text.partition("Mentioned in this source")[2]
    assert told.startswith(" line 2 Invented Strike: “strike” Invented Person: “Invented Person” (lines 2 to 3) line 5")


def test_figure_is_written_as_one_phrase(reader: Visitor, strike: Page) -> None:
    assert "about 1,500 people: people who took part Source" in strike.text
    assert "1.500" in reader.page("/doc/invented-strike?lang=es").text


def test_dated_facts_make_a_timeline_with_its_content_as_text(strike: Page, person: Page) -> None:
    assert "The picture as text" in person.text.partition("Timeline")[2]
    assert "2001-02-03" in person.text or "3 February 2001" in person.text
    assert "Timeline" not in strike.headings  # one stretch of time is told better in words


def test_cause_stands_in_its_tree(reader: Visitor) -> None:
    page = reader.page("/doc/narrower-cause")
    assert "Place among the causes" in page.headings
    assert 'href="/doc/invented-cause"' in page.source.partition("<svg")[2]


def test_who_links_here_is_told_by_how(reader: Visitor) -> None:
    page = reader.page("/doc/invented-group")
    linked = page.text.partition("Linked from")[2].partition("This entry as data")[0]
    assert linked.startswith(" Addressed to it Invented Strike Members Nimi Runs Free Invented Person")
    assert "Miembros Nimi" in reader.page("/doc/invented-group?lang=es").text


def test_labels_are_in_the_readers_language_where_they_are_translated(reader: Visitor) -> None:
    page = reader.page("/doc/invented-strike?lang=es")
    assert "a quién se dirige" in page.text
    assert page.text.partition("Huelga inventada")[0].endswith("campaña ")
    assert page.spoken.get("is directed at") is None


def test_every_property_that_leads_to_an_entry_has_a_heading_for_the_way_back() -> None:
    folder = load_folder(ROOT)
    said, schema = facts_of(folder.ontology), read_schema(folder.ontology, folder.shapes)
    led = {
        iri for iri in schema.properties
        if any(JG + "Entity" in wider_classes(wide, said) for wide in said[iri][RDFS + "range"])
    }  # fmt: skip
    assert len(led) > 20
    assert {iri for iri in led if schema.properties[iri].inverse_labels.keys() != {"en", "es"}} == set()


def test_query_behind_the_page_gives_what_the_page_says(reader: Visitor, strike: Page) -> None:
    query = parse_qs(urlsplit(strike.links["The query behind this page"]).query)["query"][0]
    answer = reader.get("/sparql", query_string={"query": query, "format": "json"}).json
    assert answer is not None
    said = {row["value"]["value"] for row in answer["results"]["bindings"]}
    assert {"First thing.", "Second thing.", "Tenth thing.", "2002", "1500"} <= said


def test_entry_can_be_cited_and_taken_away(strike: Page) -> None:
    cited = (
        "“Invented Strike”, JusticeGraph, snapshot 0123456789abcdef, https://w3id.org/justicegraph/id/invented-strike"
    )
    assert cited in strike.text
    forms = [strike.links[name] for name in ("JSON-LD", "Turtle", "N-Triples", "RDF/XML")]
    assert forms == [f"/doc/invented-strike.{ending}" for ending in ("jsonld", "ttl", "nt", "rdf")]


def test_names_are_in_the_readers_language_and_others_say_theirs(reader: Visitor) -> None:
    page = reader.page("/doc/invented-strike?lang=es")
    assert page.headings[0] == "Huelga inventada"
    assert page.spoken["A strike that never was."] == "en"
    assert page.spoken["Invented Group"] == "en"
    assert "febrero de 2001" in page.text
    assert {
        link for link in page.links.values() if link.startswith("/doc/") and "." not in link and "lang" not in link
    } == set()


def test_link_has_its_name_in_the_readers_language(reader: Visitor) -> None:
    for end, name, other in (
        ("", "Invented Strike", "Huelga inventada"),
        ("?lang=es", "Huelga inventada", "Invented Strike"),
    ):
        page = reader.page(f"/doc/invented-group{end}")
        assert page.links[name] == f"/doc/invented-strike{end}"
        assert other not in page.text


def test_entry_named_in_a_language_that_is_not_ours_is_shown_all_the_same(reader: Visitor) -> None:
    page = reader.page("/doc/only-elsewhere")
    assert page.headings[0] == "Nimi"
    assert page.spoken["Nimi"] == page.spoken["Keksitty."] == "fi"


def test_what_it_is_elsewhere_is_told_apart(reader: Visitor, tmp_path: Path) -> None:
    same = "https://schema.org/sameAs"
    entry = entity_view(
        ID + "x",
        [{"subject": ID + "x", "property": same, "value": "http://www.wikidata.org/entity/Q0", "value.type": "uri"}],
        "en", read_schema([], []),
    )  # fmt: skip
    assert [fact.label.text for fact in entry.elsewhere] == ["same as"]
    assert entry.groups == ()


def test_renamed_and_unknown_entries_have_no_page(reader: Visitor) -> None:
    assert reader.get("/doc/invented-misspelt").location == "/doc/invented-group"
    assert reader.get("/doc/nobody-of-this-name").status_code == 404


def test_what_people_wrote_stays_text(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project")
    said = str(Literal(HOSTILE, language="en"))
    write_entity(folder, "people/hostile", f"""id:hostile a jg:Person ; skos:prefLabel {said} ; skos:definition {said} ;
        jg:isMemberOf id:invented-group ; jg:source id:invented-list .
        id:hostile.claim-1 a jg:Claim ; jg:about id:hostile ; jg:says {said} ; jg:source id:invented-list .
        id:hostile.mention-1 a jg:Mention ; jg:mentions id:hostile ; jg:inSource id:invented-list ;
        jg:exact {said} ; jg:firstLine 1 ; jg:lastLine 1 .""")  # fmt: skip
    reader = visitor(folder, tmp_path)
    # A page with an attribute that runs or paints is refused when it is read.
    for path in ("/doc/hostile", "/doc/invented-group", "/doc/invented-list", "/browse", "/browse?q=onload"):
        page = reader.page(path)
        assert "<script>alert" not in page.source
        assert "{{ 7 * 7 }}" in page.text
        assert "<bdi>" in page.source or path != "/doc/hostile"


def test_entry_with_very_many_links_shows_some_and_asks_for_the_rest(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project")
    source = NamedNode(ID + "invented-list")
    project = load_folder(folder)
    store = store_of(project)
    for number in range(5_000):
        one, graph = NamedNode(f"{ID}member-{number}"), NamedNode(document_of(f"member-{number}"))
        store.extend([
            Quad(one, NamedNode(TYPE), NamedNode(JG + "Person"), graph),
            Quad(one, NamedNode(SKOS + "prefLabel"), Literal(f"Member {number}", language="en"), graph),
            Quad(one, NamedNode(JG + "isMemberOf"), NamedNode(ID + "invented-group"), graph),
            Quad(one, NamedNode(JG + "source"), source, graph),
        ])  # fmt: skip
    page = visitor_of(store, folder, tmp_path).page("/doc/invented-group")
    assert 400 < page.source.count(">Member ") < 700
    query = parse_qs(urlsplit(page.links["Show all of them"]).query)["query"][0]
    assert "invented-group" in query
    assert len(page.source) < 200_000


def test_campaign_is_open_as_of_the_date_of_a_claim_and_leads_to_it(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project")
    write_entity(folder, "campaigns/invented-petition", """id:invented-petition a jg:Petition ;
        skos:prefLabel "Invented Petition"@en ; skos:definition "Invented."@en ; jg:source id:invented-list .
        id:invented-petition.claim-1 a jg:Claim ; jg:about id:invented-petition ; jg:claimant id:invented-list ;
        jg:stance jgt:reports ; jg:ascribes jgt:open ; jg:says "That it is open."@en ; jg:source id:invented-list ;
        jg:claimedOn "2018-07"^^xsd:gYearMonth .""")  # fmt: skip
    reader = visitor(folder, tmp_path)
    page, spanish = (reader.page(f"/doc/invented-petition{end}").text for end in ("", "?lang=es"))
    assert "Status open, as of July 2018, rests on: claim 1." in page
    assert "Estado abierta, según lo sabido en julio de 2018, se apoya en: afirmación 1." in spanish
