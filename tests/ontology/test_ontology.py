"""The ontology says what it means: each term is named, described, bounded and shown, and shapes speak to people."""

from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from justicegraph.namespaces import HOME, JG, JGS, JGT, OWL, RDFS, SH, SKOS, TYPE
from justicegraph.project.folder import load_folder, store_of
from justicegraph.validate import validate
from tests.support.project import HEAD, ROOT

FOLDER = load_folder(ROOT)
SAID: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
for _triple in (*FOLDER.ontology, *FOLDER.shapes, *FOLDER.ontology_shapes):
    SAID[_triple.subject.value][_triple.predicate.value].append(_triple.object)  # type: ignore[union-attr, arg-type]
TERMS = sorted(iri for iri in SAID if iri.startswith(JG))
LANGUAGES = ["en", "es"]
KINDS = {OWL + name for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")}


def languages(values: list[NamedNode | Literal]) -> list[str]:
    return sorted(value.language or "" for value in values if isinstance(value, Literal))


@pytest.mark.parametrize("iri", TERMS, ids=lambda iri: iri.removeprefix(JG))
def test_term_is_named_described_bounded_and_shown(iri: str) -> None:
    facts = SAID[iri]
    needed = RDFS + "comment", SKOS + "scopeNote", SKOS + "example", JG + "counterExample"
    assert {name: len(facts[name]) for name in needed} == dict.fromkeys(needed, 1)
    assert languages(facts[RDFS + "label"]) == LANGUAGES
    assert languages(facts[JG + "inverseLabel"]) in ([], LANGUAGES)
    assert facts[RDFS + "isDefinedBy"] == [NamedNode(HOME + "ontology")]
    assert len({kind.value for kind in facts[TYPE]} & KINDS) == 1


@pytest.mark.parametrize(
    "iri", sorted(iri for iri in SAID if iri.startswith(JGT)), ids=lambda iri: iri.removeprefix(JGT)
)
def test_listed_term_has_a_name_and_a_definition(iri: str) -> None:
    assert languages(SAID[iri][SKOS + "prefLabel"]) == LANGUAGES
    assert len(SAID[iri][SKOS + "definition"]) == 1


WORDS = [SH + "name", JG + "clause", JG + "inverseLabel", JG + "looseClause"]


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.rpartition("#")[2])
def test_what_a_shape_calls_a_property_is_said_in_each_language(word: str) -> None:
    named = {iri: languages(facts[word]) for iri, facts in SAID.items() if facts[word]}
    assert named
    assert {iri: codes for iri, codes in named.items() if codes != LANGUAGES} == {}


def test_group_of_properties_has_a_name_in_each_language_and_an_order() -> None:
    groups = {node.value for facts in SAID.values() for node in facts[SH + "group"]}
    assert groups
    assert {iri for iri in groups if languages(SAID[iri][RDFS + "label"]) != LANGUAGES} == set()
    orders = [SAID[iri][SH + "order"][0].value for iri in groups]
    assert len(set(orders)) == len(orders)


def test_property_stands_under_one_heading_whatever_class_it_is_said_of() -> None:
    headings: dict[str, set[str]] = defaultdict(set)
    for facts in SAID.values():
        for path in facts[SH + "path"]:
            headings[path.value] |= {group.value for group in facts[SH + "group"]}
    assert {path: groups for path, groups in headings.items() if len(groups) > 1} == {}


def test_no_label_stands_for_two_terms_of_a_kind() -> None:
    labels = [
        (kind.value, str(label)) for iri in TERMS for kind in SAID[iri][TYPE] for label in SAID[iri][RDFS + "label"]
    ]
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


HERE = "rdfs:isDefinedBy <https://w3id.org/justicegraph/ontology>"
PLANTED = {
    "P04": f"jg:Lonely a owl:Class ; {HERE} .",
    "P06": "jg:Person rdfs:subClassOf jg:Round . jg:Round a owl:Class ; rdfs:subClassOf jg:Person .",
    "P08": "jg:Dumb a owl:Class ; rdfs:subClassOf jg:Person .",
    "P11": "jg:loose a owl:ObjectProperty ; rdfs:domain jg:Person .",
    "P19": "jg:isMadeBy rdfs:domain jg:Person .",
    "P22": "jg:lower_case a owl:Class ; rdfs:subClassOf jg:Person .",
    "P24": "jg:Person rdfs:subClassOf jg:Person .",
    "P34": "jg:Odd a owl:Class ; rdfs:subClassOf jg:Undeclared .",
    "P35": "jg:isMadeBy jg:undeclared 1 .",
    "P36": "<https://w3id.org/justicegraph/terms.owl#Odd> a owl:Class ; rdfs:subClassOf jg:Person .",
    "P37": "<https://elsewhere.example/Odd> a owl:Class ; rdfs:subClassOf jg:Person .",
    "P38": "jg:Odd a owl:Class ; rdfs:subClassOf jg:Person ; rdfs:isDefinedBy <https://elsewhere.example/ontology> .",
    "P39": f"<https://w3id.org/justicegraph/other#Odd> a owl:Class ; rdfs:subClassOf jg:Person ; {HERE} .",
    "P40": f"schema:Person a owl:Class ; {HERE} .",
    "P41": "jg:Odd a owl:Class ; rdfs:isDefinedBy jgt:other . jgt:other a owl:Ontology .",
    "kinds": "jg:isMadeBy a owl:DatatypeProperty .",
    "label": 'jg:Person rdfs:label "another"@en .',
    "comment": 'jg:Person rdfs:comment "Another."@en .',
    "scopeNote": 'jg:Person skos:scopeNote "Another."@en .',
    "example": 'jg:Person skos:example "Another."@en .',
    "counterExample": 'jg:Person jg:counterExample "Another."@en .',
    "languages": 'jg:Odd a owl:Class ; rdfs:subClassOf jg:Person ; rdfs:label "odd"@en .',
    "inverseLabel": 'jg:isMadeBy jg:inverseLabel "Another"@en .',
    "isAbstract": "jg:Person jg:isAbstract 1 .",
    "isDefinedBy": "jg:Odd a owl:Class ; rdfs:subClassOf jg:Person .",
}


@pytest.mark.parametrize("rule", PLANTED)
def test_flaw_in_the_ontology_is_told(rule: str, project: Path) -> None:
    planted = project / "ontology" / "planted.ttl"
    planted.write_text(HEAD + PLANTED[rule])
    folder = load_folder(project)
    told = {finding.rule.rpartition("-")[2] for finding in validate(folder, store_of(folder))}
    assert rule in told


def test_every_rule_for_the_ontology_has_a_planted_flaw() -> None:
    rules = {iri.rpartition("-")[2] for iri in SAID if iri.startswith(JGS + "OntologyTerm-")}
    assert rules == set(PLANTED)


@pytest.mark.parametrize("name", ["title", "creator", "license", "versionIRI", "prefix", "namespace"])
def test_header_of_the_ontology_is_whole(name: str, project: Path) -> None:
    path = project / "ontology/justicegraph.ttl"
    (line,) = [line for line in path.read_text().splitlines() if HEADER[name] in line and line.startswith("    ")][:1]
    path.write_text(path.read_text().replace(line, "", 1))
    folder = load_folder(project)
    assert JGS + f"OntologyHeader-{name}" in {finding.rule for finding in validate(folder, store_of(folder))}


HEADER = {
    "title": "dcterms:title", "creator": "dcterms:creator", "license": "dcterms:license", "versionIRI": "owl:versionIRI",
    "prefix": "vann:preferredNamespacePrefix", "namespace": "vann:preferredNamespaceUri",
}  # fmt: skip


def test_ontology_and_graph_are_consistent() -> None:
    """Close over OWL 2 RL (its rules of consistency report errors) and find none."""
    assert _contradictions("") == []


# Slow: OWL RL reasoning over the whole graph.
def test_contradiction_is_found() -> None:
    said = _contradictions("id:invented a jg:Person, jg:Campaign .")
    assert any("Disjoint classes" in sentence for sentence in said)


def _contradictions(turtle: str) -> list[str]:
    from owlrl import OWLRL_Semantics
    from rdflib import Graph

    graph = Graph()
    for path in [*FOLDER.vocabulary, *sorted((ROOT / "graph").rglob("*.ttl"))[::12]]:
        graph.parse(path)
    graph.parse(data=HEAD + turtle, format="turtle")
    closure = OWLRL_Semantics(graph, axioms=False, daxioms=False, rdfs=False)
    closure.closure()
    return list(closure.error_messages)
