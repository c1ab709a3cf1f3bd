"""A delta turns a copy of the previous release into the next one."""

from functools import partial
from pathlib import Path

from justicegraph.release import (
    verify,
)
from justicegraph.release.delta import ADDED, REMOVED, apply_delta
from justicegraph.system.compression import read_lines
from tests.support.releases import add_person, issue


def test_delta_makes_the_next_release_of_the_one_before(project: Path) -> None:
    add_person(project, "invented-leaver", "Invented Leaver")
    first = issue(project, "2001-02-03")
    (project / "graph/people/invented-leaver.ttl").unlink()
    add_person(project, "invented-comer", "Invented Comer")
    path = project / "graph/organizations/invented-group.ttl"
    path.write_text(path.read_text().replace("A group that does not exist.", "No group at all."))
    second = issue(project, "2001-02-04")
    assert second.previous == "2001-02-03"
    assert second.changes
    assert second.changes.added == ("invented-comer",)
    assert second.changes.removed == ("invented-leaver",)
    assert "invented-group" in second.changes.changed
    made = list(apply_delta(partial(read_lines, first.path / "justicegraph.nq.zst"), second.path))
    assert made == list(read_lines(second.path / "justicegraph.nq.zst"))
    assert len(list(read_lines(second.path / f"{ADDED}.zst"))) == second.changes.quads_added > 0
    assert len(list(read_lines(second.path / f"{REMOVED}.zst"))) == second.changes.quads_removed > 0
    assert (second.path / "delta/entries.csv").read_text().splitlines()[:2] == ["id,change", "invented-comer,added"]
    assert [line.partition(":")[0] for line in verify(first.path.parent)] == ["2001-02-03"] * 2 + ["2001-02-04"] * 3
