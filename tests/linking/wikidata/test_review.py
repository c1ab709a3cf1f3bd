"""A verdict is recorded at once, can be undone, and never contradicts an existing decision."""

from dataclasses import replace
from pathlib import Path

import pytest

from justicegraph.errors import BrokenFile, CannotWrite, DecisionRejected
from justicegraph.linking.wikidata.proposals import Proposal
from justicegraph.linking.wikidata.review import Review
from justicegraph.linking.wikidata.review_queue import read_unsure
from justicegraph.linking.wikidata.review_text import (
    Verdict,
    recordable,
)
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.mappings import FOLDER, MATCHED, REFUSED, exclusive_decisions, record
from justicegraph.project.removal import removal_test, remove
from justicegraph.project.sssom import EXACT_MATCH, MATCHES, NO_TERM, NOT, REVIEWED, SAME_AS, WIKIDATA, Decision
from justicegraph.validate import validate
from tests.support.reviews import (
    CAMPAIGN,
    CAUSE,
    GROUP,
    ONE,
    PERSON,
    TODAY,
    TWO,
    both,
    candidate,
    proposal,
    propose,
    review_of,
    standing,
)

CLOSE = MATCHES[1]


def decision(subject: str = GROUP, thing: str = ONE, predicate: str = SAME_AS, **said: str) -> Decision:
    by = {"author_label": "Somebody", "mapping_date": "2001-01-02"}
    return Decision(subject_id=subject, predicate_id=predicate, object_id=thing, **(by | said))  # type: ignore[arg-type]


def decide(review: Review, said: Verdict, place: int = 0, match: str = "") -> None:
    """Decide the current item, about its candidate in this place."""
    item = review.current()
    assert item
    about = item.proposal.candidates[place] if said in {Verdict.SAME, Verdict.DIFFERENT} else None
    review.decide(said, about, match)


def now(review: Review) -> Proposal:
    item = review.current()
    assert item
    return item.proposal


def test_same_is_recorded_with_author_day_and_reasons(project: Path) -> None:
    decide(review_of(project, both()), Verdict.SAME)
    [said] = standing(project, MATCHED)
    assert said == Decision(
        subject_id=GROUP, subject_label="Invented Group", predicate_id=SAME_AS, object_id=ONE,
        object_label="Group, Invented", mapping_justification=REVIEWED, author_label="Nobody", mapping_date=TODAY,
        comment="for: the same city; against: other dates",
    )  # fmt: skip
    assert not (project / FOLDER / REFUSED).exists()


def test_different_leaves_the_other_candidates(project: Path) -> None:
    review = review_of(project, both())
    decide(review, Verdict.DIFFERENT)
    assert [(each.object_id, each.predicate_modifier) for each in standing(project, REFUSED)] == [(ONE, NOT)]
    assert [each.id for each in now(review).candidates] == [TWO]


def test_no_such_item_says_where(project: Path) -> None:
    review = review_of(project, both())
    decide(review, Verdict.NO_ITEM)
    [said] = standing(project, REFUSED)
    assert (said.object_id, said.object_source, said.predicate_modifier) == (NO_TERM, WIKIDATA, "")
    assert review.current() is None


def test_proposal_without_candidates_can_still_be_decided(project: Path) -> None:
    review = review_of(project, proposal(GROUP, candidate()))
    decide(review, Verdict.DIFFERENT)
    assert now(review).candidates == ()
    decide(review, Verdict.NO_ITEM)
    assert len(standing(project, REFUSED)) == 2


def test_unsure_writes_no_decision_and_comes_last_next_time(project: Path) -> None:
    review = review_of(project, both(), proposal(PERSON, candidate(TWO, probability=0.1), kind="Person"))
    decide(review, Verdict.UNSURE)
    assert now(review).entry == PERSON
    assert not list((project / FOLDER).glob("*.tsv"))
    again = review_of(project)
    assert now(again).entry == PERSON
    decide(again, Verdict.NO_ITEM)
    item = again.current()
    assert item
    assert (item.proposal.entry, item.was_unsure) == (GROUP, True)


def test_verdict_removes_the_note_that_it_was_unsure(project: Path) -> None:
    review = review_of(project, both())
    decide(review, Verdict.UNSURE)
    decide(again := review_of(project), Verdict.SAME)
    assert read_unsure(project / "build") == {}
    again.undo()
    assert read_unsure(project / "build") == {(GROUP, WIKIDATA): TODAY}


@pytest.mark.parametrize("said", list(Verdict))
def test_check_finds_nothing_wrong_with_a_verdict(said: Verdict, project: Path) -> None:
    decide(review_of(project, both()), said)
    folder = load_folder(project)
    assert validate(folder, store_of(folder), is_removed=removal_test(project)) == []


def test_undo_removes_what_was_written_step_by_step(project: Path) -> None:
    record(project, [decision(CAMPAIGN, TWO), decision(PERSON, NO_TERM, object_source=WIKIDATA)])
    paths = [project / FOLDER / MATCHED, project / FOLDER / REFUSED]
    before = [path.read_bytes() for path in paths]
    review = review_of(project, proposal(GROUP, candidate(), candidate(f"{WIKIDATA}Q3", probability=0.2)))
    for said in (Verdict.DIFFERENT, Verdict.DIFFERENT, Verdict.NO_ITEM):
        decide(review, said)
    assert review.current() is None
    assert [step.verdict for step in (review.undo() for _ in range(3)) if step] == [
        Verdict.NO_ITEM, Verdict.DIFFERENT, Verdict.DIFFERENT,
    ]  # fmt: skip
    assert review.undo() is None
    assert [path.read_bytes() for path in paths] == before
    assert len(now(review).candidates) == 2


def test_undo_leaves_a_line_that_somebody_changed(project: Path) -> None:
    review = review_of(project, both())
    decide(review, Verdict.SAME)
    [said] = standing(project, MATCHED)
    record(project, [changed := replace(said, comment="Looked at once more.")])
    with pytest.raises(DecisionRejected, match="Somebody changed the line"):
        review.undo()
    assert standing(project, MATCHED) == [changed]
    assert review.undo() is None


@pytest.mark.parametrize(
    ("stands", "said", "place", "names"),
    [
        (decision(CAMPAIGN), Verdict.SAME, 0, "wd:Q900000001 is already matched to id:free-invented-person, in matched.sssom.tsv, line 8"),
        (decision(GROUP, f"{WIKIDATA}Q3"), Verdict.SAME, 0, "already matched to wd:Q3, in matched.sssom.tsv, line 8"),
        (decision(GROUP, f"{WIKIDATA}Q3"), Verdict.NO_ITEM, 0, "wd:Q3 in matched.sssom.tsv, line 8"),
        (decision(predicate_modifier=NOT), Verdict.SAME, 0, "refused.sssom.tsv, line 8: the two are marked as different here"),
        (decision(), Verdict.DIFFERENT, 0, "marked as different here and matched in matched.sssom.tsv, line 8"),
        (decision(thing=NO_TERM, object_source=WIKIDATA), Verdict.SAME, 0, "refused.sssom.tsv, line 8: no item was found here"),
        (decision(), Verdict.SAME, 0, "the same decision is in matched.sssom.tsv, line 8"),
    ],
)  # fmt: skip
def test_verdict_against_a_decision_made_meanwhile_is_refused(
    stands: Decision, said: Verdict, place: int, names: str, project: Path
) -> None:
    review = review_of(project, both())
    item = review.current()
    assert item
    record(project, [stands])
    stood = (standing(project, MATCHED), standing(project, REFUSED))
    review.current = lambda: item  # type: ignore[method-assign]  # it was shown before the other decided
    with pytest.raises(DecisionRejected) as told:
        decide(review, said, place)
    assert names in str(told.value)
    assert (standing(project, MATCHED), standing(project, REFUSED)) == stood
    assert review.steps == []


def test_problem_of_older_decisions_does_not_stop_a_review(project: Path) -> None:
    record(project, [decision(CAMPAIGN, TWO), decision(PERSON, TWO)])
    decide(review_of(project, proposal(GROUP, candidate())), Verdict.SAME)
    assert [each.subject_id for each in standing(project, MATCHED)] == [CAMPAIGN, GROUP, PERSON]


def test_two_reviewers_share_the_queue(project: Path) -> None:
    first = review_of(project, both(), proposal(CAMPAIGN, candidate(TWO, probability=0.1), kind="Campaign"))
    second = review_of(project, author="Somebody")
    decide(first, Verdict.SAME)
    assert now(second).entry == CAMPAIGN
    decide(second, Verdict.SAME)
    assert first.current() is None
    assert [each.author_label for each in standing(project, MATCHED)] == ["Somebody", "Nobody"]


def test_reviewer_waits_for_another_who_writes(project: Path) -> None:
    review = review_of(project, both())
    with (
        exclusive_decisions(project),
        pytest.raises(CannotWrite, match="another process is writing"),
        exclusive_decisions(project, 0.05),
    ):
        pass
    decide(review, Verdict.SAME)


def test_broken_file_is_reported_and_left_alone(project: Path) -> None:
    review = review_of(project, both())
    item = review.current()
    assert item
    path = project / FOLDER / MATCHED
    path.parent.mkdir()
    path.write_text("broken\n")
    review.current = lambda: item  # type: ignore[method-assign]
    with pytest.raises(BrokenFile, match="line 1"):
        decide(review, Verdict.SAME)
    assert path.read_text() == "broken\n"


@pytest.mark.parametrize("match", MATCHES)
def test_cause_says_how_it_matches(match: str, project: Path) -> None:
    review = review_of(project, proposal(CAUSE, candidate(), candidate(TWO), kind="Cause"))
    with pytest.raises(DecisionRejected, match="Say how"):
        decide(review, Verdict.SAME)
    decide(review, Verdict.SAME, 0, match)
    assert [(each.predicate_id, each.object_id) for each in standing(project, MATCHED)] == [(match, ONE)]
    assert review_of(project).current() is None


def test_cause_is_refused_as_a_concept(project: Path) -> None:
    decide(review_of(project, proposal(CAUSE, candidate(), kind="Cause")), Verdict.DIFFERENT)
    assert [each.predicate_id for each in standing(project, REFUSED)] == [EXACT_MATCH]


def test_only_causes_say_how_they_match(project: Path) -> None:
    with pytest.raises(DecisionRejected, match="Say how"):
        decide(review_of(project, both()), Verdict.SAME, 0, CLOSE)
    with pytest.raises(DecisionRejected, match="cannot be used for"):
        decide(review_of(project, proposal(GROUP, candidate(), kind="Cause")), Verdict.SAME, 0, CLOSE)


def test_candidate_of_another_proposal_is_refused(project: Path) -> None:
    review = review_of(project, both())
    with pytest.raises(DecisionRejected, match="does not belong"):
        review.decide(Verdict.SAME, candidate(f"{WIKIDATA}Q3"))
    with pytest.raises(DecisionRejected, match="does not belong"):
        review.decide(Verdict.SAME)


def test_removed_entry_is_not_reviewed(project: Path) -> None:
    propose(project, proposal(PERSON, candidate(), kind="Person"))
    review = review_of(project)
    assert now(review).entry == PERSON
    remove(load_folder(project), "invented-person")
    assert review.current() is None
    assert review_of(project).current() is None


@pytest.mark.parametrize("name", ["=cmd()", "@all", "nobody@invented.example", "a\x1b[2J", "a\u202eb"])
def test_private_or_hostile_label_is_left_out(name: str, project: Path) -> None:
    assert recordable(name) == ""
    decide(review_of(project, proposal(GROUP, candidate(name=name, reasons=(name,)))), Verdict.SAME)
    assert [(each.object_label, each.comment) for each in standing(project, MATCHED)] == [("", "")]
