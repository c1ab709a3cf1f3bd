"""What may be the same elsewhere, to be decided on: entries with their candidates, in a file that can be found anew."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from justicegraph.errors import BrokenFile
from justicegraph.project.sssom import NO_TERM, Decision
from justicegraph.system.files import atomic_write, write_errors

Told = Mapping[str, Sequence[str]]
"""What is known of a thing, in words for a person, by heading: {"city": ["Oakland"], "other names": [...]}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A thing elsewhere, by its whole IRI, how likely it is the one (0 to 1), whether that is enough, and why."""

    id: str
    name: str
    probability: float
    is_match: bool = False
    reasons: Sequence[str] = ()
    told: Told = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An entry, by its whole IRI, and its candidates, the likeliest first.

    `source` is the namespace of the collection that was searched, as in http://www.wikidata.org/entity/; `kind` the
    class of the entry without its prefix, as in Organization; `found_on` a day, as in 2026-11-21.
    """

    entry: str
    name: str
    kind: str
    source: str
    found_on: str
    told: Told = field(default_factory=dict)
    candidates: Sequence[Candidate] = ()


def write_proposals(path: Path, proposals: Iterable[Proposal]) -> None:
    """Write proposals as JSON lines, atomically; raise CannotWrite."""
    with write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as file:
        file.writelines(orjson.dumps(asdict(proposal)) + b"\n" for proposal in proposals)


def read_proposals(path: Path) -> list[Proposal]:
    """Return the proposals of a file; raise BrokenFile, with the line, where it is none."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise BrokenFile(
            f"{path} cannot be read: {error.strerror}. Run `justicegraph link` to find it anew."
        ) from error
    return [_proposal(path, number, line) for number, line in enumerate(lines, 1)]


def _proposal(path: Path, number: int, line: bytes) -> Proposal:
    try:
        said: dict[str, Any] = orjson.loads(line)
        return Proposal(**(said | {"candidates": tuple(Candidate(**each) for each in said["candidates"])}))
    except (ValueError, TypeError, KeyError) as error:
        told = BrokenFile(f"{path}, line {number}: this is no proposal. Run `justicegraph link` to find it anew.")
        told.line = number
        raise told from error


def undecided(proposals: Iterable[Proposal], decisions: Iterable[Decision]) -> Iterator[Proposal]:
    """Yield the proposals that no decision has settled, without the candidates that were told apart already."""
    settled, refused = set(), set()
    for said in decisions:
        if said.object_id == NO_TERM:
            settled.add((said.subject_id, said.object_source))
        elif said.predicate_modifier:
            refused.add((said.subject_id, said.object_id))
        elif said.is_positive:
            settled.add((said.subject_id, said.object_id[: max(map(said.object_id.rfind, "/#")) + 1]))
    for proposal in proposals:
        if (proposal.entry, proposal.source) not in settled:
            left = [each for each in proposal.candidates if (proposal.entry, each.id) not in refused]
            yield replace(proposal, candidates=tuple(left))
