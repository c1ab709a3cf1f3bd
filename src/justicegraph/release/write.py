"""A release is issued: dumps, delta, catalogue and texts in a folder that appears whole, or not at all."""

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
from justicegraph.release.tombstones import FILE, read_tombstones, standing_in
from justicegraph.system.compression import read_lines
from justicegraph.system.files import sync

Show = Callable[[int, int, str], None]
"""Shows somebody how far it has come: how many dumps are done, of how many, and the name of the last."""

NEW = ".new"
"""The folder in which a release is written."""


@dataclass(frozen=True)
class Order:
    """What to issue: the contents, the changes to the graph since the release before, and what it stands in for."""

    source: Source
    commits: Sequence[Commit] = ()
    commit: str | None = None
    reissue_of: str | None = None


class _Counted(NamedTuple):
    quads: int
    sha256: str
    entities: int
    classes: Counter[str]


def write_release(place: Path, order: Order, previous: Release | None, show: Show) -> Release:
    """Write a release below a folder, which the caller has to itself; it is there only once it is whole."""
    folder = place / NEW
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        for done in write_dumps(order.source, folder):
            show(*done)
        changes = _delta(place, order.source, previous, folder) if previous else None
        release = _described(folder, order, previous, changes)
        _through_all(folder)
        os.replace(folder, place / release.version)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    sync(place)
    return replace(release, path=place / release.version)


def _delta(place: Path, source: Source, previous: Release, folder: Path) -> Changes:
    with source.quads.open("rb") as lines:
        changes = write_delta(read_lines(previous.path / f"{QUADS}.zst"), lines, folder)
    if (place / FILE).exists():
        stones = standing_in(partial(lines_in, source.quads), read_tombstones(place / FILE))
        (folder / TOMBSTONES).write_bytes(stones.written())
    return changes


def _described(folder: Path, order: Order, previous: Release | None, changes: Changes | None) -> Release:
    """Add what tells of the other files, and return the release as it will be."""
    counted = _count(order.source.quads)
    release = Release(
        folder, order.source.version, counted.quads, counted.entities, counted.sha256,
        previous.version if previous else None, changes, contents(folder), None, order.reissue_of, order.commit,
        dict(sorted(counted.classes.items())),
    )  # fmt: skip
    described = write_catalogue(release, previous)
    (folder / "catalogue.ttl").write_bytes(described.turtle)
    (folder / "catalogue.jsonld").write_bytes(described.jsonld)
    (folder / "README.md").write_text(readme(release, previous), encoding="utf-8")
    (folder / "CHANGES.md").write_text(changes_text(release, order.commits, previous), encoding="utf-8")
    release = replace(release, files=contents(folder))
    (folder / SUMS).write_text(checksums(release.files), encoding="utf-8")
    (folder / MANIFEST).write_bytes(release.written())
    return release


_IS_TYPE, _ENTRY, _CLASS = f" <{TYPE}> <{JG}".encode(), f"<{ID}".encode(), len(f"<{JG}")
_WIDE = ("Record", "Entity", "Agent", "Location", "RenamedEntity")


def _count(quads: Path) -> _Counted:
    """Return how much there is, and the hash of it, from one look at each line."""
    number, digest, classes = 0, hashlib.sha256(), Counter[str]()
    with quads.open("rb") as lines:
        for line in lines:
            number += 1
            digest.update(line)
            if _IS_TYPE in line and line.startswith(_ENTRY):
                subject, _, kind, _ = line.decode().split(" ", 3)
                if "." not in subject.rpartition("/")[2]:
                    classes[kind[_CLASS:-1]] += 1
    entities = classes["Entity"]
    for wide in _WIDE:
        del classes[wide]
    return _Counted(number, digest.hexdigest(), entities, classes)


def _through_all(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            sync(path)
        else:
            with path.open("rb+") as file:
                sync(file)
    sync(folder)
