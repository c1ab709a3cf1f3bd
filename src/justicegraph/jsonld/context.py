"""The JSON-LD context (JSON-LD 1.1, section 3.1), generated from the ontology and the shapes.

Terms are the local names of properties and classes; `label` is skos:prefLabel. A property that can have several values
is always a list (@set), and texts are language maps. A date has one term for each precision, as in startedOn,
startedOnMonth and startedOnYear; a value of any type has one for each type that JSON lacks, as in valueDecimal. Parts
are listed under their owner (`custodies`, `claims`, …) by a @reverse of their link to it.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pyoxigraph import Triple

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import (
    CONTEXT_VERSION,
    JG,
    JGS,
    OWL,
    PREFIXES,
    RDF,
    SH,
    SKOS,
    TYPE,
    XSD,
    short,
)
from justicegraph.rdf.schema import facts_of

FOLDER = Path("ontology/context")
CONTEXT_FILE = FOLDER / f"{CONTEXT_VERSION}.jsonld"
PRECISIONS = {"": "xsd:date", "Month": "xsd:gYearMonth", "Year": "xsd:gYear"}
TYPES = {"Decimal": "xsd:decimal", "Date": "xsd:date", "Month": "xsd:gYearMonth", "Year": "xsd:gYear"}

_SAME_AS = {"sameAs": {"@id": "schema:sameAs", "@type": "@id", "@container": "@set"}}
"""The term for the same entry elsewhere: a decision in graph/mappings, which no shape of an entry's file allows."""

_OTHER_NAMES = {SKOS + "prefLabel": "label"}


def read_context(root: Path) -> dict[str, Any]:
    """Return the context of a project folder, without the outer `@context`; raise BrokenFile if there is none."""
    path = root / CONTEXT_FILE
    try:
        context: dict[str, Any] = json.loads(path.read_bytes())["@context"]
    except (OSError, ValueError, KeyError) as error:
        raise BrokenFile(f"{path} cannot be read as a context: run `make context` to write it anew.") from error
    return context


def older_contexts(root: Path) -> dict[str, Any]:
    """Return the contexts of earlier versions, which are still served, by version."""
    files = (path for path in sorted((root / FOLDER).glob("v*.jsonld")) if path.stem != CONTEXT_VERSION)
    return {path.stem: json.loads(path.read_bytes())["@context"] for path in files}


def make_context(ontology: Iterable[Triple], shapes: Iterable[Triple]) -> dict[str, Any]:
    """Return the context for all classes and properties of an ontology and its shapes."""
    declared, demands = facts_of(ontology), facts_of(shapes)
    # A prefix id would take the alias of @id.
    terms: dict[str, Any] = {name: iri for name, iri in PREFIXES.items() if name != "id"}
    for name, facts in declared.items():
        if OWL + "Class" in facts[TYPE] and name.startswith(JG):
            terms[term_of(name)] = short(name)
        for listed in facts[JG + "listedAs"]:
            terms[listed] = {"@reverse": short(name), "@container": "@set"}
    by_path: dict[str, list[Mapping[str, list[str]]]] = defaultdict(list)
    for facts in demands.values():
        for path in facts[SH + "path"]:
            by_path[path].append(facts)
    for path, rules in by_path.items():
        terms |= _terms(path, rules)
    head = {"@version": 1.1, "id": "@id", "type": {"@id": "@type", "@container": "@set"}}
    return head | dict(sorted((terms | _SAME_AS).items()))


def _terms(path: str, rules: list[Mapping[str, list[str]]]) -> dict[str, Any]:
    """Return the terms of one property, from all shapes that have it."""
    term, name = term_of(path), short(path)
    kinds = {kind for facts in rules for kind in (*facts[SH + "datatype"], *facts[SH + "nodeKind"])}
    once = all(facts[SH + "maxCount"] == ["1"] for facts in rules)
    many = {} if once else {"@container": "@set"}
    if any(JGS + "Date" in facts[SH + "node"] for facts in rules):
        return {term + suffix: {"@id": name, "@type": kind} | many for suffix, kind in PRECISIONS.items()}
    if RDF + "langString" in kinds:
        one_each = once or any(facts[SH + "uniqueLang"] == ["true"] for facts in rules)
        return {term: {"@id": name, "@container": "@language" if one_each else ["@language", "@set"]}}
    if SH + "Literal" in kinds:
        typed = {term + suffix: {"@id": name, "@type": kind} | many for suffix, kind in TYPES.items()}
        return {term: {"@id": name} | many} | typed
    if kinds & {XSD + "string", XSD + "integer", XSD + "boolean"}:
        return {term: {"@id": name} | many}
    if any(facts[SH + "hasValue"] for facts in rules):
        return {term: {"@id": name}}
    return {term: {"@id": name, "@type": "@id"} | many}


def term_of(iri: str) -> str:
    """Return the term of a property or a class: its local name, except for `label`."""
    return _OTHER_NAMES.get(iri) or re.split(r"[#/]", iri)[-1]
