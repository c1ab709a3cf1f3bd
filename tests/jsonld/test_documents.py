"""A document has the same triples as the graph, reads well, and needs no connection."""

import json
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Triple, parse, serialize

from justicegraph.jsonld import (
    FORMS,
    Documents,
)
from justicegraph.namespaces import ID, PREFIXES
from tests.support.jsonld import read_back

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
id:invented-person.figure-1 a jg:Statistic ; jg:isFigureOf id:invented-person ; jg:value 0.25 .
id:invented-person jg:invented 2.5, true, "2001-02-03T00:00:00"^^xsd:dateTime .
"""


IRI = ID + "invented-person"


@pytest.fixture(scope="module")
def documents(context: dict[str, Any]) -> Documents:
    return Documents(context)


def triples_of(turtle: str) -> set[Triple]:
    return {quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)}


def written(documents: Documents, triples: set[Triple], iri: str = IRI) -> dict[str, Any]:
    lines = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert lines
    document: dict[str, Any] = json.loads(documents.entry(lines, iri))
    return document


def test_document_gives_the_same_triples_back(documents: Documents) -> None:
    document = written(documents, triples_of(PERSON))
    assert read_back(document) == triples_of(PERSON)
    assert {quad.triple for quad in parse(json.dumps(document), format=RdfFormat.JSON_LD)} == triples_of(PERSON)


def test_document_reads_as_a_person_would_write_it(documents: Documents) -> None:
    document = written(documents, triples_of(PERSON))
    assert [*document][:6] == ["@context", "id", "type", "label", "altLabel", "definition"]
    assert document["id"] == IRI
    assert document["type"] == ["Person", "Prisoner", "schema:Person"]
    assert document["label"] == {"en": "Invented Person", "fr": "Personne inventée"}
    assert document["altLabel"] == {"en": ["I. P.", "Inventa"]}
    assert document["definition"] == {"en": ['Someone invented; "quoted", in two\nlines.']}
    assert document["bornOnYear"] == "1970"
    assert [part["id"].rpartition("-")[2] for part in document["custodies"]] == ["2", "10"]
    first = document["custodies"][0]
    assert (first["regime"], first["startedOnMonth"], first["endedOn"], first["position"]) == (
        "jgt:prison", "2001-02", "2003-04-05", 2,
    )  # fmt: skip
    assert "isCustodyOf" not in first
    assert document["claims"][0]["claimedValueYear"] == "1971"
    assert document["mentionedIn"][0]["mentions"] == [IRI + ".claim-1"]
    assert document["figures"][0]["valueDecimal"] == "0.25"
    assert document["jg:invented"] == [
        {"type": "xsd:decimal", "@value": "2.5"}, {"type": "xsd:dateTime", "@value": "2001-02-03T00:00:00"}, True,
    ]  # fmt: skip


def test_neighbour_stands_with_its_id_type_and_label(documents: Documents) -> None:
    label = triples_of(HEAD + 'id:invented-source a jg:Source ; skos:prefLabel "Invented source"@en .')
    document = written(documents, triples_of(PERSON) | label)
    source = {"id": ID + "invented-source", "type": ["Source"], "label": {"en": "Invented source"}}
    assert document["source"] == [source]
    assert document["mentionedIn"][0]["inSource"] == source
    assert read_back(document) == triples_of(PERSON) | label


def test_part_stands_in_the_part_that_it_is_of_and_one_of_nothing_beside_them(documents: Documents) -> None:
    triples = triples_of(
        HEAD
        + """id:a skos:prefLabel "A"@en . id:a.claim-1 jg:about id:a . id:a.mention-1 jg:mentions id:a.claim-1 .
        id:a.mention-2 jg:mentions id:a.mention-3 . id:a.mention-3 jg:mentions id:a.mention-2, id:b ."""
    )
    document = written(documents, triples, ID + "a")
    assert document["claims"][0]["mentionedIn"] == [{"id": ID + "a.mention-1"}]
    assert [part["id"] for part in document["@included"]] == [ID + "a.mention-2", ID + "a.mention-3"]
    assert read_back(document) == triples


@pytest.mark.parametrize("form", FORMS)
def test_each_form_says_the_same(documents: Documents, form: str) -> None:
    lines = serialize(triples_of(PERSON), format=RdfFormat.N_TRIPLES) or b""
    document = json.loads(documents.in_form(documents.entry(lines, IRI), form))
    assert read_back(document) == triples_of(PERSON)
    assert isinstance(document, list) == (form == "expanded")
    assert (form == "flattened") == (not isinstance(document, list) and "@graph" in document)
