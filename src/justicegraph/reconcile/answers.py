"""A table, its records and a matcher to the rows of the table with the matches added."""

from collections.abc import Iterable, Iterator, Sequence

from justicegraph.match import Matcher
from justicegraph.records import Record, Table

ADDED = ("id", "match_name", "probability", "match", "reason")
"""The columns that are added; one that the table has already gets `match_` in front."""


def reconciled(table: Table, records: Iterable[Record], matcher: Matcher) -> Iterator[Sequence[str]]:
    """Yield the header and then each row with its likeliest target; `match` says whether that is likely enough."""
    yield [*table.header, *_free(table.header)]
    for row, record in zip(table.rows, records, strict=True):
        yield [*row, *_answer(matcher, record)]


def _free(header: Sequence[str]) -> list[str]:
    names = []
    for name in ADDED:
        while name in header:
            name = f"match_{name}"
        names.append(name)
    return names


def _answer(matcher: Matcher, record: Record) -> list[str]:
    found = matcher.match(record, limit=1) if record.name else []
    if not found:
        return ["", "", "", "false", "no candidate" if record.name else "no name"]
    best = found[0]
    return [
        best.target.id, best.target.name, f"{best.probability:.4f}", "true" if best.is_match else "false", best.reason
    ]  # fmt: skip
