"""Releases follow each other, never change, and lose what was removed on request."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from justicegraph.errors import CannotRelease, MissingRelease
from justicegraph.jsonld import read_context, read_frames
from justicegraph.project.folder import load_folder
from justicegraph.project.removal import removal_test, removals_checksum, remove
from justicegraph.release import (
    Commit,
    ReleaseRequest,
    RemovedEntries,
    Source,
    available_releases,
    find_release,
    list_releases,
    publish_release,
    verify,
)
from justicegraph.release.delta import apply_delta
from justicegraph.system.compression import read_lines
from tests.support.project import ROOT
from tests.support.releases import COMMAND, add_person, everything, ignore_progress, issue, quads_of_project, texts


def test_removed_entry_is_in_no_release_and_no_delta_and_copies_lose_it(project: Path) -> None:
    add_person(project, "invented-asker", "Invented Asker", "; jg:isMemberOf id:invented-group")
    path = project / "graph/organizations/invented-group.ttl"
    original = path.read_text()
    path.write_text(original.replace("A group that does not exist.", "A group around Invented Asker."))
    first = issue(project, "2001-02-03")
    copy = list(read_lines(first.path / "justicegraph.nq.zst"))
    add_person(project, "invented-comer", "Invented Comer")
    issue(project, "2001-02-04")
    remove(load_folder(project), "invented-asker")
    path.write_text(path.read_text().replace("A group around Invented Asker.", "A group that does not exist."))
    third = issue(project, "2001-02-05", commits=(Commit("1" * 40, "2001-02-05", "An entry was taken out."),))
    place = first.path.parent
    assert [(old.version, old.withdrawn_for, old.previous) for old in list_releases(place)] == [
        ("2001-02-05", None, "2001-02-04.1"), ("2001-02-04.1", None, "2001-02-03.1"), ("2001-02-04", "2001-02-04.1", "2001-02-03"),
        ("2001-02-03.1", None, None), ("2001-02-03", "2001-02-03.1", None),
    ]  # fmt: skip
    assert [path.name for path in (place / "2001-02-03").iterdir()] == ["release.json"]
    for name, content in texts(place):
        assert b"asker" not in content.lower(), name
    assert list(verify(place))
    # A copy of the withdrawn release becomes each later one, and loses what was removed.
    second = find_release(place, "2001-02-04.1")
    assert any(b"asker" in line for line in copy)
    now = list(apply_delta(lambda: copy, second.path))
    assert now == list(read_lines(second.path / "justicegraph.nq.zst"))
    assert list(apply_delta(lambda: now, third.path)) == list(read_lines(third.path / "justicegraph.nq.zst"))


def test_same_day_release_after_a_removal_gets_a_number(project: Path) -> None:
    add_person(project, "invented-asker", "Invented Asker")
    place = issue(project, "2001-02-03").path.parent
    remove(load_folder(project), "invented-asker")
    made = issue(project, "2001-02-03")
    assert (made.version, made.previous) == ("2001-02-03.2", "2001-02-03.1")
    assert [old.version for old in available_releases(place)] == ["2001-02-03.2", "2001-02-03.1"]
    with pytest.raises(CannotRelease, match=r"2001-02-03 is there already and never changes"):
        issue(project, "2001-02-03")
    assert issue(project, "2001-02-04").previous == "2001-02-03.2"


def test_release_that_is_there_is_never_overwritten(project: Path) -> None:
    made = issue(project, "2001-02-03")
    before = everything(made.path)
    add_person(project, "invented-comer", "Invented Comer")
    with pytest.raises(
        CannotRelease, match=r"^The release 2001-02-03 is there already and never changes: name a later"
    ):
        issue(project, "2001-02-03")
    with pytest.raises(CannotRelease, match=r"^The release 2001-02-03 is newer than 2001-02-02: name a later day"):
        issue(project, "2001-02-02")
    with pytest.raises(CannotRelease, match=r'^"2001-02-31" is not a date: write --date as in'):
        issue(project, "2001-02-31")
    with pytest.raises(MissingRelease, match=r'^There is no release "2000-01-01" in .*; there are: 2001-02-03\.$'):
        issue(project, "2001-02-04", since="2000-01-01")
    assert everything(made.path.parent) == {f"2001-02-03/{name}": content for name, content in before.items()} | {
        ".lock": b""
    }


def test_context_that_was_released_cannot_become_another(project: Path) -> None:
    first = issue(project, "2001-02-03")
    source = Source(
        quads_of_project(project), read_context(ROOT) | {"more": "jg:more"}, read_frames(ROOT), "2001-02-04"
    )
    with pytest.raises(CannotRelease, match=r"^The context v1 of release 2001-02-03 has changed since: restore"):
        publish_release(
            first.path.parent, ReleaseRequest(source), RemovedEntries(removal_test(project), ""), None, ignore_progress
        )


# Slow: a release is begun and killed again and again.
def test_release_that_is_killed_at_any_point_is_whole_or_absent(project: Path) -> None:
    """Kill it, all of a sudden, after ever longer times: what is there then is whole, and the next run goes through."""
    add_person(project, "invented-asker", "Invented Asker")
    place = issue(project, "2001-02-03").path.parent
    remove(load_folder(project), "invented-asker")
    words = [
        str(COMMAND),
        "release",
        "--folder",
        str(project),
        "--build-dir",
        str(project / "build"),
        "--date",
        "2001-02-04",
    ]
    began = time.monotonic()
    subprocess.run([*words[:-1], "2001-02-31"], capture_output=True, check=False)
    startup, waits = time.monotonic() - began, 0
    for waits in range(60):
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            process.wait(startup * 0.6 + waits * 0.1)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        there = available_releases(place)
        assert all(list(verify(place, old.version)) for old in there)
        if there[0].version == "2001-02-04":
            break
    assert waits > 2, "it was done before it could be killed"
    assert [old.version for old in available_releases(place)] == ["2001-02-04", "2001-02-03.1"]
    assert not any(b"asker" in content.lower() for _, content in texts(place))


def test_name_that_another_entry_still_tells_stops_the_release(project: Path) -> None:
    add_person(project, "invented-asker", "Invented Asker")
    path = project / "graph/organizations/invented-group.ttl"
    path.write_text(path.read_text().replace("A group that does not exist.", "A group around Invented Asker."))
    place = issue(project, "2001-02-03").path.parent
    remove(load_folder(project), "invented-asker")
    before = everything(place)
    sentence = r"^The name of a removed entry is still in invented-group: reword or remove them, or add --allow-shared"
    with pytest.raises(CannotRelease, match=sentence):
        issue(project, "2001-02-04")
    assert everything(place) == before
    removed = RemovedEntries(removal_test(project), removals_checksum(project), allow_shared_names=True)
    source = Source(quads_of_project(project), read_context(ROOT), read_frames(ROOT), "2001-02-04")
    assert publish_release(place, ReleaseRequest(source), removed, None, ignore_progress).previous == "2001-02-03.1"
