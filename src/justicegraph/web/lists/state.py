"""The state of a list, read from its address: text, chosen facet values, order and page; and addresses of others."""

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
"""The most entries in a file, which is the limit of the index, and how many are read at a time."""


@dataclass(frozen=True)
class State:
    """A list: its text, the chosen values by facet, its order ("" for the default), its page from 1."""

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    language: str = ""

    def wanted(self, reader: str, limit: int = PAGE, offset: int | None = None) -> SearchQuery:
        """Return the search for this list, for a reader of a language."""
        place = (self.page - 1) * PAGE if offset is None else offset
        return SearchQuery(self.text, reader, self.chosen, self.order, place, limit)

    @property
    def order(self) -> str:
        """The order: by relevance if there is a text, else by name."""
        return self.sort or ("relevance" if self.text else "name")

    @property
    def kind(self) -> str:
        """The kind of entries, where exactly one was chosen."""
        kinds = self.chosen.get("kind", ())
        return kinds[0] if len(kinds) == 1 else ""

    def address(self, ending: str = "") -> str:
        """Return the address of this list, or of the same list as a file, with an ending such as `.csv`."""
        path = f"/browse/{quote(self.kind, safe='')}" if self.kind else "/browse"
        parameters: list[tuple[str, str]] = [("q", self.text)] if self.text else []
        for name in FACETS:
            if name != "kind" or not self.kind:
                parameters += [(name, value) for value in self.chosen.get(name, ())]
        parameters += [(name, value) for name, value in (("sort", self.sort), ("lang", self.language)) if value]
        if self.page > 1 and not ending:
            parameters.append(("page", str(self.page)))
        return path + ending + (f"?{urlencode(parameters)}" if parameters else "")

    def with_value(self, name: str, value: str) -> "State":
        """Return the list with one value of a facet instead of the chosen ones, which may be wider."""
        return self._with(name, (value,))

    def without_value(self, name: str, value: str) -> "State":
        """Return the list without a value of a facet."""
        return self._with(name, tuple(other for other in self.chosen.get(name, ()) if other != value))

    def at(self, page: int) -> "State":
        """Return another page of the list."""
        return replace(self, page=page)

    def sorted(self, sort: str) -> "State":
        """Return the list in another order, from its first page."""
        return replace(self, sort=sort, page=1)

    def with_text(self, text: str) -> "State":
        """Return the list for another text."""
        return replace(self, text=text, page=1)

    def _with(self, name: str, values: Sequence[str]) -> "State":
        chosen = {key: values_ for key, values_ in {**self.chosen, name: tuple(values)}.items() if values_}
        return replace(self, chosen=chosen, page=1)


def state_of(kind: str, parameters: "MultiDict[str, str]") -> State:
    """Return the list of an address; raise BadQuery for an invalid one."""
    page, sort = whole_number(parameters, "page", least=1), parameters.get("sort", "")
    if sort and sort not in SORTS:
        raise BadQuery(f'There is no order "{sort[:20]}"; there are {", ".join(SORTS)}.')
    chosen = {name: tuple(dict.fromkeys(filter(None, parameters.getlist(name)))) for name in FACETS}
    if kind:
        chosen["kind"] = (kind, *(other for other in chosen["kind"] if other != kind))
    filled = {name: values for name, values in chosen.items() if values}
    return State(parameters.get("q", "").strip(), filled, sort, page, parameters.get("lang", ""))
