"""The result for each row of a table: the likeliest target, and whether it is likely enough to be a match."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from justicegraph.linking.match import Matcher
from justicegraph.linking.records import Record
from justicegraph.namespaces import JG


@dataclass(frozen=True, slots=True)
class RowResult:
    """The likeliest target of a row, if there is one, and the reason.

    `probability` is None if it is not calibrated. If the row `has_failed`, it is unknown whether it has a target.
    """

    id: str = ""
    name: str = ""
    probability: float | None = None
    is_match: bool = False
    reason: str = ""
    has_failed: bool = False


NO_NAME = RowResult(reason="no name")
NO_CANDIDATE = RowResult(reason="no candidate")


def match_records(matcher: Matcher, records: Iterable[Record]) -> Iterator[RowResult]:
    """Yield the result for each record."""
    for record in records:
        matches = matcher.match(record, limit=1) if record.name else []
        if matches:
            [best] = matches
            yield RowResult(best.target.id, best.target.name, best.probability, best.is_match, best.reason)
        else:
            yield NO_CANDIDATE if record.name else NO_NAME


def filter_by_type(targets: Iterable[Record], name: str) -> list[Record]:
    """Return the targets of a type, such as `Organization`, and those without any type; none if no target has it."""
    wanted = name.removeprefix(JG).removeprefix("jg:").casefold()
    filtered = [target for target in targets if not target.types or wanted in target.types]
    return filtered if any(target.types for target in filtered) else []


def types_of(targets: Sequence[Record]) -> list[str]:
    """Return the types of targets in alphabetical order."""
    return sorted({name for target in targets for name in target.types})
