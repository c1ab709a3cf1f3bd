"""The ontology says what it means: each term is named, described, bounded and shown, and shapes speak to people."""

from collections import defaultdict

import pytest
from pyoxigraph import Literal, NamedNode

from conftest import ROOT
from justicegraph.load import load_folder
from justicegraph.names import HOME, JG, JGT, OWL, RDFS, SH, SKOS, TYPE

FOLDER = load_folder(ROOT)
SAID: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
for _triple in (*FOLDER.ontology, *FOLDER.shapes):
    SAID[_triple.subject.value][_triple.predicate.value].append(_triple.object)  # type: ignore[union-attr, arg-type]
TERMS = sorted(iri for iri in SAID if iri.startswith(JG))
KINDS = {OWL + name for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")}


@pytest.mark.parametrize("iri", TERMS, ids=lambda iri: iri.removeprefix(JG))
def test_term_is_named_described_bounded_and_shown(iri: str) -> None:
    facts = SAID[iri]
    needed = RDFS + "label", RDFS + "comment", SKOS + "scopeNote", SKOS + "example", JG + "counterExample"
    assert {name: len(facts[name]) for name in needed} == dict.fromkeys(needed, 1)
    assert facts[RDFS + "isDefinedBy"] == [NamedNode(HOME + "ontology")]
    assert len({kind.value for kind in facts[TYPE]} & KINDS) == 1


@pytest.mark.parametrize(
    "iri", sorted(iri for iri in SAID if iri.startswith(JGT)), ids=lambda iri: iri.removeprefix(JGT)
)
def test_listed_term_has_a_name_and_a_definition(iri: str) -> None:
    assert len(SAID[iri][SKOS + "prefLabel"]) == len(SAID[iri][SKOS + "definition"]) == 1


def test_no_label_stands_for_two_terms_of_a_kind() -> None:
    labels = [(kind.value, str(SAID[iri][RDFS + "label"][0])) for iri in TERMS for kind in SAID[iri][TYPE]]
    assert len(labels) == len(set(labels))


def test_everything_that_the_ontology_uses_of_its_own_is_declared() -> None:
    used = {
        term.value
        for triple in FOLDER.ontology + FOLDER.shapes
        for term in (triple.predicate, triple.object)
        if isinstance(term, NamedNode)
    }
    assert {iri for iri in used if iri.startswith((JG, JGT))} - set(SAID) == set()


def test_every_entity_class_has_a_shape() -> None:
    targeted = {node.value for facts in SAID.values() for node in facts[SH + "targetClass"]}
    classes = {iri for iri in TERMS if NamedNode(OWL + "Class") in SAID[iri][TYPE]}
    lists = {iri for iri in classes if NamedNode(JG + "Term") in SAID[iri][RDFS + "subClassOf"]}
    wider = {node.value for iri in classes for node in SAID[iri][RDFS + "subClassOf"]}
    inherit = {iri for iri in classes if any(node.value in targeted for node in SAID[iri][RDFS + "subClassOf"])}
    assert classes - targeted - lists - inherit - wider - {JG + "Term"} == set()


@pytest.mark.parametrize("kind", ["PropertyShape", "SPARQLConstraint"])
def test_every_demand_tells_a_person_what_to_do(kind: str) -> None:
    demands = [iri for iri, facts in SAID.items() if NamedNode(SH + kind) in facts[TYPE]]
    assert demands
    assert [
        iri for iri in demands if not SAID[iri][SH + "message"] or SAID[iri][SH + "message"][0].value[-1] not in '."'
    ] == []
