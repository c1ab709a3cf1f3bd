"""A facet's values with their counts, as the engine counts them; and which values are offered."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tantivy

from justicegraph.namespaces import natural
from justicegraph.search.fields import facet_field
from justicegraph.search.model import Facet, Names, Value

_UNFOLDED = frozenset({"place", "year"})
"""Facets with so many values that only the widest are offered, and those next below the ones that were chosen."""

_MOST = {"source": 30, "place": 100}
_USUAL = 200
"""The most values that a facet offers."""


def counts(
    searcher: tantivy.Searcher, query: tantivy.Query, names: Sequence[str], open_: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, Any]]:
    """Return the engine's counts of some facets among what a query finds.

    `open_` has the paths to the values, by facet, below which narrower ones are offered too.
    """
    if not names:
        return {}
    asked = {name: {"terms": _terms(name, open_.get(name, ()))} for name in names}
    found: dict[str, dict[str, Any]] = searcher.aggregate(query, asked)
    return found


def _terms(name: str, paths: Sequence[str]) -> dict[str, Any]:
    size = _MOST.get(name, _USUAL)
    asked: dict[str, Any] = {"field": facet_field(name), "size": size, "segment_size": size * 10}
    if name in _UNFOLDED:
        steps = [path.split("/") for path in paths]
        above = {"/".join(path[:depth]) for path in steps for depth in range(1, len(path) + 1)}
        asked["include"] = "|".join(["[^/]+", *(f"{way}/[^/]+" for way in sorted(above))])
    return asked


def facet(name: str, counted: Mapping[str, Any], chosen: Sequence[str], labels: Callable[[str], Names]) -> Facet:
    """Return a facet: the most frequent values first, and then in the order of their ids."""
    values = []
    for bucket in sorted(counted["buckets"], key=lambda each: (-each["doc_count"], natural(each["key"]))):
        wider, _, own = bucket["key"].rpartition("/")
        values.append(Value(own, labels(own), bucket["doc_count"], wider.rpartition("/")[2], own in chosen))
    return Facet(name, tuple(values), counted.get("sum_other_doc_count", 0) > 0)
