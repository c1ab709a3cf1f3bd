"""Removed entries disappear from copies by tombstones, and from nothing else."""

from pathlib import Path

from justicegraph.project.folder import load_folder
from justicegraph.project.removal import remove
from justicegraph.release import (
    verify,
)
from justicegraph.release.tombstones import FILE, Tombstones, apply_tombstones
from tests.support.releases import add_person, issue


def test_tombstones_are_in_every_later_delta(project: Path) -> None:
    add_person(project, "invented-asker", "Invented Asker")
    issue(project, "2001-02-03")
    remove(load_folder(project), "invented-asker")
    issue(project, "2001-02-04")
    add_person(project, "invented-comer", "Invented Comer")
    last = issue(project, "2001-02-05")
    content = (last.path / "delta" / FILE).read_text()
    assert content.count("\ngraph ") == 1
    assert content == (last.path.parent / FILE).read_text()


def test_without_tombstones_nothing_is_dropped() -> None:
    lines = [b"<a> <b> <c> <d> .\n"]
    assert list(apply_tombstones(lambda: lines, Tombstones())) == lines
    assert list(apply_tombstones(lambda: lines, Tombstones(frozenset({"0" * 64})))) == lines


def test_entry_that_was_taken_back_in_stays_in_later_copies(project: Path) -> None:
    add_person(project, "invented-asker", "Invented Asker")
    place = issue(project, "2001-02-03").path.parent
    remove(load_folder(project), "invented-asker")
    issue(project, "2001-02-04")
    (project / "removed.txt").unlink()
    add_person(project, "invented-asker", "Invented Asker")
    assert issue(project, "2001-02-05").changes is not None
    assert list(verify(place))
