"""The JSON-LD context (JSON-LD 1.1, section 3.1), made from the ontology and the shapes, so that it knows every word.

Keys are the local names of properties and classes; `label` is skos:prefLabel. A property that may stand more than once
is always a list; texts go by language; a date has one key for each precision, as in startedOn, startedOnMonth and
startedOnYear, and a value of any type one for each type that JSON lacks, as in valueDecimal. Parts are listed under
their owner (`custodies`, `claims`, …), which is a @reverse of their link to it.
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
    CONTEXT,
    CONTEXT_VERSION,
    JG,
    JGS,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    SH,
    SKOS,
    TYPE,
    XSD,
    short,
)
from justicegraph.rdf.schema import Facts, facts_of, properties_of, wider_classes

FOLDER = Path("ontology/context")
FILE, FRAMES = FOLDER / f"{CONTEXT_VERSION}.jsonld", FOLDER / f"{CONTEXT_VERSION}.frames.json"
PRECISIONS = {"": "xsd:date", "Month": "xsd:gYearMonth", "Year": "xsd:gYear"}
TYPES = {"Decimal": "xsd:decimal", "Date": "xsd:date", "Month": "xsd:gYearMonth", "Year": "xsd:gYear"}

NEIGHBOUR = {"@embed": "@always", "@explicit": True, "@omitDefault": True, "type": {}, "skos:prefLabel": {}}
"""The frame of what an entry links to (JSON-LD 1.1 Framing, section 2.1): its id, type and label.

Under the key `label`, {} would be a map without a language, which fits only what has no label.
"""

_SAME_AS = {"sameAs": {"@id": "schema:sameAs", "@type": "@id", "@container": "@set"}}
"""The key of what an entry is elsewhere: a decision in graph/mappings, which no shape of an entry's file allows."""

_OTHER_NAMES = {SKOS + "prefLabel": "label"}


def read_context(root: Path) -> dict[str, Any]:
    """Return the context of a project folder, without the outer `@context`; raise BrokenFile where there is none."""
    try:
        said: dict[str, Any] = json.loads((root / FILE).read_bytes())["@context"]
    except (OSError, ValueError, KeyError) as error:
        raise BrokenFile(f"{root / FILE} cannot be read as a context: run `make context` to write it anew.") from error
    return said


def older_contexts(root: Path) -> dict[str, Any]:
    """Return by its version each context that was ours once, and goes on being served."""
    files = (path for path in sorted((root / FOLDER).glob("v*.jsonld")) if path.stem != CONTEXT_VERSION)
    return {path.stem: json.loads(path.read_bytes())["@context"] for path in files}


def read_frames(root: Path) -> dict[str, Any]:
    """Return the frames of a project folder by class; raise BrokenFile where there are none."""
    try:
        said: dict[str, Any] = json.loads((root / FRAMES).read_bytes())
    except (OSError, ValueError) as error:
        raise BrokenFile(f"{root / FRAMES} cannot be read as frames: run `make context` to write it anew.") from error
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
    return head | dict(sorted((terms | _SAME_AS).items()))


def make_frames(ontology: Iterable[Triple], shapes: Iterable[Triple]) -> dict[str, Any]:
    """Return by class a frame that makes of our triples, however they came, the documents that we write."""
    said, demands = facts_of(ontology), facts_of(shapes)
    owners = {name: listed for name, facts in said.items() for listed in facts[JG + "listedAs"]}
    targets = {name: set(facts[RDFS + "range"]) for name, facts in said.items()}
    for facts in demands.values():
        for path in facts[SH + "path"]:
            targets.setdefault(path, set()).update(facts[SH + "class"])
    links = {path for path, kinds in targets.items() if _are_named(kinds, said)} - owners.keys()
    paths = properties_of(demands)

    def neighbours(kind: str) -> dict[str, Any]:
        allowed = {path for wider in wider_classes(kind, said) for path in paths[wider]}
        return {_key(path): NEIGHBOUR for path in sorted(allowed & links)}

    parts: dict[str, Any] = {listed: {"@embed": "@always"} for listed in sorted(owners.values())}
    for kind in sorted(paths):
        for link in paths[kind] & owners.keys():
            parts[owners[link]] |= neighbours(kind)
    kinds = [name for name in list(said) if name.startswith(JG) and JG + "Entity" in wider_classes(name, said)]
    head = {"@context": CONTEXT, "@embed": "@never", "@omitDefault": True}
    return {_key(kind): head | {"type": _key(kind)} | neighbours(kind) | parts for kind in sorted(kinds)}


def _are_named(kinds: set[str], ontology: Facts) -> bool:
    """Tell whether there are things of these classes that have a name: an entry, a term of a closed list, a scheme."""
    ours = {kind for kind in kinds if kind.startswith((JG, SKOS))}
    return any(JG + "Part" not in wider_classes(kind, ontology) for kind in ours)


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
    if SH + "Literal" in kinds:
        typed = {key + suffix: {"@id": name, "@type": kind} | many for suffix, kind in TYPES.items()}
        return {key: {"@id": name} | many} | typed
    if kinds & {XSD + "string", XSD + "integer", XSD + "boolean"}:
        return {key: {"@id": name} | many}
    if any(facts[SH + "hasValue"] for facts in rules):
        return {key: {"@id": name}}
    return {key: {"@id": name, "@type": "@id"} | many}


def _key(iri: str) -> str:
    return _OTHER_NAMES.get(iri) or re.split(r"[#/]", iri)[-1]
