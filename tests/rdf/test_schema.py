"""The schema is what the ontology and the shapes say of classes, properties and parts."""

from justicegraph.namespaces import JG, JGS, SKOS
from justicegraph.project.folder import load_folder
from justicegraph.rdf.schema import read_schema, text_in, words_of
from tests.support.project import ROOT

FOLDER = load_folder(ROOT)
SCHEMA = read_schema(FOLDER.ontology, FOLDER.shapes)


def test_label_is_in_the_language_asked_for() -> None:
    assert SCHEMA.label(JG + "worksOn", "es") == ("trabaja en", "es")
    assert SCHEMA.label(SKOS + "altLabel", "es") == ("otro nombre", "es")
    assert SCHEMA.label(JGS + "group-when", "en") == ("When", "en")


def test_label_in_another_language_is_the_english_one_and_says_so() -> None:
    assert SCHEMA.label(JG + "worksOn", "de") == ("works on", "en")


def test_what_has_no_label_goes_by_the_words_of_its_name() -> None:
    assert SCHEMA.label("https://example.org/#wasSeenBy", "es") == ("was seen by", "en")
    assert words_of(JG + "FormerName") == "former name"


def test_property_reads_backwards_by_its_inverse_label_or_else_by_its_label() -> None:
    assert SCHEMA.inverse_label(JG + "isMemberOf", "es") == ("Miembros", "es")
    assert SCHEMA.inverse_label(JG + "docketNumber", "en") == ("docket number", "en")


def test_dates_have_a_role_by_their_wider_property() -> None:
    roles = {name: SCHEMA.properties[JG + name].role for name in ("foundedOn", "diedOn", "confirmedOn")}
    assert roles == {"foundedOn": "began", "diedOn": "ceased", "confirmedOn": ""}
    assert JG + "isHeldAt" in SCHEMA.narrower("isAt")


def test_properties_are_ordered_by_heading_and_those_without_come_last() -> None:
    names = [JG + name for name in ("says", "foundedOn", "isRunBy", "isDirectedAt")]
    assert sorted(names, key=SCHEMA.position) == names[::-1]


def test_part_has_a_heading_and_clauses_in_the_order_of_its_shape() -> None:
    custody = SCHEMA.parts["custody"]
    assert text_in(custody.heading, "es") == ("Privación de libertad", "es")
    assert [clause.property.removeprefix(JG) for clause in custody.clauses][:3] == ["regime", "isHeldAt", "isHeldBy"]
    assert (custody.lasts, custody.is_ordered) == (True, True)
    assert (SCHEMA.parts["former-name"].is_ordered, SCHEMA.parts["charge"].lasts) == (False, False)


def test_nothing_is_known_without_an_ontology() -> None:
    empty = read_schema([], [])
    assert (empty.properties, empty.parts, empty.narrower("isAt")) == ({}, {}, ())
    assert empty.label(JG + "worksOn", "es") == ("works on", "en")
