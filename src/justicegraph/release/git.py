"""What git knows of the graph: when it was changed last, and by which commits.

The graph is known to git where its project's folder is a repository, or where a repository around that tracks it. In
any other repository, such as somebody's notes with a copy of ours among them, the history is not the graph's.
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
from justicegraph.text import plain

TAKEN_OUT = "Entries were taken out."
"""The subject that we give for a commit that deletes entries: its own may tell whom somebody asked us to leave out.

So may that of one that wrote to what was removed since.
"""

WORDS = 10
"""Words of a subject that are taken for a slug, at most."""

SUBJECT = 200
"""Characters of a subject that are kept."""

_HASH = re.compile(r"[0-9a-f]{7,64}", re.ASCII)
_MARKED = re.compile(r"[\\`<\[]")
_JOINERS = {"\u200c", "\u200d"}
_LAST_SECOND = 253_402_300_799
"""The end of the year 9999, in seconds since 1970: a commit may claim to be later."""

_SETTINGS = (
    "core.quotepath=off", "core.fsmonitor=false", "diff.renames=true", "i18n.logOutputEncoding=UTF-8",
    "log.follow=false",
)  # fmt: skip


class Commit(NamedTuple):
    """A change to the graph: the commit's hash, its date in UTC as in 2026-11-21, its subject as safe Markdown."""

    hash: str
    date: str
    subject: str


def newest_change(root: Path) -> Commit | None:
    """Return the newest commit that touched the graph/ of a project; None where git, or what it would know, is not."""
    return next(iter(_commits(root, "HEAD", 1)), None)


def commits_since(root: Path, commit: str | None, is_removed: IsRemoved = lambda _: False) -> list[Commit]:
    """Return the commits after this one, or all of them, that touched the graph/ of a project, the newest first.

    None tells by its subject of what was removed on request: not those that touched it, nor those that name it. There
    are none where git does not know the graph, or this commit, as when the history was rewritten since.
    """
    if commit is None:
        return _commits(root, "HEAD", is_removed=is_removed)
    return _commits(root, f"{commit}..HEAD", is_removed=is_removed) if _HASH.fullmatch(commit) else []


def is_dirty(root: Path) -> bool:
    """Tell whether graph/ has changes that are in no commit; False where git does not know the graph."""
    return _is_known(root) and bool(
        _git(root, "status", "--porcelain", "-z", "--untracked-files=normal", "--", "graph")
    )


def _commits(root: Path, those: str, most: int = -1, is_removed: IsRemoved = lambda _: False) -> list[Commit]:
    if not _is_known(root):
        return []
    lines = _log(root, those, "--format=%H %ct %s", f"--max-count={most}")
    if most == 1 and lines:
        those = lines[0].partition(" ")[0] + "^!"  # this commit alone
    silent = set(_log(root, those, "--format=%H", "--diff-filter=D")) if lines else set()
    silent |= {name for name, slug in _touched(root, those) if is_removed(slug)} if lines else set()
    silent |= {line.partition(" ")[0] for line in lines if any(map(is_removed, _slugs(line.split(" ", 2)[2])))}
    return [_commit(line, silent) for line in lines]


def _touched(root: Path, those: str) -> Iterator[tuple[str, str]]:
    """Yield each commit with the name, which may be a slug, of each file that it wrote, moved or deleted."""
    commit = ""
    for word in _log(root, those, "--format=%x01%H", "--name-only", "--no-renames", "-m"):
        said = word.lstrip("\n")
        if said.startswith("\x01"):
            commit = said[1:]
        else:
            yield commit, PurePosixPath(said).stem


def _slugs(subject: str) -> Iterator[str]:
    """Yield what words that follow each other would be as a slug."""
    words = plain(subject).split()
    for first in range(len(words)):
        yield from ("-".join(words[first:last]) for last in range(first + 1, min(first + WORDS, len(words)) + 1))


def _log(root: Path, those: str, *options: str) -> list[str]:
    said = _git(root, "log", "-z", "--no-color", "--no-show-signature", *options, those, "--", "graph")
    return [line for line in said.decode(errors="replace").split("\0") if line] if said else []


def _commit(line: str, silent: set[str]) -> Commit:
    name, seconds, subject = line.split(" ", 2)
    when = datetime.fromtimestamp(min(max(int(seconds), 0), _LAST_SECOND), UTC)
    return Commit(name, when.date().isoformat(), TAKEN_OUT if name in silent else _safe(subject))


def _safe(subject: str) -> str:
    """Return one line without control characters, in which nothing is HTML, a link or code to a reader of Markdown."""
    spaced = " ".join(subject.split())
    kept = (char for char in spaced if char in _JOINERS or not unicodedata.category(char).startswith("C"))
    return _MARKED.sub(r"\\\g<0>", "".join(kept)[:SUBJECT].strip())


def _is_known(root: Path) -> bool:
    """Tell whether the repository that git finds from here is the project's own, or tracks its graph."""
    top = _git(root, "rev-parse", "--show-toplevel")
    if not top:
        return False
    own = Path(os.fsdecode(top.removesuffix(b"\n"))) == root.resolve()
    return own or _git(root, "rev-parse", "--verify", "--quiet", "HEAD:./graph") is not None


def _git(root: Path, *words: str) -> bytes | None:
    """Return what git says in a folder; None where there is no git, or where it fails."""
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
