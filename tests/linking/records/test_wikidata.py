"""Triples in the form of Wikidata are read as items."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from justicegraph.linking.records import read_targets
from justicegraph.linking.records.wikidata import Item, items_of, read_items
from justicegraph.project.sssom import WIKIDATA
from tests.support.project import ROOT
from tests.support.wikidata import PREFIXES

SHAPE = """
wd:Q1 rdfs:label "Eins"@de , "One"@en , "Uno"@es ; skos:altLabel "I"@en , "One"@en .
wd:Q2 rdfs:label "Two"@mul ; wdt:P17 wd:Q8 , wd:Q9 .
wd:Q3 rdfs:label "Three"@en ; wdt:P159 wd:Q7 ; wdt:P131 wd:Q6 .
wd:Q4 rdfs:label "Four"@en ; wdt:P131 wd:Q6 ; wdt:P571 "-0500-01-01T00:00:00Z" , "1901-01-01T00:00:00Z" ;
    wdt:P213 "0000 0001 2345 6789" ; wdt:P856 <https://four.example/en/> ; wdt:P576 [] .
wd:Q5 rdfs:label "Five"@en ; wdt:P31 wd:Q50 ; wdt:P159 wd:Q7 ; wdt:P569 "1970-05-06T00:00:00Z" .
wd:Q6 rdfs:label "Some County"@en ; wdt:P17 wd:Q8 .
wd:Q7 rdfs:label "Xtown, XA"@en ; wdt:P17 wd:Q8 .
wd:Q8 wdt:P297 "XA" .
wd:Q9 wdt:P297 "XB" .
wd:Q50 rdfs:label "human"@en .
"""


def shaped(turtle: str) -> dict[str, Item]:
    triples = (quad.triple for quad in parse(f"{PREFIXES}{turtle}".encode(), format=RdfFormat.TURTLE))
    return {item.record.id.removeprefix(WIKIDATA): item for item in items_of(triples)}


def test_english_name_comes_first_and_each_name_once() -> None:
    record = shaped(SHAPE)["Q1"].record
    assert (record.name, record.aliases) == ("One", ("Eins", "Uno", "I"))


def test_thing_without_a_name_is_not_an_item() -> None:
    assert {"Q8", "Q9"}.isdisjoint(shaped(SHAPE))


def test_page_of_wikimedias_own_is_not_an_item() -> None:
    pages = """wd:Q1 rdfs:label "One"@en ; wdt:P31 wd:Q4167410 .
        wd:Q2 rdfs:label "Two"@en ; wdt:P31 wd:Q20 . wd:Q20 rdfs:label "Wikimedia category"@en ."""
    assert list(shaped(pages)) == ["Q20"]


def test_place_is_that_of_the_headquarters_and_the_only_country() -> None:
    items = shaped(SHAPE)
    places = {name: (items[name].record.country, items[name].record.city) for name in ("Q2", "Q3", "Q4", "Q5")}
    assert places == {"Q2": ("", ""), "Q3": ("XA", "Xtown"), "Q4": ("XA", ""), "Q5": ("XA", "")}


def test_years_identifiers_and_websites_are_read() -> None:
    record = shaped(SHAPE)["Q4"].record
    assert (record.began, record.ended, record.domain) == (1901, None, "four.example")
    assert record.identifiers == {"wikidata": "Q4", "isni": "0000000123456789"}
    person = shaped(SHAPE)["Q5"].record
    assert (person.began, set(person.types)) == (1970, {"person"})


def test_invalid_address_does_not_spoil_the_file(tmp_path: Path) -> None:
    (tmp_path / "t.nt").write_text('<http://x/a> <http://www.wikidata.org/prop/direct/P856> <http://a b/{c}> .\n'
                                   '<http://x/a> <http://www.w3.org/2000/01/rdf-schema#label> "A" .\n')  # fmt: skip
    assert [item.record.name for item in read_items(tmp_path / "t.nt")] == ["A"]


def test_slice_of_wikidata_is_read() -> None:
    path = ROOT.parent / "shared" / "linking" / "wikidata_slice.nt.gz"
    if not path.exists():
        pytest.skip("the slice of Wikidata is not beside this checkout")
    records = read_targets(path)
    assert len(records) == 21_453
    assert sum(bool(record.country and record.city) for record in records) > 21_000
