"""Text for pictures: cleaned of deceiving characters, measured, clipped and wrapped between whole letters."""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

LONGEST = 500
"""Longest text in characters; longer ones are clipped. The longest names and charges have some 300."""

_MARKS = 2
"""Combining marks that a letter may have. Vietnamese and Hebrew need two; more would cover the lines above."""

_UNPRINTABLE = {"Cc", "Cs", "Cn"}
"""Unicode categories of control characters, lone surrogates and non-characters (XML 1.0, 2.2)."""

_BIDI_CONTROLS = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
"""Characters that turn the direction of the text after them, also outside their own text (UAX 9)."""

_BUCKETS = {
    30: "'IJijl", 35: " ,./:;\\|·\u2019", 40: "()-[]ft", 45: "!r", 50: '"*_`\u2013', 55: "?csz“”", 60: "FLkvxy",
    65: "$0123456789EPSTYabdeghnopqu{}«»", 70: "ABCKRVXZ", 75: "NU", 80: "&DGHOQ", 85: "#+<=>^w~→", 90: "M",
    100: "%@Wm—…",
}  # fmt: skip
_WIDTHS = {letter: hundredths / 100 for hundredths, letters in _BUCKETS.items() for letter in letters}
"""Widths in ems in DejaVu Sans, rounded up. It is among the widest fonts that browsers use for `system-ui`."""

_BOLD = 1.15
_ELLIPSIS = "…"


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Return a text on one line, of at most LONGEST characters, without unprintable or deceiving characters."""
    plain = text if text.isascii() and text.isprintable() else "".join(_plain(text[: 4 * LONGEST]))
    words = " ".join(plain.split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + _ELLIPSIS


def isolate(text: str) -> str:
    """Return a clean text whose script direction does not affect the text around it (UAX 9, 2.4.2)."""
    return text if text.isascii() else f"\u2068{text}\u2069"


def measure(text: str, size: float, bold: bool = False) -> float:
    """Return the greatest width of a text in pixels, at a font size in pixels."""
    return sum(map(_letter, text)) * size * (_BOLD if bold else 1)


def clip(text: str, room: float, size: float, bold: bool = False) -> str:
    """Return a text clipped to a width in pixels, with an ellipsis if something is left out."""
    if measure(text, size, bold) <= room:
        return text
    clusters, used = [], measure(_ELLIPSIS, size, bold)
    for cluster in _clusters(text):
        used += measure(cluster, size, bold)
        if used > room:
            break
        clusters.append(cluster)
    return "".join(clusters).rstrip() + _ELLIPSIS


@lru_cache(maxsize=4096)
def wrap(text: str, room: float, size: float, lines: int, bold: bool = False) -> tuple[str, ...]:
    """Return a text wrapped into at most `lines` lines of a width in pixels; the last one is clipped."""
    if measure(text, size, bold) <= room:
        return (text,) if text else ()
    rest = text
    wrapped: list[str] = []
    while rest and len(wrapped) < lines - 1:
        line = _first_line(rest, room, size, bold)
        wrapped.append(line)
        rest = rest[len(line) :].lstrip()
    return (*wrapped, clip(rest, room, size, bold)) if rest else tuple(wrapped)


def _first_line(text: str, room: float, size: float, bold: bool) -> str:
    """Return the whole words that fit, or else the start of the first word, with at least one letter."""
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
        elif category not in _UNPRINTABLE and ord(letter) not in _BIDI_CONTROLS and marks <= _MARKS:
            yield letter


def _clusters(text: str) -> Iterator[str]:
    """Yield the letters of a text with their combining marks and joined characters."""
    cluster = ""
    for letter in text:
        if cluster and (not _letter(letter) or cluster.endswith("\u200d")):
            cluster += letter
            continue
        if cluster:
            yield cluster
        cluster = letter
    if cluster:
        yield cluster


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
