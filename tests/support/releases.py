"""Publishing releases of invented projects, and reading them back."""

import sys
from collections.abc import Iterator
from pathlib import Path

from justicegraph.jsonld import read_context, read_frames
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.project.removal import removal_test, removals_checksum
from justicegraph.rdf.nquads import write_sorted
from justicegraph.release import (
    Commit,
    Release,
    ReleaseRequest,
    RemovedEntries,
    Source,
    publish_release,
)
from justicegraph.system.compression import read_lines
from tests.support.project import ROOT, write_entity

COMMAND = Path(sys.executable).with_name("justicegraph")


def ignore_progress(_done: int, _of: int, _what: str) -> None:
    """Ignore the progress."""


def quads_of_project(project: Path) -> Path:
    """Return a file with the canonical N-Quads of a project, its derived ones included, outside of it."""
    folder = load_folder(project)
    store = store_of(folder)
    reason(store, folder.rules)
    path = project.parent / f"{project.name}.nq"
    with path.open("wb") as file:
        write_sorted((f"{quad} .\n".encode() for quad in store), file)
    return path


def issue(project: Path, day: str, since: str | None = None, commits: tuple[Commit, ...] = ()) -> Release:
    """Issue a release of a project as it is now."""
    source = Source(quads_of_project(project), read_context(ROOT), read_frames(ROOT), day)
    removed = RemovedEntries(removal_test(project), removals_checksum(project))
    return publish_release(
        project / "build" / "releases", ReleaseRequest(source, commits, "0" * 40), removed, since, ignore_progress
    )


def add_person(project: Path, slug: str, name: str, more: str = "") -> None:
    turtle = f"""id:{slug} a jg:Person ; skos:prefLabel "{name}"@en ; skos:definition "Invented."@en ;
        jg:source id:invented-list {more} .
        id:{slug}.mention-1 a jg:Mention ; jg:mentions id:{slug} ; jg:inSource id:invented-list ; jg:exact "{name}"@en ;
        jg:firstLine 1 ; jg:lastLine 1 ."""
    write_entity(project, f"people/{slug}", turtle)


def everything(place: Path) -> dict[str, bytes]:
    return {str(path.relative_to(place)): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}


def texts(place: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the plain bytes of each file below a folder."""
    for path in sorted(path for path in place.rglob("*") if path.is_file()):
        if path.suffix == ".zst":
            yield str(path), b"".join(read_lines(path))
        elif path.suffix not in {".gz", ".parquet"}:
            yield str(path), path.read_bytes()
