"""What a list shows, as its address says it: text, chosen values by facet, order and page; and addresses of others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode

from werkzeug.datastructures import MultiDict

from justicegraph.errors import BadQuery
from justicegraph.http.parameters import whole_number
from justicegraph.search import FACETS, SORTS, SearchQuery

PAGE = 50
"""Entries on a page."""
ALL, STEP = 10_000, 1_000
"""Entries in a file, as many as the index gives, and how many it gives at a time."""


@dataclass(frozen=True)
class State:
    """A list: its text, the chosen values by facet, how it is sorted (`` for the usual order), the page from 1."""

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    language: str = ""

    def wanted(self, reader: str, limit: int = PAGE, offset: int | None = None) -> SearchQuery:
        """Return the search for this list, for somebody who reads a language."""
        place = (self.page - 1) * PAGE if offset is None else offset
        return SearchQuery(self.text, reader, self.chosen, self.order, place, limit)

    @property
    def order(self) -> str:
        """How it is sorted: what fits best first where there is a text, else by name."""
        return self.sort or ("relevance" if self.text else "name")

    @property
    def kind(self) -> str:
        """The kind of entries, where one alone was chosen."""
        kinds = self.chosen.get("kind", ())
        return kinds[0] if len(kinds) == 1 else ""

    def address(self, ending: str = "") -> str:
        """Return the address of this list, or with an ending as in `.csv` of the same as a file."""
        path = f"/browse/{quote(self.kind, safe='')}" if self.kind else "/browse"
        said: list[tuple[str, str]] = [("q", self.text)] if self.text else []
        for name in FACETS:
            if name != "kind" or not self.kind:
                said += [(name, value) for value in self.chosen.get(name, ())]
        said += [(name, value) for name, value in (("sort", self.sort), ("lang", self.language)) if value]
        if self.page > 1 and not ending:
            said.append(("page", str(self.page)))
        return path + ending + (f"?{urlencode(said)}" if said else "")

    def choosing(self, name: str, value: str) -> "State":
        """Return the list with one value of a facet, in place of those that were chosen: beside a wider one it would
        narrow nothing."""
        return self._with(name, (value,))

    def without(self, name: str, value: str) -> "State":
        """Return the list without a value of a facet."""
        return self._with(name, tuple(other for other in self.chosen.get(name, ()) if other != value))

    def at(self, page: int) -> "State":
        """Return another page of the list."""
        return replace(self, page=page)

    def sorted(self, sort: str) -> "State":
        """Return the list in another order, from its first page."""
        return replace(self, sort=sort, page=1)

    def asking(self, text: str) -> "State":
        """Return the list for another text."""
        return replace(self, text=text, page=1)

    def _with(self, name: str, values: Sequence[str]) -> "State":
        chosen = {key: kept for key, kept in {**self.chosen, name: tuple(values)}.items() if kept}
        return replace(self, chosen=chosen, page=1)


def state_of(kind: str, said: "MultiDict[str, str]") -> State:
    """Return the list that an address asks for; raise BadQuery where there is none such."""
    page, sort = whole_number(said, "page", least=1), said.get("sort", "")
    if sort and sort not in SORTS:
        raise BadQuery(f'There is no order "{sort[:20]}"; there are {", ".join(SORTS)}.')
    chosen = {name: tuple(dict.fromkeys(filter(None, said.getlist(name)))) for name in FACETS}
    if kind:
        chosen["kind"] = (kind, *(other for other in chosen["kind"] if other != kind))
    kept = {name: values for name, values in chosen.items() if values}
    return State(said.get("q", "").strip(), kept, sort, page, said.get("lang", ""))
