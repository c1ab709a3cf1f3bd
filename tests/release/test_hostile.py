"""Removed entries leave no trace, however their names are spelt or guessed; a broken release is not built upon."""

import hashlib
import re
import sqlite3
import subprocess
from functools import partial
from pathlib import Path

import pytest

from justicegraph.errors import BrokenRelease, CannotRelease, CannotWrite, MissingKey
from justicegraph.project.folder import load_folder
from justicegraph.project.removal import KEY, LIST, check_key, removal_test, removals_checksum, remove
from justicegraph.release import Release, commits_since, find_release, list_releases, verify
from justicegraph.release.delta import apply_delta
from justicegraph.release.git import TAKEN_OUT
from justicegraph.system.compression import read_lines
from justicegraph.text import name_finder, normalize_words
from tests.support.project import write_entity
from tests.support.releases import add_person, everything, issue, texts

GROUP, DEFINITION = "graph/organizations/invented-group.ttl", "A group that does not exist."
EARLIER = "id:{} a jg:RenamedEntity ; owl:deprecated true ; dcterms:isReplacedBy id:{} ."


def quads(release: Release) -> list[bytes]:
    return list(read_lines(release.path / "justicegraph.nq.zst"))


def replace_text(project: Path, old: str, new: str, name: str = GROUP) -> None:
    path = project / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def rename(project: Path, old: str, new: str) -> None:
    write_entity(project, f"renamed/{old}", EARLIER.format(old, new))


# Names.

SPELT = [
    "Invented Asker", "INVENTED ASKER", "Invented\u00a0Asker", "Invented  Asker", "Inve\u0301nted Asker",
    "Inv\u00e9nted Asker", "invented_asker", "Invented%20Asker", "Invented\u200bAsker", "Inven\u00adted Asker",
    "(Invented-Asker's)", "Invented\\nAsker",
]  # fmt: skip


def test_text_that_told_the_name_in_another_spelling_is_in_no_release(project: Path) -> None:
    add_person(project, "invented-asker", "Invented Asker")
    original = (project / GROUP).read_text()
    notes = " , ".join(f'"Note {number} is on {spelt}."@en' for number, spelt in enumerate(SPELT))
    own = original[original.index("id:invented-group\n") :]
    turtle = own.replace("    jg:source", f"    skos:editorialNote {notes} ;\n    jg:source", 1)
    write_entity(project, "organizations/invented-group", turtle)
    place = issue(project, "2001-02-03").path.parent
    assert any(b"Note 11 is on" in content for _, content in texts(place))
    assert [path.stem for path in remove(load_folder(project), "invented-asker").still] == ["invented-group"]
    (project / GROUP).write_text(original)
    issue(project, "2001-02-04")
    assert [name for name, content in texts(place) if re.search(rb"Note \d+ is on", content)] == []


@pytest.mark.parametrize("spelt", SPELT)
def test_name_is_found_however_it_is_spelt(spelt: str) -> None:
    assert name_finder(["Invented Asker"])(f"A group around {spelt}.".replace("\\n", "\n"))


def test_name_is_found_as_words() -> None:
    assert normalize_words("  L\u2019\u00c9t\u00e9_d'%C3%89va\tSTRASSE stra\u00dfe") == "l ete d eva strasse strasse"
    assert name_finder(["Al"])("with Al, and others")
    assert not name_finder(["Al", "Graph", ""])("also Alabama; a paragraph of a telegraph")
    assert name_finder(["\u674e\u660e"])("\u5728\u674e\u660e\u7684\u6848")


@pytest.mark.parametrize("label", ["Graph", "Al"])
def test_name_that_is_a_word_of_ours_takes_nothing_else_along(label: str, project: Path) -> None:
    about = f'skos:prefLabel "{label}"@en ; skos:definition "None."@en ; jg:source id:invented-list .'
    write_entity(project, "organizations/odd-one", f"id:odd-one a jg:Organization ; {about}")
    add_person(project, "invented-leaver", "Invented Leaver")
    first = issue(project, "2001-02-03")
    rest = [line for line in quads(first) if b"odd-one" not in line]
    remove(load_folder(project), "odd-one")
    (project / "graph/people/invented-leaver.ttl").unlink()
    second = issue(project, "2001-02-04")
    assert quads(find_release(second.path.parent, "2001-02-03.1")) == rest
    assert second.changes
    assert second.changes.removed == ("invented-leaver",)


def test_former_name_is_looked_for_too(project: Path) -> None:
    replace_text(project, "Someone who does not exist.", "Once with the old group.", "graph/people/invented-person.ttl")
    assert "invented-person" in [path.stem for path in remove(load_folder(project), "invented-group").still]


# Earlier ids.


def test_tombstones_confirm_no_guess_at_an_earlier_id(project: Path) -> None:
    add_person(project, "invented-asker", "Invented Asker")
    rename(project, "invented-askr", "invented-asker")
    first = issue(project, "2001-02-03")
    copy = quads(first)
    own = sorted(line for line in copy if line.endswith(b"/doc/invented-askr> .\n"))
    assert len(own) == 3
    issue(project, "2001-02-04")
    remove(load_folder(project), "invented-asker")
    last = issue(project, "2001-02-05")
    stones = (last.path / "delta/tombstones.txt").read_text()
    assert hashlib.sha256(b"".join(own)).hexdigest() not in stones
    second = find_release(last.path.parent, "2001-02-04.1")
    assert list(apply_delta(lambda: copy, second.path)) == quads(second)
    assert [name for name, content in texts(last.path.parent) if b"askr" in content or b"asker" in content] == []


def test_earlier_id_that_alone_was_removed_is_in_no_release(project: Path) -> None:
    rename(project, "invented-askr", "invented-group")
    issue(project, "2001-02-03")
    remove(load_folder(project), "invented-askr")
    place = issue(project, "2001-02-04").path.parent
    assert [name for name, content in texts(place) if b"askr" in content] == []
    assert "\ngraph " not in (place / "tombstones.txt").read_text()


def test_earlier_ids_go_however_long_the_way_from_them(project: Path) -> None:
    rename(project, "invented-b", "invented-person")
    rename(project, "invented-a", "invented-b")
    gone = remove(load_folder(project), "invented-person").gone
    assert [path.stem for path in gone] == ["invented-a", "invented-b", "invented-person"]
    assert all(map(removal_test(project), ("invented-a", "invented-b", "invented-person")))


# Copies.


def test_copy_loses_two_that_were_linked_and_removed_one_after_the_other(project: Path) -> None:
    add_person(project, "invented-asker", "Invented Asker")
    note = '; jg:isMemberOf id:invented-asker ; skos:editorialNote "Knows Invented Asker."@en'
    add_person(project, "invented-friend", "Befriended Other", note)
    copies = [quads(issue(project, "2001-02-03"))]
    remove(load_folder(project), "invented-asker")
    replace_text(project, "Knows Invented Asker.", "Knows somebody.", "graph/people/invented-friend.ttl")
    copies.append(quads(issue(project, "2001-02-04")))
    remove(load_folder(project), "invented-friend")
    last = issue(project, "2001-02-05")
    place = last.path.parent
    second = find_release(place, "2001-02-04.1")
    assert list(apply_delta(partial(iter, copies[0]), second.path)) == quads(second)
    assert list(apply_delta(partial(iter, copies[1]), last.path)) == quads(last)
    assert list(verify(place))


# Commits.


def git(root: Path, *words: str) -> None:
    settings = ("user.name=x", "user.email=x@invented.example", "commit.gpgsign=false")
    options = [word for setting in settings for word in ("-c", setting)]
    subprocess.run(["git", "-C", str(root), *options, *words], check=True, capture_output=True)


def commit(root: Path, subject: str) -> None:
    git(root, "add", "graph")
    git(root, "commit", "--quiet", "--message", subject)


def test_no_commit_tells_of_what_was_removed(project: Path) -> None:
    git(project, "init", "--quiet", "--initial-branch", "main")
    commit(project, "Begin")
    add_person(project, "invented-asker", "Invented Asker")
    commit(project, "Add Invented Asker")
    replace_text(project, "Invented.", "Invented indeed.", "graph/people/invented-asker.ttl")
    commit(project, "Correct the Asker case")
    remove(load_folder(project), "invented-asker")
    add_person(project, "invented-comer", "Invented Comer")
    commit(project, "Take Asker out, let Comer in")  # which git takes for a renaming
    replace_text(project, DEFINITION, "A group.")
    commit(project, "No more of Invented Asker\u2019s words")
    add_person(project, "invented-other", "Invented Other")
    commit(project, "Add Invented Other")
    subjects = [commit.subject for commit in commits_since(project, None, removal_test(project))]
    assert subjects == ["Add Invented Other", *[TAKEN_OUT] * 4, "Begin"]


# The key.


def test_key_that_is_lost_is_not_silently_another(project: Path) -> None:
    remove(load_folder(project), "invented-person")
    for spoil in (lambda: (project / KEY).write_bytes(b"\n"), (project / KEY).unlink):
        spoil()
        with pytest.raises(MissingKey, match=r"put \.removal-key beside it"):
            remove(load_folder(project), "invented-group")
        with pytest.raises(MissingKey):
            check_key(project)
    assert (project / GROUP).exists()


def test_key_that_a_stopped_machine_left_empty_is_made_anew(project: Path) -> None:
    (project / KEY).touch()
    remove(load_folder(project), "invented-person")
    assert len((project / KEY).read_bytes()) == 64
    assert removal_test(project)("invented-person")


def test_removal_is_carried_out_once_the_right_key_is_there(project: Path) -> None:
    add_person(project, "invented-asker", "Invented Asker")
    place = issue(project, "2001-02-03").path.parent
    remove(load_folder(project), "invented-asker")
    right, before = (project / KEY).read_bytes(), removals_checksum(project)
    (project / KEY).write_bytes(b"0" * 64)
    assert removals_checksum(project) != before
    issue(project, "2001-02-04")
    (project / KEY).write_bytes(right)
    issue(project, "2001-02-05")
    assert [name for name, content in texts(place) if b"asker" in content] == []
    assert (project / LIST).exists()


# What is broken.


@pytest.mark.parametrize("day", ["20010203", "2001-W05-6", "3001-02-03", "0999-01-01"])
def test_day_that_no_release_could_be_found_by_is_none(day: str, project: Path) -> None:
    with pytest.raises(CannotRelease, match="is not a date: write --date as in"):
        issue(project, day)


@pytest.mark.parametrize("keep", [None, 0, 5_000])
def test_nothing_is_built_upon_a_release_that_is_broken(keep: int | None, project: Path) -> None:
    add_person(project, "invented-asker", "Invented Asker")
    first = issue(project, "2001-02-03")
    place, path = first.path.parent, first.path / "justicegraph.nq.zst"
    issue(project, "2001-02-04")
    remove(load_folder(project), "invented-asker")
    whole = path.read_bytes()
    path.write_bytes(whole[:keep])
    if keep is None:
        path.unlink()
    before = everything(place)
    for broken in (lambda: issue(project, "2001-02-05"), lambda: list(verify(place, "2001-02-04"))):
        with pytest.raises(BrokenRelease, match=r"justicegraph\.nq\.zst is missing or was changed\. Download it again"):
            broken()
    assert everything(place) == before


def test_release_without_its_manifest_is_found(project: Path) -> None:
    first = issue(project, "2001-02-03")
    issue(project, "2001-02-04", since="2001-02-03")
    (find_release(first.path.parent, "2001-02-04").path / "release.json").unlink()
    with pytest.raises(BrokenRelease, match=r"2001-02-04/release\.json is missing"):
        list(verify(first.path.parent))


def test_withdrawn_release_that_has_its_files_still_is_found(project: Path) -> None:
    add_person(project, "invented-asker", "Invented Asker")
    first = issue(project, "2001-02-03")
    remove(load_folder(project), "invented-asker")
    issue(project, "2001-02-04")
    assert list(verify(first.path.parent))
    (first.path / "README.md").write_text("Invented Asker")
    with pytest.raises(BrokenRelease, match="2001-02-03 was withdrawn but still has files"):
        list(verify(first.path.parent))


def test_folder_of_a_release_that_lies_elsewhere_does_not_stop_a_withdrawal(project: Path, tmp_path: Path) -> None:
    add_person(project, "invented-asker", "Invented Asker")
    first = issue(project, "2001-02-03")
    (first.path / "tables").rename(tmp_path / "far")
    (first.path / "tables").symlink_to(tmp_path / "far")
    remove(load_folder(project), "invented-asker")
    issue(project, "2001-02-04")
    assert [path.name for path in first.path.iterdir()] == ["release.json"]
    assert len(list_releases(first.path.parent)) == 3


def test_disk_that_is_full_under_the_database_is_one_sentence(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("justicegraph.jsonld.embedding._rows", full)
    with pytest.raises(CannotWrite, match=r"cannot be written: database or disk is full\. Nothing was changed\."):
        issue(project, "2001-02-03")
    assert [path.name for path in (project / "build/releases").iterdir()] == [".lock"]
