"""What waits for a reviewer: the proposals in build/link, checked, and what somebody was unsure of."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from pyoxigraph import NamedNode

from justicegraph.errors import BrokenFile
from justicegraph.linking.wikidata.proposals import Candidate, Proposal, read_proposals
from justicegraph.linking.wikidata.review_text import link_of
from justicegraph.namespaces import SLUG, local_id
from justicegraph.system.files import atomic_write, write_errors

FOLDER = "link"
UNSURE = "unsure.jsonl"
LARGEST = 256 * 2**20
"""Bytes of a file of proposals."""

Key = tuple[str, str]
"""An entry, and the collection that was searched for it."""

Unsure = Mapping[Key, str]
"""What somebody was unsure of, with the day."""


def key_of(proposal: Proposal) -> Key:
    """Return what a proposal is about."""
    return proposal.entry, proposal.source


def read_queue(build: Path, file: Path | None = None) -> list[Proposal]:
    """Return the proposals of one file, else of all in build/link, one for each entry and collection.

    Raise BrokenFile for a file that is none, or whose ids are no addresses. What several files propose for one entry is
    put together; the newest file knows best.
    """
    files = [file] if file else sorted(path for path in (build / FOLDER).glob("*.jsonl") if path.name != UNSURE)
    found: dict[Key, Proposal] = {}
    for path in files:
        for number, proposal in enumerate(_read(path), 1):
            if not _is_sound(proposal):
                raise _broken(path, number)
            known = found.get(key_of(proposal))
            found[key_of(proposal)] = _together(known, proposal) if known else proposal
    return list(found.values())


def in_order(proposals: Iterable[Proposal], unsure: Collection[Key]) -> list[Proposal]:
    """Return proposals as they are asked about: the likeliest first, those without candidates later, unsure last."""

    def place(proposal: Proposal) -> tuple[bool, float, Key]:
        best = max((each.probability for each in proposal.candidates), default=-1.0)
        return key_of(proposal) in unsure, -best, key_of(proposal)

    return sorted(proposals, key=place)


def read_unsure(build: Path) -> dict[Key, str]:
    """Return what somebody was unsure of; raise BrokenFile where the file is none of ours."""
    path = build / FOLDER / UNSURE
    if not path.exists():
        return {}
    try:
        said = [orjson.loads(line) for line in path.read_bytes().splitlines()]
        return {(str(each["entry"]), str(each["source"])): str(each["on"]) for each in said}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BrokenFile(f"{path} cannot be read: delete it, and what was unsure is asked in its turn.") from error


def write_unsure(build: Path, unsure: Unsure) -> None:
    """Keep what somebody was unsure of, atomically; raise CannotWrite."""
    path = build / FOLDER / UNSURE
    with write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as file:
        file.writelines(
            orjson.dumps({"entry": entry, "source": source, "on": on}) + b"\n"
            for (entry, source), on in sorted(unsure.items())
        )


def _read(path: Path) -> list[Proposal]:
    if path.is_file() and path.stat().st_size > LARGEST:
        raise BrokenFile(f"{path} is longer than {LARGEST >> 20} MiB. Name a smaller file of proposals.")
    return read_proposals(path)


def _broken(path: Path, number: int) -> BrokenFile:
    error = BrokenFile(f"{path}, line {number}: this is no proposal. Run `justicegraph link` to find it anew.")
    error.line = number
    return error


def _together(one: Proposal, other: Proposal) -> Proposal:
    older, newer = sorted((one, other), key=lambda each: each.found_on)
    candidates = {each.id: each for each in (*older.candidates, *newer.candidates)}
    return replace(newer, candidates=tuple(sorted(candidates.values(), key=lambda each: -each.probability)))


def _is_sound(proposal: Proposal) -> bool:
    """Tell whether a proposal has the types that it says: the file may come from anywhere."""
    texts = (proposal.entry, proposal.name, proposal.kind, proposal.source, proposal.found_on)
    return (
        all(isinstance(text, str) for text in texts)
        and bool(SLUG.fullmatch(local_id(proposal.entry) or ""))
        and bool(link_of(proposal.source))
        and _is_told(proposal.told)
        and all(map(_is_sound_candidate, proposal.candidates))
        and len({each.id for each in proposal.candidates}) == len(proposal.candidates)
    )


def _is_sound_candidate(each: Candidate) -> bool:
    likely: Any = each.probability
    return (
        isinstance(each.id, str)
        and _is_iri(each.id)
        and isinstance(each.name, str)
        and isinstance(likely, int | float)
        and math.isfinite(likely)
        and 0 <= likely <= 1
        and _is_texts(each.reasons)
        and _is_told(each.told)
    )


def _is_iri(text: str) -> bool:
    try:
        return bool(link_of(text)) and NamedNode(text).value == text
    except ValueError:
        return False


def _is_told(told: Any) -> bool:
    return isinstance(told, dict) and all(isinstance(key, str) and _is_texts(value) for key, value in told.items())


def _is_texts(values: Any) -> bool:
    return isinstance(values, list | tuple) and all(isinstance(value, str) for value in values)
