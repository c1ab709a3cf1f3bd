"""Full-text search over entries: an index with ranking, fuzzy matching, facets and completion."""

from justicegraph.search.fields import FOLDER, is_current
from justicegraph.search.index import SearchIndex
from justicegraph.search.model import (
    FACETS,
    SORTS,
    Facet,
    FacetValue,
    Hit,
    Named,
    Names,
    SearchQuery,
    SearchResult,
)
from justicegraph.search.write import write_search

__all__ = [
    "FACETS", "FOLDER", "SORTS", "Facet", "FacetValue", "Hit", "Named", "Names", "SearchIndex", "SearchQuery",
    "SearchResult", "is_current", "write_search",
]  # fmt: skip
