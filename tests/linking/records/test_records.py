"""Things to be matched are read the same way wherever they are told of, and nothing is told that is not known."""

import gzip
from functools import partial
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from justicegraph.errors import BrokenFile
from justicegraph.linking.records import Record, entries, read_table, read_targets, records_of
from justicegraph.linking.records.countries import country_code
from justicegraph.linking.records.entries import identifier_of
from justicegraph.linking.records.rows import domain_of, identifier
from justicegraph.namespaces import ID
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.sparql.evaluate import evaluate
from tests.support.project import HEAD, ROOT

PLACES = """
id:xland a jg:Entity, jg:Place ; skos:prefLabel "Germany"@en ; jg:level jgt:country .
id:yland a jg:Entity, jg:Place ; skos:prefLabel "Yland"@en ; jg:level jgt:country .
id:xstate a jg:Entity, jg:Place ; skos:prefLabel "X State"@en ; jg:level jgt:state ; jg:isWithin id:xland .
id:xtown a jg:Entity, jg:Place ; skos:prefLabel "Xtown, X.S."@en ; jg:level jgt:city ; jg:isWithin id:xstate .
id:ztown a jg:Entity, jg:Place ; skos:prefLabel "Ztown"@en ; jg:level jgt:city .
"""


def read(turtle: str) -> dict[str, Record]:
    """Return the records of invented entries by their slugs."""
    store = Store()
    store.load((HEAD + turtle).encode(), RdfFormat.TURTLE)
    return {each.id.removeprefix(ID): each for each in entries(partial(evaluate, store, union=True))}


def group(turtle: str, places: str = PLACES) -> Record:
    """Return the record of one invented organization of which this is told."""
    return read(f'{places} id:g a jg:Entity, jg:Organization ; skos:prefLabel "G"@en ; {turtle} .')["g"]


def targets(folder: Path, text: str, name: str = "targets.csv") -> list[Record]:
    path = folder / name
    path.write_text(text)
    return read_targets(path)


def test_english_name_comes_first_and_each_name_once() -> None:
    turtle = """id:g a jg:Entity, jg:Cause ; skos:prefLabel "Lettres"@fr, "Letters"@en, "Briefe"@de ;
        skos:altLabel "Briefe"@en, "Post"@en ."""
    assert read(turtle)["g"].names == ("Letters", "Briefe", "Lettres", "Post")


def test_name_in_another_language_does_where_there_is_no_english_one() -> None:
    assert read('id:g a jg:Entity ; skos:prefLabel "Письма"@ru .')["g"].name == "Письма"


def test_city_and_country_follow_from_where_a_place_is() -> None:
    told = group("jg:isLocatedIn id:xtown")
    assert (told.city, told.country) == ("Xtown", "DE")
    assert (group("jg:isLocatedIn id:xstate").city, group("jg:isLocatedIn id:xstate").country) == ("", "DE")


def test_city_stays_where_its_country_is_not_told() -> None:
    assert (group("jg:isLocatedIn id:ztown").city, group("jg:isLocatedIn id:ztown").country) == ("Ztown", "")


def test_who_works_in_two_countries_is_in_none() -> None:
    assert group("jg:isActiveIn id:xtown, id:yland").country == ""
    told = group("jg:isActiveIn id:xtown")
    assert (told.city, told.country) == ("", "DE")  # where it works is not where it sits


def test_seat_weighs_more_than_where_the_work_is() -> None:
    assert group("jg:isActiveIn id:yland ; jg:isLocatedIn id:xtown").country == "DE"


def test_place_is_in_its_country_and_a_country_in_itself() -> None:
    told = read(PLACES)
    assert [told[slug].country for slug in ("xland", "yland", "xstate", "xtown")] == ["DE", "Yland", "DE", "DE"]


def test_places_within_one_another_in_a_circle_have_an_end() -> None:
    circle = PLACES + "id:xland jg:isWithin id:xtown ."
    assert group("jg:isLocatedIn id:xtown", circle).country == "DE"


def test_years_are_taken_from_dates_of_each_kind() -> None:
    dated = 'jg:foundedOn "1999-04"^^xsd:gYearMonth ; jg:dissolvedOn "2003"^^xsd:gYear'
    assert (group(dated).began, group(dated).ended) == (1999, 2003)
    assert (group('jg:foundedOn "long ago"').began, group('jg:foundedOn "long ago"').ended) == (None, None)


def test_kinds_tell_something_and_parts_and_sources_are_no_entries() -> None:
    told = read("""id:p a jg:Entity, jg:Agent, jg:Record, jg:Person, schema:Person ; skos:prefLabel "P"@en .
        id:s a jg:Entity, jg:Source ; skos:prefLabel "S"@en . id:p.claim-1 a jg:Claim ; skos:prefLabel "C"@en .
        id:n a jg:Entity, jg:Person . <https://elsewhere.example/x> a jg:Entity ; skos:prefLabel "X"@en .""")
    assert {slug: each.types for slug, each in told.items()} == {"p": frozenset({"person"})}


def test_what_an_entry_is_elsewhere_is_an_identifier() -> None:
    told = group("""schema:sameAs <http://www.wikidata.org/entity/Q900000001>, <https://ror.org/0invented> ;
        skos:exactMatch <https://lists.example/groups#g> ; skos:closeMatch <https://isni.org/isni/1> ;
        jg:website <https://social.example/g>, <https://www.g.example>""")
    assert told.identifiers == {"wikidata": "Q900000001", "ror": "0invented", "https://lists.example/groups#": "g"}
    assert told.domain == "g.example"


def test_hostile_values_do_no_harm() -> None:
    told = group(r"""skos:altLabel "\u202e<script>\n"@en, ""@en ; jg:website <javascript:alert(1)>, "[" ;
        jg:foundedOn "9999999999" ; jg:isLocatedIn "nowhere", _:b ; schema:sameAs "Q1", <urn:x>""")
    assert (told.domain, told.city, told.country, told.began, told.identifiers) == ("", "", "", None, {})


def test_records_of_the_project_are_its_entries() -> None:
    folder = load_folder(ROOT)
    store = store_of(folder)
    reason(store, folder.rules)
    told = {each.id.removeprefix(ID): each for each in entries(partial(evaluate, store, union=True))}
    assert told["american-civil-liberties-union"].identifiers == {"wikidata": "Q21637"}
    assert {"organization"} <= told["american-civil-liberties-union"].types
    assert told["campaign-to-end-the-death-penalty"].city == "Chicago"
    assert len(told) > 200


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("US", "US"), ("USA", "US"), ("U.S.A.", "US"), ("United States of America", "US"), ("Estados Unidos", "US"),
        ("UK", "GB"), ("Great Britain", "GB"), ("deutschland", "DE"), ("Côte d'Ivoire", "CI"), ("Россия", "RU"),
        (" US ", "US"), ("Trinidad and Tobago", "TT"), ("Trinidad & Tobago", "TT"), ("Alemania", "DE"),
        ("Russian Federation", "RU"), ("America", "US"), (" France ", "FR"), ("", ""), ("Atlantis", "Atlantis"), ("XA", "XA"), ("x" * 10_000, "x" * 10_000),
    ],
)  # fmt: skip
def test_country_has_one_code_whatever_it_is_called(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("text", "plain"),
    [("https://isni.org/isni/0000 0001/", "00000001"), ("ror:1", "ror:1"), ("  ", ""), ("Q1", "Q1")],
)
def test_identifier_has_no_address_and_no_spaces(text: str, plain: str) -> None:
    assert identifier(text) == plain


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.Group.example:80/?y#z", "group.example"), ("group.example/en-GB/", "group.example"), ("", ""),
        ("http://[", ""), ("mailto:someone", ""), ("localhost", ""), ("https://user@group.example", "group.example"),
        ("http://group.example/index.html", "group.example"), ("https://social.example/group", ""), ("a.example/b/1/", ""),
    ],
)  # fmt: skip
def test_domain_is_the_host_without_www_and_a_page_within_a_site_has_none(address: str, domain: str) -> None:
    assert domain_of(address) == domain


def test_collection_of_an_identifier_is_told_by_its_name_where_it_is_known() -> None:
    assert identifier_of("http://www.wikidata.org/entity/Q42") == ("wikidata", "Q42")
    assert identifier_of("https://elsewhere.example/a#b") == ("https://elsewhere.example/a#", "b")


def test_row_tells_what_its_columns_are_said_to(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("who,also,land,since,site,isni\nX, A | B ,Deutschland,1999-04-01,www.x.example,0000 1\n,,,,,\n")
    columns = {"alias": "also", "country": "land", "founded": "since", "website": "site", "id:isni": "isni"}
    first, second = records_of(read_table(path), "who", columns)
    assert first == Record("2", "X", ("A", "B"), "DE", began=1999, domain="x.example", identifiers={"isni": "00001"})
    assert second == Record("3", "")


def test_targets_tell_the_same_in_each_kind_of_file(tmp_path: Path) -> None:
    line = '{"id":"1","name":"X","names":["A"],"country":"Germany","types":["Company"],"website":"x.example"}\n'
    cells = [("id", "name", "alias", "country", "type", "website"), ("1", "X", "A", "Germany", "Company", "x.example")]
    told = [targets(tmp_path, line, "t.jsonl"), targets(tmp_path, line, "t.ndjson")]
    for separator, name in ((",", "t.csv"), (";", "u.csv"), ("\t", "t.tsv")):
        told.append(targets(tmp_path, "".join(separator.join(row) + "\n" for row in cells), name))
    zipped = tmp_path / "t.jsonl.GZ"
    zipped.write_bytes(gzip.compress(line.encode()))
    assert [*told, read_targets(zipped)] == [
        [Record("1", "X", ("A",), "DE", types=frozenset({"company"}), domain="x.example")]
    ] * 6


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("t.jsonl", "\n", "has no targets"),
        ("t.csv", "id,name\n", "has no targets"),
        ("t.csv", "name\nX\n", 'no column "id"'),
        ("t.jsonl", '{"id": "1", "name": "X", "established": "soon"}', "line 1: this is no target"),
        ("t.jsonl", '{"id": "1", "name": "X", "identifiers": [1]}', "line 1: this is no target"),
        ("t.jsonl", '{"a":' * 100_000, "line 1: this is no target"),
        ("t.jsonl", '{"id": "1", "name": "' + "x" * 2_000_000 + '"}', "line 1: this is no target"),
        ("t.csv", 'id,name\n1,X\n2,"Y\n3,Z\n', "line 3: this is not CSV: a quote in this row never ends"),
        ("t.csv", "id,name\n1\n", "line 2: 1 cell, where the header has 2"),
        ("t.csv", "id,name\n1," + "x" * 200_000, "line 2: this is not CSV: a cell .* more than 131,072"),
    ],
    ids=range(10),
)
def test_file_that_has_no_targets_is_one_sentence(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(BrokenFile, match=said):
        targets(tmp_path, text, name)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("t.csv", "id,name\n" + "1,X\n" * 9, "line 10: more than 8 rows of 2 cells; split the file"),
        ("t.jsonl", '{"id": "1", "name": "X"}\n' * 9, "more than 8 lines: split it"),
        ("t.nt", '<x:1> <http://schema.org/name> "X" .\n' * 9, "more than 8 statements on items"),
    ],
)
def test_file_that_memory_may_not_hold_is_refused(
    tmp_path: Path, name: str, text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("tables._ROWS", "files._LINES", "wikidata._STATEMENTS"):
        monkeypatch.setattr(f"justicegraph.linking.records.{limit}", 8)
    with pytest.raises(BrokenFile, match=said):
        targets(tmp_path, text, name)
