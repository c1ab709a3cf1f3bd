"""Entries of the graph are read as records, and nothing is said that is not known."""

from functools import partial

from pyoxigraph import RdfFormat, Store

from justicegraph.linking.records import Record, entries
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
    """Return the records of invented entries, with what follows from their properties, by their slugs."""
    store = Store()
    store.load((HEAD + turtle).encode(), RdfFormat.TURTLE)
    store.load(path=ROOT / "ontology/justicegraph.ttl")
    reason(store, ROOT / "ontology/rules")
    return {each.id.removeprefix(ID): each for each in entries(partial(evaluate, store, union=True))}


def group(turtle: str, places: str = PLACES) -> Record:
    """Return the record of one invented organization with these properties."""
    return read(f'{places} id:g a jg:Entity, jg:Organization ; skos:prefLabel "G"@en ; {turtle} .')["g"]


def test_english_name_comes_first_and_each_name_once() -> None:
    turtle = """id:g a jg:Entity, jg:Cause ; skos:prefLabel "Lettres"@fr, "Letters"@en, "Briefe"@de ;
        skos:altLabel "Briefe"@en, "Post"@en ."""
    assert read(turtle)["g"].names == ("Letters", "Briefe", "Lettres", "Post")


def test_name_in_another_language_is_used_without_an_english_one() -> None:
    assert read('id:g a jg:Entity ; skos:prefLabel "Письма"@ru .')["g"].name == "Письма"


def test_city_and_country_follow_from_where_a_place_is() -> None:
    record = group("jg:isLocatedIn id:xtown")
    assert (record.city, record.country) == ("Xtown", "DE")
    assert (group("jg:isLocatedIn id:xstate").city, group("jg:isLocatedIn id:xstate").country) == ("", "DE")


def test_city_is_kept_if_its_country_is_unknown() -> None:
    assert (group("jg:isLocatedIn id:ztown").city, group("jg:isLocatedIn id:ztown").country) == ("Ztown", "")


def test_organization_that_works_in_two_countries_has_none() -> None:
    assert group("jg:isActiveIn id:xtown, id:yland").country == ""
    record = group("jg:isActiveIn id:xtown")
    assert (record.city, record.country) == ("", "DE")  # where it works is not where it sits


def test_seat_counts_more_than_where_the_work_is() -> None:
    assert group("jg:isActiveIn id:yland ; jg:isLocatedIn id:xtown").country == "DE"


def test_place_is_in_its_country_and_a_country_in_itself() -> None:
    record = read(PLACES)
    assert [record[slug].country for slug in ("xland", "yland", "xstate", "xtown")] == ["DE", "Yland", "DE", "DE"]


def test_circle_of_places_ends() -> None:
    circle = PLACES + "id:xland jg:isWithin id:xtown ."
    assert group("jg:isLocatedIn id:xtown", circle).country == "DE"


def test_years_are_taken_from_dates_of_each_kind() -> None:
    dated = 'jg:foundedOn "1999-04"^^xsd:gYearMonth ; jg:dissolvedOn "2003"^^xsd:gYear'
    assert (group(dated).began, group(dated).ended) == (1999, 2003)
    assert (group('jg:foundedOn "long ago"').began, group('jg:foundedOn "long ago"').ended) == (None, None)


def test_shared_classes_are_left_out_and_parts_and_sources_are_not_entries() -> None:
    record = read("""id:p a jg:Entity, jg:Agent, jg:Record, jg:Person, schema:Person ; skos:prefLabel "P"@en .
        id:s a jg:Entity, jg:Source ; skos:prefLabel "S"@en . id:p.claim-1 a jg:Claim ; skos:prefLabel "C"@en .
        id:n a jg:Entity, jg:Person . <https://elsewhere.example/x> a jg:Entity ; skos:prefLabel "X"@en .""")
    assert {slug: each.types for slug, each in record.items()} == {"p": frozenset({"person"})}


def test_match_elsewhere_is_an_identifier() -> None:
    record = group("""schema:sameAs <http://www.wikidata.org/entity/Q900000001>, <https://ror.org/0invented> ;
        skos:exactMatch <https://lists.example/groups#g> ; skos:closeMatch <https://isni.org/isni/1> ;
        jg:website <https://social.example/g>, <https://www.g.example>""")
    assert record.identifiers == {"wikidata": "Q900000001", "ror": "0invented", "https://lists.example/groups#": "g"}
    assert record.domain == "g.example"


def test_hostile_values_do_no_harm() -> None:
    record = group(r"""skos:altLabel "\u202e<script>\n"@en, ""@en ; jg:website <javascript:alert(1)>, "[" ;
        jg:foundedOn "9999999999" ; jg:isLocatedIn "nowhere", _:b ; schema:sameAs "Q1", <urn:x>""")
    assert (record.domain, record.city, record.country, record.began, record.identifiers) == ("", "", "", None, {})


def test_records_of_the_project_are_its_entries() -> None:
    folder = load_folder(ROOT)
    store = store_of(folder)
    reason(store, folder.rules)
    record = {each.id.removeprefix(ID): each for each in entries(partial(evaluate, store, union=True))}
    assert record["american-civil-liberties-union"].identifiers == {"wikidata": "Q21637"}
    assert {"organization"} <= record["american-civil-liberties-union"].types
    assert record["campaign-to-end-the-death-penalty"].city == "Chicago"
    assert len(record) > 200
