"""Typed values become terms or are refused, and nothing typed becomes syntax."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from justicegraph.namespaces import DCTERMS, ID, JG
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.suggest.sections import filled_sections, subject_of
from justicegraph.suggest.values import (
    InvalidValue,
    Value,
    current_terms,
    inputs,
    parse_value,
)
from tests.support.forms import ENTRIES, FORMS, HOSTILE, KNOWN


def test_every_shown_value_is_parsed_as_the_same_term() -> None:
    for entry in ENTRIES:
        for filled in filled_sections(FORMS, entry, list(entry.parts()), KNOWN):
            stood = current_terms(subject_of(entry.slug, filled.section.key), filled.section, entry.triples)
            for field, _, value in inputs(filled):
                assert parse_value(field, value, KNOWN.name_of, KNOWN.find_by_name) in stood[field.name], (
                    entry.slug,
                    value,
                )


@pytest.mark.parametrize("text", ["\u200d", " \u200c ", "\u3164", "\u2800\u2800", "\u115f\u1160", "\uffa0"])
def test_invisible_text_is_refused(text: str) -> None:
    for name in ("skos-prefLabel", "skos-definition"):
        field = next(field for field in FORMS.fields(JG + "Person") if field.name == name)
        with pytest.raises(InvalidValue, match="unseen"):
            parse_value(field, Value(text), KNOWN.name_of, KNOWN.find_by_name)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_or_is_refused(text: str) -> None:
    field = next(field for field in FORMS.fields(JG + "Person") if field.name == "skos-prefLabel")
    try:
        term = parse_value(field, Value(text), KNOWN.name_of, KNOWN.find_by_name)
    except InvalidValue:
        assert re.search(r"[\x00\u202e\ud7ff\u200b]|\u0301{5}", text)
        return
    assert isinstance(term, Literal)
    turtle = canonical_turtle([Triple(NamedNode(ID + "x"), NamedNode(field.path), term)])
    assert [quad.object for quad in parse(turtle.encode(), format=RdfFormat.TURTLE)] == [term]


@given(st.text(max_size=60) | st.sampled_from(["javascript:alert(1)", "file:///etc/passwd", "https://a.example/> ."]))
@example("data:text/html,<script>")
@example("https://user:secret@invented.example/")
@example("http://localhost/")
@example("ftp://invented.example/page")
def test_address_is_one_of_the_web_or_is_refused(text: str) -> None:
    field = next(field for field in FORMS.fields(JG + "Person") if field.name == "jg-website")
    try:
        term = parse_value(field, Value(text), KNOWN.name_of, KNOWN.find_by_name)
    except InvalidValue:
        return
    assert re.fullmatch(r"https?://[^/@\s<>\"]+\.[^@\s<>\"]+", str(term.value)), term


def test_link_leads_only_to_an_existing_entry() -> None:
    field = next(field for field in FORMS.fields(JG + "Person") if field.name == "jg-worksOn")

    def link(text: str) -> object:
        return parse_value(field, Value(text), KNOWN.name_of, KNOWN.find_by_name)

    assert link("critical-resistance") == link("Critical Resistance") == link("x [critical-resistance]")
    for text in ("nobody-knows", "Nobody knows [nobody-knows]", "https://invented.example/", DCTERMS + "x"):
        with pytest.raises(InvalidValue, match="nobody"):
            link(text)


@pytest.mark.parametrize("text", ["2018-13", "2018-02-30", "18", "2018-7-2", "20180720", "٢٠١٨"])
def test_day_that_does_not_exist_is_refused(text: str) -> None:
    field = next(field for field in FORMS.fields(JG + "Person") if field.name == "jg-diedOn")
    with pytest.raises(InvalidValue):
        parse_value(field, Value(text), KNOWN.name_of, KNOWN.find_by_name)
