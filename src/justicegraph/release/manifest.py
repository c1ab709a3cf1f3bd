"""The manifests of releases: each release is a folder named after its date, with a manifest of its content.

    build/releases/2026-11-21/release.json, README.md, SHA256SUMS, justicegraph.nq.gz, tables/people.csv, delta/…

A release never changes. A release with an entry that was removed on request is withdrawn: only its manifest is left,
with the version of the release that replaces it, as in 2026-11-21.1.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import msgspec

from justicegraph.errors import BrokenFile, MissingRelease

MANIFEST = "release.json"
SUMS = "SHA256SUMS"
VERSION = re.compile(r"([12]\d{3}-\d\d-\d\d)(?:\.([1-9]\d*))?", re.ASCII)
"""A release's date, and how many times it was reissued, as in 2026-11-21.1."""


@dataclass(frozen=True)
class File:
    """A file of a release: its path in the folder, its size in bytes, its SHA-256, its media type and its description.

    `coding` is the content coding of a compressed file, gzip or zstd; the media type is that of its content.
    """

    name: str
    size: int
    sha256: str
    media_type: str
    about: str
    coding: str = ""


@dataclass(frozen=True)
class Changes:
    """The content of a delta: numbers of quads added and removed, slugs of entries added, changed and removed.

    Entries that were removed on request are not among them, because a delta must not name them.
    """

    quads_added: int
    quads_removed: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Release:
    """A release, as its manifest describes it.

    `sha256` is the hash of the canonical N-Quads (RDFC-1.0), `previous` the version before, `changes` the delta to it.
    A withdrawn release has in `withdrawn_for` the version that replaces it; that one has in `reissue_of` the version
    that it replaces. `commit` is the newest commit to the graph, if git knows it. `counts` has entries by class.
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
        """The date of its content, as in 2026-11-21."""
        return self.version.partition(".")[0]

    def to_json(self) -> bytes:
        """Return the manifest as JSON."""
        manifest = {key: value for key, value in asdict(self).items() if key != "path"}
        return json.dumps(manifest, indent=2, sort_keys=True).encode() + b"\n"


def version_key(version: str) -> tuple[str, int]:
    """Return the sort key of a version: its date, and how many times it was reissued."""
    date, _, issue = version.partition(".")
    return date, int(issue or 0)


def list_releases(releases_dir: Path) -> list[Release]:
    """Return the releases in a folder, withdrawn ones included, the newest first."""
    if not releases_dir.is_dir():
        return []
    paths = [path for path in releases_dir.iterdir() if VERSION.fullmatch(path.name) and (path / MANIFEST).is_file()]
    return [read_release(path) for path in sorted(paths, key=lambda path: version_key(path.name), reverse=True)]


def available_releases(releases_dir: Path) -> list[Release]:
    """Return the releases in a folder that were not withdrawn, the newest first."""
    return [release for release in list_releases(releases_dir) if release.withdrawn_for is None]


def find_release(releases_dir: Path, version: str) -> Release:
    """Return the release of a version; raise MissingRelease if there is none."""
    path = releases_dir / version
    if not VERSION.fullmatch(version) or not (path / MANIFEST).is_file():
        versions = ", ".join(release.version for release in list_releases(releases_dir)) or "none"
        raise MissingRelease(f'There is no release "{version[:40]}" in {releases_dir}; there are: {versions}.')
    return read_release(path)


def find_replacement(releases_dir: Path, version: str) -> Release:
    """Return the release of a version, or the one that replaces it; raise MissingRelease if there is none."""
    release = find_release(releases_dir, version)
    while release.withdrawn_for:
        release = find_release(releases_dir, release.withdrawn_for)
    return release


def read_release(path: Path) -> Release:
    """Return the release in a folder; raise BrokenFile if its manifest cannot be read."""
    manifest = path / MANIFEST
    try:
        content = json.loads(manifest.read_bytes())
        return msgspec.convert({**content, "path": str(path)}, Release, dec_hook=lambda _type, value: Path(value))
    except (OSError, ValueError, TypeError) as error:
        raise BrokenFile(f"{manifest} cannot be read as the manifest of a release: {error}.") from error
