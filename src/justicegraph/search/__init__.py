"""Text to entities: all entries in an index that forgives slips of the pen and counts facets."""

from justicegraph.search.fields import FOLDER, is_current
from justicegraph.search.index import Search
from justicegraph.search.model import FACETS, SORTS, Facet, Found, Hit, Named, Names, Value, Wanted
from justicegraph.search.write import write_search

__all__ = [
    "FACETS", "FOLDER", "SORTS", "Facet", "Found", "Hit", "Named", "Names", "Search", "Value", "Wanted", "is_current",
    "write_search",
]  # fmt: skip
