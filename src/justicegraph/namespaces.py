"""Prefixes and IRIs, each written once (docs/architecture.md, Names)."""

import re
from functools import lru_cache
from typing import Final

HOME: Final = "https://w3id.org/justicegraph/"

ID: Final = HOME + "id/"
DOC: Final = HOME + "doc/"
JG: Final = HOME + "ontology#"
JGT: Final = HOME + "terms#"
JGS: Final = HOME + "shapes#"
CONTEXT_VERSION: Final = "v1"
CONTEXT: Final = f"{HOME}context/{CONTEXT_VERSION}"
"""The JSON-LD context. Once released, it never changes: a change makes the next version, and this one remains."""

GRAPH: Final = HOME + "graph/"
ONTOLOGY_GRAPH: Final = GRAPH + "ontology"
SHAPES_GRAPH: Final = GRAPH + "shapes"
DERIVED_GRAPH: Final = GRAPH + "derived"
MAPPINGS_GRAPH: Final = GRAPH + "mappings"
VOID_GRAPH: Final = GRAPH + "void"

ENDPOINT: Final = HOME + "sparql"
DATA: Final = HOME + "data/"
LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
"""The licence of the data: CC0, free for any use."""

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
SH: Final = "http://www.w3.org/ns/shacl#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
DCTERMS: Final = "http://purl.org/dc/terms/"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
VOID: Final = "http://rdfs.org/ns/void#"
VOID_EXT: Final = "http://ldf.fi/void-ext#"

TYPE: Final = RDF + "type"

PREFIXES: Final[dict[str, str]] = {
    "dcterms": DCTERMS,
    "foaf": "http://xmlns.com/foaf/0.1/",
    "id": ID,
    "jg": JG,
    "jgs": JGS,
    "jgt": JGT,
    "org": "http://www.w3.org/ns/org#",
    "owl": OWL,
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": "https://schema.org/",
    "sh": SH,
    "skos": SKOS,
    "vann": "http://purl.org/vocab/vann/",
    "xsd": XSD,
}
"""Prefix to namespace: the only prefixes that our files, pages and examples use."""

_DIGITS = re.compile(r"([0-9]+)")

SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
PART: Final = re.compile(rf"(?P<slug>{SLUG.pattern})\.(?P<kind>[a-z]+(?:-[a-z]+)*)-(?P<number>[1-9][0-9]*)")

STATUS: Final = ".status"
"""The end of the id of a derived status; the slug of its owner comes before it."""


def local_id(iri: str) -> str | None:
    """Return the part of this IRI after the entity namespace; None for any other IRI."""
    return iri.removeprefix(ID) if iri.startswith(ID) else None


def slug_of(iri: str) -> str | None:
    """Return the slug of the entity that this IRI names or is a part of; None for any other IRI."""
    local = local_id(iri)
    return None if local is None else local.partition(".")[0]


def document_of(slug: str) -> str:
    """Return the IRI of the document, which is the named graph, of the entity with this slug."""
    return DOC + slug


def short(iri: str) -> str:
    """Return the IRI with its prefix, as in `jg:worksOn`; the whole IRI if no prefix of ours fits."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def split_iri(iri: str) -> tuple[str, str]:
    """Return the namespace of an IRI, up to its last slash or hash, and the local name after it."""
    end = max(iri.rfind("/"), iri.rfind("#")) + 1
    return iri[:end], iri[end:]


@lru_cache(4096)
def local_name(iri: str) -> str:
    """Return the local name of an IRI: the text after its last slash or hash, as `worksOn` in jg:worksOn."""
    return split_iri(iri)[1]


@lru_cache(8192)
def natural_sort_key(text: str) -> tuple[tuple[str, int, str], ...]:
    """Return a sort key that orders by number: demand-2 comes before demand-10, however long the number."""
    pieces = _DIGITS.split(text)
    numbers = [number.lstrip("0") for number in pieces[1::2]] + [""]
    return tuple((words, len(number), number) for words, number in zip(pieces[::2], numbers, strict=True))
