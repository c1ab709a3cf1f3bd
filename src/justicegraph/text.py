"""Normalizing of text: by words, for the search, and for the matcher; and small helpers for sentences.

The functions differ because their users must. `normalize_words` is the strict one: it drops all marks, so that a
removed name is found in any spelling. `normalize_for_search` also keeps "O'Brien" in one word and splits Chinese,
Japanese and Korean into pairs of letters, as the index does. `normalize_name` also writes Cyrillic and Greek in Latin
letters, because names of one thing come in several scripts; the matcher was trained on its results.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from urllib.parse import unquote

SHORT_NAME = 5
"""A name with fewer letters must be a whole word: "Al" is not found in "also"."""

UNSPACED_SCRIPTS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
"""Scripts without blanks between words."""

_BETWEEN_WORDS = re.compile(r"[\W_]+")
_ZERO_WIDTH_SPACE = "\u200b"
"""This invisible character separates words; the others are within words."""

_WORD_INTERNAL = re.compile("[\u02bc\u2019'`\u00b4]|(?<=\\b\\w)\\.(?=\\w\\b)")
"""Characters within words, as in "O'Brien" and "U.S."."""


def _letters(originals: str, latin: str) -> dict[str, str]:
    return dict(zip(originals, latin.split(" "), strict=True))


_CYRILLIC = _letters(
    "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћџђќѓқғңұүөһә",
    "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch  y  e yu ya i yi ye g u j lj nj c dz dj k g"
    " k g n u u o h a",
)
_GREEK = _letters("αβγδεζηθικλμνξοπρστυφχψως", "a v g d e z i th i k l m n x o p r s t y f ch ps o s")
_LATIN = {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
"""Letters that have no accent to take off, and are written without their stroke or as two letters."""

_PLAIN_LATIN = str.maketrans(_LATIN)
_TRANSLITERATION = str.maketrans({**_CYRILLIC, **_GREEK, **_LATIN, "&": " and "})
_MARKS = re.compile("[\u0300-\u036f.'`\u00b4\u02bc\u2019\u200b-\u200f]+")
_TOKEN = re.compile(r"[^\W_]+(?:[\u0900-\u0dff\u0e00-\u0eff]+[^\W_]*)*")


def strip_accents(text: str) -> str:
    """Return a text in lower case without accents; blanks and punctuation stay.

    NFKD separates letters from their accents (UAX 15); vowel signs, as of Hindi, stay.
    """
    letters = unicodedata.normalize("NFKD", text).casefold()
    return letters if letters.isascii() else "".join(letter for letter in letters if not unicodedata.combining(letter))


def normalize_words(text: str) -> str:
    """Return the words of a text, or of an IRI, with one blank between them: in lower case, without any marks."""
    text = unquote(text) if "%" in text else text
    if not text.isascii():
        letters = unicodedata.normalize("NFKD", text)
        text = "".join(
            letter
            for letter in letters
            if letter == _ZERO_WIDTH_SPACE or unicodedata.category(letter) not in {"Mn", "Cf"}
        )
    return _BETWEEN_WORDS.sub(" ", text.casefold()).strip()


def normalize_for_search(text: str) -> str:
    """Return the words of a text as the search index has them, with one blank between them."""
    letters = _WORD_INTERNAL.sub("", text).casefold().translate(_PLAIN_LATIN)
    return UNSPACED_SCRIPTS.sub(_bigrams, normalize_words(letters))


@lru_cache(maxsize=1 << 18)
def normalize_name(text: str) -> str:
    """Return a name in lower case without accents and punctuation, with Cyrillic and Greek in Latin letters.

    The transliteration roughly follows ISO 9 and ELOT 743. NFKD (UAX 15) separates letters from their accents; NFC
    then puts the syllables of Hangul together again.
    """
    letters = _MARKS.sub("", unicodedata.normalize("NFKD", text).casefold())
    return " ".join(_TOKEN.findall(unicodedata.normalize("NFC", letters.translate(_TRANSLITERATION))))


def name_finder(names: Iterable[str]) -> Callable[[str], bool]:
    """Return a test for texts that contain one of these names, in any spelling."""
    wanted = [_search_text(name) for name in sorted({normalize_words(name) for name in names} - {""})]

    def contains_name(text: str) -> bool:
        words = f" {normalize_words(text)} "
        return any(name in words for name in wanted)

    return contains_name


def _search_text(name: str) -> str:
    """Return the text to look for: Latin words begin after a blank; other scripts may have none between words."""
    if not name.isascii():
        return name
    return f" {name} " if len(name) < SHORT_NAME else f" {name}"


def _bigrams(run: re.Match[str]) -> str:
    letters = run[0]
    pairs = [letters[at : at + 2] for at in range(len(letters) - 1)] or [letters]
    return f" {' '.join(pairs)} "


def mark(sentence: str) -> str:
    """Return a sentence unchanged. The call marks it for translation on the pages (N_ of xgettext)."""
    return sentence


def first_line(message: object) -> str:
    """Return the first line of an error or a text, at most 200 characters of it."""
    return (str(message).splitlines() or [""])[0][:200]


def count(number: int, noun: str) -> str:
    """Return the number with its noun, as in `1 file` or `2 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
