"""Triples in Wikidata's shape become items; answers are kept for some days, and not without bounds."""

import os
import time
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from justicegraph.errors import CannotWrite, RemoteFailed
from justicegraph.linking.records import read_targets
from justicegraph.linking.records.kinds import kinds_of
from justicegraph.linking.records.wikidata import Item, items_of, read_items
from justicegraph.linking.wikidata.cache import Cache
from justicegraph.linking.wikidata.client import error_in
from justicegraph.linking.wikidata.entries import QUERIES
from justicegraph.linking.wikidata.targets import file_name
from justicegraph.project.sssom import SPACES, WIKIDATA
from justicegraph.system.files import alone
from tests.support.project import ROOT
from tests.support.wikidata import PREFIXES

pytestmark = pytest.mark.alone

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


def test_english_name_comes_first_and_each_stands_once() -> None:
    record = shaped(SHAPE)["Q1"].record
    assert (record.name, record.aliases) == ("One", ("Eins", "Uno", "I"))


def test_what_has_no_name_is_no_item() -> None:
    assert {"Q8", "Q9"}.isdisjoint(shaped(SHAPE))


def test_page_for_wikimedias_own_ends_is_no_item() -> None:
    pages = """wd:Q1 rdfs:label "One"@en ; wdt:P31 wd:Q4167410 .
        wd:Q2 rdfs:label "Two"@en ; wdt:P31 wd:Q20 . wd:Q20 rdfs:label "Wikimedia category"@en ."""
    assert list(shaped(pages)) == ["Q20"]


def test_place_is_the_seat_and_its_country_where_there_is_one() -> None:
    items = shaped(SHAPE)
    places = {name: (items[name].record.country, items[name].record.city) for name in ("Q2", "Q3", "Q4", "Q5")}
    assert places == {"Q2": ("", ""), "Q3": ("XA", "Xtown"), "Q4": ("XA", ""), "Q5": ("XA", "")}


def test_years_identifiers_and_websites_are_read() -> None:
    record = shaped(SHAPE)["Q4"].record
    assert (record.began, record.ended, record.domain) == (1901, None, "four.example")
    assert record.identifiers == {"wikidata": "Q4", "isni": "0000000123456789"}
    person = shaped(SHAPE)["Q5"].record
    assert (person.began, set(person.types)) == (1970, {"person"})


@pytest.mark.parametrize(
    ("labels", "kinds"),
    [
        (["human"], {"person"}), (["nonprofit organization"], {"organization"}), (["U.S. state"], {"place"}),
        (["city in the United States"], {"place"}), (["federal prison"], {"facility"}), (["legal case"], {"legalcase"}),
        (["social movement"], set()), (["organization", "something new"], set()), ([], set()),
        (["prison of a sort " * 99], set()),
    ],
)  # fmt: skip
def test_kind_is_told_only_where_it_is_certain(labels: list[str], kinds: set[str]) -> None:
    assert kinds_of(labels) == kinds


def test_address_that_is_none_spoils_no_file(tmp_path: Path) -> None:
    (tmp_path / "t.nt").write_text('<http://x/a> <http://www.wikidata.org/prop/direct/P856> <http://a b/{c}> .\n'
                                   '<http://x/a> <http://www.w3.org/2000/01/rdf-schema#label> "A" .\n')  # fmt: skip
    assert [item.record.name for item in read_items(tmp_path / "t.nt")] == ["A"]


def test_slice_is_read_as_it_lies_there() -> None:
    path = ROOT.parent / "shared" / "linking" / "wikidata_slice.nt.gz"
    if not path.exists():
        pytest.skip("the slice of Wikidata is not beside this checkout")
    records = read_targets(path)
    assert len(records) == 21_453
    assert sum(bool(record.country and record.city) for record in records) > 21_000


def test_known_collections_give_their_file_a_name() -> None:
    names = [file_name(each) for each in (WIKIDATA, SPACES["ror"], "https://a.example/x/../y#")]
    assert names == ["wikidata.jsonl", "ror.jsonl", "a-example-x-y.jsonl"]


def test_terms_cannot_break_out_of_a_query() -> None:
    from pyoxigraph import Literal

    text = QUERIES.text(
        "items_by_name", {"name": [Literal('x" } INSERT DATA { <a:a> <a:b> <a:c> } #\n', language="en")]}
    )
    assert r'VALUES ?name { "x\" } INSERT DATA { <a:a> <a:b> <a:c> } #\n"@en }' in text


@pytest.mark.parametrize(
    ("said", "is_passing"),
    [
        ({"error": {"code": "maxlag", "info": "x"}}, True), ({"error": {"code": "ratelimited"}}, True),
        ({"error": {"code": "internal_api_error_DBQueryError"}}, True), ({"error": {"code": "badvalue"}}, False),
        ({"error": 7}, False), ({"error": {"code": ["maxlag"]}}, False),
    ],
)  # fmt: skip
def test_error_inside_an_answer_is_seen(said: object, is_passing: bool) -> None:
    error = error_in(said)
    assert error
    assert error.is_temporary is is_passing
    assert error_in({"search": []}) is None


# What is kept.


def fetched(cache: Cache, about: str, answer: bytes = b"answer") -> bool:
    """Tell whether an answer had to be fetched."""
    before = cache.asked
    cache.kept([about], lambda: answer, bytes)
    return cache.asked > before


def test_old_answer_is_asked_for_anew(tmp_path: Path) -> None:
    assert [fetched(Cache(tmp_path, days), "a") for days in (1, 1, 0, 1)] == [True, False, True, False]


def test_what_a_killed_run_left_is_swept_and_what_it_knew_is_kept(tmp_path: Path) -> None:
    fetched(Cache(tmp_path), "a")
    (tmp_path / ".half.written").write_bytes(b"x")
    assert (fetched(Cache(tmp_path), "a"), len(list(tmp_path.iterdir()))) == (False, 1)


def test_oldest_answers_make_room(tmp_path: Path) -> None:
    cache = Cache(tmp_path, largest=1000)
    for number in range(20):
        fetched(cache, str(number), b"x" * 100)
        for path in tmp_path.iterdir():
            os.utime(path, (time.time() - 60, path.stat().st_mtime - 1))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 1000
    assert (fetched(cache, "19"), fetched(cache, "0")) == (False, True)


def test_answer_that_cannot_be_read_is_not_kept(tmp_path: Path) -> None:
    def broken(_: bytes) -> None:
        raise RemoteFailed("broken")

    cache = Cache(tmp_path)
    with pytest.raises(RemoteFailed):
        cache.kept(["a"], lambda: b"x", broken)
    assert list(tmp_path.iterdir()) == []


def test_two_runs_do_not_write_at_once(tmp_path: Path) -> None:
    with alone(tmp_path, "another"), pytest.raises(CannotWrite, match="another is at work"), alone(tmp_path, "another"):
        pass
    assert fetched(Cache(tmp_path), "a")
    assert (tmp_path / ".lock").exists()
