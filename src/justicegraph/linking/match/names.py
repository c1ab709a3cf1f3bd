"""Tokenize names: translated tokens, a fingerprint that ignores their order, initials."""

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from justicegraph.text import UNSPACED_SCRIPTS


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STOP_WORDS = _set(
    "a al an and as at by da das de degli dei del dell della delle der des di die do dos du e ed el en et for fuer fur"
    " i il im in fi fil ha i ja kai la las le les lo los na of og on os och pour the to u und v van von y w z za"
)
_LEGAL_FORMS = _set(
    "ab ag aps as bv co corp corporation company ev gmbh inc incorporated kg kk limited llc llp ltd nv oy plc pty sa"
    " sarl spa srl sro vvi"
)
_IGNORED = _STOP_WORDS | _LEGAL_FORMS


_LEXICON = Path(__file__).with_name("lexicon.json")
_LETTER = re.compile(r"[^\W\d_]")


@lru_cache(maxsize=1 << 17)
def split_tokens(text: str) -> tuple[str, ...]:
    """Return the distinct tokens of a normalized name, without stop words and legal forms.

    A word in a script without spaces becomes overlapping pairs of its letters.
    """
    tokens: dict[str, None] = {}
    for word in text.split():
        if not word.isascii() and UNSPACED_SCRIPTS.fullmatch(word) and len(word) > 2:
            tokens.update(dict.fromkeys(word[start : start + 2] for start in range(len(word) - 1)))
        elif word not in _IGNORED:
            tokens[word] = None
    return tuple(tokens) or tuple(text.split())


@cache
def read_lexicon() -> Mapping[str, str]:
    """Return the translations of tokens, mostly into English; benchmarks/linking/lexicon.py wrote them."""
    translations: dict[str, str] = json.loads(_LEXICON.read_text(encoding="utf-8"))
    return translations


@lru_cache(maxsize=1 << 17)
def tokenize(text: str) -> tuple[str, ...]:
    """Return the distinct tokens of a normalized name, translated if the lexicon has a translation."""
    lexicon = read_lexicon()
    return tuple(dict.fromkeys([lexicon.get(token, token) for token in split_tokens(text)]))


@lru_cache(maxsize=1 << 17)
def fingerprint(text: str) -> str:
    """Return a key that ignores the order of tokens: "University of X" and "X University" have the same one."""
    return "".join(sorted(tokenize(text)))


@lru_cache(maxsize=1 << 17)
def initials(text: str) -> tuple[str, ...]:
    """Return the initials of a normalized name, first without its small words, then with them.

    A single word has none.
    """
    words = text.split()
    if len(words) < 2:
        return ()
    main = [word for word in words if word not in _IGNORED]
    short, long = "".join(word[0] for word in main), "".join(word[0] for word in words)
    return tuple(dict.fromkeys(letters for letters in (short, long) if len(letters) > 1))


def is_acronym(name: str) -> bool:
    """Return whether a name looks like an acronym: one or two short words, mostly in capitals, or a code."""
    letters = _LETTER.findall(name)
    if not 1 < len(name.replace(" ", "")) <= 12 or len(name.split()) > 2 or not letters:
        return False
    return sum(letter.isupper() for letter in letters) * 2 >= len(letters) and sum(map(str.isupper, letters)) > 1


def script_of(name: str) -> str:
    """Return the script of a name's first letter by its Unicode name, such as LATIN or CJK; nothing without letters."""
    letter = next((letter for letter in name if letter.isalpha()), "")
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""


def may_abbreviate(short: str, text: str) -> bool:
    """Return whether a text has the letters of a short one in their order: a quick test before `abbreviation_score`."""
    position = -1
    for letter in short:
        position = text.find(letter, position + 1)
        if position < 0:
            return False
    return True


def abbreviation_score(short: str, text: str) -> float:
    """Return how well an acronym abbreviates a normalized name, from 0 to 1.

    Letters are taken in order, preferably at the start of a word. The score is the share of letters that begin a word,
    times the share of main words that were used.
    """
    words = text.split()
    if not short or len(words) < 2:
        return 0.0
    position, begun, used = 0, 0, 0
    for word in words:
        if position < len(short) and word[0] == short[position]:
            start = position
            for letter in word:
                if position < len(short) and letter == short[position] and (position == start or position - start < 3):
                    position += 1
                    if position < len(short) and len(words) > used + 1 and words[used + 1][0] == short[position]:
                        break
            begun += 1
            used += 1
        elif word not in _STOP_WORDS:
            used += 1
    if position < len(short):
        return 0.0
    return begun / len(short) * begun / max(used, 1)
