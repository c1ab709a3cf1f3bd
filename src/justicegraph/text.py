"""A name is found in a text however it is spelt there: in capitals, without accents, with hyphens, across lines."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from urllib.parse import unquote

SHORT = 5
"""Letters below which a name must be a word of its own: "Al" does not stand in "also"."""

_BETWEEN = re.compile(r"[\W_]+")
_BLANK = "\u200b"
"""The zero-width space, which parts words; other marks that nobody sees stand within them."""


def plain(text: str) -> str:
    """Return the words of a text, or of an IRI, with one blank between them: in small letters, without accents."""
    text = unquote(text) if "%" in text else text
    if not text.isascii():
        letters = unicodedata.normalize("NFKD", text)
        text = "".join(each for each in letters if each == _BLANK or unicodedata.category(each) not in {"Mn", "Cf"})
    return _BETWEEN.sub(" ", text.casefold()).strip()


def teller(names: Iterable[str]) -> Callable[[str], bool]:
    """Return a test for texts that tell one of these names."""
    wanted = [_sought(name) for name in sorted({plain(name) for name in names} - {""})]

    def tells(text: str) -> bool:
        said = f" {plain(text)} "
        return any(name in said for name in wanted)

    return tells


def _sought(name: str) -> str:
    """Return what to look for: Latin words begin after a blank, and other scripts may have none between words."""
    if not name.isascii():
        return name
    return f" {name} " if len(name) < SHORT else f" {name}"


def mark(sentence: str) -> str:
    """Return a sentence as it is, marked as one to be translated where it is shown (xgettext's N_)."""
    return sentence


def count(number: int, noun: str) -> str:
    """Return the number with its noun, as in `1 file` or `2 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
