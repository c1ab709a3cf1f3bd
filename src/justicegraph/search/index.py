"""The index of a snapshot, to be asked by several threads and processes at once; nothing here changes it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import tantivy
from tantivy import Order, Query

from justicegraph.errors import BrokenFile
from justicegraph.search.facets import counts, facet
from justicegraph.search.fields import ABOUT, FOLDER, is_current, sort_field
from justicegraph.search.model import Facet, Found, Hit, Named, Names, Value, Wanted
from justicegraph.search.queries import NAMES, begun_names, both, filter_queries, slips, text_query
from justicegraph.search.text import Typed, folded, typed

_LABELS = 4_096
"""Values of facets whose labels are kept."""
_LISTS = 256
"""Lists without a text whose facets are kept: they are asked for most, and are the largest to count."""
_SUGGESTIONS = 50
_CLOSE = 0.6
"""How alike two words are that may be one, as difflib counts it: 1 is the same."""


_Filters = tuple[tuple[str, tuple[str, ...]], ...]
"""The chosen values by facet, as a key."""


class Search:
    """An open index. Every method may be called by several threads at once."""

    def __init__(self, index: tantivy.Index, about: Mapping[str, Any]) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()
        self._terms: Mapping[str, Names] = about["labels"]
        self.languages: tuple[str, ...] = tuple(about["languages"])
        self._place = lru_cache(_LABELS)(self._look_up)
        self._listed = lru_cache(_LISTS)(self._facets_of_list)

    @classmethod
    def open(cls, snapshot: Path) -> "Search":
        """Return the index of the snapshot in this folder; raise BrokenFile where it has none that can be read.

        The engine wants to write a lock beside what it reads. So it is shown a folder of links, which it needs no more
        once the files are open: the snapshot may be read-only, and served by many. It may write its lock once more
        while that folder goes; an empty file that stays in it is no reason not to serve.
        """
        folder = snapshot / FOLDER
        if not is_current(snapshot):
            raise BrokenFile(f"{folder}: there is no index for this version of the program. Run `justicegraph build`.")
        try:
            about = orjson.loads((folder / ABOUT).read_bytes())
            with TemporaryDirectory(prefix="justicegraph-search-", ignore_cleanup_errors=True) as name:
                for path in folder.iterdir():
                    (Path(name) / path.name).symlink_to(path.resolve())
                index = tantivy.Index.open(name)
                index.config_reader("manual")
                return cls(index, about)
        except (OSError, ValueError, KeyError) as error:
            why = str(error).splitlines()[0][:200]
            raise BrokenFile(f"{folder}: the index cannot be read: {why}. Run `justicegraph build`.") from error

    def find(self, wanted: Wanted) -> Found:
        """Return what is found; raise BadQuery where there can be no such search.

        Slips are forgiven where nothing at all is spelt as it was typed, whatever the filters.
        """
        wanted.check()
        words = typed(wanted.text)
        if not wanted.text.strip():
            return self._found(wanted, [])
        strict = text_query(self._schema, words, forgiving=False)
        found = self._found(wanted, [strict])
        if found.total or self._total(strict):
            return found
        return replace(self._found(wanted, [text_query(self._schema, words, forgiving=True)]), is_forgiving=True)

    def near(self, text: str) -> str:
        """Return what may have been meant: the text with the nearest words that there are; "" where it may be right."""
        words = typed(text)
        better = {word: self._nearest(word, words) for word in words.words}
        if not any(better.values()):
            return ""
        return " ".join(better.get(word) or word for word in folded(text).split())

    def complete(self, prefix: str, limit: int = 10) -> tuple[Hit, ...]:
        """Return entries, at most fifty, whose names have these words, the last of which may be half of one."""
        words = typed(prefix)
        if not words.name:
            return ()
        for forgiving in (False, True):
            query = text_query(self._schema, words, forgiving=forgiving, fields=NAMES)
            first = both([query, begun_names(self._schema, words)])
            if hits := self._hits(first, Wanted(limit=min(limit, _SUGGESTIONS))):
                return hits
        return ()

    def _found(self, wanted: Wanted, text: Sequence[Query]) -> Found:
        query = both([*text, *filter_queries(self._schema, wanted.filters)])
        total = self._total(query)
        hits = self._hits(query, wanted) if total > wanted.offset else ()
        return Found(total, hits, self._facets(wanted, text) if text else self._listed(*_list_of(wanted)))

    def _total(self, query: Query) -> int:
        return self._searcher.search(query, 1).count or 0  # type: ignore[attr-defined]  # the stub lacks it

    def _hits(self, query: Query, wanted: Wanted) -> tuple[Hit, ...]:
        if not wanted.limit:
            return ()
        order: dict[str, Any] = {}
        if wanted.sort in {"newest", "year"}:
            order = {"order_by_field": wanted.sort}
        elif wanted.sort == "name" and self.languages:
            language = wanted.language if wanted.language in self.languages else self.languages[0]
            order = {"order_by_field": sort_field(language), "order": Order.Asc}
        found = self._searcher.search(query, wanted.limit, count=False, offset=wanted.offset, **order)
        return tuple(_hit(self._searcher.doc(address)["line"][0]) for _, address in found.hits)

    def _facets_of_list(self, filters: _Filters, facets: tuple[str, ...]) -> tuple[Facet, ...]:
        return self._facets(Wanted(filters=dict(filters), facets=facets), [])

    def _facets(self, wanted: Wanted, text: Sequence[Query]) -> tuple[Facet, ...]:
        """Return the facets, each counted among what all filters but its own let through."""
        open_ = {name: self._paths(name, chosen) for name, chosen in wanted.filters.items()}
        free = [name for name in wanted.facets if not wanted.filters.get(name)]
        query = both([*text, *filter_queries(self._schema, wanted.filters)])
        counted = counts(self._searcher, query, free, open_)
        for name in wanted.facets:
            if name not in free:
                others = both([*text, *filter_queries(self._schema, wanted.filters, but=name)])
                counted |= counts(self._searcher, others, [name], open_)
        return tuple(self._facet(name, counted[name], wanted, text) for name in wanted.facets)

    def _facet(self, name: str, counted: Mapping[str, Any], wanted: Wanted, text: Sequence[Query]) -> Facet:
        """Return a facet with its labels; what was chosen is in it, however rare it is."""
        chosen = wanted.filters.get(name, ())
        made = facet(name, counted, chosen, lambda value: self._labels(name, value))
        rare = [value for value in dict.fromkeys(chosen) if all(each.id != value for each in made.values)]
        return replace(made, values=(*made.values, *(self._chosen(name, value, wanted, text) for value in rare)))

    def _chosen(self, name: str, value: str, wanted: Wanted, text: Sequence[Query]) -> Value:
        filters = {**wanted.filters, name: (value,)}
        total = self._total(both([*text, *filter_queries(self._schema, filters)]))
        return Value(value, self._labels(name, value), total, is_chosen=True)

    def _labels(self, name: str, value: str) -> Names:
        """Return the labels of a facet's value; a year has none."""
        if name in {"kind", "status"}:
            return self._terms.get(value, {})
        return {} if name == "year" else self._place(value)[0]

    def _paths(self, name: str, values: Sequence[str]) -> list[str]:
        """Return the ways to values of a facet that is offered step by step."""
        if name == "year":
            return [value if value.endswith("s") else f"{value[:3]}0s" for value in values]
        return [path for value in values for path in self._place(value)[1]] if name == "place" else []

    def _look_up(self, slug: str) -> tuple[Names, tuple[str, ...]]:
        """Return the names of an entry and, of a cause or a place, the ways to it; nothing where there is none."""
        query = Query.term_query(self._schema, "slug", slug, index_option="basic")
        for _, address in self._searcher.search(query, 1, count=False).hits:
            said = orjson.loads(self._searcher.doc(address)["line"][0])
            return said["hit"]["names"], tuple(said.get("paths", ()))
        return {}, ()

    def _nearest(self, word: str, among: Typed) -> str:
        """Return the word of an entry's name or definition that is most like one that no entry has; "" for none."""
        alone = Typed((word,), last=word if word == among.last else "", name=word)
        if not slips(word) or self._total(text_query(self._schema, alone, forgiving=False)):
            return ""
        hits = self._hits(text_query(self._schema, Typed((word,)), forgiving=True), Wanted(limit=_SUGGESTIONS))
        there = (text for hit in hits for text in (*hit.names.values(), *hit.definition.values()))
        words = dict.fromkeys(each for text in there for each in folded(text).split())
        return next(iter(get_close_matches(word, words, 1, _CLOSE)), "")


def _list_of(wanted: Wanted) -> tuple[_Filters, tuple[str, ...]]:
    return tuple(sorted((name, tuple(sorted(values))) for name, values in wanted.filters.items())), wanted.facets


def _hit(line: bytes) -> Hit:
    said = orjson.loads(line)["hit"]
    kind, status, where = said.pop("kind"), said.pop("status"), said.pop("where")
    return Hit(
        **said, kind=Named(**kind), status=Named(**status) if status else None,
        where=tuple(Named(**each) for each in where),
    )  # fmt: skip
