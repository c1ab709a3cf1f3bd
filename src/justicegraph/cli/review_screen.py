"""Shows a review item in the terminal: the entry and its candidates side by side, or one below the other."""

from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from justicegraph.linking.wikidata.proposals import Candidate
from justicegraph.linking.wikidata.review import ReviewItem
from justicegraph.linking.wikidata.review_text import (
    KEYS,
    MATCH_KEYS,
    MATCH_LABELS,
    NO_CANDIDATE,
    SAME_VALUE,
    WAS_UNSURE,
    ComparisonRow,
    compare,
    format_likelihood,
    link_of,
    reasons_of,
    safe_line,
)
from justicegraph.namespaces import short
from justicegraph.project.sssom import curie

NARROW = 60
"""Columns below which the entry and its candidate are one below the other."""

_HEADING, _COLUMN = 16, 30
_STYLES = {True: "green", False: "red", None: "default"}


def screen(item: ReviewItem, chosen: int, width: int) -> RenderableType:
    """Return an item for a terminal of so many columns; `chosen` is the number of the chosen candidate, from 0."""
    proposal = item.proposal
    unsure = f", {WAS_UNSURE}" if item.was_unsure else ""
    title = Text(f"{item.number} of {item.total}{unsure} · searched in {safe_line(proposal.source)}", style="dim")
    if not proposal.candidates:
        details = _details(compare(proposal, ()), 0)
        return Group(title, _name(item), details, Text(f"{NO_CANDIDATE}: n no such item, u unsure."))
    fitting = 1 if width < NARROW else max(1, (width - _HEADING) // _COLUMN - 1)
    first = max(0, min(chosen - fitting + 1, len(proposal.candidates) - fitting))
    visible = range(first, min(first + fitting, len(proposal.candidates)))
    body = _stacked(item, chosen) if width < NARROW else _side_by_side(item, chosen, visible)
    return Group(title, body, _others(proposal.candidates, chosen, visible))


def links(item: ReviewItem) -> Text:
    """Return the addresses in an item that may be links: the entry's, its candidates', and those in their details."""
    text = Text()
    proposal = item.proposal
    for head, iri, details in (
        ("entry", proposal.entry, proposal.details),
        *((str(number), candidate.id, candidate.details) for number, candidate in enumerate(proposal.candidates, 1)),
    ):
        texts = (value for values in details.values() for value in values)
        for address in filter(None, map(link_of, (iri, *texts))):
            text.append(f"{head}: {address}\n")
    return text


def help_text(item: ReviewItem | None) -> Text:
    """Return what the keys do; for a cause, also how two can match."""
    lines = [f"{key:>4}  {action}" for key, action in KEYS.items()]
    if item and item.needs_match:
        lines += ["after s:", *(f"{key:>4}  {MATCH_LABELS[match]}" for key, match in MATCH_KEYS.items())]
    return Text("\n".join(lines))


def console() -> Console:
    """Return the console for the reviewer: it takes no text for markup, and obeys NO_COLOR."""
    return Console(stderr=True, markup=False, emoji=False, highlight=False, soft_wrap=False)


def _name(item: ReviewItem) -> Text:
    proposal = item.proposal
    return Text.assemble((safe_line(proposal.name), "bold"), f"\n{safe_line(proposal.kind)} · {short(proposal.entry)}")


def _head(candidate: Candidate, number: int, is_chosen: bool) -> Text:
    mark = "▸ " if is_chosen else "  "
    name = f"{mark}{number + 1} {safe_line(candidate.name)}"
    return Text.assemble((name, "bold"), f"\n  {format_likelihood(candidate)} · {curie(candidate.id)}")


def _side_by_side(item: ReviewItem, chosen: int, visible: Sequence[int]) -> Table:
    """Return a table with a column for the entry, and one for each visible candidate."""
    proposal = item.proposal
    candidates = [proposal.candidates[number] for number in visible]
    table = Table(box=None, pad_edge=False, show_header=False, expand=True, padding=(0, 2, 0, 0))
    table.add_column(width=_HEADING - 2, overflow="fold", style="dim")
    for _ in range(len(candidates) + 1):
        table.add_column(ratio=1, overflow="fold")
    numbered = zip(candidates, visible, strict=True)
    table.add_row("", _name(item), *(_head(candidate, number, number == chosen) for candidate, number in numbered))
    for row in compare(proposal, candidates):
        cells = (_values(values, shared) for values, shared in zip(row.theirs, row.shared, strict=True))
        table.add_row(Text(row.heading), _values(row.ours, frozenset()), *cells)
    table.add_row("why", "", *map(_reasons, candidates))
    return table


def _stacked(item: ReviewItem, chosen: int) -> Group:
    """Return the entry, and below it the chosen candidate."""
    proposal, candidate = item.proposal, item.proposal.candidates[chosen]
    rows = compare(proposal, [candidate])
    theirs = Group(_details(rows, 1), Padding(_reasons(candidate), (0, 0, 0, 2)))
    return Group(_name(item), _details(rows, 0), Text(), _head(candidate, chosen, True), theirs)


def _details(rows: Sequence[ComparisonRow], side: int) -> Text:
    """Return the values of one side, a heading a line: of the entry (0), or of the first candidate (1)."""
    text = Text()
    for row in rows:
        values = row.theirs[0] if side else row.ours
        if values:
            text.append(f"  {row.heading}: ", style="dim")
            text.append_text(_values(values, row.shared[0] if side else frozenset()))
            text.append("\n")
    text.rstrip()
    return text


def _values(values: Sequence[str], shared: frozenset[str]) -> Text:
    parts = (Text(f"{value} {SAME_VALUE}", style="green") if value in shared else Text(value) for value in values)
    return Text("; ").join(parts)


def _reasons(candidate: Candidate) -> Text:
    reasons = reasons_of(candidate)
    return Text("\n").join(Text(reason.label + reason.text, style=_STYLES[reason.agrees]) for reason in reasons)


def _others(candidates: Sequence[Candidate], chosen: int, visible: Sequence[int]) -> Text:
    """Return a line for each candidate that is not visible."""
    hidden = (number for number in range(len(candidates)) if number not in visible)
    return Text("\n").join(_head(candidates[number], number, number == chosen) for number in hidden)
