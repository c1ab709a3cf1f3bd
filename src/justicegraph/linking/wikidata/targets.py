"""Read a file of targets as items, each with a whole IRI, and find the database that they are in."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pyoxigraph import NamedNode

from justicegraph.errors import BrokenFile
from justicegraph.linking.records import MAX_BYTES, read_targets
from justicegraph.linking.records.text_files import uncompressed_name
from justicegraph.linking.records.wikidata import Item, read_items
from justicegraph.project.sssom import SPACES, WIKIDATA

_ITEM = re.compile(r"Q[1-9][0-9]{0,11}")
_WEB = re.compile(r"https?://[^/\s]+/\S+")


def read_target_items(path: Path, limit: int = MAX_BYTES) -> list[Item]:
    """Return the items of a file: N-Triples in Wikidata's form, JSON lines or CSV, .gz too; raise BrokenFile."""
    is_graph = uncompressed_name(path).endswith(".nt")
    items = read_items(path, limit) if is_graph else [Item(record) for record in read_targets(path, limit)]
    if not items:
        raise BrokenFile(f"{path} has no targets.")
    return [replace(item, record=replace(item.record, id=_iri(path, item.record.id))) for item in items]


def source_of(items: Iterable[Item]) -> str:
    """Return the namespace of most items, such as http://www.wikidata.org/entity/."""
    return Counter(namespace(item.record.id) for item in items).most_common(1)[0][0]


def items_within(items: Iterable[Item], source: str) -> list[Item]:
    """Return the items in a namespace; raise BrokenFile if there is none: no conclusion can be drawn from that."""
    filtered = [item for item in items if namespace(item.record.id) == source]
    if not filtered:
        raise BrokenFile(f"None of the targets is in {source}: name another --source, or leave it out.")
    return filtered


def namespace(iri: str) -> str:
    """Return an IRI up to its last slash or hash."""
    return iri[: max(map(iri.rfind, "/#")) + 1]


def file_name(source: str) -> str:
    """Return the name of the file with the proposals for a database, such as wikidata.jsonl or ror.jsonl."""
    known = next((prefix for prefix, space in SPACES.items() if space == source), "")
    name = "wikidata" if source == WIKIDATA else known or re.sub(r"\W+", "-", source.partition("//")[2]).strip("-")
    return f"{name[:100].lower()}.jsonl"


def _iri(path: Path, target_id: str) -> str:
    """Return an id as a whole IRI: Q42 and wd:Q42 are items of Wikidata, other prefixes are in SPACES."""
    prefix, colon, local = target_id.partition(":")
    if _ITEM.fullmatch(target_id):
        iri = WIKIDATA + target_id
    else:
        iri = SPACES[prefix] + local if colon and prefix in SPACES else target_id
    try:
        if _WEB.fullmatch(iri) and NamedNode(iri).value == iri:
            return iri
    except ValueError:
        pass
    prefixes = ", ".join(f"{prefix}:" for prefix in SPACES)
    raise BrokenFile(f'{path}: the id "{target_id[:80]}" is not an address; write it in full, or with {prefixes}.')
