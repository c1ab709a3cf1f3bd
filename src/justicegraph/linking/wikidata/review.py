"""The review of links by one person: the next proposal, the verdicts so far, and how to undo them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from justicegraph.errors import DecisionRejected
from justicegraph.linking.wikidata.proposals import Candidate, Proposal, undecided
from justicegraph.linking.wikidata.review_queue import Key, in_order, key_of, read_unsure, write_unsure
from justicegraph.linking.wikidata.review_text import MATCH_LABELS, Verdict, recordable, safe_line
from justicegraph.linking.wikidata.reviewer import Reviewer
from justicegraph.namespaces import local_id, short
from justicegraph.project.folder import Folder, mapping_files
from justicegraph.project.mappings import exclusive_decisions, record, withdraw
from justicegraph.project.removal import removal_test
from justicegraph.project.sssom import EXACT_MATCH, NO_TERM, NOT, SAME_AS, Decision, curie, read_sssom
from justicegraph.validate import decision_checker
from justicegraph.validate.findings import Finding


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A proposal to decide, with the candidates that are left: the `number`th of `total`.

    `was_unsure` tells whether somebody was unsure of it before.
    """

    proposal: Proposal
    number: int
    total: int
    was_unsure: bool

    @property
    def needs_match(self) -> bool:
        """Whether `same` needs a mapping relation: causes can match in several ways."""
        return self.proposal.kind == "Cause"


@dataclass(frozen=True, slots=True)
class Step:
    """A verdict of this review: the decision that it recorded, and the day since when it was unsure before."""

    key: Key
    verdict: Verdict
    text: str
    recorded: Decision | None
    unsure_since: str


class Review:
    """The proposals of a review, in order. Each verdict is on the disk when `decide` returns."""

    def __init__(
        self, folder: Folder, proposals: Sequence[Proposal], build: Path, reviewer: Reviewer, today: str
    ) -> None:
        """Take a loaded folder; leave out proposals for entries that it does not have any more."""
        self._folder, self._build, self._reviewer, self._today = folder, build, reviewer, today
        self._path_by_slug = {path.stem: path for path in folder.files}
        self._check = decision_checker(folder, lambda slug: removal_test(folder.root)(slug))
        self._unsure = read_unsure(build)
        existing = [proposal for proposal in proposals if (local_id(proposal.entry) or "") in self._path_by_slug]
        self._queue = in_order(existing, self._unsure.keys())
        self._done: set[Key] = set()
        self.steps: list[Step] = []
        self.revision = 0
        """How often something was decided or undone. A form with another number is out of date."""

    def current(self) -> ReviewItem | None:
        """Return the item to decide now, None if all are decided; raise BrokenFile if decisions cannot be read."""
        remaining = [proposal for proposal in self._undecided() if key_of(proposal) not in self._done]
        if not remaining:
            return None
        done = len(self._done)
        return ReviewItem(remaining[0], done + 1, done + len(remaining), key_of(remaining[0]) in self._unsure)

    def decide(self, verdict: Verdict, candidate: Candidate | None = None, match: str = "") -> Step:
        """Record the verdict on the current item; `match` is how a cause matches.

        Raise DecisionRejected if it contradicts an existing decision; then nothing is written.
        """
        item = self.current()
        if item is None:
            raise DecisionRejected("Everything is reviewed: there is nothing to decide.")
        proposal = item.proposal
        if verdict.is_about_candidate and candidate not in proposal.candidates:
            raise DecisionRejected("This candidate does not belong to the current entry. Look at it once more.")
        decision = self._decision(item, verdict, candidate, match)
        with exclusive_decisions(self._folder.root):
            if decision:
                self._refuse(decision)
                record(self._folder.root, [decision])
            since = self._note(key_of(proposal), self._today if verdict is Verdict.UNSURE else "")
        step = Step(key_of(proposal), verdict, _describe(proposal, verdict, candidate, match), decision, since)
        if verdict is not Verdict.DIFFERENT:
            self._done.add(step.key)
        self.steps.append(step)
        self.revision += 1
        return step

    def undo(self) -> Step | None:
        """Undo the last verdict of this review, and return it; None if there is none.

        Raise DecisionRejected if somebody else has changed its line since; the line then stays as they left it.
        """
        if not self.steps:
            return None
        step = self.steps[-1]
        with exclusive_decisions(self._folder.root):
            is_undone = step.recorded is None or withdraw(self._folder.root, step.recorded)
            self._note(step.key, step.unsure_since)
        self.steps.pop()
        self._done.discard(step.key)
        self.revision += 1
        if not is_undone:
            raise DecisionRejected(f"Somebody changed the line since, so it was left as it is: {step.text}.")
        return step

    def counts(self) -> dict[str, int]:
        """Return the number of verdicts of each kind in this review."""
        return dict(Counter(step.verdict.value for step in self.steps))

    def _decisions(self) -> dict[Path, list[Decision]]:
        """Return the decisions as they are on the disk now: other people write there, too."""
        return {path: read_sssom(path) for path in mapping_files(self._folder.root)}

    def _undecided(self) -> Iterator[Proposal]:
        """Yield the proposals without a decision. Any match decides a cause, since somebody has looked at it."""
        decisions = [decision for decisions in self._decisions().values() for decision in decisions]
        matched = {(decision.subject_id, decision.object_id) for decision in decisions if decision.is_positive}
        for proposal in undecided(self._queue, decisions):
            is_matched = any((proposal.entry, candidate.id) in matched for candidate in proposal.candidates)
            if not is_matched and self._path_by_slug[local_id(proposal.entry) or ""].exists():
                yield proposal

    def _decision(self, item: ReviewItem, verdict: Verdict, candidate: Candidate | None, match: str) -> Decision | None:
        """Return the decision to record; None for `unsure`."""
        proposal = item.proposal
        exact = EXACT_MATCH if item.needs_match else SAME_AS
        if verdict is Verdict.UNSURE:
            return None
        if verdict is Verdict.SAME and item.needs_match != bool(match):
            raise DecisionRejected("Say how the two match for a cause, and for nothing else.")
        decision = Decision(
            subject_id=proposal.entry, subject_label=recordable(proposal.name), predicate_id=exact, object_id=NO_TERM,
            mapping_date=self._today, **asdict(self._reviewer),
        )  # fmt: skip
        if candidate is None or verdict is Verdict.NO_ITEM:
            return replace(decision, object_source=proposal.source)
        reasons = recordable("; ".join(candidate.reasons))
        decision = replace(decision, object_id=candidate.id, object_label=recordable(candidate.name), comment=reasons)
        if verdict is Verdict.DIFFERENT:
            return replace(decision, predicate_modifier=NOT)
        return replace(decision, predicate_id=match or exact)

    def _refuse(self, decision: Decision) -> None:
        """Raise DecisionRejected with the first finding that the check would have on this decision."""
        if not self._path_by_slug[local_id(decision.subject_id) or ""].exists():
            raise DecisionRejected(f"Not recorded: {short(decision.subject_id)} was removed or renamed meanwhile.")
        if findings := self._check(self._decisions(), [decision]):
            raise DecisionRejected(_refusal(findings[0]))

    def _note(self, key: Key, day: str) -> str:
        """Write since when an item is unsure, or delete that for ""; return the day that was written before."""
        unsure = read_unsure(self._build)
        before = unsure.pop(key, "")
        if day:
            unsure[key] = day
        if before != day:
            existing = {key: day for key, day in unsure.items() if (local_id(key[0]) or "") in self._path_by_slug}
            write_unsure(self._build, existing)
        return before


def _refusal(finding: Finding) -> str:
    place = f"{finding.path.name}, line {finding.line}: " if finding.line else ""
    return f"Not recorded: {place}{finding.wrong}. {finding.remedy}"


def _describe(proposal: Proposal, verdict: Verdict, candidate: Candidate | None, match: str) -> str:
    """Return a verdict in words."""
    ours = f"{short(proposal.entry)} ({safe_line(proposal.name)})"
    theirs = f"{curie(candidate.id)} ({safe_line(candidate.name)})" if candidate else ""
    return {
        Verdict.SAME: f"same: {ours} = {theirs}" + (f", {MATCH_LABELS.get(match, '')}" if match else ""),
        Verdict.DIFFERENT: f"different: {ours} is not {theirs}",
        Verdict.UNSURE: f"unsure: {ours} comes back later",
        Verdict.NO_ITEM: f"no such item: {ours} is not in {proposal.source}",
    }[verdict]
