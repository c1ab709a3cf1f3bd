"""The description of a release for data catalogues: DCAT 3 (W3C 2024), VoID (W3C 2011) and schema.org's Dataset.

Every resource has an IRI. That of a file is its address below that of the release; that of a checksum is the file's
with `#sha256`. Turtle and JSON-LD are serialized from one set of triples.
"""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from justicegraph.namespaces import CONTEXT, DATA, DCTERMS, ENDPOINT, HOME, ID, LICENCE, PREFIXES, RDF, VOID, XSD
from justicegraph.release.manifest import File, Release

DCAT: Final = "http://www.w3.org/ns/dcat#"
SPDX: Final = "http://spdx.org/rdf/terms#"
MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
CONTRIBUTORS: Final = DATA + "#contributors"
"""The IRI of the publisher of the releases."""

_PREFIXES = {
    "dcat": DCAT, "dcterms": DCTERMS, "foaf": PREFIXES["foaf"], "schema": PREFIXES["schema"], "spdx": SPDX,
    "void": VOID, "xsd": XSD,
}  # fmt: skip
_LINKS = (
    "dcterms:conformsTo", "dcterms:creator", "dcterms:license", "dcterms:publisher", "void:dataDump",
    "void:sparqlEndpoint", "void:vocabulary", "spdx:algorithm", "spdx:checksum", "dcat:accessService", "dcat:accessURL",
    "dcat:compressFormat", "dcat:distribution", "dcat:downloadURL", "dcat:endpointURL", "dcat:inSeries",
    "dcat:landingPage", "dcat:mediaType", "dcat:prev", "dcat:previousVersion", "dcat:servesDataset",
    "schema:contentUrl", "schema:creator", "schema:distribution", "schema:license", "schema:publisher", "schema:url",
)  # fmt: skip
_ENGLISH = ("dcterms:description", "dcat:keyword", "schema:description", "schema:keywords")
_DATATYPES = {"dcterms:issued": "xsd:date", "schema:datePublished": "xsd:date", "spdx:checksumValue": "xsd:hexBinary"}
_TERMS: Mapping[str, Mapping[str, str]] = (
    {name: {"@id": name, "@type": "@id"} for name in _LINKS}
    | {name: {"@id": name, "@language": "en"} for name in _ENGLISH}
    | {name: {"@id": name, "@type": datatype} for name, datatype in _DATATYPES.items()}
)
"""The term definitions of the JSON-LD context, for properties whose values all have one type or language."""

_NESTED = {DCAT + "distribution", SPDX + "checksum"}
"""The properties whose values are nested in the JSON-LD document."""

_TITLE = "JusticeGraph"
_ABOUT = (
    "The organizations, causes, prisoners and campaigns of the prison-justice movement as linked data. Every "
    "claim names its author, every status has a date, and every mention cites its source."
)
_KEYWORDS = ("campaigns", "human rights", "knowledge graph", "linked data", "prison justice", "prisoners")
_VOCABULARIES = tuple(PREFIXES[name] for name in ("dcterms", "foaf", "jg", "jgt", "org", "prov", "schema", "skos"))
_RDF_TYPES = {
    rdf_format.media_type for rdf_format in (RdfFormat.N_QUADS, RdfFormat.TRIG, RdfFormat.TURTLE, RdfFormat.JSON_LD)
}
_DUMP = "justicegraph."
"""The start of the names of dumps of everything; no catalogue, delta or table has it."""

_Value = NamedNode | Literal


class Catalogue(NamedTuple):
    """The description of a release in two serializations, in UTF-8."""

    turtle: bytes
    jsonld: bytes


def dataset_of(version: str) -> str:
    """Return the IRI of a release, which is the address of its files: `https://w3id.org/justicegraph/data/2026-11-21/`."""
    return f"{DATA}{version}/"


def distribution_of(version: str, name: str) -> str:
    """Return the IRI of a file of a release."""
    return dataset_of(version) + quote(name)


def catalogue(release: Release, previous: Release | None) -> list[Triple]:
    """Return the sorted triples about a release and the release before it, if any; those of the release come first."""
    triples = {*_dataset(release, previous), *_contributors(), *_series(), *_service(release)}
    triples |= {triple for file in release.files for triple in _distribution(release, file)}
    dataset, is_type = NamedNode(dataset_of(release.version)), _iri("rdf:type")
    return sorted(triples, key=lambda t: (t.subject != dataset, str(t.subject), t.predicate != is_type, str(t)))


def write_catalogue(release: Release, previous: Release | None) -> Catalogue:
    """Return the description of a release as Turtle, and as JSON-LD 1.1 that carries its context."""
    triples = catalogue(release, previous)
    return Catalogue(_turtle(triples), _jsonld(triples, dataset_of(release.version)))


def _dataset(release: Release, previous: Release | None) -> Iterator[Triple]:
    """Yield the description of a release: DCAT 3, 6.6, 11 (versions) and 12 (series); VoID, 3 and 4; schema.org."""
    title, about = _english(f"{_TITLE}, release of {release.version}"), _english(_ABOUT)
    date, version = Literal(release.date, datatype=NamedNode(XSD + "date")), Literal(release.version)
    licence, contributors, home = NamedNode(LICENCE), NamedNode(CONTRIBUTORS), NamedNode(HOME)
    keywords = list(map(_english, _KEYWORDS))
    dumps = (distribution_of(release.version, file.name) for file in release.files if _is_dump(file))
    before = [NamedNode(dataset_of(previous.version))] if previous else []
    yield from _describe(dataset_of(release.version), {
        "rdf:type": _iris("dcat:Dataset", "void:Dataset", "schema:Dataset"),
        "dcterms:title": title, "dcterms:description": about, "dcterms:license": licence,
        "dcterms:creator": contributors, "dcterms:publisher": contributors, "dcterms:issued": date,
        "dcterms:conformsTo": [NamedNode(HOME + "ontology"), NamedNode(CONTEXT)],
        "dcat:version": version, "dcat:inSeries": NamedNode(DATA), "dcat:landingPage": home, "dcat:keyword": keywords,
        "dcat:previousVersion": before, "dcat:prev": before,
        "void:triples": Literal(release.quads), "void:entities": Literal(release.entities),
        "void:uriSpace": Literal(ID), "void:vocabulary": map(NamedNode, _VOCABULARIES),
        "void:sparqlEndpoint": NamedNode(ENDPOINT), "void:dataDump": map(NamedNode, dumps),
        "schema:name": title, "schema:description": about, "schema:url": home, "schema:license": licence,
        "schema:creator": contributors, "schema:publisher": contributors, "schema:datePublished": date,
        "schema:version": version, "schema:keywords": keywords, "schema:isAccessibleForFree": Literal(True),
    })  # fmt: skip


def _contributors() -> Iterator[Triple]:
    """Yield the description of the publisher, with the name in the ontology's header."""
    name = Literal("The JusticeGraph contributors")
    kinds = _iris("foaf:Agent", "schema:Organization")
    yield from _describe(CONTRIBUTORS, {"rdf:type": kinds, "foaf:name": name, "schema:name": name})


def _series() -> Iterator[Triple]:
    yield from _describe(DATA, {
        "rdf:type": _iris("dcat:Dataset", "dcat:DatasetSeries"),
        "dcterms:title": _english(f"{_TITLE}, all releases"), "dcterms:description": _english(_ABOUT),
        "dcterms:license": NamedNode(LICENCE), "dcterms:publisher": NamedNode(CONTRIBUTORS),
    })  # fmt: skip


def _service(release: Release) -> Iterator[Triple]:
    """Yield the SPARQL endpoint as a service: it gives access to a distribution (DCAT 3, 6.8.11) and the series."""
    dataset, endpoint = dataset_of(release.version), NamedNode(ENDPOINT)
    distribution = dataset + "#sparql"
    yield from _describe(dataset, {"dcat:distribution": NamedNode(distribution)})
    yield from _describe(distribution, {
        "rdf:type": _iri("dcat:Distribution"), "dcterms:title": _english("SPARQL endpoint"),
        "dcterms:description": _english("Answers questions about the newest release."),
        "dcterms:license": NamedNode(LICENCE), "dcat:accessURL": endpoint, "dcat:accessService": endpoint,
    })  # fmt: skip
    yield from _describe(ENDPOINT, {
        "rdf:type": _iri("dcat:DataService"), "dcterms:title": _english(f"{_TITLE}, SPARQL endpoint"),
        "dcterms:conformsTo": NamedNode("https://www.w3.org/TR/sparql11-protocol/"),
        "dcat:endpointURL": endpoint, "dcat:servesDataset": NamedNode(DATA),
    })  # fmt: skip


def _distribution(release: Release, file: File) -> Iterator[Triple]:
    """Yield the description of a file (DCAT 3, 6.8), with its checksum.

    DCAT wants the size as an xsd:nonNegativeInteger. Oxigraph returns that as an xsd:integer, so that the description
    would change in a store; therefore it is an xsd:integer from the start. The size in schema.org has a unit: `1024 B`.
    """
    dataset, iri = dataset_of(release.version), distribution_of(release.version, file.name)
    node, checksum, name, about = NamedNode(iri), iri + "#sha256", Literal(file.name), _english(file.about)
    yield from _describe(dataset, {"dcat:distribution": node, "schema:distribution": node})
    yield from _describe(iri, {
        "rdf:type": _iris("dcat:Distribution", "schema:DataDownload"),
        "dcterms:title": name, "dcterms:description": about, "dcterms:license": NamedNode(LICENCE),
        "dcat:accessURL": node, "dcat:downloadURL": node, "dcat:mediaType": _media_type(file.media_type),
        "dcat:compressFormat": [_media_type(f"application/{file.coding}")] if file.coding else [],
        "dcat:byteSize": Literal(file.size), "spdx:checksum": NamedNode(checksum),
        "schema:name": name, "schema:description": about, "schema:contentUrl": node,
        "schema:contentSize": Literal(f"{file.size} B"), "schema:encodingFormat": Literal(file.media_type),
        "schema:sha256": Literal(file.sha256),
    })  # fmt: skip
    yield from _describe(checksum, {
        "rdf:type": _iri("spdx:Checksum"), "spdx:algorithm": _iri("spdx:checksumAlgorithm_sha256"),
        "spdx:checksumValue": Literal(file.sha256, datatype=NamedNode(XSD + "hexBinary")),
    })  # fmt: skip


def _is_dump(file: File) -> bool:
    return file.name.startswith(_DUMP) and file.media_type in _RDF_TYPES


def _describe(subject: str, values: Mapping[str, _Value | Iterable[_Value]]) -> Iterator[Triple]:
    """Yield the triples of a subject from its values by prefixed property."""
    for name, value in values.items():
        for term in [value] if isinstance(value, NamedNode | Literal) else value:
            yield Triple(NamedNode(subject), _iri(name), term)


def _iri(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode((RDF if prefix == "rdf" else _PREFIXES[prefix]) + local)


def _iris(*names: str) -> list[NamedNode]:
    return list(map(_iri, names))


def _english(text: str) -> Literal:
    return Literal(text, language="en")


def _media_type(name: str) -> NamedNode:
    """Return the IRI of a media type without parameters: the registry has none of `text/csv; header=present`."""
    return NamedNode(MEDIA_TYPES + quote(name.partition(";")[0].strip(), safe="/+"))


def _turtle(triples: Sequence[Triple]) -> bytes:
    """Return the triples as Turtle; the prefixes at its beginning are sorted, since Oxigraph has no order for them."""
    file = io.BytesIO()
    serialize(triples, file, format=RdfFormat.TURTLE, prefixes=_PREFIXES)
    lines = file.getvalue().splitlines(keepends=True)
    return b"".join(sorted(lines[: len(_PREFIXES)]) + lines[len(_PREFIXES) :])


def _jsonld(triples: Sequence[Triple], dataset: str) -> bytes:
    """Return the triples as a JSON-LD document, the dataset first, with its files and their checksums nested."""
    from pyld import jsonld

    quads = "".join(f"{triple} .\n" for triple in triples)
    nodes = jsonld.from_rdf(quads, {"format": "application/n-quads", "useNativeTypes": True})
    by_iri = {node["@id"]: node for node in nodes}
    for node in nodes:
        for name in _NESTED & node.keys():
            node[name] = [by_iri.pop(link["@id"]) for link in node[name]]
    used = {name for node in nodes for name in node}
    context = {"@version": 1.1, **_PREFIXES, **{n: term for n, term in _TERMS.items() if _iri(n).value in used}}
    graph = sorted(by_iri.values(), key=lambda node: node["@id"] != dataset)
    document = jsonld.compact(graph, context, {"graph": True})
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
