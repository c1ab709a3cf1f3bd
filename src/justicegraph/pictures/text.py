"""Text as it can be drawn: without what deceives or breaks, measured, cut and wrapped between whole letters."""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

LONGEST = 500
"""Characters of a text that are kept: the longest names and charges of the graph have some 300."""

_MARKS = 2
"""Marks that a letter may carry: Vietnamese and Hebrew need two, a pile of them covers the lines above."""

_REFUSED = {"Cc", "Cs", "Cn"}
"""Control characters, lone surrogates, what is no character (XML 1.0, 2.2)."""

_TURNING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
"""Marks that turn the direction of what follows, even of other people's words (UAX 9)."""

_BUCKETS = {
    30: "'IJijl", 35: " ,./:;\\|·\u2019", 40: "()-[]ft", 45: "!r", 50: '"*_`\u2013', 55: "?csz“”", 60: "FLkvxy",
    65: "$0123456789EPSTYabdeghnopqu{}«»", 70: "ABCKRVXZ", 75: "NU", 80: "&DGHOQ", 85: "#+<=>^w~→", 90: "M",
    100: "%@Wm—…",
}  # fmt: skip
_WIDTHS = {letter: hundredths / 100 for hundredths, letters in _BUCKETS.items() for letter in letters}
"""Widths in ems in DejaVu Sans, among the widest of the fonts that browsers take for `system-ui`, rounded up."""

_BOLD = 1.15
_ELLIPSIS = "…"


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Return a text on one line, of at most LONGEST characters, without what cannot be drawn or deceives."""
    kept = text if text.isascii() and text.isprintable() else "".join(_plain(text[: 4 * LONGEST]))
    words = " ".join(kept.split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + _ELLIPSIS


def isolated(text: str) -> str:
    """Return a clean text that turns no words around it, whatever the direction of its script (UAX 9, 2.4.2)."""
    return text if text.isascii() else f"\u2068{text}\u2069"


def measure(text: str, size: float, bold: bool = False) -> float:
    """Return how wide a text is at most, in pixels, at a font size in pixels."""
    return sum(map(_letter, text)) * size * (_BOLD if bold else 1)


def fitted(text: str, room: float, size: float, bold: bool = False) -> str:
    """Return as much of a text as fits into the room, with an ellipsis where something is left out."""
    if measure(text, size, bold) <= room:
        return text
    kept, used = [], measure(_ELLIPSIS, size, bold)
    for cluster in _clusters(text):
        used += measure(cluster, size, bold)
        if used > room:
            break
        kept.append(cluster)
    return "".join(kept).rstrip() + _ELLIPSIS


@lru_cache(maxsize=4096)
def wrapped(text: str, room: float, size: float, lines: int, bold: bool = False) -> tuple[str, ...]:
    """Return a text as at most so many lines that fit into the room; the last one is cut where there is more."""
    if measure(text, size, bold) <= room:
        return (text,) if text else ()
    rest = text
    found: list[str] = []
    while rest and len(found) < lines - 1:
        line = _first_line(rest, room, size, bold)
        found.append(line)
        rest = rest[len(line) :].lstrip()
    return (*found, fitted(rest, room, size, bold)) if rest else tuple(found)


def _first_line(text: str, room: float, size: float, bold: bool) -> str:
    """Return the whole words that fit, or as much of the first one as does, and one letter at the least."""
    line, used, fits = "", 0.0, 0
    for cluster in _clusters(text):
        used += measure(cluster, size, bold)
        if used > room and line and cluster != " ":
            return line[:fits] if fits else line
        fits = len(line) if cluster == " " or _is_wide(cluster) else fits
        line += cluster
    return line


def _plain(text: str) -> Iterator[str]:
    marks = 0
    for letter in text:
        category = unicodedata.category(letter)
        marks = marks + 1 if category == "Mn" else 0
        if letter.isspace():
            yield " "
        elif category not in _REFUSED and ord(letter) not in _TURNING and marks <= _MARKS:
            yield letter


def _clusters(text: str) -> Iterator[str]:
    """Yield the letters of a text, each with its marks and with what a joiner binds to it."""
    held = ""
    for letter in text:
        if held and (not _letter(letter) or held.endswith("\u200d")):
            held += letter
            continue
        if held:
            yield held
        held = letter
    if held:
        yield held


def _is_wide(cluster: str) -> bool:
    return unicodedata.east_asian_width(cluster[0]) in "WF"


@cache
def _letter(letter: str) -> float:
    """Return the width of a letter in ems; 0 for marks and joiners."""
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0.0
    if _is_wide(letter):
        return 1.3 if ord(letter) > 0xFFFF else 1.0
    base = unicodedata.normalize("NFKD", letter)[0]
    return _WIDTHS.get(base, 0.9 if letter.isupper() else 0.8)


def folded(text: str) -> str:
    """Return a name in small letters and without accents, as two spellings of it agree."""
    letters = unicodedata.normalize("NFKD", clean(text)).casefold()
    return "".join(each for each in letters if unicodedata.category(each) != "Mn")
