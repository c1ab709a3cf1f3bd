"""A form is made from the shapes, shows what stands, and makes terms of what is typed: nothing typed becomes syntax."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import DCTERMS, ID, JG, RDF, SKOS, TYPE, local_id
from justicegraph.project.folder import Folder, load_folder
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.rdf.schema import facts_of, properties_of, wider_classes
from justicegraph.suggest.draft import draft_proposal
from justicegraph.suggest.entry import Entry
from justicegraph.suggest.forms import _NOT_ASKED, Forms, plain
from justicegraph.suggest.kinds import KINDS, slug_for
from justicegraph.suggest.proposals import Proposal, proposal_from_json, with_slug
from justicegraph.suggest.sections import filled_sections, subject_of
from justicegraph.suggest.values import (
    FilledSection,
    InvalidValue,
    Value,
    current_terms,
    fill_section,
    inputs,
    parse_value,
)
from tests.support.project import ROOT

OWN = load_folder(ROOT)
FORMS = Forms(OWN.ontology, [*OWN.shapes, *OWN.ontology_shapes])
HOSTILE = (
    '"""@en . id:x a jg:Person .', "\\", "\\u0022", '"@en ;\n    .\n\nid:evil a jg:Person ;', "<script>alert(1)</script>",
    "a\x00b", "a\u202eb", "=1+1", "a\ud7ff\U0001f600", "'''", "{{ 1234 * 1234 }}", "a\r\nb", "x" * 300, "\u0301" * 50, "​",
)  # fmt: skip


class Known:
    """What a project's files know of entries."""

    def __init__(self, folder: Folder) -> None:
        self.names: dict[str, str] = {}
        for document in folder.files.values():
            for triple in document.triples:
                self.names.setdefault(triple.subject.value, local_id(triple.subject.value) or "")  # type: ignore[union-attr]
                if triple.predicate.value == SKOS + "prefLabel":
                    self.names[triple.subject.value] = triple.object.value  # type: ignore[union-attr]

    def name_of(self, iri: str) -> str:
        return self.names.get(iri, "")

    def find_by_name(self, name: str, _kind: str) -> list[str]:
        return [iri for iri, each in self.names.items() if each.lower() == name.lower()]


KNOWN = Known(OWN)


def own_entries() -> Iterator[Entry]:
    """Yield every seventh entry of our own graph, and all that have parts which a form can change."""
    for number, (path, document) in enumerate(OWN.files.items()):
        own = [
            each
            for each in document.triples
            if each.subject == NamedNode(ID + path.stem) and each.predicate.value == TYPE
        ]
        kind = str(own[0].object).strip("<>")
        entry = Entry(kind, path.stem, tuple(document.triples))
        if kind.removeprefix(JG) in KINDS.values() and (number % 7 == 0 or "custody-1" in entry.parts()):
            yield entry


ENTRIES = list(own_entries())


def test_entry_that_is_sent_as_it_is_shown_changes_nothing() -> None:
    assert len(ENTRIES) > 80
    for entry in ENTRIES:
        filled = filled_sections(FORMS, entry, list(entry.parts()), KNOWN)
        proposal, wrong = draft_proposal(FORMS, entry, filled, None, "", KNOWN)
        assert (proposal.added, proposal.removed, wrong) == ((), (), {}), entry.slug


def test_every_value_that_is_shown_is_read_as_the_term_that_it_was() -> None:
    for entry in ENTRIES:
        for filled in filled_sections(FORMS, entry, list(entry.parts()), KNOWN):
            stood = current_terms(subject_of(entry.slug, filled.section.key), filled.section, entry.triples)
            for field, _, value in inputs(filled):
                assert parse_value(field, value, KNOWN.name_of, KNOWN.find_by_name) in stood[field.name], (
                    entry.slug,
                    value,
                )


@pytest.mark.parametrize("name", KINDS.values())
def test_form_asks_for_all_that_the_shapes_allow_and_demands_what_they_demand(name: str) -> None:
    allowed = properties_of(facts_of(FORMS.shapes))
    wanted = set().union(*(allowed.get(each, set()) for each in wider_classes(JG + name, FORMS.words)))
    fields = FORMS.fields(JG + name)
    assert {field.path for field in fields} == wanted - _NOT_ASKED
    needed = {field.name for field in fields if field.is_required}
    assert {"skos-prefLabel", "skos-definition"} <= needed
    assert ("jg-source" in needed) == (name not in {"Source", "Cause"})


def test_parts_that_a_person_can_have_are_offered_and_link_to_it() -> None:
    parts = FORMS.parts(JG + "Person")
    assert {JG + name for name in ("Custody", "Charge", "Claim", "Tenure")} <= set(parts)
    assert not {JG + name for name in ("Mention", "Status", "Demand")} & set(parts)
    assert FORMS.part("custody-1", JG + "Custody", JG + "Person").owner == JG + "isCustodyOf"


def test_terms_of_closed_lists_are_chosen() -> None:
    regime = next(field for field in FORMS.fields(JG + "Custody") if field.name == "jg-regime")
    assert (regime.kind, "prison" in {label for _, label in regime.choices}) == ("choice", True)


def test_messages_of_shapes_are_shown_without_what_is_for_files() -> None:
    for kind in (*KINDS.values(), "Custody", "Claim", "Outcome", "Statistic"):
        for field in FORMS.fields(JG + kind):
            assert field.help
            assert re.search(r"@en|<https|jgt:|\bid:\w|xsd:|\^\^", field.help) is None, field.help
    assert plain("Link one.") == "Link one."


def drafts_of(name: str, text: str, address: str = "https://invented.example/") -> tuple[Proposal, dict[str, str]]:
    """Return what a form of a new organization would make of these."""
    values = {
        "skos-prefLabel": [Value(name)], "skos-definition": [Value(text, "es")], "jg-website": [Value(address)],
    }  # fmt: skip
    filled = FilledSection(FORMS.entry(JG + "Organization"), values)
    source = FilledSection(FORMS.source(), {"skos-prefLabel": [Value(text)], "jg-publisher": [Value(name)]})
    return draft_proposal(FORMS, Entry(JG + "Organization"), [filled], source, text, KNOWN)


@given(st.text(max_size=400), st.text(max_size=400))
@example(HOSTILE[0], HOSTILE[3])
@example(HOSTILE[8], HOSTILE[9])
def test_what_is_typed_stays_one_text_through_form_and_turtle(name: str, text: str) -> None:
    proposal, _wrong = drafts_of(name, text)
    for triples in (proposal.added, proposal.source):
        turtle = canonical_turtle(triples).encode()
        assert {quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)} == set(triples)
        assert len({triple.subject for triple in triples}) <= 1
        assert {each.object.datatype.value for each in triples if isinstance(each.object, Literal)} <= {
            RDF + "langString", "http://www.w3.org/2001/XMLSchema#string",
        }  # fmt: skip
    assert proposal_from_json(proposal.to_json()) == proposal


@pytest.mark.parametrize("text", ["\u200d", " \u200c ", "\u3164", "\u2800\u2800", "\u115f\u1160", "\uffa0"])
def test_text_of_which_nobody_sees_anything_is_refused(text: str) -> None:
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


def test_link_leads_only_to_what_is_there() -> None:
    field = next(field for field in FORMS.fields(JG + "Person") if field.name == "jg-worksOn")

    def link(text: str) -> object:
        return parse_value(field, Value(text), KNOWN.name_of, KNOWN.find_by_name)

    assert link("critical-resistance") == link("Critical Resistance") == link("x [critical-resistance]")
    for text in ("nobody-knows", "Nobody knows [nobody-knows]", "https://invented.example/", DCTERMS + "x"):
        with pytest.raises(InvalidValue, match="nobody"):
            link(text)


@pytest.mark.parametrize("text", ["2018-13", "2018-02-30", "18", "2018-7-2", "20180720", "٢٠١٨"])
def test_date_that_no_calendar_has_is_refused(text: str) -> None:
    field = next(field for field in FORMS.fields(JG + "Person") if field.name == "jg-diedOn")
    with pytest.raises(InvalidValue):
        parse_value(field, Value(text), KNOWN.name_of, KNOWN.find_by_name)


def test_values_that_were_not_sent_stay() -> None:
    entry = next(each for each in ENTRIES if each.slug and len(each.triples) > 8)
    section = FORMS.entry(entry.kind)
    proposal, _ = draft_proposal(FORMS, entry, [FilledSection(section, {})], None, "only a word", KNOWN)
    assert (proposal.added, proposal.removed, proposal.comment) == ((), (), "only a word")


def test_value_that_is_emptied_goes_and_one_that_is_retyped_is_exchanged() -> None:
    entry = next(each for each in ENTRIES if each.kind == JG + "Organization")
    section = FORMS.entry(entry.kind)
    filled = fill_section(section, current_terms(ID + entry.slug, section, entry.triples), KNOWN.name_of)
    values = {**filled.values, "skos-definition": [Value("Another sentence.")], "jg-source": [Value("")]}
    proposal, _ = draft_proposal(FORMS, entry, [FilledSection(section, values)], None, "", KNOWN)
    assert [str(each.object.value) for each in proposal.added] == ["Another sentence."]  # type: ignore[union-attr]
    assert {each.predicate.value for each in proposal.removed} == {SKOS + "definition", JG + "source"}


def test_new_entry_gets_an_id_in_any_script_and_none_that_is_taken() -> None:
    assert drafts_of("Critical Resistance", "x")[0].slug == "critical-resistance-2"
    assert re.fullmatch(r"organization-[0-9a-f]{8}", drafts_of("Нет имени", "x")[0].slug)
    assert slug_for("L'Été  à — Oakland!") == "lete-a-oakland"


def test_renamed_suggestion_speaks_of_the_other_id_only() -> None:
    moved = with_slug(drafts_of("An invented name", "x")[0], "other")
    assert {each.subject.value for each in moved.added} == {ID + "other"}  # type: ignore[union-attr]
    assert Path(moved.slug).name == "other"


def test_value_that_nobody_would_type_so_stays_as_it_is_where_it_is_not_touched() -> None:
    subject = NamedNode(ID + "x")
    said = {SKOS + "prefLabel": "Two  spaces", SKOS + "definition": "Cafe\u0301, in two signs\u200b."}
    triples = [Triple(subject, NamedNode(path), Literal(text, language="en")) for path, text in said.items()]
    triples.append(Triple(subject, NamedNode(JG + "worksOn"), NamedNode(ID + "no-such-cause")))
    entry = Entry(JG + "Organization", "x", tuple(triples))
    proposal, wrong = draft_proposal(FORMS, entry, filled_sections(FORMS, entry, (), KNOWN), None, "", KNOWN)
    assert (proposal.added, proposal.removed, wrong) == ((), (), {})


STORED = (
    '{"slug":"invented-group","kind":"https://w3id.org/justicegraph/ontology#Group","name":"Invented \\"Grüppe\\"\u2028\x7f",'
    '"comment":"why\\t/\\u0001","base":"00ff","added":"<https://w3id.org/justicegraph/id/invented-group> '
    '<http://www.w3.org/2004/02/skos/core#prefLabel> \\"Zwei\\\\nZeilen é\\"@de .\\n",'
    '"removed":"<https://w3id.org/justicegraph/id/invented-group> <https://w3id.org/justicegraph/ontology#website> '
    '<https://invented.example/> .\\n","source":""}'
).encode()
"""A proposal as the first version stored it."""


def test_proposal_of_the_first_version_is_read_and_written_the_same() -> None:
    proposal = proposal_from_json(STORED)
    assert (proposal.slug, proposal.name) == ("invented-group", 'Invented "Grüppe"\u2028\x7f')
    assert [triple.object for triple in proposal.added] == [Literal("Zwei\nZeilen é", language="de")]
    assert proposal.to_json() == STORED


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[1]", STORED[:-5], STORED.replace(b'"base":"00ff"', b'"base":7'), STORED.replace(b"@de", b"@")],
)
def test_damaged_proposal_is_reported(content: bytes) -> None:
    with pytest.raises(BrokenFile, match="damaged"):
        proposal_from_json(content)
