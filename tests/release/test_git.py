"""Git tells what changed in the graph, and nothing of anybody else's repository."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from justicegraph.release.git import TAKEN_OUT, Commit, commits_since, is_dirty, latest_commit

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not on this machine")

WHO = ("-c", "user.name=Nobody", "-c", "user.email=nobody@invented.example", "-c", "commit.gpgSign=false")


def git(folder: Path, *words: str, when: str = "2026-11-20T12:00:00+00:00") -> str:
    env = os.environ | {"GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": "2001-01-01T00:00:00+00:00"}
    command = ["git", "-C", str(folder), *WHO, *words]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, name: str, subject: str, when: str = "2026-11-20T12:00:00+00:00") -> str:
    """Change a file, and return the hash of the commit."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{subject}{when}")
    git(folder, "add", "--all")
    git(folder, "commit", "--allow-empty-message", "--cleanup=verbatim", "-m", subject, when=when)
    return git(folder, "rev-parse", "HEAD")


def newest_subject(folder: Path) -> str | None:
    change = latest_commit(folder)
    return change.subject if change else None


@pytest.fixture
def root(repository: Path, tmp_path: Path) -> Path:
    """A project whose graph has changed twice, to change further."""
    return Path(shutil.copytree(repository, tmp_path / "project", symlinks=True))


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    git(folder, "init", "--quiet")
    commit(folder, "graph/people/invented.ttl", "Add someone")
    commit(folder, "README.md", "Say what this is", "2026-11-21T12:00:00+00:00")
    commit(folder, 'graph/people/"odd\tname é.ttl', "Add an odd name", "2026-11-22T01:30:00+03:00")
    commit(folder, "README.md", "Say it better", "2026-11-23T12:00:00+00:00")
    return folder


def test_newest_change_is_the_last_commit_to_the_graph_by_its_day_in_utc(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    expected = Commit(git(root, "rev-parse", "HEAD~1"), "2026-11-21", "Add an odd name")
    assert latest_commit(root) == expected
    monkeypatch.undo()
    time.tzset()


def test_commits_to_the_graph_come_newest_first(root: Path) -> None:
    assert [commit.subject for commit in commits_since(root, None)] == ["Add an odd name", "Add someone"]
    first = git(root, "rev-parse", "HEAD~3")
    assert [commit.subject for commit in commits_since(root, first)] == ["Add an odd name"]
    assert commits_since(root, git(root, "rev-parse", "HEAD")) == []


@pytest.mark.parametrize("name", ["0" * 40, "HEAD~2", "--all", "", "--output=stolen"])
def test_unknown_commit_leads_to_none(name: str, root: Path) -> None:
    assert commits_since(root, name) == []
    assert not list(root.rglob("*stolen*"))


def test_uncommitted_changes_are_seen(root: Path) -> None:
    assert not is_dirty(root)
    (root / "README.md").write_text("Something else")
    assert not is_dirty(root)
    (root / "graph" / "new.ttl").write_text("")
    assert is_dirty(root)


def test_changed_and_deleted_entries_are_seen(root: Path) -> None:
    (root / "graph/people/invented.ttl").write_text("changed")
    assert is_dirty(root)
    git(root, "checkout", "--", ".")
    (root / "graph/people/invented.ttl").unlink()
    assert is_dirty(root)


def test_folder_without_repository_has_no_history(tmp_path: Path) -> None:
    (tmp_path / "graph").mkdir()
    for folder in (tmp_path, tmp_path / "missing"):
        assert (latest_commit(folder), commits_since(folder, None), is_dirty(folder)) == (None, [], False)


def test_repository_around_that_does_not_track_the_graph_is_not_ours(root: Path) -> None:
    inner = root / "inner"
    (inner / "graph").mkdir(parents=True)
    (inner / "graph" / "new.ttl").write_text("")
    assert (latest_commit(inner), commits_since(inner, None), is_dirty(inner)) == (None, [], False)


def test_repository_around_that_tracks_the_graph_is_ours(root: Path) -> None:
    commit(root, "inner/graph/new.ttl", "Add an inner one")
    assert (newest_subject(root / "inner"), is_dirty(root / "inner")) == ("Add an inner one", False)


def test_repository_without_commits_has_no_history(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    assert (latest_commit(tmp_path), is_dirty(tmp_path)) == (None, False)
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "new.ttl").write_text("")
    assert is_dirty(tmp_path)


def test_hook_of_another_repository_does_not_lead_astray(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    commit(other, "graph/x.ttl", "Not ours")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert newest_subject(root) == "Add an odd name"


def test_machine_without_git_has_no_history(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(root))
    assert (latest_commit(root), commits_since(root, None), is_dirty(root)) == (None, [], False)


@pytest.mark.parametrize(
    ("subject", "written"),
    [
        ("Bold\x1b[31m\x07 and\u202e\u2028more\n\nA body", "Bold\\[31m and more"),
        ("<script>alert(1)</script> [x](https://invented.example)", "\\<script>alert(1)\\</script> \\[x](https://invented.example)"),
        ("Escaped \\[x](y) and `code`", "Escaped \\\\\\[x](y) and \\`code\\`"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        ("w" * 300, "w" * 200),
        ("", ""),
    ],
)  # fmt: skip
def test_subject_is_one_harmless_line(subject: str, written: str, root: Path) -> None:
    commit(root, "graph/x.ttl", subject)
    assert newest_subject(root) == written


def test_commit_that_takes_entries_out_names_nobody(root: Path) -> None:
    (root / "graph/people/invented.ttl").unlink()
    before = git(root, "rev-parse", "HEAD")
    commit(root, "README.md", "Remove Invented Person, who asked for it")
    commit(root, "graph/y.ttl", "Add y")
    assert [commit.subject for commit in commits_since(root, before)] == ["Add y", TAKEN_OUT]
    git(root, "reset", "--quiet", "--hard", "HEAD~1")
    assert newest_subject(root) == TAKEN_OUT


def test_commit_that_moves_an_entry_keeps_its_subject(root: Path) -> None:
    git(root, "mv", "graph/people/invented.ttl", "graph/people/renamed.ttl")
    commit(root, "README.md", "Rename someone")
    assert newest_subject(root) == "Rename someone"


def test_settings_of_whoever_runs_it_change_nothing(root: Path) -> None:
    before = commits_since(root, None)
    for name, value in (
        ("log.showSignature", "true"),
        ("color.ui", "always"),
        ("format.pretty", "raw"),
        ("log.follow", "true"),
    ):
        git(root, "config", name, value)
    assert commits_since(root, None) == before
