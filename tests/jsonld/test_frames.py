"""Framing the triples of an entry gives the document that we publish."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyld import jsonld

from justicegraph.jsonld import (
    read_frames,
)
from justicegraph.namespaces import ID
from justicegraph.rdf.nquads import groups_of, quads_of
from tests.support.jsonld import loader, read_back
from tests.support.project import ROOT

WIDE = {"Agent", "Entity", "Location"}


LINKS = {"claimant", "decides", "isDerivedFrom", "topConceptOf"}
"""What may lead to the entry itself, to another of its parts, or to what frames nothing."""


def entries(own_lines: list[bytes], own_quads: Path) -> Iterator[tuple[dict[str, Any], set[str]]]:
    """Yield each entry's line, and the triples of the entry and of its parts as they are written."""
    lines = {json.loads(line)["id"]: line for line in own_lines}
    with own_quads.open("rb") as quads:
        for subject, group in groups_of(quads_of(quads)):
            if subject[1:-1].startswith(ID):
                yield json.loads(lines[subject[1:-1]]), {" ".join(quad[:3]) for quad in group}


def test_pyld_reads_each_line_as_the_entry_and_names_of_neighbours(
    own_lines: list[bytes], own_quads: Path, context: dict[str, Any]
) -> None:
    whole = {" ".join(quad[:3]) for quad in quads_of(own_quads.read_bytes().splitlines(keepends=True))}
    for document, own in list(entries(own_lines, own_quads))[::15]:
        read = {f"{triple}" for triple in read_back(document, context)}
        assert own <= read <= whole
        assert all("prefLabel" in triple or "#type" in triple for triple in read - own)


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


def plain(json_value: Any, iri: str, links: set[str]) -> Any:
    """Return JSON in our own words, lists without their order, and without what framing cannot leave out.

    That is a part's link to its owner, and all of the entry or of a part again where another part links to it.
    """
    if isinstance(json_value, dict):
        listed = {
            key: value for key, value in json_value.items() if ":" not in key and key not in links and value is not None
        }
        nested = {key: plain(value, iri, links) for key, value in listed.items() if key not in LINKS}
        return nested | {key: sorted(map(local, listed[key])) for key in LINKS & listed.keys()}
    if isinstance(json_value, list):
        items = (plain(item, iri, links) for item in json_value)
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
    return json_value


def local(link: Any) -> str:
    return str(link["id"] if isinstance(link, dict) else link)
