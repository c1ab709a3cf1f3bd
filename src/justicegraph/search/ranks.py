"""Ranks of entries: the position of each in the alphabetical order of a language."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from justicegraph.namespaces import natural_sort_key
from justicegraph.search.fields import LANGUAGES
from justicegraph.search.model import Names
from justicegraph.text import normalize_for_search

MAX_NAME_LENGTH = 400
"""The most characters of a name that are indexed and compared."""

Ranks = Mapping[str, Mapping[str, int]]
"""The rank of each entry by language and slug; the language with the most names first."""


def rank_names(rows: Iterable[tuple[str, str, str]]) -> Ranks:
    """Return the ranks of entries from rows of slug, name and language; a missing name is replaced by the English."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for slug, name, language in rows:
        names[slug].setdefault(language, name)
    counts = Counter(language for texts in names.values() for language in texts if language)
    languages = sorted(counts, key=lambda language: (-counts[language], language))[:LANGUAGES]
    keys = {
        text: natural_sort_key(normalize_for_search(text)[:MAX_NAME_LENGTH])
        for texts in names.values()
        for text in texts.values()
    }
    return {
        language: {slug: rank for rank, slug in enumerate(_sort_slugs(names, keys, language))} for language in languages
    }


def _sort_slugs(names: Mapping[str, Names], keys: Mapping[str, object], language: str) -> list[str]:
    def key(slug: str) -> tuple[object, str]:
        texts = names[slug]
        return keys[texts.get(language) or texts.get("en") or next(iter(texts.values()))], slug

    return sorted(names, key=key)
