"""JSON-LD says the same as the triples, reads well, and needs no connection."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld
from pyoxigraph import RdfFormat, Triple, parse, serialize

from justicegraph.errors import BrokenFile
from justicegraph.jsonld import (
    FORMS,
    Documents,
    make_context,
    make_frames,
    older_contexts,
    read_context,
    read_frames,
    write_document,
    write_lines,
)
from justicegraph.namespaces import CONTEXT, ID, PREFIXES
from justicegraph.project.folder import load_folder
from justicegraph.rdf.nquads import groups_of, quads_of
from tests.support.project import ROOT

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
WIDE = {"Agent", "Entity", "Location"}
LINKS = {"claimant", "decides", "isDerivedFrom", "topConceptOf"}
"""What may lead to the entry itself, to another of its parts, or to what frames nothing."""


@pytest.fixture(scope="module")
def context() -> dict[str, Any]:
    return read_context(ROOT)


@pytest.fixture(scope="module")
def documents(context: dict[str, Any]) -> Documents:
    return Documents(context)


@pytest.fixture(scope="module")
def own_lines(own_quads: Path, context: dict[str, Any]) -> list[bytes]:
    """The lines of JSON-LD of the project's own graph."""
    with (own_quads.parent / "justicegraph.jsonl").open("w+b") as file:
        write_lines(own_quads, context, file)
        file.seek(0)
        return file.readlines()


def triples_of(turtle: str) -> set[Triple]:
    return {quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)}


def written(documents: Documents, triples: set[Triple], iri: str = IRI) -> dict[str, Any]:
    lines = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert lines
    said: dict[str, Any] = json.loads(documents.entry(lines, iri))
    return said


def loader(context: dict[str, Any]) -> Any:
    """Return what gives pyld our context for its address, and nothing else."""

    def load(address: str, _options: object) -> dict[str, Any]:
        assert address == CONTEXT
        return {"contextUrl": None, "documentUrl": address, "document": {"@context": context}}

    return load


def read_back(document: object, context: dict[str, Any] | None = None) -> set[Triple]:
    lines = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": loader(context or {})})
    return {quad.triple for quad in parse(lines, format=RdfFormat.N_QUADS)}


def test_context_and_frames_are_what_ontology_and_shapes_give(context: dict[str, Any]) -> None:
    folder = load_folder(ROOT)
    assert make_context(folder.ontology, folder.shapes) == context
    assert make_frames(folder.ontology, folder.shapes) == read_frames(ROOT)


def test_context_or_frames_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    for read, file in ((read_context, "v1.jsonld"), (read_frames, "v1.frames.json")):
        with pytest.raises(BrokenFile, match=rf"{file} cannot be read .*make context"):
            read(tmp_path)


def test_older_contexts_go_on_being_read(tmp_path: Path) -> None:
    (tmp_path / "ontology/context").mkdir(parents=True)
    for version in ("v0", "v1"):
        (tmp_path / f"ontology/context/{version}.jsonld").write_text(json.dumps({"@context": {version: "jg:x"}}))
    assert older_contexts(tmp_path) == {"v0": {"v0": "jg:x"}}


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
    said = json.loads(documents.in_form(documents.entry(lines, IRI), form))
    assert read_back(said) == triples_of(PERSON)
    assert isinstance(said, list) == (form == "expanded")
    assert (form == "flattened") == (not isinstance(said, list) and "@graph" in said)


def test_lines_give_the_same_triples_back(own_lines: list[bytes], own_quads: Path, context: dict[str, Any]) -> None:
    expected = {quad.triple for quad in parse(own_quads.read_bytes(), format=RdfFormat.N_QUADS)}
    inline = b'"@context":' + json.dumps(context).encode()
    address = f'"@context":"{CONTEXT}"'.encode()
    read = {
        quad.triple for line in own_lines for quad in parse(line.replace(address, inline, 1), format=RdfFormat.JSON_LD)
    }
    assert read == expected


def test_one_document_gives_the_same_triples_back(own_quads: Path, context: dict[str, Any]) -> None:
    with (own_quads.parent / "justicegraph.jsonld").open("w+b") as file:
        write_document(own_quads, context, file)
        file.seek(0)
        read = {quad.triple for quad in parse(file, format=RdfFormat.JSON_LD)}
    assert read == {quad.triple for quad in parse(own_quads.read_bytes(), format=RdfFormat.N_QUADS)}


def entries(own_lines: list[bytes], own_quads: Path) -> Iterator[tuple[dict[str, Any], set[str]]]:
    """Yield each entry's line, and the triples of the entry and of its parts as they are written."""
    lines = {json.loads(line)["id"]: line for line in own_lines}
    with own_quads.open("rb") as quads:
        for subject, said in groups_of(quads_of(quads)):
            if subject[1:-1].startswith(ID):
                yield json.loads(lines[subject[1:-1]]), {" ".join(quad[:3]) for quad in said}


def test_pyld_reads_each_line_as_the_entry_and_names_of_neighbours(
    own_lines: list[bytes], own_quads: Path, context: dict[str, Any]
) -> None:
    whole = {" ".join(quad[:3]) for quad in quads_of(own_quads.read_bytes().splitlines(keepends=True))}
    for document, own in list(entries(own_lines, own_quads))[::15]:
        read = {f"{triple}" for triple in read_back(document, context)}
        assert own <= read <= whole
        assert all("prefLabel" in each or "#type" in each for each in read - own)


def test_framing_gives_the_same_document(own_lines: list[bytes], own_quads: Path, context: dict[str, Any]) -> None:
    frames, options = read_frames(ROOT), {"documentLoader": loader(context), "omitGraph": True}
    links = {meaning["@reverse"].partition(":")[2] for meaning in context.values() if "@reverse" in str(meaning)}
    kinds = set()
    for document, _ in list(entries(own_lines, own_quads))[::15]:
        kind = next(name for name in [*document["type"], "Cause"] if name in frames and name not in WIDE)
        kinds.add(kind)
        flat = jsonld.flatten(document, None, options)
        framed = jsonld.frame(flat, frames[kind] | {"id": document["id"]}, options)
        assert read_back(framed, context) == read_back(document, context)
        assert plain(framed, document["id"], links) == plain(document, document["id"], links)
    assert len(kinds) > 8


def plain(said: Any, iri: str, links: set[str]) -> Any:
    """Return JSON in our own words, lists without their order, and without what framing cannot leave out.

    That is a part's link to its owner, and all of the entry or of a part again where another part links to it.
    """
    if isinstance(said, dict):
        listed = {
            key: value for key, value in said.items() if ":" not in key and key not in links and value is not None
        }
        nested = {key: plain(value, iri, links) for key, value in listed.items() if key not in LINKS}
        return nested | {key: sorted(map(local, listed[key])) for key in LINKS & listed.keys()}
    if isinstance(said, list):
        return sorted((plain(each, iri, links) for each in said), key=lambda each: json.dumps(each, sort_keys=True))
    return said


def local(link: Any) -> str:
    return str(link["id"] if isinstance(link, dict) else link)


def test_dumps_are_the_same_each_time(own_lines: list[bytes], own_quads: Path, context: dict[str, Any]) -> None:
    again = io.BytesIO()
    again.name = str(own_quads)  # temporary files go beside it
    write_lines(own_quads, context, again)
    assert again.getvalue() == b"".join(own_lines)
