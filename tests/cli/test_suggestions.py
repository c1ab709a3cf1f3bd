"""The terminal shows each suggestion as a diff, and keys decide."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from justicegraph.cli import cli
from justicegraph.errors import DecisionRejected
from justicegraph.namespaces import JG
from justicegraph.suggest.proposals import Proposal
from justicegraph.suggest.store import DECLINED
from tests.support.suggestions import accept, new_group, review_of


def run(project: Path, keys: str, *arguments: str) -> Result:
    words = ["review", "--folder", str(project), "--build-dir", str(project / "build"), "--author", "A. Volunteer"]
    return CliRunner().invoke(cli, [*words, *arguments], input=keys, catch_exceptions=False)


def test_terminal_lists_shows_and_decides(project: Path) -> None:
    review = review_of(project, new_group(), new_group("other-group", "Other"), new_group("third", "Third"))
    ended = run(project, "?\na\nd\nNot public.\nl\n")
    assert ended.exit_code == 0
    assert [line.split("\t")[2:] for line in ended.stdout.splitlines()[:2]] == [
        ["new", "new-group"],
        ["new", "other-group"],
    ]
    assert "graph/organizations/new-group.ttl" in ended.stdout
    assert '+    skos:prefLabel "New Group"@en ;' in ended.stderr
    assert "All checks pass." in ended.stderr
    assert [suggestion.number for suggestion, _ in review.waiting()] == [3]
    declined = review.store.by_number(2)
    assert declined is not None
    assert (declined.state, declined.reason) == (DECLINED, "Not public.")


def test_terminal_sets_another_id_and_shows_findings(project: Path) -> None:
    review_of(project, new_group("invented-group", "Other"))
    ended = run(project, "a\ni\nother-group\na\n")
    assert "Not accepted: " in ended.stderr
    assert "is taken" in ended.stderr
    assert (project / "graph/organizations/other-group.ttl").exists()


def test_terminal_ends_with_its_input_and_counts_the_suggestions(project: Path) -> None:
    assert "0 suggestions waiting." in run(project, "").stderr
    review = review_of(project, new_group())
    assert run(project, "").exit_code == run(project, "d\n").exit_code == 0
    assert len(review.waiting()) == 1
    assert "1 suggestion waiting." in run(project, "", "--list").stderr


@pytest.mark.parametrize("proposal", [new_group("../../evil"), replace(new_group(), kind=JG + "GoneClass")])
def test_proposal_without_a_folder_can_only_be_declined(proposal: Proposal, project: Path) -> None:
    review = review_of(project, proposal, new_group("next", "Next"))
    with pytest.raises(DecisionRejected, match="no folder of the graph"):
        accept(review)
    ended = run(project, "d\nNot one of ours.\na\n")
    assert ended.exit_code == 0
    assert (project / "graph/organizations/next.ttl").exists()
    assert review.waiting() == []
