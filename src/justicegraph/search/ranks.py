"""The names of all entries to their places in the order of each language."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from justicegraph.namespaces import natural
from justicegraph.search.fields import LANGUAGES
from justicegraph.search.model import Names
from justicegraph.search.text import folded

LONGEST = 400
"""Characters of a name that are compared and sorted by."""

Ranks = Mapping[str, Mapping[str, int]]
"""The place of each entry among all, by language and slug; the language with most names first."""


def ranks(rows: Iterable[tuple[str, str, str]]) -> Ranks:
    """Return the places of entries, from rows of slug, name and language; where a name lacks, English stands in."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for slug, name, language in rows:
        names[slug].setdefault(language, name)
    counts = Counter(language for said in names.values() for language in said if language)
    languages = sorted(counts, key=lambda each: (-counts[each], each))[:LANGUAGES]
    keys = {text: natural(folded(text)[:LONGEST]) for said in names.values() for text in said.values()}
    return {
        language: {slug: place for place, slug in enumerate(_in_order(names, keys, language))} for language in languages
    }


def _in_order(names: Mapping[str, Names], keys: Mapping[str, object], language: str) -> list[str]:
    def key(slug: str) -> tuple[object, str]:
        said = names[slug]
        return keys[said.get(language) or said.get("en") or next(iter(said.values()))], slug

    return sorted(names, key=key)
