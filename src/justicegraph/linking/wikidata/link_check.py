"""Check the items that entries are linked to: Wikidata merges items, and deletes some."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from justicegraph.errors import RemoteFailed
from justicegraph.linking.wikidata.client import WikidataClient
from justicegraph.linking.wikidata.entries import QUERIES
from justicegraph.linking.wikidata.item_search import ITEMS, Progress
from justicegraph.sparql.query import RunQuery
from justicegraph.sparql.results import Terms


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A link to an item that was merged or deleted: `replacement` is the item that replaces it, if there is one."""

    entry: str
    item: str
    replacement: str = ""


def linked_items(run_query: RunQuery, source: str) -> list[tuple[str, str]]:
    """Return the links of a graph to items of a namespace, as pairs of an entry and an item."""
    rows = ((row["entry"].value, row["item"].value) for row in QUERIES.terms(run_query, "links_of_entries"))
    return [(entry, item) for entry, item in rows if item.startswith(source)]


def check_links(
    links: Sequence[tuple[str, str]], wikidata: WikidataClient, progress: Progress = lambda *_: None
) -> list[BrokenLink]:
    """Return the links to items that were merged or deleted; raise RemoteFailed. Nothing is cached or changed."""
    items = sorted({item for _, item in links})
    replacements: dict[str, str | None] = {}
    for start in range(0, len(items), ITEMS):
        progress(start, len(items), "items checked")
        batch = items[start : start + ITEMS]
        rows = wikidata.select(QUERIES.text("items_that_exist", {"item": map(NamedNode, batch)}))
        replacements |= _replacements(batch, rows)
        if missing := [item for item in batch if item not in replacements]:
            raise RemoteFailed(f"{wikidata.endpoint} left {missing[0]} out of its results.")
    return [
        BrokenLink(entry, item, replacement) for entry, item in links if (replacement := replacements[item]) is not None
    ]


def _replacements(batch: Iterable[str], rows: Iterable[Terms]) -> dict[str, str | None]:
    """Return None for each item that exists, the item that replaces a merged one, and "" for a deleted one."""
    wanted, rows_by_item = set(batch), defaultdict[str, list[Terms]](list)
    for row in rows:
        if "item" in row and row["item"].value in wanted:
            rows_by_item[row["item"].value].append(row)
    return {item: _replacement(some) for item, some in rows_by_item.items()}


def _replacement(rows: Sequence[Terms]) -> str | None:
    replacement = min((row["now"].value for row in rows if "now" in row), default="")
    exists = any("there" in row and row["there"].value in {"true", "1"} for row in rows)
    return replacement if replacement or not exists else None
