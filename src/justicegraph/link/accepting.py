"""Matches that are sure enough, recorded without a reviewer: only where somebody asks for that, and answers for it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from math import floor

from justicegraph.link.proposals import Candidate, Proposal
from justicegraph.link.review_words import recorded
from justicegraph.link.reviewer import Reviewer
from justicegraph.load import Folder, mapping_files
from justicegraph.mappings import FOLDER, MATCHED, changing, record
from justicegraph.names import short
from justicegraph.removal import removed_from
from justicegraph.sssom import EXACT_MATCH, SAME_AS, SEMAPV, Decision, curie, read_sssom
from justicegraph.validate import decision_checker

BY_MACHINE = SEMAPV + "CompositeMatching"
"""The justification of what several clues together brought about (SEMAPV, mapping methods)."""


def accept(
    folder: Folder, proposals: Iterable[Proposal], reviewer: Reviewer, day: str
) -> tuple[list[Decision], list[str]]:
    """Record the sure matches that go against no decision; return them, and a sentence for each that was left out.

    Sure is what the matcher calls a match: its threshold had a precision of at least .99 on names that it was not
    trained on, and more than names and country agrees. Raise CannotWrite, BrokenFile.
    """
    check = decision_checker(folder, removed_from(folder.root))
    sure = [(each, first) for each in proposals for first in each.candidates[:1] if first.is_match]
    claims = Counter(first.id for _, first in sure)
    accepted: list[Decision] = []
    left: list[str] = []
    with changing(folder.root):
        standing = {path: read_sssom(path) for path in mapping_files(folder.root)}
        decided = {(said.subject_id, said.object_id) for some in standing.values() for said in some}
        into = standing.setdefault(folder.root / FOLDER / MATCHED, [])
        for proposal, first in sure:
            decision = _decision(proposal, first, reviewer, day)
            wrong = next(_against(decision, decided, claims), "")
            wrong = wrong or next((finding.wrong for finding in check(standing, decision)), "")
            if wrong:
                left.append(f"{short(proposal.entry)} = {curie(first.id)} is left to a reviewer: {wrong}.")
                continue
            accepted.append(decision)
            into.append(decision)
        record(folder.root, accepted)
    return accepted, left


def _decision(proposal: Proposal, first: Candidate, reviewer: Reviewer, day: str) -> Decision:
    return Decision(
        subject_id=proposal.entry, subject_label=recorded(proposal.name),
        predicate_id=EXACT_MATCH if proposal.kind == "Cause" else SAME_AS,
        object_id=first.id, object_label=recorded(first.name), mapping_justification=BY_MACHINE,
        mapping_date=day, confidence=_confidence(first.probability), comment=recorded("; ".join(first.reasons)),
        **asdict(reviewer),
    )  # fmt: skip


def _confidence(probability: float) -> str:
    """Return a probability as it is written, cut to three digits: rounded, it could say that it is certain."""
    return f"{floor(min(probability, 0.999) * 1000) / 1000:.3f}".rstrip("0").rstrip(".")


def _against(decision: Decision, decided: set[tuple[str, str]], claims: Counter[str]) -> Iterator[str]:
    if (decision.subject_id, decision.object_id) in decided:
        yield "somebody decided on the two already"
    if claims[decision.object_id] > 1:
        yield "another entry matches it as well"
