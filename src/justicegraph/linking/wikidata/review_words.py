"""What a reviewer reads: texts of others made harmless, and what agrees and what contradicts."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from justicegraph.linking.wikidata.proposals import Candidate, Proposal, Told
from justicegraph.project.sssom import MATCHES
from justicegraph.text import plain
from justicegraph.validate import told_in

KEYS = {
    "s": "same",
    "d": "different",
    "u": "unsure",
    "n": "no such item",
    "z": "undo",
    "1-9": "choose a candidate",
    "o": "show the links",
    "q": "quit",
    "?": "help",
}
"""What each key does, in the terminal and on the page."""

MATCH_KEYS = dict(zip("ecbnr", MATCHES, strict=True))
"""For causes: the key of each skos match, asked for after `same`."""

MATCH_WORDS = dict(
    zip(
        MATCHES,
        (
            "exactly the same",
            "close: nearly the same",
            "broader: theirs is wider than ours",
            "narrower: theirs is a part of ours",
            "related, and not the same",
        ),
        strict=True,
    )
)

LONGEST = 300
"""Letters of a text that are shown."""

MOST = 12
"""Values under a heading, and headings, that are shown."""

_HIDDEN = "\ufffd"
_KEPT = "\u200c\u200d"
"""Joiners, which Persian and the scripts of India are written with."""

_LINK = 2_000
"""Characters of an address that is still a link."""


@dataclass(frozen=True, slots=True)
class Clue:
    """A reason in words, and whether it speaks for the candidate; None where it only tells."""

    words: str
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class Row:
    """What is told under a heading: of the entry, and of each candidate, with the values that both have."""

    heading: str
    ours: Sequence[str]
    theirs: Sequence[Sequence[str]]
    shared: Sequence[frozenset[str]]


def shown(text: str, longest: int = LONGEST) -> str:
    """Return a text as one line, without what acts instead of being read: escapes, controls, changes of direction."""
    line = " ".join("".join(map(_letter, text[: 4 * longest])).split())
    return line if len(line) <= longest else f"{line[:longest].rstrip()}…"


def _letter(letter: str) -> str:
    kind = unicodedata.category(letter)
    if letter in "\t\n\r" or kind in {"Zs", "Zl", "Zp"}:
        return " "
    return _HIDDEN if kind in {"Cc", "Cf", "Cs", "Co"} and letter not in _KEPT else letter


def recorded(text: str) -> str:
    """Return a text as it may stand in a decision: as it is shown, or nothing where it has what must not be told.

    A spreadsheet would run a text that begins with a sign.
    """
    line = shown(text)
    hostile = _HIDDEN in line or line.startswith(("=", "+", "-", "@"))
    return "" if hostile or any(told_in(line)) else line


def link_of(text: str) -> str:
    """Return an address that may be a link, of http or https; nothing for any other text."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    is_plain = len(text) <= _LINK and text.isprintable() and not any(each in ' "<>\\^`{|}' for each in text)
    leads = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    return text if is_plain and leads else ""


def clues(candidate: Candidate) -> list[Clue]:
    """Return a candidate's reasons in the matcher's order: it begins each with "for:" or "against:"."""
    found = []
    for reason in candidate.reasons[:MOST]:
        side, colon, words = shown(reason).partition(":")
        agrees = {"for": True, "against": False}.get(side) if colon else None
        found.append(Clue(words.strip() if agrees is not None else shown(reason), agrees))
    return found


def compared(proposal: Proposal, candidates: Sequence[Candidate]) -> list[Row]:
    """Return what is told of an entry beside what is told of candidates, heading by heading, first the entry's."""
    told = [proposal.told, *(each.told for each in candidates)]
    headings = list(dict.fromkeys(heading for each in told for heading in each))[:MOST]
    return [_row(heading, told) for heading in headings]


def _row(heading: str, told: Sequence[Told]) -> Row:
    ours, *theirs = ([shown(value) for value in each.get(heading, ())[:MOST]] for each in told)
    known = _folded(ours)
    shared = [frozenset(value for value in values if _fold(value) in known) for values in theirs]
    return Row(shown(heading, 40), ours, theirs, shared)


def _folded(values: Iterable[str]) -> set[str]:
    return {_fold(value) for value in values} - {""}


def _fold(text: str) -> str:
    return plain(text.removeprefix("https://").removeprefix("http://").removeprefix("www."))
