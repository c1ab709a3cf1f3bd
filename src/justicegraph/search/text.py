"""Texts to the words that are compared, and what a person typed to words and phrases."""

import re
from dataclasses import dataclass

from justicegraph.errors import BadQuery
from justicegraph.text import plain

LONGEST, MOST = 200, 12
"""Characters of what may be typed, and words and phrases in it."""

_WITHIN = re.compile("[\u02bc\u2019'`\u00b4]|(?<=\\b\\w)\\.(?=\\w\\b)")
"""Marks that part no words: of "O'Brien", and of "U.S."."""

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
_EAST = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
"""Scripts that put no blanks between words: what is compared of them is pairs of letters."""

_QUOTED = re.compile('["\u201c\u201d\u201e\u00ab\u00bb]')
_LITTLE = """
a al an and as at by da das de del der des di die do dos du e el en et for i il in la las le les los na of on or para
pour por the to u un una und y
"""
_SMALL = frozenset(_LITTLE.split())
"""Words that need not be found where others are asked for."""


@dataclass(frozen=True)
class Typed:
    """What was asked for: words, the small ones among them apart, and phrases; the last word may be half of one.

    `name` is the whole of it, as names are compared.
    """

    words: tuple[str, ...] = ()
    small: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    last: str = ""
    name: str = ""


def folded(text: str) -> str:
    """Return the words of a text with one blank between them, without case, accents and punctuation."""
    return _EAST.sub(_pairs, plain(_WITHIN.sub("", text).casefold().translate(_LETTERS)))


def typed(text: str) -> Typed:
    """Return what a person asks for; raise BadQuery where that is too long."""
    if len(text) > LONGEST:
        raise BadQuery(f"The search has {len(text):,} characters: {LONGEST} are read. Keep the words that matter.")
    loose, quoted = _pieces(text)
    phrases, words = tuple(dict.fromkeys(filter(None, quoted))), tuple(dict.fromkeys(loose))
    if (count := len(words) + len(phrases)) > MOST:
        raise BadQuery(f"The search has {count} words: {MOST} are read. Keep those that matter.")
    telling = tuple(word for word in words if word not in _SMALL)
    if not telling and not phrases:
        telling = words
    small = tuple(word for word in words if word not in telling)
    last = "" if not loose or _QUOTED.search(text.rstrip()[-1:]) else loose[-1]
    return Typed(telling, small, phrases, last if last in telling else "", folded(text))


def _pieces(text: str) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return the words of a text that stand alone, and those that must follow one another; a quote may be left open."""
    pieces = _QUOTED.split(text)
    closed = len(pieces) - 1 - (len(pieces) - 1) % 2
    quoted = [tuple(folded(piece).split()) for piece in pieces[1:closed:2]]
    loose: list[str] = []
    for piece in " ".join([*pieces[0:closed:2], *pieces[closed:]]).split():
        parts = folded(piece).split()
        if _EAST.search(piece):
            quoted += [tuple(parts)] if len(parts) > 1 else []
            loose += parts if len(parts) == 1 else []
        else:
            loose += parts
    return loose, quoted


def _pairs(run: re.Match[str]) -> str:
    letters = run[0]
    pairs = [letters[at : at + 2] for at in range(len(letters) - 1)] or [letters]
    return f" {' '.join(pairs)} "
