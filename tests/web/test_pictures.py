"""Answers as pictures: numbers as a chart or a map, triples as a graph, each where it fits and in the reader's words."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from justicegraph.pictures import Cell
from justicegraph.web.pictures import atlas, chart_of, graph_of, map_of
from tests.support.pages import Visitor, visitor
from tests.support.project import make_project, write_entity

COUNTS = 'SELECT ?name ?n { VALUES (?name ?n) { ("Alabama" 3) ("Texas" 5) } } ORDER BY ?name'
YEARS = 'SELECT ?year ?n { VALUES (?year ?n) { ("1999" 3) ("2001" 5) ("2002" 4) } } ORDER BY ?year'
LINKS = "CONSTRUCT WHERE { ?campaign <https://w3id.org/justicegraph/ontology#isRunBy> ?group }"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    place = tmp_path_factory.mktemp("pictures")
    folder = make_project(place / "project")
    write_entity(folder, "places/alabama", """id:alabama a jg:Place ; skos:prefLabel "Alabama"@en ; jg:level jgt:state ;
        skos:definition "A state."@en ; jg:isWithin id:united-states ; jg:source id:invented-list .""")  # fmt: skip
    write_entity(folder, "places/united-states", """id:united-states a jg:Place ; skos:prefLabel "United States"@en ;
        skos:definition "A country."@en ; jg:level jgt:country ; jg:source id:invented-list .""")  # fmt: skip
    return visitor(folder, place)


@pytest.fixture
def words(reader: Visitor) -> Iterator[None]:
    """Answer a request: pictures speak its reader's language."""
    with reader.application.test_request_context("/?lang=es"):  # type: ignore[attr-defined]
        yield


def asked(query: str, **more: str) -> str:
    return "/query?" + urlencode({"query": query, **more})


def test_numbers_by_name_are_offered_as_a_chart(reader: Visitor) -> None:
    page = reader.page(asked(COUNTS))
    assert page.links["Chart"].endswith("view=chart#answer")
    assert "<svg" not in page.source
    drawn = reader.page(asked(COUNTS, view="chart"))
    assert "<svg" in drawn.source
    assert "Alabama" in drawn.source.partition("<svg")[2].partition("</svg>")[0]


def test_years_make_a_line_and_what_is_no_number_no_picture(words: None) -> None:
    years = [[Cell(year), Cell(count)] for year, count in (("1999", "3"), ("2001", "5"), ("2002", "4"))]
    drawn = chart_of(["year", "n"], years)
    assert drawn is not None
    assert 'class="curve"' in drawn.svg
    assert chart_of(["name", "word"], [[Cell("a"), Cell("b")]]) is None


def test_triples_are_offered_as_a_graph(reader: Visitor) -> None:
    page = reader.page(asked(LINKS, view="graph"))
    picture = page.source.partition("<svg")[2].partition("</svg>")[0]
    assert 'href="/doc/free-invented-person"' in picture
    assert "jg:isRunBy" in picture


def test_labels_among_the_triples_name_the_nodes(words: None) -> None:
    turtle = "<https://x.example/a> <https://x.example/to> <https://x.example/b> ."
    named = turtle + ' <https://x.example/a> <http://www.w3.org/2000/01/rdf-schema#label> "Invented & named" .'
    plain, drawn = graph_of(turtle), graph_of(named)
    assert plain is not None
    assert drawn is not None
    assert "Invented &amp; named" in drawn.svg
    assert "Invented" not in plain.svg
    assert graph_of('<https://x.example/a> <https://x.example/says> "nothing linked" .') is None


def test_place_has_a_map_where_maps_are_built_in(reader: Visitor) -> None:
    page = reader.page("/doc/alabama")
    assert ("The picture as text" in page.text) == (atlas() is not None)


def test_places_are_offered_as_a_map_where_maps_are_built_in(words: None) -> None:
    rows = [[Cell("Alabama"), Cell("3")], [Cell("Texas"), Cell("5")]]
    drawn = map_of(["state", "n"], rows)
    assert (drawn is not None) == (atlas() is not None)


def test_place_is_named_in_words_where_no_maps_are_built_in(reader: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("justicegraph.web.pictures._MAPS", Path("nowhere.json"))
    atlas.cache_clear()
    try:
        assert "is within United States" in reader.page("/doc/alabama").text
    finally:
        atlas.cache_clear()


def test_picture_is_the_same_each_time_and_says_so_in_spanish(reader: Visitor) -> None:
    first, second = (reader.page(asked(YEARS, view="chart", lang="es")).source for _ in range(2))
    assert first.partition("<svg")[2].partition("</svg>")[0] == second.partition("<svg")[2].partition("</svg>")[0]
    assert "lang=es" in first.partition("Gráfico")[0].rpartition("href")[2]


@pytest.mark.parametrize(("query", "form", "expected"), [
    ("# CONSTRUCT\nPREFIX ask: <https://x.example/#> SELECT * {}", "ttl", "SELECT are not available as ttl. Choose one of: json, xml,"),
    (LINKS, "csv", "CONSTRUCT are not available as csv. Choose one of: ttl, nt,"),
    ("ask {}", "<b>", "ASK are not available as &lt;b&gt;. Choose"),
])  # fmt: skip
def test_form_that_does_not_fit_is_said_where_the_question_stands(
    query: str, form: str, expected: str, reader: Visitor
) -> None:
    page = reader.get(asked(query, format=form))
    assert (page.status_code, page.mimetype) == (406, "text/html")
    assert expected in page.text
    assert f">\n{escape(query)}</textarea>" in page.text
    spanish = reader.get(asked(query, format=form, lang="es")).text
    assert '<p class="error">Los resultados de' in spanish


@pytest.mark.parametrize(("query", "form"), [("ASK {}", "json"), (LINKS, "json"), (LINKS, "rdf"), ("?", "ttl")])
def test_form_that_fits_is_sent_by_the_endpoint(query: str, form: str, reader: Visitor) -> None:
    assert reader.get(asked(query, format=form)).location.startswith("/sparql?query=")


def test_too_many_parameters_are_counted_and_not_called_unreadable(reader: Visitor) -> None:
    page = reader.get(asked("ASK {}", **{f"x{number}": "" for number in range(10)}))
    assert page.status_code == 400
    assert "more than 10 parameters" in page.text


def test_hostile_answer_is_drawn_as_text(reader: Visitor) -> None:
    query = 'SELECT ?name ?n { VALUES (?name ?n) { ("<script>alert(1)</script>" 3) ("]]>--><x onload=1>" 5) } }'
    assert "<script>alert" not in reader.page(asked(query, view="chart")).source


def test_what_the_engine_would_have_read_is_no_help(reader: Visitor) -> None:
    page = reader.get(asked("SELECT * WHERE {\n  ?s ?p ?o\n  ?a ?b\n}\nLIMIT 5"))
    assert "The query does not parse." in page.text
    assert "expected" not in page.text
    page = reader.get(asked("SELECT ?x { ?x ?y ?z } GROUP BY ?y"))
    assert "The SELECT contains a variable that is unbound." in page.text


def test_what_went_wrong_is_said_in_spanish_or_marked_as_english(reader: Visitor) -> None:
    page = reader.get(asked("SELECT * WHERE { ?s }", lang="es"))
    assert '<p class="error">La consulta no se puede leer' in page.text
    page = reader.get(asked("INSERT DATA { <a:a> <a:b> <a:c> }", lang="es"))
    assert '<p class="error"><span lang="en">Updates are refused' in page.text
