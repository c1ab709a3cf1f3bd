"""What a reviewer of links reads, in the terminal as on the page: safe texts, comparisons, reasons and keys."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from justicegraph.linking.wikidata.proposals import Candidate, Details, Proposal
from justicegraph.project.sssom import MATCHES
from justicegraph.spreadsheet import safe_cell
from justicegraph.text import normalize_words
from justicegraph.validate import private_data_in


class Verdict(StrEnum):
    """What a reviewer can decide: on one candidate, or on the entry as a whole."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"
    NO_ITEM = "no such item"

    @property
    def is_about_candidate(self) -> bool:
        """Tell whether it is about one candidate."""
        return self in {Verdict.SAME, Verdict.DIFFERENT}


VERDICT_KEYS = {"s": Verdict.SAME, "d": Verdict.DIFFERENT, "u": Verdict.UNSURE, "n": Verdict.NO_ITEM}
"""The key of each verdict."""

KEYS: Mapping[str, str] = {
    **{key: verdict.value for key, verdict in VERDICT_KEYS.items()},
    "z": "undo",
    "1-9": "choose a candidate",
    "o": "show the links",
    "q": "quit",
    "?": "help",
}
"""What each key does, in the terminal and on the page."""

MATCH_KEYS = dict(zip("ecbnr", MATCHES, strict=True))
"""For causes: the key of each SKOS mapping relation, which is asked for after `same`."""

MATCH_LABELS = dict(
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

ASK_MATCH = "How do they match?"
NO_CANDIDATE = "No candidate is left"
SAME_VALUE = "(the same)"
WAS_UNSURE = "unsure before"
ALL_DONE = "Everything is reviewed."
NOTHING_DECIDED = "Nothing was decided."

MAX_LENGTH = 300
"""Characters of a text that are shown."""

MAX_VALUES = 12
"""Values under a heading, and headings, that are shown."""

_REPLACEMENT = "\ufffd"
_JOINERS = "\u200c\u200d"
"""Invisible characters that Persian and the scripts of India need."""

_MAX_LINK = 2_000
"""Characters of an address that is still a link."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason of the matcher, and whether it is for the candidate; None for a neutral one."""

    text: str
    agrees: bool | None

    @property
    def label(self) -> str:
        """The word before the text, so that nobody needs to see colours."""
        return {True: "agrees: ", False: "contradicts: ", None: ""}[self.agrees]


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """The values under a heading: of the entry, of each candidate, and for each candidate those that both have."""

    heading: str
    ours: Sequence[str]
    theirs: Sequence[Sequence[str]]
    shared: Sequence[frozenset[str]]


def safe_line(text: str, max_length: int = MAX_LENGTH) -> str:
    """Return a text as one line, without characters that act on a terminal or a page, such as escapes."""
    line = " ".join("".join(map(_safe_char, text[: 4 * max_length])).split())
    return line if len(line) <= max_length else f"{line[:max_length].rstrip()}…"


def _safe_char(char: str) -> str:
    category = unicodedata.category(char)
    if char in "\t\n\r" or category in {"Zs", "Zl", "Zp"}:
        return " "
    return _REPLACEMENT if category in {"Cc", "Cf", "Cs", "Co"} and char not in _JOINERS else char


def recordable(text: str) -> str:
    """Return a text as it may be written into a decision: as it is shown, or "" if it has private data.

    So is a text in which a spreadsheet program would find a formula.
    """
    line = safe_line(text)
    is_hostile = _REPLACEMENT in line or safe_cell(line) != line
    return "" if is_hostile or any(private_data_in(line)) else line


def link_of(text: str) -> str:
    """Return an http or https address that may be a link; "" for any other text."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    is_plain = len(text) <= _MAX_LINK and text.isprintable() and not any(char in ' "<>\\^`{|}' for char in text)
    is_web = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    return text if is_plain and is_web else ""


def format_likelihood(candidate: Candidate) -> str:
    """Return how likely a candidate is, as in 93% likely."""
    return f"{candidate.probability:.0%} likely"


def reasons_of(candidate: Candidate) -> list[Reason]:
    """Return a candidate's reasons in the matcher's order, which begins each with "for:" or "against:"."""
    return [_reason(safe_line(text)) for text in candidate.reasons[:MAX_VALUES]]


def _reason(line: str) -> Reason:
    side, colon, text = line.partition(":")
    agrees = {"for": True, "against": False}.get(side) if colon else None
    return Reason(line if agrees is None else text.strip(), agrees)


def compare(proposal: Proposal, candidates: Sequence[Candidate]) -> list[ComparisonRow]:
    """Return the values of an entry beside those of candidates, heading by heading, the entry's headings first."""
    details = [proposal.details, *(candidate.details for candidate in candidates)]
    headings = list(dict.fromkeys(heading for values_by_heading in details for heading in values_by_heading))
    return [_comparison_row(heading, details) for heading in headings[:MAX_VALUES]]


def _comparison_row(heading: str, details: Sequence[Details]) -> ComparisonRow:
    ours, *theirs = ([safe_line(value) for value in values.get(heading, ())[:MAX_VALUES]] for values in details)
    normalized = _normalized(ours)
    shared = [frozenset(value for value in values if _normalize(value) in normalized) for values in theirs]
    return ComparisonRow(safe_line(heading, 40), ours, theirs, shared)


def _normalized(values: Iterable[str]) -> set[str]:
    return {_normalize(value) for value in values} - {""}


def _normalize(text: str) -> str:
    return normalize_words(text.removeprefix("https://").removeprefix("http://").removeprefix("www."))
