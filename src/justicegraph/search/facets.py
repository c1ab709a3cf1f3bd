"""Facets: the values with their counts, and which values are offered."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tantivy

from justicegraph.namespaces import natural_sort_key
from justicegraph.search.fields import facet_field
from justicegraph.search.model import Facet, FacetValue, Names

_HIERARCHICAL = frozenset({"place", "year"})
"""Hierarchical facets with so many values that only the widest are offered, and those one below the chosen ones."""

_LIMITS = {"source": 30, "place": 100}
_LIMIT = 200
"""The most values of a facet, by facet and else."""


def count_facets(
    searcher: tantivy.Searcher, query: tantivy.Query, names: Sequence[str], open_: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, Any]]:
    """Return the engine's counts of some facets among the entries that match a query.

    `open_` has by facet the paths to values whose next narrower values are counted too.
    """
    if not names:
        return {}
    aggregations = {name: {"terms": _terms(name, open_.get(name, ()))} for name in names}
    counts: dict[str, dict[str, Any]] = searcher.aggregate(query, aggregations)
    return counts


def _terms(name: str, paths: Sequence[str]) -> dict[str, Any]:
    size = _LIMITS.get(name, _LIMIT)
    aggregation: dict[str, Any] = {"field": facet_field(name), "size": size, "segment_size": size * 10}
    if name in _HIERARCHICAL:
        steps = [path.split("/") for path in paths]
        above = {"/".join(path[:depth]) for path in steps for depth in range(1, len(path) + 1)}
        aggregation["include"] = "|".join(["[^/]+", *(f"{way}/[^/]+" for way in sorted(above))])
    return aggregation


def make_facet(name: str, counts: Mapping[str, Any], chosen: Sequence[str], labels: Callable[[str], Names]) -> Facet:
    """Return a facet with its values sorted by count, the highest first, and then by id."""
    values = []
    for bucket in sorted(counts["buckets"], key=lambda bucket: (-bucket["doc_count"], natural_sort_key(bucket["key"]))):
        wider, _, own = bucket["key"].rpartition("/")
        values.append(FacetValue(own, labels(own), bucket["doc_count"], wider.rpartition("/")[2], own in chosen))
    return Facet(name, tuple(values), counts.get("sum_other_doc_count", 0) > 0)
