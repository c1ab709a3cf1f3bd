"""Proposals are read, checked, merged and put in order."""

from pathlib import Path

import orjson
import pytest

from justicegraph.errors import BrokenFile
from justicegraph.linking.wikidata.review import Review
from justicegraph.linking.wikidata.review_queue import MAX_BYTES, read_queue
from justicegraph.linking.wikidata.review_text import (
    Verdict,
)
from justicegraph.namespaces import ID
from justicegraph.project.sssom import WIKIDATA
from tests.support.reviews import (
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
)

HOSTILE: list[dict[str, object]] = [
    {"id": "javascript:alert(1)"},
    {"id": "http://a.example/x y"},
    {"id": "http://a.example/\nx"},
    {"id": "http://a.example/{x}"},
    {"id": ["http://a.example/x"]},
    {"id": 7},
    {"probability": "high"},
    {"probability": 1.5},
    {"name": None},
    {"reasons": "for: all"},
    {"details": {"city": "Nowhere"}},
    {"details": ["city"]},
]


def decide(review: Review, said: Verdict, place: int = 0, match: str = "") -> None:
    """Decide the current item, about its candidate in this place."""
    item = review.current()
    assert item
    about = item.proposal.candidates[place] if said in {Verdict.SAME, Verdict.DIFFERENT} else None
    review.decide(said, about, match)


def test_likeliest_comes_first_and_those_without_candidates_last(project: Path) -> None:
    review = review_of(
        project, proposal(CAUSE, kind="Cause"), proposal(PERSON, candidate(TWO, probability=0.5), kind="Person"), both()
    )
    seen = []
    while item := review.current():
        seen.append((item.proposal.entry, item.number, item.total))
        decide(review, Verdict.UNSURE)
    assert seen == [(GROUP, 1, 3), (PERSON, 2, 3), (CAUSE, 3, 3)]


def test_proposals_of_several_files_are_merged(project: Path) -> None:
    propose(project, proposal(GROUP, candidate(probability=0.3), name="Old", found_on="2000-01-01"), name="a")
    propose(project, both(), name="b")
    propose(project, proposal(GROUP, candidate(f"{WIKIDATA}Q3", probability=0.5), found_on="2000-01-01"), name="c")
    [one] = read_queue(project / "build")
    assert (one.name, [(each.id, each.probability) for each in one.candidates]) == (
        "Invented Group", [(ONE, 0.9), (f"{WIKIDATA}Q3", 0.5), (TWO, 0.2)],
    )  # fmt: skip
    assert len(read_queue(project / "build", project / "build" / "link" / "c.jsonl")[0].candidates) == 1


@pytest.mark.parametrize("said", HOSTILE, ids=str)
def test_invalid_proposal_is_reported_with_its_line(said: dict[str, object], project: Path) -> None:
    path = propose(project, both())
    line = orjson.loads(path.read_bytes())
    line["candidates"][0] |= said
    path.write_bytes(path.read_bytes() + orjson.dumps(line))
    with pytest.raises(BrokenFile, match="line 2: this is not a proposal"):
        read_queue(project / "build")


@pytest.mark.parametrize(
    "said", [{"entry": "https://elsewhere.example/x"}, {"entry": f"{ID}../x"}, {"source": "file:///"}]
)
def test_proposal_for_no_entry_is_reported(said: dict[str, str], project: Path) -> None:
    propose(project, proposal(**{"entry": GROUP} | said))
    with pytest.raises(BrokenFile, match="line 1"):
        read_queue(project / "build")


def test_file_that_is_too_long_is_not_read(project: Path) -> None:
    path = propose(project, both())
    with path.open("r+b") as file:
        file.truncate(MAX_BYTES + 1)  # without a byte on the disk
    with pytest.raises(BrokenFile, match="longer than 256 MiB"):
        read_queue(project / "build")


def test_broken_notes_are_reported(project: Path) -> None:
    (propose(project, both()).parent / "unsure.jsonl").write_text("[]\n")
    with pytest.raises(BrokenFile, match="delete it"):
        review_of(project)
