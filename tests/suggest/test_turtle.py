"""A proposal becomes the Turtle of its files, and all of them are written or none."""

from pathlib import Path

import pytest

from justicegraph.errors import CannotWrite
from justicegraph.suggest import turtle
from justicegraph.system.files import atomic_write
from tests.support.suggestions import accept, another_date, is_clean, review_of, with_source


def test_change_is_shown_as_a_diff_and_changes_one_line(project: Path) -> None:
    review = review_of(project, another_date(project))
    [change] = review.assess(1).changes
    lines = change.diff(project)
    assert [line for line in lines[2:] if line[0] in "+-"] == [
        '-    jg:foundedOn "1999-04"^^xsd:gYearMonth ;', '+    jg:foundedOn "1999"^^xsd:gYear ;',
    ]  # fmt: skip
    accept(review)
    assert 'jg:foundedOn "1999"' in (project / "graph/organizations/invented-group.ttl").read_text()
    assert is_clean(project)


def test_disk_that_refuses_the_second_file_leaves_neither(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> object:
        if path.stem == "new-group":
            raise CannotWrite(f"{path} cannot be written: the disk is full")
        return atomic_write(path)

    monkeypatch.setattr(turtle, "atomic_write", refuse)
    review = review_of(project, with_source())
    with pytest.raises(CannotWrite, match="the disk is full"):
        accept(review)
    assert not (project / "graph/sources/new-page.ttl").exists()
    assert len(review.waiting()) == 1
