"""JSON-LD frames (JSON-LD 1.1 Framing), one for each class, generated from the ontology and the shapes."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pyoxigraph import Triple

from justicegraph.errors import BrokenFile
from justicegraph.jsonld.context import FOLDER, term_of
from justicegraph.namespaces import CONTEXT, CONTEXT_VERSION, JG, RDFS, SH, SKOS
from justicegraph.rdf.schema import Facts, facts_of, properties_of, wider_classes

FRAMES_FILE = FOLDER / f"{CONTEXT_VERSION}.frames.json"

NEIGHBOUR = {"@embed": "@always", "@explicit": True, "@omitDefault": True, "type": {}, "skos:prefLabel": {}}
"""The frame of a linked entry (JSON-LD 1.1 Framing, section 2.1): its id, type and label.

Under the term `label`, {} would be an empty language map, which matches only entries without a label.
"""


def read_frames(root: Path) -> dict[str, Any]:
    """Return the frames of a project folder by class; raise BrokenFile if there are none."""
    path = root / FRAMES_FILE
    try:
        frames: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise BrokenFile(f"{path} cannot be read as frames: run `make context` to write it anew.") from error
    return frames


def make_frames(ontology: Iterable[Triple], shapes: Iterable[Triple]) -> dict[str, Any]:
    """Return a frame for each class: framing the triples of an entry with it gives the document that we publish."""
    declared, demands = facts_of(ontology), facts_of(shapes)
    owners = {name: listed for name, facts in declared.items() for listed in facts[JG + "listedAs"]}
    targets = {name: set(facts[RDFS + "range"]) for name, facts in declared.items()}
    for facts in demands.values():
        for path in facts[SH + "path"]:
            targets.setdefault(path, set()).update(facts[SH + "class"])
    links = {path for path, kinds in targets.items() if _have_names(kinds, declared)} - owners.keys()
    paths = properties_of(demands)

    def neighbours(kind: str) -> dict[str, Any]:
        allowed = {path for wider in wider_classes(kind, declared) for path in paths[wider]}
        return {term_of(path): NEIGHBOUR for path in sorted(allowed & links)}

    parts: dict[str, Any] = {listed: {"@embed": "@always"} for listed in sorted(owners.values())}
    for kind in sorted(paths):
        for link in paths[kind] & owners.keys():
            parts[owners[link]] |= neighbours(kind)
    kinds = [name for name in list(declared) if name.startswith(JG) and JG + "Entity" in wider_classes(name, declared)]
    head = {"@context": CONTEXT, "@embed": "@never", "@omitDefault": True}
    return {term_of(kind): head | {"type": term_of(kind)} | neighbours(kind) | parts for kind in sorted(kinds)}


def _have_names(kinds: set[str], ontology: Facts) -> bool:
    """Return whether one of these classes has labelled instances: entries, terms of a controlled list, schemes."""
    ours = {kind for kind in kinds if kind.startswith((JG, SKOS))}
    return any(JG + "Part" not in wider_classes(kind, ontology) for kind in ours)
