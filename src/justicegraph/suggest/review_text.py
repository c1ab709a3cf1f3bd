"""What a reviewer reads of a suggestion, the same in the terminal and on the page."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from justicegraph.suggest.proposals import Proposal
from justicegraph.suggest.turtle import FileChange

KEYS = {
    "a": "accept: write the files, if all checks pass; you commit them",
    "d": "decline, with a reason that the sender reads",
    "l": "later: show the next one",
    "i": "give a new entry another id",
    "q": "quit; your decisions are saved",
    "?": "help",
}
"""The keys, and what they do."""

OUTDATED = "The entry has changed since this was sent. The diff shows what it would change now."
NO_CHANGE = "No file would change."
CHECKS_PASS = "All checks pass."  # noqa: S105  # a sentence
CHECKS_FAIL = "It cannot be accepted as it is."
ASK_REASON = "Why? The sender reads it"
ASK_ID = "The new entry's id"
ACCEPTED = "Accepted. Commit the files when you are done."
DECLINED = "Declined."

_KINDS = {"+": "added", "-": "removed", "@": "heading"}


class DiffLine(NamedTuple):
    """A line of a diff; `kind` is added, removed, heading, or "" for an unchanged line."""

    text: str
    kind: str


def diff_lines(change: FileChange, root: Path) -> Iterator[DiffLine]:
    """Yield the diff of a file line by line."""
    for number, line in enumerate(change.diff(root)):
        is_file_name = number < 2  # a changed line can begin with --- or +++, too
        yield DiffLine(line, "heading" if is_file_name else _KINDS.get(line[:1], ""))


def kind_of(proposal: Proposal) -> str:
    """Return whether a proposal is a new entry or a change."""
    return "new" if proposal.is_new else "change"


def format_day(seconds: float) -> str:
    """Return the day of a Unix time, in UTC, as in 2026-12-01."""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
