"""The releases that are kept: a folder each, found by its date, with a manifest that says what is in it.

    build/releases/2026-11-21/release.json, README.md, SHA256SUMS, justicegraph.nq.gz, tables/people.csv, delta/…

A release never changes. One that held what was removed on request is withdrawn: its folder keeps a manifest only, which
names the release that stands in for it, as in 2026-11-21.1.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from justicegraph.errors import BrokenFile, MissingRelease

MANIFEST = "release.json"
SUMS = "SHA256SUMS"
VERSION = re.compile(r"([12]\d{3}-\d\d-\d\d)(?:\.([1-9]\d*))?", re.ASCII)
"""A release's date, and how many times it was issued anew, as in 2026-11-21.1."""


@dataclass(frozen=True)
class File:
    """A file of a release: its name below the folder, bytes, SHA-256, media type, and what it is for.

    `coding` is the content coding of a compressed one, gzip or zstd; the media type is that of what is in it.
    """

    name: str
    size: int
    sha256: str
    media_type: str
    about: str
    coding: str = ""


@dataclass(frozen=True)
class Changes:
    """What a delta holds: quads added and removed, and the slugs of entries added, changed and removed.

    Entries that were removed on request are not among them: a delta names nobody who asked to be left out.
    """

    quads_added: int
    quads_removed: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Release:
    """A release: its version, what it follows, how much is in it, its hash, files, and what changed.

    `sha256` is the hash of the canonical N-Quads (RDFC-1.0), `previous` the version before, `changes` the difference to
    that. `withdrawn_for` is the version that stands in for one that was withdrawn, which is its `reissue_of`. `commit`
    is the newest change to the graph in it, where that is known.
    """

    path: Path
    version: str
    quads: int
    entities: int
    sha256: str
    previous: str | None = None
    changes: Changes | None = None
    files: tuple[File, ...] = ()
    withdrawn_for: str | None = None
    reissue_of: str | None = None
    commit: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def date(self) -> str:
        """The date of what is in it, as in 2026-11-21."""
        return self.version.partition(".")[0]

    def written(self) -> bytes:
        """Return the manifest."""
        said = {key: value for key, value in asdict(self).items() if key != "path"}
        return json.dumps(said, indent=2, sort_keys=True).encode() + b"\n"


def order_of(version: str) -> tuple[str, int]:
    """Return what versions are sorted by."""
    date, _, issue = version.partition(".")
    return date, int(issue or 0)


def releases(place: Path) -> list[Release]:
    """Return the releases below a folder, the newest first; those that were withdrawn are among them."""
    if not place.is_dir():
        return []
    found = [path for path in place.iterdir() if VERSION.fullmatch(path.name) and (path / MANIFEST).is_file()]
    return [read_release(path) for path in sorted(found, key=lambda path: order_of(path.name), reverse=True)]


def standing(place: Path) -> list[Release]:
    """Return the releases that were not withdrawn, the newest first."""
    return [release for release in releases(place) if release.withdrawn_for is None]


def release_of(place: Path, version: str) -> Release:
    """Return one release; raise MissingRelease where there is none of this version."""
    path = place / version
    if not VERSION.fullmatch(version) or not (path / MANIFEST).is_file():
        there = ", ".join(each.version for each in releases(place)) or "none"
        raise MissingRelease(f'There is no release "{version[:40]}" in {place}; there are: {there}.')
    return read_release(path)


def read_release(path: Path) -> Release:
    """Return the release in this folder; raise BrokenFile where its manifest cannot be read."""
    try:
        said = json.loads((path / MANIFEST).read_bytes())
        said["files"] = tuple(File(**each) for each in said["files"])
        changes = said["changes"] and {
            key: tuple(value) if isinstance(value, list) else value for key, value in said["changes"].items()
        }
        said["changes"] = Changes(**changes) if changes else None
        return Release(path, **said)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenFile(f"{path / MANIFEST} cannot be read as the manifest of a release: {error}.") from error
