"""Matches that are sure enough, recorded without a reviewer: only where somebody asks for that, and answers for it."""

from collections import Counter
from collections.abc import Iterable, Iterator
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
"""The justification of what several clues together brought about (SEMAPV, mapping methods)."""


def accept(
    folder: Folder, proposals: Iterable[Proposal], reviewer: Reviewer, day: str
) -> tuple[list[Decision], list[str]]:
    """Record the sure matches that go against no decision; return them, and a sentence for each that was left out.

    Sure is what the matcher calls a match: its threshold had a precision of at least .99 on names that it was not
    trained on, and more than names and country agrees. Raise CannotWrite, BrokenFile.
    """
    check = decision_checker(folder, removal_test(folder.root))
    sure = [(each, first) for each in proposals for first in each.candidates[:1] if first.is_match]
    made = [_decision(each, first, reviewer, day) for each, first in sure]
    claims = Counter(each.object_id for each in made)
    with exclusive_decisions(folder.root):
        standing = {path: read_sssom(path) for path in mapping_files(folder.root)}
        decided = {(said.subject_id, said.object_id) for some in standing.values() for said in some}
        wrong = {each.about: said for each in made if (said := next(_against(each, decided, claims), ""))}
        into = standing.setdefault(folder.root / FOLDER / MATCHED, [])
        accepted, refused = _sorted_out(check, standing, into, [each for each in made if each.about not in wrong])
        wrong |= refused
        record(folder.root, accepted)
    return accepted, [_left(each, wrong[each.about]) for each in made if each.about in wrong]


def _sorted_out(
    check: CheckDecisions, standing: Mappings, into: list[Decision], asked: list[Decision]
) -> tuple[list[Decision], dict[tuple[str, str, str], str]]:
    """Return the decisions that nothing is wrong with, which stand from then on, and what is wrong with the others.

    Each look goes through all that stand. Most decisions are right, so they are looked at together, and in halves
    where something is wrong.
    """
    found = check(standing, asked)
    if not found:
        into.extend(asked)
        return asked, {}
    if len(asked) == 1:
        return [], {asked[0].about: found[0].wrong}
    middle = len(asked) // 2
    right, wrong = _sorted_out(check, standing, into, asked[:middle])
    more, others = _sorted_out(check, standing, into, asked[middle:])
    return [*right, *more], wrong | others


def _left(decision: Decision, wrong: str) -> str:
    return f"{short(decision.subject_id)} = {curie(decision.object_id)} is left to a reviewer: {wrong}."


def _decision(proposal: Proposal, first: Candidate, reviewer: Reviewer, day: str) -> Decision:
    return Decision(
        subject_id=proposal.entry, subject_label=recordable(proposal.name),
        predicate_id=EXACT_MATCH if proposal.kind == "Cause" else SAME_AS,
        object_id=first.id, object_label=recordable(first.name), mapping_justification=BY_MACHINE,
        mapping_date=day, confidence=_confidence(first.probability), comment=recordable("; ".join(first.reasons)),
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
