"""The git history of the graph: its latest commit, and the commits since a release.

Git knows the graph where the project's folder is a repository, or if a repository around it tracks it. The history
of any other repository, such as somebody's notes with a copy of the project, is not that of the graph.
"""

import os
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from justicegraph.project.removal import IsRemoved
from justicegraph.text import normalize_words

TAKEN_OUT = "Entries were taken out."
"""The subject that replaces that of a commit which deletes entries, since it may name somebody who was removed.

It also replaces the subjects of commits that changed an entry which was removed later.
"""

WORDS = 10
"""The most words of a subject that may form a slug."""

SUBJECT = 200
"""The most characters of a subject."""

_HASH = re.compile(r"[0-9a-f]{7,64}", re.ASCII)
_MARKED = re.compile(r"[\\`<\[]")
_JOINERS = {"\u200c", "\u200d"}
_LAST_SECOND = 253_402_300_799
"""The end of the year 9999, in seconds since 1970; the date in a commit may be later."""

_SETTINGS = (
    "core.quotepath=off", "core.fsmonitor=false", "diff.renames=true", "i18n.logOutputEncoding=UTF-8",
    "log.follow=false",
)  # fmt: skip


class Commit(NamedTuple):
    """A commit to the graph: its hash, its date in UTC as in 2026-11-21, its subject as safe Markdown."""

    hash: str
    date: str
    subject: str


def latest_commit(root: Path) -> Commit | None:
    """Return the latest commit to the graph/ of a project; None without git or if it does not know the graph."""
    return next(iter(_commits(root, "HEAD", 1)), None)


def commits_since(root: Path, commit: str | None, is_removed: IsRemoved = lambda _: False) -> list[Commit]:
    """Return the commits to the graph/ of a project after a commit, or all of them, the newest first.

    The subjects of commits that touched or name a removed entry are replaced. There are no commits if git does not
    know the graph or the commit, for instance because the history was rewritten.
    """
    if commit is None:
        return _commits(root, "HEAD", is_removed=is_removed)
    return _commits(root, f"{commit}..HEAD", is_removed=is_removed) if _HASH.fullmatch(commit) else []


def is_dirty(root: Path) -> bool:
    """Return whether graph/ has uncommitted changes; False if git does not know the graph."""
    return _is_known(root) and bool(
        _git(root, "status", "--porcelain", "-z", "--untracked-files=normal", "--", "graph")
    )


def _commits(root: Path, revisions: str, most: int = -1, is_removed: IsRemoved = lambda _: False) -> list[Commit]:
    if not _is_known(root):
        return []
    lines = _log(root, revisions, "--format=%H %ct %s", f"--max-count={most}")
    if most == 1 and lines:
        revisions = lines[0].partition(" ")[0] + "^!"  # this commit alone
    hidden = set(_log(root, revisions, "--format=%H", "--diff-filter=D")) if lines else set()
    hidden |= {name for name, slug in _touched(root, revisions) if is_removed(slug)} if lines else set()
    hidden |= {line.partition(" ")[0] for line in lines if any(map(is_removed, _slugs(line.split(" ", 2)[2])))}
    return [_commit(line, hidden) for line in lines]


def _touched(root: Path, revisions: str) -> Iterator[tuple[str, str]]:
    """Yield the hash of each commit with the name, which may be a slug, of each file that it changed."""
    commit = ""
    for word in _log(root, revisions, "--format=%x01%H", "--name-only", "--no-renames", "-m"):
        field = word.lstrip("\n")
        if field.startswith("\x01"):
            commit = field[1:]
        else:
            yield commit, PurePosixPath(field).stem


def _slugs(subject: str) -> Iterator[str]:
    """Yield every sequence of words of a subject as a slug."""
    words = normalize_words(subject).split()
    for first in range(len(words)):
        yield from ("-".join(words[first:last]) for last in range(first + 1, min(first + WORDS, len(words)) + 1))


def _log(root: Path, revisions: str, *options: str) -> list[str]:
    output = _git(root, "log", "-z", "--no-color", "--no-show-signature", *options, revisions, "--", "graph")
    return [line for line in output.decode(errors="replace").split("\0") if line] if output else []


def _commit(line: str, hidden: set[str]) -> Commit:
    name, seconds, subject = line.split(" ", 2)
    when = datetime.fromtimestamp(min(max(int(seconds), 0), _LAST_SECOND), UTC)
    return Commit(name, when.date().isoformat(), TAKEN_OUT if name in hidden else _safe(subject))


def _safe(subject: str) -> str:
    """Return one line without control characters, escaped so that Markdown has no HTML, link or code in it."""
    spaced = " ".join(subject.split())
    printable = (char for char in spaced if char in _JOINERS or not unicodedata.category(char).startswith("C"))
    return _MARKED.sub(r"\\\g<0>", "".join(printable)[:SUBJECT].strip())


def _is_known(root: Path) -> bool:
    """Return whether the repository that git finds is the project's own, or tracks its graph."""
    top = _git(root, "rev-parse", "--show-toplevel")
    if not top:
        return False
    own = Path(os.fsdecode(top.removesuffix(b"\n"))) == root.resolve()
    return own or _git(root, "rev-parse", "--verify", "--quiet", "HEAD:./graph") is not None


def _git(root: Path, *words: str) -> bytes | None:
    """Return the output of git in a folder; None without git, or if it fails."""
    program = shutil.which("git")
    if program is None or not root.is_dir():
        return None
    settings = (word for setting in _SETTINGS for word in ("-c", setting))
    command = [program, "-C", str(root), "--no-pager", "--literal-pathspecs", *settings, *words]
    # In a hook, git's own variables would lead it to another repository.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env = clean | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603  # no shell
    return done.stdout if done.returncode == 0 else None
