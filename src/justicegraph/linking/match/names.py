"""Names to what of them can be compared: folded text, words, a key that order does not change, initials."""

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STOPS = _set(
    "a al an and as at by da das de degli dei del dell della delle der des di die do dos du e ed el en et for fuer fur"
    " i il im in fi fil ha i ja kai la las le les lo los na of og on os och pour the to u und v van von y w z za"
)
_LEGAL = _set(
    "ab ag aps as bv co corp corporation company ev gmbh inc incorporated kg kk limited llc llp ltd nv oy plc pty sa"
    " sarl spa srl sro vvi"
)


def _letters(theirs: str, latin: str) -> dict[str, str]:
    return dict(zip(theirs, latin.split(" "), strict=True))


_CYRILLIC = _letters(
    "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћџђќѓқғңұүөһә",
    "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch  y  e yu ya i yi ye g u j lj nj c dz dj k g"
    " k g n u u o h a",
)
_GREEK = _letters("αβγδεζηθικλμνξοπρστυφχψως", "a v g d e z i th i k l m n x o p r s t y f ch ps o s")
_LATIN = {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
_LETTERS = str.maketrans({**_CYRILLIC, **_GREEK, **_LATIN, "&": " and "})
_MARKS = re.compile("[\u0300-\u036f.'`\u00b4\u02bc\u2019\u200b-\u200f]+")
_WORD = re.compile(r"[^\W_]+(?:[\u0900-\u0dff\u0e00-\u0eff]+[^\W_]*)*")
_EAST = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_LEXICON = Path(__file__).with_name("lexicon.json")
_LETTER = re.compile(r"[^\W\d_]")


@lru_cache(maxsize=1 << 18)
def folded(text: str) -> str:
    """Return a name without case, accents, punctuation; Cyrillic and Greek in Latin letters (roughly ISO 9, ELOT 743).

    NFKD makes letters of their variants (UAX 15); NFC puts the syllables of Hangul together again.
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text).casefold())
    return " ".join(_WORD.findall(unicodedata.normalize("NFC", plain.translate(_LETTERS))))


@lru_cache(maxsize=1 << 17)
def plain_words(text: str) -> tuple[str, ...]:
    """Return the words of a folded name that tell something, each once; scripts without spaces as pairs of letters."""
    found: dict[str, None] = {}
    for word in text.split():
        if not word.isascii() and _EAST.fullmatch(word) and len(word) > 2:
            found.update(dict.fromkeys(word[start : start + 2] for start in range(len(word) - 1)))
        elif word not in _STOPS and word not in _LEGAL:
            found[word] = None
    return tuple(found) or tuple(text.split())


@cache
def lexicon() -> Mapping[str, str]:
    """Return the words that stand for another one, mostly in another language; benchmarks/lexicon.py wrote them."""
    found: dict[str, str] = json.loads(_LEXICON.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1 << 17)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a folded name that tell something, translated where the lexicon can."""
    said = lexicon()
    return tuple(dict.fromkeys([said.get(word, word) for word in plain_words(text)]))


@lru_cache(maxsize=1 << 17)
def key(text: str) -> str:
    """Return what two spellings of one name share: "University of X" and "X University" have the same."""
    return "".join(sorted(words(text)))


@lru_cache(maxsize=1 << 17)
def initials(text: str) -> tuple[str, ...]:
    """Return the initials of a folded name: without its small words, and with them; nothing for a single word."""
    every = text.split()
    if len(every) < 2:
        return ()
    told = [word for word in every if word not in _STOPS and word not in _LEGAL]
    short, long = "".join(word[0] for word in told), "".join(word[0] for word in every)
    return tuple(dict.fromkeys(each for each in (short, long) if len(each) > 1))


def is_acronym(name: str) -> bool:
    """Say whether a name looks like an acronym: one or two short words, most letters capitals, or a code."""
    letters = _LETTER.findall(name)
    if not 1 < len(name.replace(" ", "")) <= 12 or len(name.split()) > 2 or not letters:
        return False
    return sum(letter.isupper() for letter in letters) * 2 >= len(letters) and sum(map(str.isupper, letters)) > 1


def script(name: str) -> str:
    """Return the first word of the Unicode name of a name's first letter, as in LATIN or CJK."""
    letter = next((each for each in name if each.isalpha()), "")
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""


def abbreviates(short: str, text: str) -> bool:
    """Say whether a text has the letters of a short one in their order; a quick look before `fits`."""
    at = -1
    for letter in short:
        at = text.find(letter, at + 1)
        if at < 0:
            return False
    return True


def fits(short: str, text: str) -> float:
    """Return how well an acronym abbreviates a folded name, from 0 to 1.

    Letters are taken in order, at the start of a word for preference; the figure is the share of letters that begin a
    word times the share of telling words that were used.
    """
    told = text.split()
    if not short or len(told) < 2:
        return 0.0
    at, begun, used = 0, 0, 0
    for word in told:
        if at < len(short) and word[0] == short[at]:
            start = at
            for letter in word:
                if at < len(short) and letter == short[at] and (at == start or at - start < 3):
                    at += 1
                    if at < len(short) and len(told) > used + 1 and told[used + 1][0] == short[at]:
                        break
            begun += 1
            used += 1
        elif word not in _STOPS:
            used += 1
    if at < len(short):
        return 0.0
    return begun / len(short) * begun / max(used, 1)
