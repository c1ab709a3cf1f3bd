"""Parsing the text of a search into words and phrases."""

import re
from dataclasses import dataclass

from justicegraph.errors import BadQuery
from justicegraph.text import UNSPACED_SCRIPTS, normalize_for_search

MAX_CHARACTERS, MAX_WORDS = 200, 12
"""The most characters of a search, and the most words and phrases in it."""

_QUOTE = re.compile('["\u201c\u201d\u201e\u00ab\u00bb]')
_STOP_WORDS_TEXT = """
a al an and as at by da das de del der des di die do dos du e el en et for i il in la las le les los na of on or para
pour por the to u un una und y
"""
_STOP_WORDS = frozenset(_STOP_WORDS_TEXT.split())
"""Words that need not match if the search has others."""


@dataclass(frozen=True)
class ParsedQuery:
    """The parsed text of a search: words without stop words, stop words, and phrases.

    `last` is the last word if it may be the start of a longer one; `name` is the whole normalized text.
    """

    words: tuple[str, ...] = ()
    stop_words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    last: str = ""
    name: str = ""


def parse_query(text: str) -> ParsedQuery:
    """Parse the text of a search; raise BadQuery if it is too long."""
    if len(text) > MAX_CHARACTERS:
        raise BadQuery(
            f"The search has {len(text):,} characters: {MAX_CHARACTERS} are read. Keep the words that matter."
        )
    loose, quoted = _split(text)
    phrases, words = tuple(dict.fromkeys(filter(None, quoted))), tuple(dict.fromkeys(loose))
    if (count := len(words) + len(phrases)) > MAX_WORDS:
        raise BadQuery(f"The search has {count} words: {MAX_WORDS} are read. Keep those that matter.")
    content_words = tuple(word for word in words if word not in _STOP_WORDS)
    if not content_words and not phrases:
        content_words = words
    stop_words = tuple(word for word in words if word not in content_words)
    last = "" if not loose or _QUOTE.search(text.rstrip()[-1:]) else loose[-1]
    return ParsedQuery(
        content_words, stop_words, phrases, last if last in content_words else "", normalize_for_search(text)
    )


def _split(text: str) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return single words and quoted phrases of a text; the last quotation mark may be missing."""
    pieces = _QUOTE.split(text)
    closed = len(pieces) - 1 - (len(pieces) - 1) % 2
    quoted = [tuple(normalize_for_search(piece).split()) for piece in pieces[1:closed:2]]
    loose: list[str] = []
    for piece in " ".join([*pieces[0:closed:2], *pieces[closed:]]).split():
        parts = normalize_for_search(piece).split()
        if UNSPACED_SCRIPTS.search(piece):
            quoted += [tuple(parts)] if len(parts) > 1 else []
            loose += parts if len(parts) == 1 else []
        else:
            loose += parts
    return loose, quoted
