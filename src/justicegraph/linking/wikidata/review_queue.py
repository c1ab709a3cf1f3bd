"""The queue of a review: the proposals in build/link, checked and put in order, and those that were unsure before."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import msgspec
from pyoxigraph import NamedNode

from justicegraph.errors import BrokenFile
from justicegraph.linking.wikidata.proposals import Proposal, not_a_proposal, read_proposals
from justicegraph.linking.wikidata.review_text import link_of
from justicegraph.namespaces import SLUG, local_id
from justicegraph.system.files import atomic_write, write_errors

FOLDER = "link"
UNSURE = "unsure.jsonl"
MAX_BYTES = 256 * 2**20
"""Bytes of a file of proposals at most."""

Key = tuple[str, str]
"""An entry, and the namespace of the database that was searched for it."""

DayByKey = Mapping[Key, str]
"""The day since when a proposal is unsure."""


class _Unsure(msgspec.Struct):
    entry: str
    source: str
    on: str


_UNSURE = msgspec.json.Decoder(_Unsure)


def key_of(proposal: Proposal) -> Key:
    """Return the entry of a proposal, and the database that was searched."""
    return proposal.entry, proposal.source


def read_queue(build: Path, file: Path | None = None) -> list[Proposal]:
    """Return the proposals in one file, else in all files of build/link, one for each entry and database.

    The candidates of several files for one entry are merged; of two with the same id, the newer one counts.
    Raise BrokenFile for a file with other content, or with ids that are not addresses.
    """
    files = [file] if file else sorted(path for path in (build / FOLDER).glob("*.jsonl") if path.name != UNSURE)
    merged: dict[Key, Proposal] = {}
    for path in files:
        for number, proposal in enumerate(_read(path), 1):
            if problem := _problem(proposal):
                raise not_a_proposal(path, number, problem)
            known = merged.get(key_of(proposal))
            merged[key_of(proposal)] = _merge(known, proposal) if known else proposal
    return list(merged.values())


def in_order(proposals: Iterable[Proposal], unsure: Collection[Key]) -> list[Proposal]:
    """Return proposals in the order of a review: likeliest first, then those without candidates, unsure last."""

    def rank(proposal: Proposal) -> tuple[bool, float, Key]:
        best = max((candidate.probability for candidate in proposal.candidates), default=-1.0)
        return key_of(proposal) in unsure, -best, key_of(proposal)

    return sorted(proposals, key=rank)


def read_unsure(build: Path) -> dict[Key, str]:
    """Return the proposals that were unsure, with the day; raise BrokenFile if the file has other content."""
    path = build / FOLDER / UNSURE
    if not path.exists():
        return {}
    try:
        notes = [_UNSURE.decode(line) for line in path.read_bytes().splitlines()]
    except (OSError, ValueError, RecursionError) as error:
        raise BrokenFile(f"{path} cannot be read: delete it. Unsure entries then come in their usual order.") from error
    return {(note.entry, note.source): note.on for note in notes}


def write_unsure(build: Path, unsure: DayByKey) -> None:
    """Write the proposals that are unsure, atomically; raise CannotWrite."""
    path = build / FOLDER / UNSURE
    with write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    notes = (_Unsure(entry, source, day) for (entry, source), day in sorted(unsure.items()))
    with atomic_write(path) as file:
        file.writelines(msgspec.json.encode(note) + b"\n" for note in notes)


def _read(path: Path) -> list[Proposal]:
    if path.is_file() and path.stat().st_size > MAX_BYTES:
        raise BrokenFile(f"{path} is longer than {MAX_BYTES >> 20} MiB. Name a smaller file of proposals.")
    return read_proposals(path)


def _merge(one: Proposal, other: Proposal) -> Proposal:
    older, newer = sorted((one, other), key=lambda proposal: proposal.found_on)
    candidates = {candidate.id: candidate for candidate in (*older.candidates, *newer.candidates)}
    ranked = sorted(candidates.values(), key=lambda candidate: -candidate.probability)
    return msgspec.structs.replace(newer, candidates=tuple(ranked))


def _problem(proposal: Proposal) -> str:
    """Return what is wrong with the ids of a proposal, since the file may come from anywhere; else nothing."""
    ids = [candidate.id for candidate in proposal.candidates]
    if not SLUG.fullmatch(local_id(proposal.entry) or ""):
        return "`entry` is not an id of an entry"
    if not link_of(proposal.source) or not all(map(_is_iri, ids)):
        return "an id is not an address"
    return "" if len(set(ids)) == len(ids) else "two candidates have the same id"


def _is_iri(text: str) -> bool:
    try:
        return bool(link_of(text)) and NamedNode(text).value == text
    except ValueError:
        return False
