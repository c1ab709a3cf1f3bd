"""A release described for catalogues, in one description: DCAT 3 (W3C 2024), VoID (W3C 2011), and schema.org's Dataset.

Everything has an IRI. A file's is its address below that of the release, a checksum's is the file's with `#sha256`.
"""

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from justicegraph.namespaces import CONTEXT, DATA, DCTERMS, ENDPOINT, HOME, ID, LICENCE, PREFIXES, TYPE, VOID, XSD
from justicegraph.rdf.triples import said
from justicegraph.release.manifest import File, Release

DCAT: Final = "http://www.w3.org/ns/dcat#"
SPDX: Final = "http://spdx.org/rdf/terms#"
MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
CONTRIBUTORS: Final = DATA + "#contributors"
"""Who makes the releases."""

_TYPE = NamedNode(TYPE)
_SCHEMA, _FOAF = PREFIXES["schema"], PREFIXES["foaf"]
_PREFIXES = {"dcat": DCAT, "dcterms": DCTERMS, "foaf": _FOAF, "schema": _SCHEMA, "spdx": SPDX, "void": VOID, "xsd": XSD}
_TITLE = "JusticeGraph"
_ABOUT = (
    "The organizations, causes, prisoners and campaigns of the prison-justice movement as linked data. It says whose "
    "each claim is, as of which date a status is known, and in which source every mention stands."
)
_KEYWORDS = ("campaigns", "human rights", "knowledge graph", "linked data", "prison justice", "prisoners")
_VOCABULARIES = tuple(PREFIXES[name] for name in ("dcterms", "foaf", "jg", "jgt", "org", "prov", "schema", "skos"))
_RDF_TYPES = {form.media_type for form in (RdfFormat.N_QUADS, RdfFormat.TRIG, RdfFormat.TURTLE, RdfFormat.JSON_LD)}
_DUMP = "justicegraph."
"""What the names of the dumps of everything begin with: no catalogue, delta or table does."""

_BARE = {XSD + "boolean", XSD + "integer"}
"""Datatypes with a notation of their own in JSON."""


class Catalogue(NamedTuple):
    """The same description twice, as bytes in UTF-8."""

    turtle: bytes
    jsonld: bytes


def dataset_of(version: str) -> str:
    """Return the IRI of a release, which is where its files are: `https://w3id.org/justicegraph/data/2026-11-21/`."""
    return f"{DATA}{version}/"


def distribution_of(version: str, name: str) -> str:
    """Return the IRI of a file of a release."""
    return dataset_of(version) + quote(name)


def catalogue(release: Release, previous: Release | None) -> list[Triple]:
    """Return the description of a release, which follows the previous one if there is one; what it is comes first."""
    triples = {*_dataset(release), *_figures(release), *_as_schema(release), *_before(release, previous)}
    triples |= {*_contributors(), *_series(), *_service(release)}
    triples |= {triple for file in release.files for triple in _distribution(release, file)}
    own = NamedNode(dataset_of(release.version))
    return sorted(
        triples, key=lambda each: (each.subject != own, str(each.subject), each.predicate != _TYPE, str(each))
    )


def write_catalogue(release: Release, previous: Release | None) -> Catalogue:
    """Return the description of a release as Turtle, and as JSON-LD 1.1 that carries its context."""
    triples = catalogue(release, previous)
    return Catalogue(_turtle(triples), _json(triples, dataset_of(release.version)))


def _dataset(release: Release) -> Iterator[Triple]:
    """Yield what a release is (DCAT 3, 6.6)."""
    iri = dataset_of(release.version)
    yield from said(iri, TYPE, *_nodes(DCAT + "Dataset", VOID + "Dataset", _SCHEMA + "Dataset"))
    yield from said(iri, DCTERMS + "title", _english(f"{_TITLE}, release of {release.version}"))
    yield from said(iri, DCTERMS + "description", _english(_ABOUT))
    yield from said(iri, DCTERMS + "license", NamedNode(LICENCE))
    yield from said(iri, DCTERMS + "creator", NamedNode(CONTRIBUTORS))
    yield from said(iri, DCTERMS + "publisher", NamedNode(CONTRIBUTORS))
    yield from said(iri, DCTERMS + "issued", _date(release))
    yield from said(iri, DCTERMS + "conformsTo", *_nodes(HOME + "ontology", CONTEXT))
    yield from said(iri, DCAT + "version", Literal(release.version))
    yield from said(iri, DCAT + "inSeries", NamedNode(DATA))
    yield from said(iri, DCAT + "landingPage", NamedNode(HOME))
    yield from said(iri, DCAT + "keyword", *map(_english, _KEYWORDS))


def _figures(release: Release) -> Iterator[Triple]:
    """Yield how much is in a release, and how to get at it (VoID, 3 and 4)."""
    iri = dataset_of(release.version)
    dumps = (distribution_of(release.version, file.name) for file in release.files if _is_dump(file))
    yield from said(iri, VOID + "triples", Literal(release.quads))
    yield from said(iri, VOID + "entities", Literal(release.entities))
    yield from said(iri, VOID + "uriSpace", Literal(ID))
    yield from said(iri, VOID + "vocabulary", *_nodes(*_VOCABULARIES))
    yield from said(iri, VOID + "sparqlEndpoint", NamedNode(ENDPOINT))
    yield from said(iri, VOID + "dataDump", *_nodes(*dumps))


def _as_schema(release: Release) -> Iterator[Triple]:
    """Yield what a release is in the words that search engines read."""
    iri = dataset_of(release.version)
    yield from said(iri, _SCHEMA + "name", _english(f"{_TITLE}, release of {release.version}"))
    yield from said(iri, _SCHEMA + "description", _english(_ABOUT))
    yield from said(iri, _SCHEMA + "url", NamedNode(HOME))
    yield from said(iri, _SCHEMA + "license", NamedNode(LICENCE))
    yield from said(iri, _SCHEMA + "creator", NamedNode(CONTRIBUTORS))
    yield from said(iri, _SCHEMA + "publisher", NamedNode(CONTRIBUTORS))
    yield from said(iri, _SCHEMA + "datePublished", _date(release))
    yield from said(iri, _SCHEMA + "version", Literal(release.version))
    yield from said(iri, _SCHEMA + "keywords", *map(_english, _KEYWORDS))
    yield from said(iri, _SCHEMA + "isAccessibleForFree", Literal(True))


def _before(release: Release, previous: Release | None) -> Iterator[Triple]:
    """Yield which release came before: as a version (DCAT 3, 11) and in the series (12)."""
    if previous is not None:
        for name in ("previousVersion", "prev"):
            yield from said(dataset_of(release.version), DCAT + name, NamedNode(dataset_of(previous.version)))


def _contributors() -> Iterator[Triple]:
    """Yield who makes the releases, by the name in the ontology's header."""
    name = Literal("The JusticeGraph contributors")
    yield from said(CONTRIBUTORS, TYPE, *_nodes(_FOAF + "Agent", _SCHEMA + "Organization"))
    yield from said(CONTRIBUTORS, _FOAF + "name", name)
    yield from said(CONTRIBUTORS, _SCHEMA + "name", name)


def _series() -> Iterator[Triple]:
    yield from said(DATA, TYPE, *_nodes(DCAT + "Dataset", DCAT + "DatasetSeries"))
    yield from said(DATA, DCTERMS + "title", _english(f"{_TITLE}, all releases"))
    yield from said(DATA, DCTERMS + "description", _english(_ABOUT))
    yield from said(DATA, DCTERMS + "license", NamedNode(LICENCE))
    yield from said(DATA, DCTERMS + "publisher", NamedNode(CONTRIBUTORS))


def _service(release: Release) -> Iterator[Triple]:
    """Yield how to ask: a service is what a distribution gives access by (DCAT 3, 6.8.11), and serves the series."""
    dataset = dataset_of(release.version)
    way = dataset + "#sparql"
    yield from said(dataset, DCAT + "distribution", NamedNode(way))
    yield from said(way, TYPE, NamedNode(DCAT + "Distribution"))
    yield from said(way, DCTERMS + "title", _english("SPARQL endpoint"))
    yield from said(way, DCTERMS + "description", _english("Answers questions about the newest release."))
    yield from said(way, DCTERMS + "license", NamedNode(LICENCE))
    yield from said(way, DCAT + "accessURL", NamedNode(ENDPOINT))
    yield from said(way, DCAT + "accessService", NamedNode(ENDPOINT))
    yield from said(ENDPOINT, TYPE, NamedNode(DCAT + "DataService"))
    yield from said(ENDPOINT, DCTERMS + "title", _english(f"{_TITLE}, SPARQL endpoint"))
    yield from said(ENDPOINT, DCTERMS + "conformsTo", NamedNode("https://www.w3.org/TR/sparql11-protocol/"))
    yield from said(ENDPOINT, DCAT + "endpointURL", NamedNode(ENDPOINT))
    yield from said(ENDPOINT, DCAT + "servesDataset", NamedNode(DATA))


def _distribution(release: Release, file: File) -> Iterator[Triple]:
    """Yield what a file is (DCAT 3, 6.8), with its checksum.

    DCAT would have the size as an xsd:nonNegativeInteger. Oxigraph gives that back as an xsd:integer, so that the
    description would differ from itself once it has been in a store: it is an xsd:integer from the start.
    """
    dataset, iri = dataset_of(release.version), distribution_of(release.version, file.name)
    yield from said(dataset, DCAT + "distribution", NamedNode(iri))
    yield from said(iri, TYPE, *_nodes(DCAT + "Distribution", _SCHEMA + "DataDownload"))
    yield from said(iri, DCTERMS + "title", Literal(file.name))
    yield from said(iri, DCTERMS + "description", _english(file.about))
    yield from said(iri, DCTERMS + "license", NamedNode(LICENCE))
    yield from said(iri, DCAT + "accessURL", NamedNode(iri))
    yield from said(iri, DCAT + "downloadURL", NamedNode(iri))
    yield from said(iri, DCAT + "mediaType", _media_type(file.media_type))
    if file.coding:
        yield from said(iri, DCAT + "compressFormat", _media_type(f"application/{file.coding}"))
    yield from said(iri, DCAT + "byteSize", Literal(file.size))
    yield from _checksum(iri, file)
    yield from _download(dataset, iri, file)


def _checksum(iri: str, file: File) -> Iterator[Triple]:
    checksum = iri + "#sha256"
    yield from said(iri, SPDX + "checksum", NamedNode(checksum))
    yield from said(checksum, TYPE, NamedNode(SPDX + "Checksum"))
    yield from said(checksum, SPDX + "algorithm", NamedNode(SPDX + "checksumAlgorithm_sha256"))
    yield from said(checksum, SPDX + "checksumValue", Literal(file.sha256, datatype=NamedNode(XSD + "hexBinary")))


def _download(dataset: str, iri: str, file: File) -> Iterator[Triple]:
    """Yield a file in schema.org's words, which have a size with its unit, as in `1024 B`."""
    yield from said(dataset, _SCHEMA + "distribution", NamedNode(iri))
    yield from said(iri, _SCHEMA + "name", Literal(file.name))
    yield from said(iri, _SCHEMA + "description", _english(file.about))
    yield from said(iri, _SCHEMA + "contentUrl", NamedNode(iri))
    yield from said(iri, _SCHEMA + "contentSize", Literal(f"{file.size} B"))
    yield from said(iri, _SCHEMA + "encodingFormat", Literal(file.media_type))
    yield from said(iri, _SCHEMA + "sha256", Literal(file.sha256))


def _is_dump(file: File) -> bool:
    return file.name.startswith(_DUMP) and file.media_type in _RDF_TYPES


def _nodes(*iris: str) -> Iterator[NamedNode]:
    return map(NamedNode, iris)


def _english(text: str) -> Literal:
    return Literal(text, language="en")


def _date(release: Release) -> Literal:
    return Literal(release.date, datatype=NamedNode(XSD + "date"))


def _media_type(name: str) -> NamedNode:
    """Return the IRI of a media type; its parameters, as in `text/csv; header=present`, are none of the registry's."""
    return NamedNode(MEDIA_TYPES + quote(name.partition(";")[0].strip(), safe="/+"))


def _turtle(triples: Iterable[Triple]) -> bytes:
    """Return the triples as Turtle; Oxigraph promises no order of the prefixes, which come first."""
    file = io.BytesIO()
    serialize(triples, file, format=RdfFormat.TURTLE, prefixes=_PREFIXES)
    lines = file.getvalue().splitlines(keepends=True)
    return b"".join(sorted(lines[: len(_PREFIXES)]) + lines[len(_PREFIXES) :])


_Term = NamedNode | Literal
_Said = dict[str, dict[str, list[_Term]]]


def _json(triples: Iterable[Triple], root: str) -> bytes:
    """Return the triples as a JSON-LD document: the root with what is below its address in it, then all the rest."""
    nodes: _Said = {}
    values: dict[str, list[_Term]] = {}
    for subject, name, value in triples:
        nodes.setdefault(subject.value, {}).setdefault(name.value, []).append(value)
        values.setdefault(name.value, []).append(value)
    keys = {name: _key(name, values[name]) for name in sorted(values.keys() - {TYPE})}
    own = {iri: facts for iri, facts in nodes.items() if iri.startswith(root)}
    rest = [_node(iri, {iri: facts}, keys) for iri, facts in nodes.items() if iri not in own]
    context = {"@version": 1.1, **_PREFIXES, **{key["@id"]: key for key in keys.values() if len(key) > 1}}
    document = {"@context": context, "@graph": [_node(root, own, keys), *rest]}
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def _key(name: str, values: Iterable[_Term]) -> dict[str, str]:
    """Return the definition of a predicate's key: what all of its values have in common need not be said at each."""
    kinds = {_kind(value) for value in values}
    return {"@id": _short(name), **(dict(kinds.pop()) if len(kinds) == 1 else {})}


def _kind(value: _Term) -> tuple[tuple[str, str], ...]:
    if isinstance(value, NamedNode):
        return (("@type", "@id"),)
    if value.language is not None:
        return (("@language", value.language),)
    datatype = value.datatype.value
    return () if datatype == XSD + "string" or datatype in _BARE else (("@type", _short(datatype)),)


def _node(iri: str, left: _Said, keys: Mapping[str, dict[str, str]]) -> dict[str, Any]:
    """Return a node, with those in it that are left and that it speaks of."""
    facts = left.pop(iri)
    node: dict[str, Any] = {"@id": iri, "@type": [_short(kind.value) for kind in facts[TYPE]]}
    for name in sorted(facts.keys() - {TYPE}, key=_short):
        told = [_told(value, keys[name], left, keys) for value in facts[name]]
        node[keys[name]["@id"]] = told[0] if len(told) == 1 else told
    return node


def _told(value: _Term, key: Mapping[str, str], left: _Said, keys: Mapping[str, dict[str, str]]) -> Any:
    """Return a value under a key: a node in full where it comes up first, else what the key does not say already."""
    if isinstance(value, NamedNode):
        return _node(value.value, left, keys) if value.value in left else _unless_said(value.value, "@id", key, value)
    if value.datatype.value in _BARE:
        return json.loads(value.value)
    return _unless_said(value.value, "@value", key, value)


def _unless_said(text: str, place: str, key: Mapping[str, str], value: _Term) -> Any:
    kind = dict(_kind(value))
    if len(key) > 1 or not kind:
        return text
    return {place: text} if place == "@id" else {place: text, **kind}


def _short(iri: str) -> str:
    """Return a name with its prefix, and any other IRI whole."""
    for prefix, namespace in _PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
