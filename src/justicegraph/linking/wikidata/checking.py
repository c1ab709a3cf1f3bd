"""Links that stand, asked about where they lead: Wikidata puts items together, and deletes some."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from justicegraph.errors import RemoteFailed
from justicegraph.linking.wikidata.client import Outside
from justicegraph.linking.wikidata.entries import QUERIES
from justicegraph.linking.wikidata.finding import ITEMS, Progress
from justicegraph.sparql.query import RunQuery
from justicegraph.sparql.results import Terms


@dataclass(frozen=True, slots=True)
class Moved:
    """A link that leads nowhere, or elsewhere: `now` is the item that took its place, or nothing if it was deleted."""

    entry: str
    item: str
    now: str = ""


def links(run_query: RunQuery, source: str) -> list[tuple[str, str]]:
    """Return the entries of a graph that match an item of this namespace, each with the item."""
    rows = ((row["entry"].value, row["item"].value) for row in QUERIES.terms(run_query, "links_of_entries"))
    return [(entry, item) for entry, item in rows if item.startswith(source)]


def check_links(
    linked: Sequence[tuple[str, str]], outside: Outside, progress: Progress = lambda *_: None
) -> list[Moved]:
    """Return the links that do not lead to an item as it stands; raise RemoteFailed. Nothing is kept or changed."""
    items = sorted({item for _, item in linked})
    standing: dict[str, str | None] = {}
    for at in range(0, len(items), ITEMS):
        progress(at, len(items), "items asked about")
        batch = items[at : at + ITEMS]
        standing |= _standing(batch, outside.rows(QUERIES.text("items_that_exist", {"item": map(NamedNode, batch)})))
        if left := [item for item in batch if item not in standing]:
            raise RemoteFailed(f"{outside.endpoint} left {left[0]} out of its answer.")
    return [Moved(entry, item, now) for entry, item in linked if (now := standing[item]) is not None]


def _standing(batch: Iterable[str], rows: Iterable[Terms]) -> dict[str, str | None]:
    """Return for each item None where it stands, the one in its place, or nothing where it is gone."""
    asked, found = set(batch), defaultdict[str, list[Terms]](list)
    for row in rows:
        if "item" in row and row["item"].value in asked:
            found[row["item"].value].append(row)
    return {item: _state(some) for item, some in found.items()}


def _state(rows: Sequence[Terms]) -> str | None:
    now = min((row["now"].value for row in rows if "now" in row), default="")
    is_there = any("there" in row and row["there"].value in {"true", "1"} for row in rows)
    return now if now or not is_there else None
