"""The terminal asks, one key answers, keys may come from a pipe, and no text of others acts on it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from justicegraph.cli.review import review
from justicegraph.cli.review_screen import screen
from justicegraph.errors import BrokenFile
from justicegraph.project.mappings import MATCHED, REFUSED, record
from justicegraph.project.sssom import MATCHES, NO_TERM, SAME_AS, Decision
from tests.support.reviews import (
    CAMPAIGN,
    CAUSE,
    GROUP,
    ONE,
    PERSON,
    TWO,
    both,
    candidate,
    proposal,
    propose,
    review_of,
    standing,
)


def run(project: Path, keys: str, *words: str, author: str | None = "Nobody", **env: str) -> Result:
    named = ["--author", author] if author else []
    words = ("--folder", str(project), "--build-dir", str(project / "build"), *named, *words)
    return CliRunner(env={"COLUMNS": "100", "TERM": "xterm", **env}).invoke(
        review, words, input=keys, catch_exceptions=False
    )


def three(project: Path) -> None:
    """Propose for a group, a campaign and a person, to be asked in this order."""
    campaign = proposal(CAMPAIGN, candidate(f"{TWO}2", "Campaign", 0.5), kind="Campaign")
    propose(project, both(), campaign, proposal(PERSON, candidate(f"{TWO}3", "Person", 0.1), kind="Person"))


def test_keys_from_a_pipe_decide_and_what_was_decided_is_said(project: Path) -> None:
    three(project)
    result = run(project, "2\ns\nn\nu\n")
    assert result.stdout.splitlines() == [
        "same: id:invented-group (Invented Group) = wd:Q900000002 (Another Group)",
        "no such item: id:free-invented-person (Invented Group) is not in http://www.wikidata.org/entity/",
        "unsure: id:invented-person (Invented Group) comes back later",
    ]
    assert [each.object_id for each in standing(project, MATCHED)] == [TWO]
    assert [each.object_id for each in standing(project, REFUSED)] == [NO_TERM]
    assert "Everything is reviewed." in result.stderr
    assert "3 decisions this session: 1 same, 1 no such item, 1 unsure." in result.stderr


def test_undo_is_there_to_the_end(project: Path) -> None:
    three(project)
    result = run(project, "sdzznuuzq")
    assert [line.partition(":")[0] for line in result.stdout.splitlines()] == [
        "same", "different", "undone", "undone", "no such item", "unsure", "unsure", "undone",
    ]  # fmt: skip
    assert standing(project, MATCHED) == []
    assert [each.subject_id for each in standing(project, REFUSED)] == [GROUP]
    assert "Nothing to undo." in run(project, "z").stderr


def test_cause_asks_how_and_lets_the_person_think_again(project: Path) -> None:
    propose(project, proposal(CAUSE, candidate(), kind="Cause"))
    result = run(project, "sxsb")
    assert "Nothing was decided." in result.stderr
    assert [each.predicate_id for each in standing(project, MATCHED)] == [MATCHES[2]]
    assert result.stdout.endswith("broader: theirs is wider than ours\n")


def test_refused_answer_is_one_sentence_and_the_question_stays(project: Path) -> None:
    three(project)
    record(project, [Decision(subject_id=PERSON, predicate_id=SAME_AS, object_id=ONE, mapping_date="2001-01-01", author_label="Somebody")])  # fmt: skip
    result = run(project, "su")
    assert (
        "Not recorded: wd:Q900000001 is already matched to id:invented-person, in matched.sssom.tsv, line 8"
        in result.stderr
    )
    assert result.stdout == "unsure: id:invented-group (Invented Group) comes back later\n"


def test_other_keys_help_and_a_key_without_a_candidate_does_nothing(project: Path) -> None:
    propose(project, proposal(GROUP, candidate()))
    result = run(project, "x9o\ud7ff".replace("\ud7ff", "\u00e9"))
    assert "undo" in result.stderr
    assert "There is no candidate 9." in result.stderr
    assert f"1: {ONE}" in result.stderr
    assert result.stdout == ""


def test_author_is_asked_once_and_remembered(project: Path) -> None:
    propose(project, both())
    refused = run(project, "s", author=None)
    assert (refused.exit_code, standing(project, MATCHED)) == (2, [])
    assert "Say who decides with --author" in refused.stderr
    run(project, "", author="orcid:0000-0000-0000-0001")
    assert "Reviewing as orcid:0000-0000-0000-0001" in run(project, "s", author=None).stderr
    assert [each.author_id for each in standing(project, MATCHED)] == ["https://orcid.org/0000-0000-0000-0001"]


def test_nothing_to_review_is_said(project: Path) -> None:
    assert "Nothing to review." in run(project, "").stderr


def test_file_that_is_named_is_the_only_one(project: Path) -> None:
    three(project)
    path = propose(project, proposal(PERSON, candidate(), kind="Person"), name="other")
    assert run(project, "n", str(path)).stdout.startswith("no such item: id:invented-person")
    path.write_text("{")
    with pytest.raises(BrokenFile, match="line 1"):
        run(project, "", str(path))


@pytest.mark.parametrize(("columns", "beside"), [("40", False), ("80", True), ("200", True)])
def test_sides_stand_beside_each_other_where_there_is_room(columns: str, beside: bool, project: Path) -> None:
    propose(project, both())
    lines = run(project, "", COLUMNS=columns).stderr.splitlines()
    assert max(map(len, lines[1:-2])) <= int(columns)
    assert any("Invented Group" in line and "1 Group, Invented" in line for line in lines) == beside
    assert any("1 Group" in line and "2 Another" in line for line in lines) == (columns == "200")
    assert any("2 Another" in line for line in lines)


def test_evidence_has_words_and_colours_and_colours_can_be_off(project: Path) -> None:
    propose(project, both())
    coloured, plain = (run(project, "", FORCE_COLOR="1", **more).stderr for more in ({}, {"NO_COLOR": "1"}))
    assert "\x1b[32magrees: the same city" in coloured
    assert "\x1b[31mcontradicts: other dates" in coloured
    assert "\x1b[32mNowhere (the same)" in coloured
    assert "\x1b[3" not in plain
    assert "agrees: the same city" in plain


def test_text_of_others_does_nothing_in_the_terminal(project: Path) -> None:
    evil = "[red]a[/red]\x1b]0;owned\x07\x1b[2J\u202eb :smile: [link=x]"
    one = candidate(name=evil, details={evil: [evil]}, reasons=[f"for: {evil}"])
    propose(project, proposal(GROUP, one, name=evil, kind=evil, details={evil: [evil]}))
    for columns in ("40", "160"):
        result = run(project, "oz?s", COLUMNS=columns, NO_COLOR="1")
        assert not {"\x1b", "\x07", "\u202e"} & set(result.output)
        assert "[red]a[/red]" in result.output.replace("\n", "")
        run(project, "z")
        for path in (project / "graph" / "mappings").glob("*.tsv"):
            path.unlink()


def test_screen_shows_the_candidate_that_is_chosen_however_many_there_are(project: Path) -> None:
    many = [candidate(f"{TWO}{place}", f"Number {place}", 0.5 - place / 100) for place in range(9)]
    item = review_of(project, proposal(GROUP, *many)).current()
    assert item
    from justicegraph.cli.review_screen import console

    out = console()
    with out.capture() as told:
        out.print(screen(item, 8, 100))
    assert "▸ 9 Number 8" in told.get()
    assert all(f"{place + 1} Number {place}" in told.get() for place in range(9))


def test_killed_sitting_has_lost_nothing_that_was_answered(project: Path) -> None:
    three(project)
    words = [sys.executable, "-c", "from justicegraph.cli.review import review; review()", "--author", "Nobody"]
    with subprocess.Popen(
        [*words, "--folder", str(project), "--build-dir", str(project / "build")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "80"},
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        for key, file, size in ((b"d", REFUSED, 1), (b"s", MATCHED, 1), (b"n", REFUSED, 2)):
            process.stdin.write(key)
            process.stdin.flush()
            assert process.stdout.readline()
            assert len(standing(project, file)) == size
        process.send_signal(signal.SIGKILL)
    assert [len(standing(project, file)) for file in (MATCHED, REFUSED)] == [1, 2]
    item = review_of(project).current()
    assert item
    assert (item.proposal.entry, item.total) == (PERSON, 1)
