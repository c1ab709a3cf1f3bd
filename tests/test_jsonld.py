"""JSON-LD says the same as the triples, reads well, and needs no connection."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse

from justicegraph.jsonld import entity_document, make_context, read_context, write_jsonld
from justicegraph.jsonld.dump import entity_node, keys_of
from justicegraph.load import load_folder
from justicegraph.names import ID, PREFIXES

ROOT = Path(__file__).parents[1]
HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
PERSON = f"""{HEAD}
id:invented-person a jg:Person, jg:Prisoner, schema:Person ;
    skos:prefLabel "Invented Person"@en, "Personne inventée"@fr ; skos:altLabel "I. P."@en, "Inventa"@en ;
    schema:name "Invented Person"@en ; skos:definition "Someone invented; \\"quoted\\", in two\\nlines."@en ;
    jg:bornOn "1970"^^xsd:gYear ; jg:source id:invented-source ; jg:website <https://invented.example/a?b=c#d> .
id:invented-person.custody-2 a jg:Custody ; jg:isCustodyOf id:invented-person ; jg:position 2 ; jg:regime jgt:prison ;
    jg:startedOn "2001-02"^^xsd:gYearMonth ; jg:endedOn "2003-04-05"^^xsd:date .
id:invented-person.custody-10 a jg:Custody ; jg:isCustodyOf id:invented-person ; jg:position 10 .
id:invented-person.claim-1 a jg:Claim ; jg:about id:invented-person ; jg:claimant id:invented-source ; schema:about id:invented-person, id:invented-person.custody-2 ;
    jg:claimedProperty jg:bornOn ; jg:claimedValue "1971"^^xsd:gYear ; jg:says "That it was 1971."@en .
id:invented-person.mention-1 a jg:Mention ; jg:mentions id:invented-person, id:invented-person.claim-1 ;
    jg:inSource id:invented-source ; jg:firstLine 1 .
id:invented-person.status a jg:Status ; jg:isStatusOf id:invented-person ; jg:asOf "2003-04-05"^^xsd:date .
id:invented-person jg:invented 2.5, true, "plain", "2001-02-03T00:00:00"^^xsd:dateTime .
"""
IRI = ID + "invented-person"


@pytest.fixture(scope="module")
def context() -> dict[str, Any]:
    return read_context(ROOT)


def triples_of(turtle: str) -> set[Triple]:
    return {quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)}


def read_back(document: object) -> set[Triple]:
    lines = jsonld.to_rdf(document, {"format": "application/n-quads"})
    return {quad.triple for quad in parse(lines, format=RdfFormat.N_QUADS)}


def test_context_file_is_what_ontology_and_shapes_give(context: dict[str, Any]) -> None:
    folder = load_folder(ROOT)
    assert make_context(folder.ontology, folder.shapes) == context


def test_document_gives_the_same_triples_back(context: dict[str, Any]) -> None:
    document = entity_document(triples_of(PERSON), IRI, context)
    assert read_back(document) == triples_of(PERSON)
    assert {quad.triple for quad in parse(json.dumps(document), format=RdfFormat.JSON_LD)} == triples_of(PERSON)


def test_document_reads_as_a_person_would_write_it(context: dict[str, Any]) -> None:
    document = entity_document(triples_of(PERSON), IRI, context)
    assert document["id"] == IRI
    assert {"Person", "Prisoner"} <= set(document["type"])
    assert document["label"] == {"en": "Invented Person", "fr": "Personne inventée"}
    assert document["altLabel"] == {"en": ["I. P.", "Inventa"]}
    assert document["bornOnYear"] == "1970"
    assert [part["id"].rpartition("-")[2] for part in document["custodies"]] == ["2", "10"]
    first = document["custodies"][0]
    assert (first["regime"], first["startedOnMonth"], first["endedOn"], first["position"]) == (
        "jgt:prison",
        "2001-02",
        "2003-04-05",
        2,
    )
    assert "isCustodyOf" not in first
    assert document["claims"][0]["claimedValue"] == {"type": "xsd:gYear", "@value": "1971"}
    assert document["mentionedIn"][0]["mentions"] == [IRI + ".claim-1"]


def test_framing_and_our_own_mapping_give_the_same_node(context: dict[str, Any]) -> None:
    document = entity_document(triples_of(PERSON), IRI, context)
    del document["@context"]
    assert entity_node(triples_of(PERSON), IRI, keys_of(context)) == document


def test_neighbour_stands_with_what_is_said_of_it(context: dict[str, Any]) -> None:
    label = triples_of(HEAD + 'id:invented-source skos:prefLabel "Invented source"@en .')
    document = entity_document(triples_of(PERSON) | label, IRI, context)
    assert document["source"] == [{"id": ID + "invented-source", "label": {"en": "Invented source"}}]
    assert read_back(document) == triples_of(PERSON) | label


def test_dump_gives_the_same_triples_back(context: dict[str, Any]) -> None:
    store, file = Store(), io.BytesIO()
    graph = NamedNode("https://w3id.org/justicegraph/doc/invented-person")
    store.extend(Quad(each.subject, each.predicate, each.object, graph) for each in triples_of(PERSON))
    store.extend(Quad(each.subject, each.predicate, each.object) for each in load_folder(ROOT).ontology)
    write_jsonld(store, context, file)
    expected = {quad.triple for quad in store}
    assert read_back(json.loads(file.getvalue())) == expected
    assert {quad.triple for quad in parse(file.getvalue(), format=RdfFormat.JSON_LD)} == expected


def test_dump_has_one_entity_a_line(context: dict[str, Any]) -> None:
    store, file = Store(), io.BytesIO()
    store.extend(Quad(each.subject, each.predicate, each.object) for each in triples_of(PERSON))
    write_jsonld(store, context, file)
    assert [json.loads(line)["id"] for line in file.getvalue().splitlines()[1:-1]] == [IRI]
