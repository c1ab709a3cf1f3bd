"""Turns a proposal into Turtle: the files that it would change, as they are and as they would be, and writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from pyoxigraph import Triple

from justicegraph.errors import DecisionRejected
from justicegraph.namespaces import JG, SLUG
from justicegraph.project.folder import Folder
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.rdf.schema import facts_of, folder_of
from justicegraph.suggest.proposals import Proposal
from justicegraph.system.files import atomic_write, sync, write_errors

STALE = "The files have changed since this was shown. Look at the suggestion again."


@dataclass(frozen=True)
class FileChange:
    """A file of the graph: its text now, "" if there is no such file, and its triples after the change."""

    path: Path
    before: str
    triples: list[Triple]

    @property
    def after(self) -> str:
        """The Turtle that would be written."""
        return canonical_turtle(self.triples)

    def diff(self, root: Path) -> list[str]:
        """Return the lines of a unified diff, with paths relative to the project; no lines if nothing changes."""
        name = self.path.relative_to(root)
        old_name = "/dev/null" if not self.before else f"a/{name}"
        before, after = self.before.splitlines(keepends=True), self.after.splitlines(keepends=True)
        return [line.rstrip("\n") for line in unified_diff(before, after, old_name, f"b/{name}")]


def file_changes(project: Folder, proposal: Proposal) -> tuple[FileChange, ...]:
    """Return the files that a proposal would change: that of its new source, and that of its entry.

    Raise DecisionRejected if the graph has no folder for the entry's class.
    """
    changes = []
    if proposal.source:
        path = _new_path(project, proposal.source_slug, JG + "Source")
        changes.append(FileChange(path, _text_of(path), list(proposal.source)))
    existing = file_of(project, proposal.slug)
    path = existing or _new_path(project, proposal.slug, proposal.kind)
    before = path.read_text(encoding="utf-8") if existing else ""
    changes.append(FileChange(path, before, proposal.applied_to(project.files[existing].triples if existing else [])))
    return tuple(change for change in changes if change.before != change.after)


def file_of(project: Folder, slug: str) -> Path | None:
    """Return the file of an entry; None if there is no such entry."""
    return next((path for path in project.files if path.stem == slug), None)


def write_files(root: Path, changes: Sequence[FileChange]) -> list[Path]:
    """Write the files, and return their paths in the project; if one cannot be written, undo the others.

    Raise DecisionRejected if somebody has saved one of the files since `file_changes` read it, CannotWrite.
    """
    if any(_text_of(change.path) != change.before for change in changes):
        raise DecisionRejected(STALE)
    written: list[FileChange] = []
    try:
        for change in changes:
            with write_errors(change.path):
                change.path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(change.path) as file:
                file.write(change.after.encode())
            written.append(change)
    except BaseException:
        for change in written:
            _undo(change)
        raise
    return [change.path.relative_to(root) for change in written]


def _new_path(project: Folder, slug: str, kind: str) -> Path:
    folder = folder_of(kind, facts_of(project.ontology))
    if folder is None or not SLUG.fullmatch(slug):
        raise DecisionRejected("no folder of the graph is for this entry")
    return project.root / "graph" / folder / f"{slug}.ttl"


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _undo(change: FileChange) -> None:
    if change.before:
        with atomic_write(change.path) as file:
            file.write(change.before.encode())
    else:
        change.path.unlink()
        sync(change.path.parent)
