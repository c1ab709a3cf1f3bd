"""Proposals for review: an entry with the candidates that may be the same elsewhere, in a file of JSON lines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import msgspec

from justicegraph.errors import BrokenFile
from justicegraph.linking.records.text_files import broken_line
from justicegraph.project.sssom import NO_TERM, Decision
from justicegraph.system.files import atomic_write, write_errors

Details = Mapping[str, Sequence[str]]
"""What is known of a thing, in words for a person, by heading: {"city": ["Oakland"], "other names": [...]}."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An item by its whole IRI, the probability that it is the right one, whether it is a match, and the reasons."""

    id: str
    name: str
    probability: Annotated[float, msgspec.Meta(ge=0, le=1)]
    is_match: bool = False
    reasons: tuple[str, ...] = ()
    details: Details = {}


class Proposal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry, by its whole IRI, and its candidates, the likeliest first.

    `source` is the namespace of the database that was searched, such as http://www.wikidata.org/entity/; `kind` is the
    class of the entry by its local name, such as Organization; `found_on` is a day, such as 2026-11-21.
    """

    entry: str
    name: str
    kind: str
    source: str
    found_on: str
    details: Details = {}
    candidates: tuple[Candidate, ...] = ()


_DECODER = msgspec.json.Decoder(Proposal)
_ENCODER = msgspec.json.Encoder()


def write_proposals(path: Path, proposals: Iterable[Proposal]) -> None:
    """Write proposals as JSON lines, atomically; raise CannotWrite."""
    with write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as file:
        file.writelines(_ENCODER.encode(proposal) + b"\n" for proposal in proposals)


def read_proposals(path: Path) -> list[Proposal]:
    """Return the proposals in a file; raise BrokenFile, with the line, for a line that is not a proposal."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}. Run `justicegraph link wikidata` to write it again."
        raise BrokenFile(message) from error
    return [_proposal(path, number, line) for number, line in enumerate(lines, 1)]


def _proposal(path: Path, number: int, line: bytes) -> Proposal:
    try:
        return _DECODER.decode(line)
    except (ValueError, RecursionError) as error:
        raise not_a_proposal(path, number, str(error)) from error


def not_a_proposal(path: Path, number: int, problem: str) -> BrokenFile:
    """Return the error that a line of a file is not a proposal."""
    remedy = "Run `justicegraph link wikidata` to write the file again"
    return broken_line(path, number, f"this is not a proposal ({problem[:200]}). {remedy}")


def undecided(proposals: Iterable[Proposal], decisions: Iterable[Decision]) -> Iterator[Proposal]:
    """Yield the proposals that no decision has settled, without the candidates that were found to be different."""
    settled, refused = set(), set()
    for decision in decisions:
        if decision.object_id == NO_TERM:
            settled.add((decision.subject_id, decision.object_source))
        elif decision.predicate_modifier:
            refused.add((decision.subject_id, decision.object_id))
        elif decision.is_positive:
            namespace = decision.object_id[: max(map(decision.object_id.rfind, "/#")) + 1]
            settled.add((decision.subject_id, namespace))
    for proposal in proposals:
        if (proposal.entry, proposal.source) not in settled:
            left = tuple(item for item in proposal.candidates if (proposal.entry, item.id) not in refused)
            yield msgspec.structs.replace(proposal, candidates=left)
