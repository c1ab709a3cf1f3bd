"""Accept matches without a review, if somebody asks for that and takes responsibility."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from math import floor

from justicegraph.linking.wikidata.proposals import Candidate, Proposal
from justicegraph.linking.wikidata.review_text import recordable
from justicegraph.linking.wikidata.reviewer import Reviewer
from justicegraph.namespaces import short
from justicegraph.project.folder import Folder, mapping_files
from justicegraph.project.mappings import FOLDER, MATCHED, exclusive_decisions, record
from justicegraph.project.removal import removal_test
from justicegraph.project.sssom import EXACT_MATCH, SAME_AS, SEMAPV, Decision, curie, read_sssom
from justicegraph.validate import CheckDecisions, Mappings, decision_checker

BY_MACHINE = SEMAPV + "CompositeMatching"
"""The justification of a match by several kinds of evidence (SEMAPV, mapping methods)."""

_Key = tuple[str, str, str]
"""What identifies a decision: Decision.about."""


def accept_matches(
    folder: Folder, proposals: Iterable[Proposal], reviewer: Reviewer, day: str
) -> tuple[list[Decision], list[str]]:
    """Record the matches that contradict no decision; return them, and a sentence for decision that was left out.

    The matcher decides what is a match: its threshold had a precision of at least .99 on names that it was not trained
    on, and more than the name and the country agrees. Raise CannotWrite, BrokenFile.
    """
    check = decision_checker(folder, removal_test(folder.root))
    matches = [(proposal, best) for proposal in proposals for best in proposal.candidates[:1] if best.is_match]
    decisions = [_decision(proposal, best, reviewer, day) for proposal, best in matches]
    with exclusive_decisions(folder.root):
        existing = {path: read_sssom(path) for path in mapping_files(folder.root)}
        problems = _conflicts(decisions, existing)
        matched = existing.setdefault(folder.root / FOLDER / MATCHED, [])
        candidates = [decision for decision in decisions if decision.about not in problems]
        accepted, refused = _check_in_halves(check, existing, matched, candidates)
        record(folder.root, accepted)
    problems |= refused
    return accepted, [
        _left_out(decision, problems[decision.about]) for decision in decisions if decision.about in problems
    ]


def _conflicts(decisions: Iterable[Decision], existing: Mappings) -> dict[_Key, str]:
    """Return the problem of each decision on a pair that was decided already, or on an item of several entries."""
    decisions = list(decisions)
    decided = {(decision.subject_id, decision.object_id) for some in existing.values() for decision in some}
    claims = Counter(decision.object_id for decision in decisions)
    problems = {
        decision.about: "another entry matches it as well" for decision in decisions if claims[decision.object_id] > 1
    }
    already = "somebody decided on the two already"
    return problems | {
        decision.about: already for decision in decisions if (decision.subject_id, decision.object_id) in decided
    }


def _check_in_halves(
    check: CheckDecisions, existing: Mappings, matched: list[Decision], decisions: list[Decision]
) -> tuple[list[Decision], dict[_Key, str]]:
    """Return the decisions without a problem, and the problems of the others; add the former to `matched`.

    Each check goes through all existing decisions. Most new ones are right, so they are checked together, and in
    halves if there is a problem.
    """
    findings = check(existing, decisions)
    if not findings:
        matched.extend(decisions)
        return decisions, {}
    if len(decisions) == 1:
        return [], {decisions[0].about: findings[0].wrong}
    middle = len(decisions) // 2
    accepted, problems = _check_in_halves(check, existing, matched, decisions[:middle])
    more, others = _check_in_halves(check, existing, matched, decisions[middle:])
    return [*accepted, *more], problems | others


def _left_out(decision: Decision, problem: str) -> str:
    return f"{short(decision.subject_id)} = {curie(decision.object_id)} is left to a reviewer: {problem}."


def _decision(proposal: Proposal, best: Candidate, reviewer: Reviewer, day: str) -> Decision:
    return Decision(
        subject_id=proposal.entry, subject_label=recordable(proposal.name),
        predicate_id=EXACT_MATCH if proposal.kind == "Cause" else SAME_AS,
        object_id=best.id, object_label=recordable(best.name), mapping_justification=BY_MACHINE,
        mapping_date=day, confidence=_confidence(best.probability), comment=recordable("; ".join(best.reasons)),
        **asdict(reviewer),
    )  # fmt: skip


def _confidence(probability: float) -> str:
    """Return a probability cut to three digits: rounded, it could say that it is certain."""
    return f"{floor(min(probability, 0.999) * 1000) / 1000:.3f}".rstrip("0").rstrip(".")
