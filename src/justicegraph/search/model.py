"""The model of a search: its query, its result, hits and facets. All of them are immutable."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from justicegraph.errors import BadQuery
from justicegraph.namespaces import ID

FACETS = ("kind", "cause", "place", "status", "source", "year")
SORTS = ("relevance", "name", "newest", "year")
CHOSEN, PAGE, FARTHEST = 20, 1_000, 10_000
"""The most chosen facet values, the most hits in one result, and the last hit that can be paged to."""

_VALUE = re.compile(r"[\w-]{1,200}", re.ASCII)

Names = Mapping[str, str]
"""Labels by language, as in {"en": "Alabama"}; "" for a label without a language."""


@dataclass(frozen=True)
class SearchQuery:
    """A search: the text, the language that names are sorted in, and the chosen values by facet.

    Entries match any of the values of a facet, and all facets. Without a text, all entries match. `facets` are those to
    count. `sort` is one of SORTS; with "newest" and "year", the latest date comes first.
    """

    text: str = ""
    language: str = "en"
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "relevance"
    offset: int = 0
    limit: int = 20
    facets: tuple[str, ...] = FACETS

    def check(self) -> None:
        """Raise BadQuery for an unknown facet, value or order, and if a limit is exceeded."""
        for name in (*self.filters, *self.facets):
            if name not in FACETS:
                raise BadQuery(f'There is no facet "{name[:40]}"; there are {", ".join(FACETS)}.')
        values = [value for chosen in self.filters.values() for value in chosen]
        if len(values) > CHOSEN:
            raise BadQuery(f"{len(values)} values are chosen: choose {CHOSEN} or fewer.")
        if wrong := [value for value in values if not _VALUE.fullmatch(value)]:
            raise BadQuery(f'"{wrong[0][:40]}" is not a value of a facet: choose one that is listed.')
        if self.sort not in SORTS:
            raise BadQuery(f'There is no order "{self.sort[:40]}"; there are {", ".join(SORTS)}.')
        if self.offset < 0 or not 0 <= self.limit <= PAGE:
            raise BadQuery(f"A result has up to {PAGE:,} entries, counted from 0.")
        if self.offset + self.limit > FARTHEST:
            raise BadQuery(f"Only the first {FARTHEST:,} entries can be paged through: narrow the search.")


@dataclass(frozen=True)
class Named:
    """A resource with its labels: `id` is a slug, or the local name of a class or term."""

    id: str
    names: Names


@dataclass(frozen=True)
class Hit:
    """An entry in the result of a search.

    `status` is the latest known status and `as_of` its date; `where` has at most three places; `year` is that of its
    beginning; `newest` is the date of its newest source. Unknown values are empty.
    """

    slug: str
    names: Names
    definition: Names
    kind: Named
    status: Named | None = None
    as_of: str = ""
    where: tuple[Named, ...] = ()
    year: str = ""
    newest: str = ""

    @property
    def iri(self) -> str:
        """The entry's IRI."""
        return ID + self.slug


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet: the number of entries that have it, and the next wider value, if any."""

    id: str
    names: Names
    count: int
    wider: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class Facet:
    """A facet with its values, the most frequent first; `more` is true if rarer ones are left out."""

    name: str
    values: tuple[FacetValue, ...]
    more: bool = False


@dataclass(frozen=True)
class SearchResult:
    """The result of a search: the number of all hits, the hits of this page, and the facets.

    `is_fuzzy` is true if no entry has the words as they were typed, and the hits have similar words.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    is_fuzzy: bool = False
