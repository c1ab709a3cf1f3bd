"""What is found for each row of a table: the likeliest target, and whether that is likely enough."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from justicegraph.linking.match import Matcher
from justicegraph.linking.records import Record
from justicegraph.namespaces import JG


@dataclass(frozen=True, slots=True)
class Found:
    """The likeliest thing for a row, if any, and why.

    `probability` is None where nobody has calibrated one. Where it `has_failed`, nobody knows whether there is one.
    """

    id: str = ""
    name: str = ""
    probability: float | None = None
    is_match: bool = False
    reason: str = ""
    has_failed: bool = False


NO_NAME = Found(reason="no name")
NO_CANDIDATE = Found(reason="no candidate")


def matched(matcher: Matcher, records: Iterable[Record]) -> Iterator[Found]:
    """Yield what is found for each record."""
    for record in records:
        best = matcher.match(record, limit=1) if record.name else []
        if best:
            [first] = best
            yield Found(first.target.id, first.target.name, first.probability, first.is_match, first.reason)
        else:
            yield NO_CANDIDATE if record.name else NO_NAME


def of_type(targets: Iterable[Record], name: str) -> list[Record]:
    """Return the targets of a type, as in `Organization`, and those that tell of none; nothing where none has it."""
    wanted = name.removeprefix(JG).removeprefix("jg:").casefold()
    kept = [each for each in targets if not each.types or wanted in each.types]
    return kept if any(each.types for each in kept) else []


def types_of(targets: Sequence[Record]) -> list[str]:
    """Return the types that targets are of, in the order of the alphabet."""
    return sorted({kind for each in targets for kind in each.types})
