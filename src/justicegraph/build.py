"""From a project's folder to a snapshot, and from a snapshot to the results of a query.

Nothing here prints. `track` shows the progress over many files, and `report` gets each sentence for a person.
"""

from collections.abc import Callable, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from justicegraph.project.folder import Track, untracked

if TYPE_CHECKING:
    from justicegraph.project.snapshot import Snapshot
    from justicegraph.sparql.open_snapshot import OpenSnapshot
    from justicegraph.sparql.query import RunQuery
    from justicegraph.validate import Finding

Report = Callable[[str], None]
"""Takes a sentence for a person."""

RELEASES = "releases"
"""The folder with the releases, below the folder of builds."""


def unreported(_: str) -> None:
    """Report nothing."""


def fingerprint_of(folder: Path) -> str:
    """Return the fingerprint of everything that a snapshot is made from: the project's files and this program."""
    from justicegraph.project.locate import PACKAGE
    from justicegraph.project.snapshot import fingerprint

    return fingerprint(*(folder / name for name in ("graph", "ontology", "queries", "shapes")), PACKAGE)


def check_folder(folder: Path, track: Track = untracked) -> "list[Finding]":
    """Return what is wrong with a project, by file and line; raise MissingFolder, or BrokenFile for the ontology."""
    from justicegraph.project.folder import load_folder, store_of
    from justicegraph.project.removal import removal_test
    from justicegraph.validate import validate

    project = load_folder(folder, track)
    return validate(project, store_of(project), track, removal_test(folder))


def build_snapshot(folder: Path, build_dir: Path, track: Track = untracked, report: Report = unreported) -> "Snapshot":
    """Check a project, write a snapshot below `build_dir`, and make it the current one.

    Where the check has findings, report each one, raise BrokenRules and change nothing. Raise MissingFolder, BrokenFile
    or CannotWrite likewise.
    """
    from justicegraph.errors import BrokenRules
    from justicegraph.jsonld import read_context, write_document
    from justicegraph.project.folder import load_folder, store_of
    from justicegraph.project.reason import reason
    from justicegraph.project.removal import removal_test
    from justicegraph.project.snapshot import write_snapshot
    from justicegraph.search import FOLDER, write_search
    from justicegraph.sparql.evaluate import evaluate
    from justicegraph.text import count
    from justicegraph.validate import validate
    from justicegraph.void import describe

    inputs = fingerprint_of(folder)
    project = load_folder(folder, track)
    store = store_of(project)
    findings = validate(project, store, track, removal_test(folder))
    for finding in findings:
        report(str(finding))
    if findings:
        raise BrokenRules(f"{count(len(findings), 'finding')}: nothing was built. Fix them and build again.")
    rules = project.rules
    del project  # its triples are in the store, and take as much memory again
    reason(store, rules)
    describe(store, folder / "queries")
    context = read_context(folder)
    dumps = {"justicegraph.jsonld": lambda quads, file: write_document(quads, context, file)}
    extras = {FOLDER: partial(write_search, partial(evaluate, store, union=True))}
    return write_snapshot(store, build_dir, inputs, dumps, extras)


def ensure_snapshot(folder: Path, build_dir: Path, track: Track = untracked, report: Report = unreported) -> "Snapshot":
    """Return the current snapshot if neither the project nor the program has changed since, else build a new one.

    Raise the same errors as `build_snapshot`.
    """
    from justicegraph.project.snapshot import current_snapshot
    from justicegraph.search import is_current

    snapshot = current_snapshot(build_dir)
    if snapshot and snapshot.inputs == fingerprint_of(folder):
        if is_current(snapshot.path):
            return snapshot
        report("The index for searching is missing or of another version: the snapshot is built again.")
    return build_snapshot(folder, build_dir, track, report)


def run_query_of(snapshot: "Snapshot", files: Sequence[Path] = ()) -> "RunQuery":
    """Return a function that runs queries over a snapshot together with RDF files; raise BrokenFile for such a file."""
    from justicegraph.project.snapshot import QUADS, open_store
    from justicegraph.rdf.files import load_store
    from justicegraph.sparql.evaluate import evaluate

    store = load_store([snapshot.path / QUADS, *files]) if files else open_store(snapshot)
    return partial(evaluate, store, union=True)


class Project:
    """A project's folder: check it, build a snapshot of it, and query the snapshot.

    `folder` holds graph/, ontology/, shapes/ and queries/. Snapshots go to `build_dir`, by default the folder's build/.
    `track` shows progress, as `rich.progress.track` does; `report` gets each sentence for a person, as `print` does.

        >>> project = Project(".")
        >>> project.check()
        []
        >>> with project.build() as snapshot:
        ...     snapshot.ask("ASK { ?anybody a <https://w3id.org/justicegraph/ontology#Person> }")
        True
    """

    def __init__(
        self,
        folder: str | PathLike[str],
        build_dir: str | PathLike[str] | None = None,
        *,
        track: Track = untracked,
        report: Report = unreported,
    ) -> None:
        from justicegraph.project import locate

        self.folder = Path(folder)
        self.build_dir = locate.build_dir(self.folder) if build_dir is None else Path(build_dir)
        self._track, self._report = track, report

    def __repr__(self) -> str:
        return f"Project({str(self.folder)!r}, {str(self.build_dir)!r})"

    def check(self) -> "list[Finding]":
        """Return what is wrong, sorted by file and line; with an empty list, the project can be built.

        Raise MissingFolder if this is not a project's folder, and BrokenFile for an ontology that cannot be read.
        """
        return check_folder(self.folder, self._track)

    def build(self) -> "OpenSnapshot":
        """Check the project, write a new snapshot, make it the current one, and return it.

        Raise BrokenRules if the check has findings, and CannotWrite if the disk refuses. Either changes nothing.
        """
        from justicegraph.sparql.open_snapshot import OpenSnapshot

        return OpenSnapshot(build_snapshot(self.folder, self.build_dir, self._track, self._report))

    def snapshot(self) -> "OpenSnapshot":
        """Return the current snapshot; build a new one only if the project or this program has changed since.

        Raise the same errors as `build`.
        """
        from justicegraph.sparql.open_snapshot import OpenSnapshot

        return OpenSnapshot(ensure_snapshot(self.folder, self.build_dir, self._track, self._report))
