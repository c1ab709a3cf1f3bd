"""A reviewer sees a checked diff; what is accepted is in the files, once and complete."""

from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from pyoxigraph import Literal

from justicegraph.errors import CannotWrite, DecisionRejected
from justicegraph.namespaces import JG, SKOS
from justicegraph.suggest import review as review_module
from justicegraph.suggest import tokens
from justicegraph.suggest.entry import digest_of
from justicegraph.suggest.intake import suggestions_file
from justicegraph.suggest.proposals import Proposal
from justicegraph.suggest.review import Review
from justicegraph.suggest.store import ACCEPTED, NotWaiting, Store
from tests.support.project import write_entity
from tests.support.suggestions import accept, another_date, fact, is_clean, new_group, review_of, with_source
from tests.support.turtle import read_turtle


def test_accepted_entry_is_in_its_file_and_passes_every_check(project: Path) -> None:
    review = review_of(project, with_source())
    assert accept(review) == ["graph/sources/new-page.ttl", "graph/organizations/new-group.ttl"]
    assert is_clean(project)
    suggestion = review.store.by_number(1)
    assert suggestion is not None
    assert (suggestion.state, suggestion.reviewer, suggestion.slug, suggestion.content) == (
        ACCEPTED,
        "A. Volunteer",
        "new-group",
        b"",
    )


@pytest.mark.parametrize(
    ("proposal", "wrong"),
    [
        (new_group(source="nowhere"), "does not exist"),
        (new_group(name="Invented Group"), "another entry of the same class"),
        (new_group(name="=1+1"), "is not allowed here"),
        (new_group("invented-group", "Other"), "is taken"),
        (replace(new_group(), added=new_group().added[:2]), "skos:definition is missing"),
        (replace(new_group(), base="0" * 32), "does not exist any more"),
        (new_group(name="Call 555-010-4567"), "a telephone number"),
    ],
)
def test_proposal_that_breaks_a_rule_is_not_accepted_and_nothing_is_written(
    proposal: Proposal, wrong: str, project: Path
) -> None:
    before = {path: path.read_bytes() for path in (project / "graph").rglob("*.ttl")}
    review = review_of(project, proposal)
    assert any(wrong in str(finding) for finding in review.assess(1).findings), review.assess(1).findings
    with pytest.raises(DecisionRejected, match="Not accepted"):
        accept(review)
    assert {path: path.read_bytes() for path in (project / "graph").rglob("*.ttl")} == before
    assert len(review.waiting()) == 1


def test_file_that_has_changed_since_it_was_shown_is_shown_again(project: Path) -> None:
    review = review_of(project, another_date(project))
    shown = review.assess(1)
    path = project / "graph/organizations/invented-group.ttl"
    path.write_text(path.read_text().replace("does not exist", "was never there"))
    with pytest.raises(DecisionRejected, match="have changed since this was shown"):
        review.accept(1, shown.revision)
    assert review.assess(1).is_outdated
    accept(review)
    assert "was never there" in path.read_text()
    assert '"1999"^^xsd:gYear' in path.read_text()


def test_two_reviewers_at_once_do_not_both_accept(project: Path) -> None:
    ours = review_of(project, new_group())
    theirs = Review(project, Store(suggestions_file(project)), "B. Volunteer")
    won: list[str] = []

    def decide(review: Review) -> None:
        try:
            accept(review)
            won.append(review.reviewer)
        except CannotWrite:
            pass

    threads = [Thread(target=decide, args=(each,)) for each in (ours, theirs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    suggestion = ours.store.by_number(1)
    assert suggestion is not None
    assert won == [suggestion.reviewer]


def test_reviewer_learns_that_a_suggestion_is_decided_already(project: Path) -> None:
    review = review_of(project, new_group(), new_group("other-group", "Other"))
    review.decline(1, "Not public.")
    with pytest.raises(NotWaiting, match="does not wait any more"):
        review.assess(1)
    review.store.withdraw(tokens.receipt_hash("1"))
    with pytest.raises(NotWaiting):
        review.decline(2, "Not public.")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "a\x1b[31m"])
def test_decline_needs_a_reason_that_can_be_read(reason: str, project: Path) -> None:
    review = review_of(project, new_group())
    with pytest.raises(DecisionRejected, match="Give the sender a reason"):
        review.decline(1, reason)
    assert len(review.waiting()) == 1


def test_accept_that_was_cut_off_after_writing_is_finished_by_accepting_again(project: Path) -> None:
    review = review_of(project, with_source(), new_group("again", "Again"))
    for change in review.assess(1).changes:
        change.path.write_text(change.after)
    assert (accept(review), accept(review, 2)) == ([], ["graph/organizations/again.ttl"])


@pytest.mark.parametrize("proposal", [new_group("half-done", "Other"), replace(new_group("half-done"), base="0" * 32)])
def test_file_that_cannot_be_read_is_reported_and_stays_as_it_is(proposal: Proposal, project: Path) -> None:
    path = project / "graph/organizations/half-done.ttl"
    path.write_text("id:half-done a ")
    review = review_of(project, proposal)
    with pytest.raises(DecisionRejected, match="the file cannot be read"):
        accept(review)
    assert not any("any more" in each.wrong for each in review.assess(1).findings)
    assert path.read_text() == "id:half-done a "


def test_file_that_is_saved_while_it_is_checked_is_not_written_over(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    review, path = review_of(project, another_date(project)), project / "graph/organizations/invented-group.ttl"
    shown = review.assess(1)
    found = review_module._check

    def saved_meanwhile(*arguments: Any) -> Any:
        path.write_text(path.read_text().replace("does not exist", "was never there"))
        return found(*arguments)

    monkeypatch.setattr(review_module, "_check", saved_meanwhile)
    with pytest.raises(DecisionRejected, match="have changed since this was shown"):
        review.accept(1, shown.revision)
    assert "was never there" in path.read_text()
    assert len(review.waiting()) == 1


def test_new_entry_is_given_another_id(project: Path) -> None:
    review = review_of(project, new_group("invented-group", "Other Group"), another_date(project))
    with pytest.raises(DecisionRejected, match="An id consists of lowercase letters"):
        review.rename(1, "../evil")
    with pytest.raises(DecisionRejected, match="Only a new entry"):
        review.rename(2, "other")
    review.rename(1, "other-group")
    assert accept(review) == ["graph/organizations/other-group.ttl"]


def test_rule_that_a_change_breaks_in_another_file_stops_it(project: Path) -> None:
    write_entity(project, "organizations/older", """id:older a jg:Organization ; skos:prefLabel "Older"@en ;
        skos:definition "Invented."@en ; jg:source id:invented-list ; jg:isPartOf id:invented-group .""")  # fmt: skip
    assert is_clean(project)
    triples = read_turtle(project / "graph/organizations/invented-group.ttl")
    added = (fact("invented-group", SKOS + "prefLabel", Literal("Older", language="en")),)
    old = next(each for each in triples if each.predicate.value == SKOS + "prefLabel")
    proposal = Proposal("invented-group", JG + "Organization", "", added, (old,), base=digest_of(triples))
    findings = review_of(project, proposal).assess(1).findings
    assert {finding.path.stem for finding in findings} == {"invented-group", "older"}
