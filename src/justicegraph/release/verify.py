"""Verifying releases: files by their checksums, the graph by its hash, and the delta by applying it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from justicegraph.errors import BrokenRelease, MissingRelease
from justicegraph.rdf.nquads import digest
from justicegraph.release.delta import apply_delta
from justicegraph.release.dumps import QUADS
from justicegraph.release.manifest import (
    MANIFEST,
    SUMS,
    VERSION,
    Release,
    find_release,
    find_replacement,
    list_releases,
)
from justicegraph.release.readme import checksums
from justicegraph.system.compression import read_lines
from justicegraph.system.files import sha256


def verify(releases_dir: Path, version: str | None = None) -> Iterator[str]:
    """Verify one release, or all in a folder; yield a sentence for each check that succeeds.

    Raise BrokenRelease for the first check that fails, MissingRelease for a version that does not exist.
    """
    if version is None:
        _check_manifests(releases_dir)
    for release in [find_release(releases_dir, version)] if version else reversed(list_releases(releases_dir)):
        if release.withdrawn_for:
            _check_empty(release)
            yield f"{release.version}: withdrawn, and replaced by {release.withdrawn_for}"
            continue
        yield _files(release)
        yield _graph(release)
        if release.previous:
            yield _delta(releases_dir, release)


def check_quads(release: Release) -> None:
    """Raise BrokenRelease if the quads of a release were changed: deltas and reissues are made from them."""
    name = f"{QUADS}.zst"
    path, checksums_by_name = release.path / name, {file.name: file.sha256 for file in release.files}
    if not path.is_file() or sha256(path) != checksums_by_name.get(name):
        raise BrokenRelease(f"{path} is missing or was changed. Download it again from its publisher.")


def _check_manifests(releases_dir: Path) -> None:
    """Raise BrokenRelease for a folder that has the name of a release but no manifest."""
    for path in sorted(releases_dir.iterdir()) if releases_dir.is_dir() else ():
        if VERSION.fullmatch(path.name) and not (path / MANIFEST).is_file():
            raise BrokenRelease(f"{path / MANIFEST} is missing. Download the release again from its publisher.")


def _check_empty(release: Release) -> None:
    if {path.name for path in release.path.iterdir()} != {MANIFEST}:
        raise BrokenRelease(f"{release.path} was withdrawn but still has files: run `justicegraph release` again.")


def _files(release: Release) -> str:
    for file in release.files:
        path = release.path / file.name
        if not path.is_file():
            raise BrokenRelease(f"{path} is missing. Download the release again from its publisher.")
        if (path.stat().st_size, sha256(path)) != (file.size, file.sha256):
            raise BrokenRelease(
                f"{path} was changed: its SHA-256 is not that of the manifest. Download the file again."
            )
    sums = release.path / SUMS
    if not sums.is_file() or sums.read_text() != checksums(release.files):
        raise BrokenRelease(f"{sums} does not say what the manifest says. Download the release again.")
    return f"{release.version}: {len(release.files)} files match their checksums"


def _graph(release: Release) -> str:
    if digest(read_lines(release.path / f"{QUADS}.zst")) != release.sha256:
        sentence = f"the graph's RDFC-1.0 hash is not {release.sha256}"
        raise BrokenRelease(f"{release.path}: {sentence}. Download the release again.")
    return f"{release.version}: the graph matches the RDFC-1.0 hash {release.sha256}"


def _delta(releases_dir: Path, release: Release) -> str:
    before = _before(releases_dir, release)
    read = partial(read_lines, before.path / f"{QUADS}.zst")
    check_quads(before)
    if digest(apply_delta(read, release.path)) != release.sha256:
        raise BrokenRelease(
            f"{release.path}: its delta does not turn {before.version} into this release. Download both again."
        )
    return f"{release.version}: its delta leads from {before.version} to its graph"


def _before(releases_dir: Path, release: Release) -> Release:
    """Return the previous release, or the one that replaces it."""
    version = release.previous or ""
    try:
        return find_replacement(releases_dir, version)
    except MissingRelease as error:
        sentence = (
            f"{release.version} follows {version}, which is not in {releases_dir}: put it there to check the delta."
        )
        raise MissingRelease(sentence) from error
