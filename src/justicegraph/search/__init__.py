"""Text to entities: all entries in an index that forgives slips of the pen and counts facets."""

from justicegraph.search.asked import FACETS, SORTS, Facet, Found, Hit, Named, Names, Value, Wanted
from justicegraph.search.fields import FOLDER, is_current
from justicegraph.search.opened import Search
from justicegraph.search.writing import write_search

__all__ = [
    "FACETS", "FOLDER", "SORTS", "Facet", "Found", "Hit", "Named", "Names", "Search", "Value", "Wanted", "is_current",
    "write_search",
]  # fmt: skip
