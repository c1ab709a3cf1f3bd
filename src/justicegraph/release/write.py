"""Writing a release: dumps, delta, catalogue and texts, in a folder that appears whole or not at all."""

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from justicegraph.namespaces import ID, JG, TYPE
from justicegraph.rdf.nquads import lines_in
from justicegraph.release.catalogue import write_catalogue
from justicegraph.release.contents import contents
from justicegraph.release.delta import TOMBSTONES, write_delta
from justicegraph.release.dumps import QUADS, Source, write_dumps
from justicegraph.release.git import Commit
from justicegraph.release.manifest import MANIFEST, SUMS, Changes, Release
from justicegraph.release.readme import changes_text, checksums, readme
from justicegraph.release.tombstones import FILE, drop_restored, read_tombstones
from justicegraph.system.compression import read_lines
from justicegraph.system.files import sync

ShowProgress = Callable[[int, int, str], None]
"""Shows the progress: the number of dumps that are written, the number of all, and the name of the last."""

NEW = ".new"
"""The folder in which a release is written."""


@dataclass(frozen=True)
class ReleaseRequest:
    """A release to write: its source, the commits since the previous release, and the version that it replaces."""

    source: Source
    commits: Sequence[Commit] = ()
    commit: str | None = None
    reissue_of: str | None = None


class _Counts(NamedTuple):
    quads: int
    sha256: str
    entities: int
    classes: Counter[str]


def write_release(releases_dir: Path, request: ReleaseRequest, previous: Release | None, show: ShowProgress) -> Release:
    """Write a release in a folder that the caller has locked; its own folder appears when it is whole."""
    folder = releases_dir / NEW
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        for done in write_dumps(request.source, folder):
            show(*done)
        changes = _write_delta(releases_dir, request.source, previous, folder) if previous else None
        release = _write_descriptions(folder, request, previous, changes)
        _sync_all(folder)
        os.replace(folder, releases_dir / release.version)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    sync(releases_dir)
    return replace(release, path=releases_dir / release.version)


def _write_delta(releases_dir: Path, source: Source, previous: Release, folder: Path) -> Changes:
    with source.quads.open("rb") as lines:
        changes = write_delta(read_lines(previous.path / f"{QUADS}.zst"), lines, folder)
    if (releases_dir / FILE).exists():
        tombstones = drop_restored(partial(lines_in, source.quads), read_tombstones(releases_dir / FILE))
        (folder / TOMBSTONES).write_bytes(tombstones.to_bytes())
    return changes


def _write_descriptions(
    folder: Path, request: ReleaseRequest, previous: Release | None, changes: Changes | None
) -> Release:
    """Write catalogue, texts, checksums and manifest, and return the release as the manifest describes it."""
    counts = _count(request.source.quads)
    release = Release(
        folder, request.source.version, counts.quads, counts.entities, counts.sha256,
        previous.version if previous else None, changes, contents(folder), None, request.reissue_of, request.commit,
        dict(sorted(counts.classes.items())),
    )  # fmt: skip
    described = write_catalogue(release, previous)
    (folder / "catalogue.ttl").write_bytes(described.turtle)
    (folder / "catalogue.jsonld").write_bytes(described.jsonld)
    (folder / "README.md").write_text(readme(release, previous), encoding="utf-8")
    (folder / "CHANGES.md").write_text(changes_text(release, request.commits, previous), encoding="utf-8")
    release = replace(release, files=contents(folder))
    (folder / SUMS).write_text(checksums(release.files), encoding="utf-8")
    (folder / MANIFEST).write_bytes(release.to_json())
    return release


_IS_TYPE, _ENTRY, _CLASS = f" <{TYPE}> <{JG}".encode(), f"<{ID}".encode(), len(f"<{JG}")
_IS_ABSTRACT = f" <{JG}isAbstract> ".encode()
_RENAMED = "RenamedEntity"
"""The class of ids that lead to entries, and are none themselves."""


def _count(quads: Path) -> _Counts:
    """Return the numbers of quads and entries and the hash, from one pass over the lines."""
    number, digest, classes, abstract = 0, hashlib.sha256(), Counter[str](), {_RENAMED}
    with quads.open("rb") as lines:
        for line in lines:
            number += 1
            digest.update(line)
            if _IS_TYPE in line and line.startswith(_ENTRY):
                subject, _, kind, _ = line.decode().split(" ", 3)
                if "." not in subject.rpartition("/")[2]:
                    classes[kind[_CLASS:-1]] += 1
            elif _IS_ABSTRACT in line:
                abstract.add(line.decode().partition(">")[0][_CLASS:])
    entities = classes["Entity"]
    for name in abstract:
        del classes[name]
    return _Counts(number, digest.hexdigest(), entities, classes)


def _sync_all(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            sync(path)
        else:
            with path.open("rb+") as file:
                sync(file)
    sync(folder)
