"""The JSON-LD context (JSON-LD 1.1, section 3.1), made from the ontology and the shapes, so that it knows every word.

Keys are the local names of properties and classes; `label` is skos:prefLabel. A property that may stand more than once
is always a list; texts go by language; a date has one key for each precision, as in startedOn, startedOnMonth and
startedOnYear. Parts are listed under their owner (`custodies`, `claims`, …), which is a @reverse of their link to it.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pyoxigraph import Triple

from justicegraph.errors import BrokenFile
from justicegraph.facts import facts_of
from justicegraph.names import JG, JGS, OWL, PREFIXES, RDF, SH, SKOS, TYPE, XSD, short

FILE = Path("ontology/context/v1.jsonld")
PRECISIONS = {"": "xsd:date", "Month": "xsd:gYearMonth", "Year": "xsd:gYear"}

_OTHER_NAMES = {SKOS + "prefLabel": "label"}


def read_context(root: Path) -> dict[str, Any]:
    """Return the context of a project folder, without the outer `@context`; raise BrokenFile where there is none."""
    try:
        said: dict[str, Any] = json.loads((root / FILE).read_bytes())["@context"]
    except (OSError, ValueError, KeyError) as error:
        raise BrokenFile(f"{root / FILE} cannot be read as a context: run `make context` to write it anew.") from error
    return said


def make_context(ontology: Iterable[Triple], shapes: Iterable[Triple]) -> dict[str, Any]:
    """Return the context for what this ontology declares and these shapes allow."""
    said, demands = facts_of(ontology), facts_of(shapes)
    # The prefix id: would take the key that stands for @id.
    terms: dict[str, Any] = {name: iri for name, iri in PREFIXES.items() if name != "id"}
    for name, facts in said.items():
        if OWL + "Class" in facts[TYPE] and name.startswith(JG):
            terms[_key(name)] = short(name)
        for listed in facts[JG + "listedAs"]:
            terms[listed] = {"@reverse": short(name), "@container": "@set"}
    by_path: dict[str, list[Mapping[str, list[str]]]] = defaultdict(list)
    for facts in demands.values():
        for path in facts[SH + "path"]:
            by_path[path].append(facts)
    for path, rules in by_path.items():
        terms |= _terms(path, rules)
    head = {"@version": 1.1, "id": "@id", "type": {"@id": "@type", "@container": "@set"}}
    return head | dict(sorted(terms.items()))


def _terms(path: str, rules: list[Mapping[str, list[str]]]) -> dict[str, Any]:
    """Return the keys of one property, from all shapes that speak of it."""
    key, name = _key(path), short(path)
    kinds = {kind for facts in rules for kind in (*facts[SH + "datatype"], *facts[SH + "nodeKind"])}
    once = all(facts[SH + "maxCount"] == ["1"] for facts in rules)
    many = {} if once else {"@container": "@set"}
    if any(JGS + "Date" in facts[SH + "node"] for facts in rules):
        return {key + suffix: {"@id": name, "@type": kind} | many for suffix, kind in PRECISIONS.items()}
    if RDF + "langString" in kinds:
        one_each = once or any(facts[SH + "uniqueLang"] == ["true"] for facts in rules)
        return {key: {"@id": name, "@container": "@language" if one_each else ["@language", "@set"]}}
    if SH + "Literal" in kinds or kinds & {XSD + "string", XSD + "integer", XSD + "boolean"}:
        return {key: {"@id": name} | many}
    if any(facts[SH + "hasValue"] for facts in rules):
        return {key: {"@id": name}}
    return {key: {"@id": name, "@type": "@id"} | many}


def _key(iri: str) -> str:
    return _OTHER_NAMES.get(iri) or re.split(r"[#/]", iri)[-1]
