"""The description of a release uses the vocabularies of data catalogues, and both serializations are equal."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store, Triple, parse

from justicegraph.namespaces import CONTEXT, DATA, ENDPOINT, HOME, ID, LICENCE, PREFIXES, XSD
from justicegraph.release.catalogue import catalogue, write_catalogue
from justicegraph.release.manifest import File, Release

HASHES = [f"{number:064x}" for number in range(6)]
FILES = (
    File("catalogue.ttl", 4, HASHES[1], "text/turtle", "The release, described"),
    File("delta/added.nq.gz", 3, HASHES[2], "application/n-quads", 'What was "added"', "gzip"),
    File("justicegraph.jsonl.zst", 8, HASHES[3], "application/x-ndjson", "A line each", "zstd"),
    File("justicegraph.nq.gz", 12_345, HASHES[4], "application/n-quads", "Everything", "gzip"),
    File("tables/invented people.csv", 5, HASHES[5], "text/csv; header=present", "People"),
)
OLD = Release(Path("old"), "2026-10-20", 900, 90, HASHES[0])
NEW = Release(Path("new"), "2026-11-21.1", 1_000, 100, HASHES[0], previous=OLD.version, files=FILES)
HERE = f"{DATA}2026-11-21.1/"
QUADS = f"<{HERE}justicegraph.nq.gz>"
HEAD = f"""
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX schema: <https://schema.org/>
PREFIX spdx: <http://spdx.org/rdf/terms#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX xsd: <{XSD}>
PREFIX type: <https://www.iana.org/assignments/media-types/>
"""


def store_of(release: Release, previous: Release | None = OLD) -> Store:
    store = Store()
    store.bulk_load(write_catalogue(release, previous).turtle, format=RdfFormat.TURTLE)
    return store


def read(data: bytes, form: RdfFormat) -> set[Triple]:
    return {quad.triple for quad in parse(data, format=form)}


def values_of(subject: str, predicate: str) -> set[str]:
    """Return the values of a property, as they are written in queries."""
    rows = store_of(NEW).query(f"{HEAD}SELECT ?o {{ {subject} {predicate} ?o }}")
    assert isinstance(rows, QuerySolutions)
    return {str(row[0]) for row in rows}


@pytest.mark.parametrize("previous", [OLD, None])
@pytest.mark.parametrize("release", [NEW, replace(NEW, files=())])
def test_both_forms_hold_the_same_triples(release: Release, previous: Release | None) -> None:
    triples = catalogue(release, previous)
    written = write_catalogue(release, previous)
    assert read(written.turtle, RdfFormat.TURTLE) == set(triples)
    assert read(written.jsonld, RdfFormat.JSON_LD) == set(triples)
    assert len(triples) == len(set(triples))


def test_description_has_no_blank_node() -> None:
    terms = {term for triple in catalogue(NEW, OLD) for term in (triple.subject, triple.object)}
    assert {type(term) for term in terms} == {NamedNode, Literal}


def test_description_stays_the_same_in_a_store() -> None:
    assert {quad.triple for quad in store_of(NEW)} == set(catalogue(NEW, OLD))


def test_description_is_the_same_in_whatever_order_the_files_come() -> None:
    assert write_catalogue(replace(NEW, files=FILES[::-1]), OLD) == write_catalogue(NEW, OLD)


@pytest.mark.parametrize(
    "pattern",
    [
        "a dcat:Dataset, void:Dataset, schema:Dataset",
        f"dcterms:license <{LICENCE}> ; schema:license <{LICENCE}>",
        "dcterms:publisher/foaf:name 'The JusticeGraph contributors'",
        "schema:creator/schema:name 'The JusticeGraph contributors'",
        "dcterms:issued '2026-11-21'^^xsd:date ; schema:datePublished '2026-11-21'^^xsd:date",
        "dcat:version '2026-11-21.1' ; schema:version '2026-11-21.1'",
        f"dcat:previousVersion <{DATA}2026-10-20/> ; dcat:prev <{DATA}2026-10-20/>",
        f"dcat:inSeries <{DATA}> . <{DATA}> a dcat:DatasetSeries",
        f"dcterms:conformsTo <{HOME}ontology>, <{CONTEXT}> ; dcat:landingPage <{HOME}>",
        f"void:triples 1000 ; void:entities 100 ; void:uriSpace '{ID}'",
        f"void:vocabulary <{PREFIXES['jg']}>, <{PREFIXES['skos']}> ; void:sparqlEndpoint <{ENDPOINT}>",
        "schema:isAccessibleForFree true ; dcat:keyword 'prisoners'@en ; schema:keywords 'prisoners'@en",
        f"dcat:distribution/dcat:accessService <{ENDPOINT}> . <{ENDPOINT}> dcat:endpointURL <{ENDPOINT}>",
    ],
)
def test_release_is_described(pattern: str) -> None:
    assert store_of(NEW).query(f"{HEAD}ASK {{ <{HERE}> {pattern} }}")


@pytest.mark.parametrize(
    "pattern",
    [
        "a dcat:Distribution, schema:DataDownload",
        f"dcat:downloadURL {QUADS} ; schema:contentUrl {QUADS}",
        "dcat:mediaType type:application\\/n-quads ; dcat:compressFormat type:application\\/gzip",
        "dcat:byteSize 12345 ; schema:contentSize '12345 B' ; schema:encodingFormat 'application/n-quads'",
        f"schema:sha256 '{HASHES[4]}' ; dcterms:title 'justicegraph.nq.gz' ; dcterms:description 'Everything'@en",
        f"spdx:checksum <{HERE}justicegraph.nq.gz#sha256>",
        f"""spdx:checksum [ a spdx:Checksum ; spdx:algorithm spdx:checksumAlgorithm_sha256 ;
          spdx:checksumValue '{HASHES[4]}'^^xsd:hexBinary ]""",
    ],
)
def test_file_is_described(pattern: str) -> None:
    assert store_of(NEW).query(f"{HEAD}ASK {{ <{HERE}> dcat:distribution {QUADS} . {QUADS} {pattern} }}")


def test_only_rdf_of_everything_is_a_dump() -> None:
    assert values_of(f"<{HERE}>", "void:dataDump") == {QUADS}


def test_every_file_has_an_address_that_is_an_iri() -> None:
    addresses = values_of(f"<{HERE}>", "schema:distribution")
    assert len(addresses) == len(FILES)
    assert f"<{HERE}tables/invented%20people.csv>" in addresses


def test_plain_file_has_no_compression_and_no_parameters_in_its_type() -> None:
    table = f"<{HERE}tables/invented%20people.csv>"
    assert values_of(table, "dcat:compressFormat") == set()
    assert values_of(table, "dcat:mediaType") == {"<https://www.iana.org/assignments/media-types/text/csv>"}


def test_first_release_follows_none() -> None:
    assert not store_of(replace(NEW, previous=None), None).query(
        f"{HEAD}ASK {{ ?s dcat:prev|dcat:previousVersion ?o }}"
    )


def test_jsonld_is_read_without_a_library() -> None:
    document: dict[str, Any] = json.loads(write_catalogue(NEW, OLD).jsonld)
    dataset = document["@graph"][0]
    assert (dataset["@id"], dataset["dcterms:issued"], dataset["void:triples"]) == (HERE, "2026-11-21", 1_000)
    files = {file["@id"]: file for file in dataset["dcat:distribution"]}
    assert files[QUADS[1:-1]]["spdx:checksum"]["spdx:checksumValue"] == HASHES[4]
    assert (files[QUADS[1:-1]]["dcat:byteSize"], dataset["schema:isAccessibleForFree"]) == (12_345, True)


def test_turtle_is_short() -> None:
    turtle = write_catalogue(NEW, OLD).turtle.decode()
    assert f"<{HERE}> a " in turtle
    assert "dcat:byteSize 12345" in turtle
