"""What is wanted of a search, and what was found: plain values, which never change."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from justicegraph.errors import BadQuery
from justicegraph.namespaces import ID

FACETS = ("kind", "cause", "place", "status", "source", "year")
SORTS = ("relevance", "name", "newest", "year")
CHOSEN, PAGE, FARTHEST = 20, 1_000, 10_000
"""Values of facets that may be chosen, hits in one answer, and the last hit that can be reached."""

_VALUE = re.compile(r"[\w-]{1,200}", re.ASCII)

Names = Mapping[str, str]
"""Labels by language, as in {"en": "Alabama"}; "" for a label without a language."""


@dataclass(frozen=True)
class Wanted:
    """A search: the text, the language that names are sorted in, and the chosen values by facet.

    Several values of one facet mean any of them, several facets all of them. Without a text, everything is found.
    `facets` are those to count. `sort` is one of SORTS; the newest word and the latest year come first.
    """

    text: str = ""
    language: str = "en"
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "relevance"
    offset: int = 0
    limit: int = 20
    facets: tuple[str, ...] = FACETS

    def check(self) -> None:
        """Raise BadQuery where there is no such search, or it asks for too much."""
        for name in (*self.filters, *self.facets):
            if name not in FACETS:
                raise BadQuery(f'There is no facet "{name[:40]}"; there are {", ".join(FACETS)}.')
        values = [value for chosen in self.filters.values() for value in chosen]
        if len(values) > CHOSEN:
            raise BadQuery(f"{len(values)} values are chosen: choose {CHOSEN} or fewer.")
        if wrong := [value for value in values if not _VALUE.fullmatch(value)]:
            raise BadQuery(f'"{wrong[0][:40]}" is no value of a facet: choose one that is listed.')
        if self.sort not in SORTS:
            raise BadQuery(f'There is no order "{self.sort[:40]}"; there are {", ".join(SORTS)}.')
        if self.offset < 0 or not 0 <= self.limit <= PAGE:
            raise BadQuery(f"An answer has up to {PAGE:,} entries, counted from 0.")
        if self.offset + self.limit > FARTHEST:
            raise BadQuery(f"Only the first {FARTHEST:,} entries can be paged through: narrow the search.")


@dataclass(frozen=True)
class Named:
    """Something with its names: `id` is a slug, or the local name of a class or term."""

    id: str
    names: Names


@dataclass(frozen=True)
class Hit:
    """An entry as a list shows it.

    `status` is the newest known, `as_of` its date; `where` at most three places; `year` when it began; `newest` the
    date of its newest source. What is not known is empty.
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
class Value:
    """A value that a facet offers: how many entries have it, and the next wider value, if any."""

    id: str
    names: Names
    count: int
    wider: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class Facet:
    """A facet with its values, the most frequent first; `more` tells whether there are others, which are rarer."""

    name: str
    values: tuple[Value, ...]
    more: bool = False


@dataclass(frozen=True)
class Found:
    """How many entries there are in all, those of this page, and the facets.

    `is_forgiving` tells that nothing is spelt as it was typed, and that the hits are what is spelt nearly so.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    is_forgiving: bool = False
