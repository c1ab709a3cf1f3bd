"""A question as the terminal shows it: the entry and its candidates side by side, or one below the other."""

from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from justicegraph.linking.wikidata.proposals import Candidate
from justicegraph.linking.wikidata.review import Question
from justicegraph.linking.wikidata.review_words import (
    KEYS,
    MATCH_KEYS,
    MATCH_WORDS,
    Row,
    clues,
    compared,
    link_of,
    shown,
)
from justicegraph.namespaces import short
from justicegraph.project.sssom import curie

NARROW = 60
"""Columns below which things stand one below the other."""

_HEADING, _COLUMN = 16, 30
_STYLES = {True: "green", False: "red", None: "default"}
_SIDES = {True: "agrees: ", False: "contradicts: ", None: ""}


def screen(question: Question, chosen: int, width: int) -> RenderableType:
    """Return a question for a terminal of so many columns, with the candidate that is chosen, from 0."""
    proposal = question.proposal
    again = ", unsure before" if question.again else ""
    title = Text(f"{question.number} of {question.of}{again} · searched in {shown(proposal.source)}", style="dim")
    if not proposal.candidates:
        told = _told(compared(proposal, ()), 0)
        return Group(title, _name(question), told, Text("No candidate is left: n no such item, u unsure."))
    fitting = 1 if width < NARROW else max(1, (width - _HEADING) // _COLUMN - 1)
    first = max(0, min(chosen - fitting + 1, len(proposal.candidates) - fitting))
    places = range(first, min(first + fitting, len(proposal.candidates)))
    body = _stacked(question, chosen) if width < NARROW else _beside(question, chosen, places)
    return Group(title, body, _others(proposal.candidates, chosen, places))


def links(question: Question) -> Text:
    """Return the addresses in a question: the entry's, its candidates', and those that are told; only http, https."""
    text = Text()
    proposal = question.proposal
    for head, iri, told in (
        ("entry", proposal.entry, proposal.told),
        *((str(number), each.id, each.told) for number, each in enumerate(proposal.candidates, 1)),
    ):
        more = (value for values in told.values() for value in values)
        for address in filter(None, map(link_of, (iri, *more))):
            text.append(f"{head}: {address}\n")
    return text


def help_text(question: Question | None) -> Text:
    """Return what the keys do; of a cause, also how two can match."""
    lines = [f"{key:>4}  {does}" for key, does in KEYS.items()]
    if question and question.asks_how:
        lines += ["after s:", *(f"{key:>4}  {MATCH_WORDS[match]}" for key, match in MATCH_KEYS.items())]
    return Text("\n".join(lines))


def console() -> Console:
    """Return where the person reads; nothing in a text is taken for markup, and NO_COLOR is obeyed."""
    return Console(stderr=True, markup=False, emoji=False, highlight=False, soft_wrap=False)


def _name(question: Question) -> Text:
    proposal = question.proposal
    return Text.assemble((shown(proposal.name), "bold"), f"\n{shown(proposal.kind)} · {short(proposal.entry)}")


def _head(candidate: Candidate, place: int, is_chosen: bool) -> Text:
    likely = f"{candidate.probability:.0%} likely · {curie(candidate.id)}"
    mark = "▸ " if is_chosen else "  "
    return Text.assemble((f"{mark}{place + 1} {shown(candidate.name)}", "bold"), f"\n  {likely}")


def _beside(question: Question, chosen: int, places: Sequence[int]) -> Table:
    proposal = question.proposal
    candidates = [proposal.candidates[place] for place in places]
    table = Table(box=None, pad_edge=False, show_header=False, expand=True, padding=(0, 2, 0, 0))
    table.add_column(width=_HEADING - 2, overflow="fold", style="dim")
    for _ in range(len(candidates) + 1):
        table.add_column(ratio=1, overflow="fold")
    heads = (_head(each, place, place == chosen) for each, place in zip(candidates, places, strict=True))
    table.add_row("", _name(question), *heads)
    for row in compared(proposal, candidates):
        cells = (_values(values, same) for values, same in zip(row.theirs, row.shared, strict=True))
        table.add_row(Text(row.heading), _values(row.ours, frozenset()), *cells)
    table.add_row("why", "", *map(_evidence, candidates))
    return table


def _stacked(question: Question, chosen: int) -> Group:
    """Return the entry, and below it the candidate that is chosen."""
    proposal, candidate = question.proposal, question.proposal.candidates[chosen]
    rows = compared(proposal, [candidate])
    theirs = Group(_told(rows, 1), Padding(_evidence(candidate), (0, 0, 0, 2)))
    return Group(_name(question), _told(rows, 0), Text(), _head(candidate, chosen, True), theirs)


def _told(rows: Sequence[Row], side: int) -> Text:
    """Return what is told of one side, a heading a line: of the entry (0), or of the first candidate (1)."""
    text = Text()
    for row in rows:
        values = row.theirs[0] if side else row.ours
        if values:
            text.append(f"  {row.heading}: ", style="dim")
            text.append_text(_values(values, row.shared[0] if side else frozenset()))
            text.append("\n")
    text.rstrip()
    return text


def _values(values: Sequence[str], same: frozenset[str]) -> Text:
    parts = (Text(f"{each} (the same)", style="green") if each in same else Text(each) for each in values)
    return Text("; ").join(parts)


def _evidence(candidate: Candidate) -> Text:
    return Text("\n").join(
        Text(_SIDES[clue.agrees] + clue.words, style=_STYLES[clue.agrees]) for clue in clues(candidate)
    )


def _others(candidates: Sequence[Candidate], chosen: int, places: Sequence[int]) -> Text:
    """Return a line for each candidate that is not on the screen."""
    hidden = (place for place in range(len(candidates)) if place not in places)
    return Text("\n").join(_head(candidates[place], place, place == chosen) for place in hidden)
