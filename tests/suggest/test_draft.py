"""A filled-in form becomes a proposal of the triples that somebody changed, and of no others."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from justicegraph.namespaces import ID, JG, RDF, SKOS
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.suggest.draft import draft_proposal
from justicegraph.suggest.entry import Entry
from justicegraph.suggest.kinds import slug_for
from justicegraph.suggest.proposals import proposal_from_json
from justicegraph.suggest.sections import filled_sections
from justicegraph.suggest.values import (
    FilledSection,
    Value,
    current_terms,
    fill_section,
)
from tests.support.forms import ENTRIES, FORMS, HOSTILE, KNOWN, drafts_of


def test_form_that_is_sent_unchanged_changes_nothing() -> None:
    assert len(ENTRIES) > 80
    for entry in ENTRIES:
        filled = filled_sections(FORMS, entry, list(entry.parts()), KNOWN)
        proposal, wrong = draft_proposal(FORMS, entry, filled, None, "", KNOWN)
        assert (proposal.added, proposal.removed, wrong) == ((), (), {}), entry.slug


@settings(deadline=None)
@given(st.text(max_size=400), st.text(max_size=400))
@example(HOSTILE[0], HOSTILE[3])
@example(HOSTILE[8], HOSTILE[9])
def test_typed_text_stays_one_text_through_form_and_turtle(name: str, text: str) -> None:
    proposal, _wrong = drafts_of(name, text)
    for triples in (proposal.added, proposal.source):
        turtle = canonical_turtle(triples).encode()
        assert {quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)} == set(triples)
        assert len({triple.subject for triple in triples}) <= 1
        assert {each.object.datatype.value for each in triples if isinstance(each.object, Literal)} <= {
            RDF + "langString", "http://www.w3.org/2001/XMLSchema#string",
        }  # fmt: skip
    assert proposal_from_json(proposal.to_json()) == proposal


def test_values_that_were_not_sent_stay() -> None:
    entry = next(each for each in ENTRIES if each.slug and len(each.triples) > 8)
    section = FORMS.entry(entry.kind)
    proposal, _ = draft_proposal(FORMS, entry, [FilledSection(section, {})], None, "only a word", KNOWN)
    assert (proposal.added, proposal.removed, proposal.comment) == ((), (), "only a word")


def test_emptied_value_is_removed_and_a_retyped_one_is_replaced() -> None:
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


def test_unusual_value_stays_as_it_is_if_nobody_changes_it() -> None:
    subject = NamedNode(ID + "x")
    said = {SKOS + "prefLabel": "Two  spaces", SKOS + "definition": "Cafe\u0301, in two signs\u200b."}
    triples = [Triple(subject, NamedNode(path), Literal(text, language="en")) for path, text in said.items()]
    triples.append(Triple(subject, NamedNode(JG + "worksOn"), NamedNode(ID + "no-such-cause")))
    entry = Entry(JG + "Organization", "x", tuple(triples))
    proposal, wrong = draft_proposal(FORMS, entry, filled_sections(FORMS, entry, (), KNOWN), None, "", KNOWN)
    assert (proposal.added, proposal.removed, wrong) == ((), (), {})
