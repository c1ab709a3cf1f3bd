"""A sitting of one reviewer: which question is next, what was answered, and the way back."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

from justicegraph.errors import CannotStand
from justicegraph.linking.wikidata.proposals import Candidate, Proposal, undecided
from justicegraph.linking.wikidata.review_queue import Key, in_order, key_of, read_unsure, write_unsure
from justicegraph.linking.wikidata.review_words import MATCH_WORDS, recorded, shown
from justicegraph.linking.wikidata.reviewer import Reviewer
from justicegraph.namespaces import local_id, short
from justicegraph.project.folder import Folder, mapping_files
from justicegraph.project.mappings import exclusive_decisions, record, withdraw
from justicegraph.project.removal import removal_test
from justicegraph.project.sssom import EXACT_MATCH, NO_TERM, NOT, SAME_AS, Decision, curie, read_sssom
from justicegraph.validate import decision_checker
from justicegraph.validate.findings import Finding


class Answer(StrEnum):
    """What a reviewer may say: of one candidate, or of the whole question."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"
    NO_ITEM = "no such item"


@dataclass(frozen=True, slots=True)
class Question:
    """A proposal with the candidates that are left, and which of how many it is; `again` where it was unsure before."""

    proposal: Proposal
    number: int
    of: int
    again: bool

    @property
    def asks_how(self) -> bool:
        """Whether `same` needs to say how they match: causes have several ways."""
        return self.proposal.kind == "Cause"


@dataclass(frozen=True, slots=True)
class Step:
    """An answer of this sitting: what it wrote, and the day that stood before where the question was unsure."""

    key: Key
    answer: Answer
    words: str
    written: Decision | None
    unsure_since: str


class Review:
    """The questions of a sitting, in order; each answer is on the disk when `decide` returns."""

    def __init__(
        self, folder: Folder, proposals: Sequence[Proposal], build: Path, reviewer: Reviewer, today: str
    ) -> None:
        """Take a folder as it was loaded, and leave out proposals on entries that are not in it (any more)."""
        self._folder, self._build, self._reviewer, self._today = folder, build, reviewer, today
        self._homes = {path.stem: path for path in folder.files}
        self._check = decision_checker(folder, lambda slug: removal_test(folder.root)(slug))
        self._unsure = read_unsure(build)
        here = [each for each in proposals if (local_id(each.entry) or "") in self._homes]
        self._queue = in_order(here, self._unsure.keys())
        self._answered: set[Key] = set()
        self.steps: list[Step] = []
        self.revision = 0
        """How often something was answered or undone: a form that knows another number is an old one."""

    def question(self) -> Question | None:
        """Return what is to be decided now, None where all is; raise BrokenFile where decisions cannot be read."""
        open_ = [each for each in self._open() if key_of(each) not in self._answered]
        if not open_:
            return None
        done = len(self._answered)
        return Question(open_[0], done + 1, done + len(open_), key_of(open_[0]) in self._unsure)

    def decide(self, answer: Answer, candidate: Candidate | None = None, match: str = "") -> Step:
        """Record the answer to the question; `match` is how a cause matches. Return what was done.

        Raise CannotStand where it goes against a decision that stands; nothing is written then.
        """
        question = self.question()
        if question is None:
            raise CannotStand("All is decided: there is no question to answer.")
        proposal = question.proposal
        if answer in {Answer.SAME, Answer.DIFFERENT} and candidate not in proposal.candidates:
            raise CannotStand("This candidate is not one of the question's. Look at the question anew.")
        written = self._decision(question, answer, candidate, match)
        with exclusive_decisions(self._folder.root):
            if written:
                self._refuse(written)
                record(self._folder.root, [written])
            since = self._note(key_of(proposal), self._today if answer is Answer.UNSURE else "")
        step = Step(key_of(proposal), answer, _words(proposal, answer, candidate, match), written, since)
        if answer is not Answer.DIFFERENT:
            self._answered.add(step.key)
        self.steps.append(step)
        self.revision += 1
        return step

    def undo(self) -> Step | None:
        """Take back the last answer of this sitting, and return it; None where there is none.

        Raise CannotStand where its line was changed by somebody else: then it stays as they left it.
        """
        if not self.steps:
            return None
        step = self.steps[-1]
        with exclusive_decisions(self._folder.root):
            is_back = step.written is None or withdraw(self._folder.root, step.written)
            self._note(step.key, step.unsure_since)
        self.steps.pop()
        self._answered.discard(step.key)
        self.revision += 1
        if not is_back:
            raise CannotStand(f"Somebody changed the line since, so it was left as it is: {step.words}.")
        return step

    def counts(self) -> dict[str, int]:
        """Return how many answers of each kind stand in this sitting."""
        return dict(Counter(step.answer.value for step in self.steps))

    def _standing(self) -> dict[Path, list[Decision]]:
        """Return the decisions as they are on the disk now: others write there too."""
        return {path: read_sssom(path) for path in mapping_files(self._folder.root)}

    def _open(self) -> Iterator[Proposal]:
        """Yield what no decision has settled; a cause is settled by any match, since someone has looked."""
        decisions = [each for some in self._standing().values() for each in some]
        matched = {(each.subject_id, each.object_id) for each in decisions if each.is_positive}
        for proposal in undecided(self._queue, decisions):
            is_matched = any((proposal.entry, each.id) in matched for each in proposal.candidates)
            if not is_matched and self._homes[local_id(proposal.entry) or ""].exists():
                yield proposal

    def _decision(self, question: Question, answer: Answer, candidate: Candidate | None, match: str) -> Decision | None:
        proposal = question.proposal
        exact = EXACT_MATCH if question.asks_how else SAME_AS
        if answer is Answer.UNSURE:
            return None
        if answer is Answer.SAME and question.asks_how != bool(match):
            raise CannotStand("Of a cause, and of nothing else, say how the two match.")
        said = Decision(
            subject_id=proposal.entry, subject_label=recorded(proposal.name), predicate_id=exact, object_id=NO_TERM,
            mapping_date=self._today, **asdict(self._reviewer),
        )  # fmt: skip
        if candidate is None or answer is Answer.NO_ITEM:
            return replace(said, object_source=proposal.source)
        reasons = recorded("; ".join(candidate.reasons))
        said = replace(said, object_id=candidate.id, object_label=recorded(candidate.name), comment=reasons)
        if answer is Answer.DIFFERENT:
            return replace(said, predicate_modifier=NOT)
        return replace(said, predicate_id=match or exact)

    def _refuse(self, decision: Decision) -> None:
        """Raise CannotStand with the first finding that the check would have on this decision."""
        if not self._homes[local_id(decision.subject_id) or ""].exists():
            raise CannotStand(f"Not recorded: {short(decision.subject_id)} is gone, removed or renamed meanwhile.")
        if findings := self._check(self._standing(), [decision]):
            raise CannotStand(_refusal(findings[0]))

    def _note(self, key: Key, day: str) -> str:
        """Remember since when a question is unsure, or forget it; return what was remembered before."""
        unsure = read_unsure(self._build)
        before = unsure.pop(key, "")
        if day:
            unsure[key] = day
        if before != day:
            here = {each: on for each, on in unsure.items() if (local_id(each[0]) or "") in self._homes}
            write_unsure(self._build, here)
        return before


def _refusal(finding: Finding) -> str:
    place = f"{finding.path.name}, line {finding.line}: " if finding.line else ""
    return f"Not recorded: {place}{finding.wrong}. {finding.remedy}"


def _words(proposal: Proposal, answer: Answer, candidate: Candidate | None, match: str) -> str:
    """Return an answer as a sentence about the two."""
    ours = f"{short(proposal.entry)} ({shown(proposal.name)})"
    theirs = f"{curie(candidate.id)} ({shown(candidate.name)})" if candidate else ""
    return {
        Answer.SAME: f"same: {ours} = {theirs}" + (f", {MATCH_WORDS.get(match, '')}" if match else ""),
        Answer.DIFFERENT: f"different: {ours} is not {theirs}",
        Answer.UNSURE: f"unsure: {ours}, asked again later",
        Answer.NO_ITEM: f"no such item: {ours} is not in {proposal.source}",
    }[answer]
