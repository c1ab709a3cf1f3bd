"""The search index of a snapshot. It is read-only, and several threads and processes can search it at once."""

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
from justicegraph.search.facets import count_facets, make_facet
from justicegraph.search.fields import ABOUT, FOLDER, is_current, sort_field
from justicegraph.search.model import Facet, FacetValue, Hit, Named, Names, SearchQuery, SearchResult
from justicegraph.search.queries import NAMES, all_of, allowed_edits, filter_queries, name_prefix_query, text_query
from justicegraph.search.text import ParsedQuery, parse_query
from justicegraph.text import first_line, normalize_for_search

_CACHED_LABELS = 4_096
"""Facet values whose labels are cached."""
_CACHED_LISTS = 256
"""Searches without a text whose facets are cached: they are the most frequent, and take longest to count."""
_SUGGESTIONS = 50
"""The most suggestions."""
_CLOSE = 0.6
"""The least similarity of a suggested word, as difflib measures it: 1 is equal."""


_Filters = tuple[tuple[str, tuple[str, ...]], ...]
"""The chosen values by facet, as a key."""


class SearchIndex:
    """An open index. Every method can be called by several threads at once."""

    def __init__(self, index: tantivy.Index, about: Mapping[str, Any]) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()
        self._terms: Mapping[str, Names] = about["labels"]
        self.languages: tuple[str, ...] = tuple(about["languages"])
        self._names_and_paths = lru_cache(_CACHED_LABELS)(self._look_up)
        self._cached_facets = lru_cache(_CACHED_LISTS)(self._facets_of_list)

    @classmethod
    def open(cls, snapshot: Path) -> "SearchIndex":
        """Return the index of the snapshot in a folder; raise BrokenFile if it has no index that can be read.

        The engine writes a lock beside the index, but the snapshot may be read-only, and several servers may read it.
        Therefore the engine opens a temporary folder of links, which it no longer needs once the files are open. It
        may write the lock again while that folder is deleted; an empty file that is left there does no harm.
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
            why = first_line(error)
            raise BrokenFile(f"{folder}: the index cannot be read: {why}. Run `justicegraph build`.") from error

    def find(self, search: SearchQuery) -> SearchResult:
        """Return the result of a search; raise BadQuery for an invalid one.

        Matching is fuzzy only if no entry has the words as they were typed, with or without the filters.
        """
        search.check()
        parsed = parse_query(search.text)
        if not search.text.strip():
            return self._search(search, [])
        strict = text_query(self._schema, parsed, fuzzy=False)
        result = self._search(search, [strict])
        if result.total or self._total(strict):
            return result
        return replace(self._search(search, [text_query(self._schema, parsed, fuzzy=True)]), is_fuzzy=True)

    def suggest_spelling(self, text: str) -> str:
        """Return the text with its unknown words replaced by similar ones of the index; "" if there are none."""
        words = parse_query(text)
        nearest = {word: self._nearest_word(word, words) for word in words.words}
        if not any(nearest.values()):
            return ""
        return " ".join(nearest.get(word) or word for word in normalize_for_search(text).split())

    def complete(self, prefix: str, limit: int = 10) -> tuple[Hit, ...]:
        """Return at most fifty entries whose names have these words; the last word may be the start of one."""
        words = parse_query(prefix)
        if not words.name:
            return ()
        for fuzzy in (False, True):
            query = text_query(self._schema, words, fuzzy=fuzzy, fields=NAMES)
            first = all_of([query, name_prefix_query(self._schema, words)])
            if hits := self._hits(first, SearchQuery(limit=min(limit, _SUGGESTIONS))):
                return hits
        return ()

    def _search(self, search: SearchQuery, text: Sequence[Query]) -> SearchResult:
        query = all_of([*text, *filter_queries(self._schema, search.filters)])
        total = self._total(query)
        hits = self._hits(query, search) if total > search.offset else ()
        return SearchResult(total, hits, self._facets(search, text) if text else self._cached_facets(*_list_of(search)))

    def _total(self, query: Query) -> int:
        return self._searcher.search(query, 1).count or 0  # type: ignore[attr-defined]  # the stub lacks it

    def _hits(self, query: Query, search: SearchQuery) -> tuple[Hit, ...]:
        if not search.limit:
            return ()
        order: dict[str, Any] = {}
        if search.sort in {"newest", "year"}:
            order = {"order_by_field": search.sort}
        elif search.sort == "name" and self.languages:
            language = search.language if search.language in self.languages else self.languages[0]
            order = {"order_by_field": sort_field(language), "order": Order.Asc}
        result = self._searcher.search(query, search.limit, count=False, offset=search.offset, **order)
        return tuple(_hit(self._searcher.doc(address)["line"][0]) for _, address in result.hits)

    def _facets_of_list(self, filters: _Filters, facets: tuple[str, ...]) -> tuple[Facet, ...]:
        return self._facets(SearchQuery(filters=dict(filters), facets=facets), [])

    def _facets(self, search: SearchQuery, text: Sequence[Query]) -> tuple[Facet, ...]:
        """Return the facets, each counted among the entries that match all filters but its own."""
        open_ = {name: self._paths(name, chosen) for name, chosen in search.filters.items()}
        free = [name for name in search.facets if not search.filters.get(name)]
        query = all_of([*text, *filter_queries(self._schema, search.filters)])
        counts = count_facets(self._searcher, query, free, open_)
        for name in search.facets:
            if name not in free:
                others = all_of([*text, *filter_queries(self._schema, search.filters, but=name)])
                counts |= count_facets(self._searcher, others, [name], open_)
        return tuple(self._facet(name, counts[name], search, text) for name in search.facets)

    def _facet(self, name: str, counts: Mapping[str, Any], search: SearchQuery, text: Sequence[Query]) -> Facet:
        """Return a facet with labels; it contains all chosen values, however rare they are."""
        chosen = search.filters.get(name, ())
        facet = make_facet(name, counts, chosen, lambda value: self._labels(name, value))
        rare = [value for value in dict.fromkeys(chosen) if all(offered.id != value for offered in facet.values)]
        return replace(
            facet, values=(*facet.values, *(self._chosen_value(name, value, search, text) for value in rare))
        )

    def _chosen_value(self, name: str, value: str, search: SearchQuery, text: Sequence[Query]) -> FacetValue:
        filters = {**search.filters, name: (value,)}
        total = self._total(all_of([*text, *filter_queries(self._schema, filters)]))
        return FacetValue(value, self._labels(name, value), total, is_chosen=True)

    def _labels(self, name: str, value: str) -> Names:
        """Return the labels of a facet value; a year has none."""
        if name in {"kind", "status"}:
            return self._terms.get(value, {})
        return {} if name == "year" else self._names_and_paths(value)[0]

    def _paths(self, name: str, values: Sequence[str]) -> list[str]:
        """Return the paths to values of a hierarchical facet, whose narrower values are offered step by step."""
        if name == "year":
            return [value if value.endswith("s") else f"{value[:3]}0s" for value in values]
        return [path for value in values for path in self._names_and_paths(value)[1]] if name == "place" else []

    def _look_up(self, slug: str) -> tuple[Names, tuple[str, ...]]:
        """Return the names of an entry and, for a cause or a place, the paths to it; nothing for an unknown slug."""
        query = Query.term_query(self._schema, "slug", slug, index_option="basic")
        for _, address in self._searcher.search(query, 1, count=False).hits:
            line = orjson.loads(self._searcher.doc(address)["line"][0])
            return line["hit"]["names"], tuple(line.get("paths", ()))
        return {}, ()

    def _nearest_word(self, word: str, among: ParsedQuery) -> str:
        """Return the word of a name or definition that is most similar to an unknown word; "" for none."""
        alone = ParsedQuery((word,), last=word if word == among.last else "", name=word)
        if not allowed_edits(word) or self._total(text_query(self._schema, alone, fuzzy=False)):
            return ""
        hits = self._hits(text_query(self._schema, ParsedQuery((word,)), fuzzy=True), SearchQuery(limit=_SUGGESTIONS))
        texts = (text for hit in hits for text in (*hit.names.values(), *hit.definition.values()))
        words = dict.fromkeys(known_word for text in texts for known_word in normalize_for_search(text).split())
        return next(iter(get_close_matches(word, words, 1, _CLOSE)), "")


def _list_of(search: SearchQuery) -> tuple[_Filters, tuple[str, ...]]:
    return tuple(sorted((name, tuple(sorted(values))) for name, values in search.filters.items())), search.facets


def _hit(line: bytes) -> Hit:
    hit = orjson.loads(line)["hit"]
    kind, status, where = hit.pop("kind"), hit.pop("status"), hit.pop("where")
    return Hit(
        **hit, kind=Named(**kind), status=Named(**status) if status else None,
        where=tuple(Named(**place) for place in where),
    )  # fmt: skip
