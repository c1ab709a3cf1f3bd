"""The published releases, read for each request, since they may appear or be withdrawn while the server runs."""

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from flask import abort

from justicegraph.errors import BrokenFile, JusticeGraphError
from justicegraph.http.problems import Problem
from justicegraph.namespaces import DATA
from justicegraph.release.manifest import MANIFEST, VERSION, Release, read_release, version_key
from justicegraph.web.errors import problem_page
from justicegraph.web.site import site

LONGEST = 40
"""The most characters of a version, so that it can be the name of a folder."""


def all_releases() -> Iterator[Release]:
    """Yield the releases lazily, withdrawn ones included, the newest first."""
    place = site().releases
    if place is None or not place.is_dir():
        return
    names = [path.name for path in place.iterdir() if _is_release(place, path.name)]
    for name in sorted(names, key=version_key, reverse=True):
        yield _read(place / name)


def available_releases() -> Iterator[Release]:
    """Yield the releases that were not withdrawn, the newest first."""
    return (release for release in all_releases() if release.withdrawn_for is None)


def newest_release() -> Release | None:
    """Return the newest release that was not withdrawn; None if there is none."""
    return next(available_releases(), None)


def release_at(version: str) -> Release:
    """Return the release of a version; abort with 404 if there is none."""
    place = site().releases
    if place is None or not _is_release(place, version):
        abort_not_found(f"There is no release {version[:LONGEST]} here. /data/ lists those that there are.")
    return _read(place / version)


def abort_not_found(sentence: str) -> NoReturn:
    """Abort with 404 and a message."""
    abort(problem_page(Problem("not-found", sentence)))


def replacement_of(release: Release) -> str:
    """Return the version that replaces a withdrawn release; the last one if that was withdrawn too."""
    place, passed = site().releases, {release.version}
    version = release.withdrawn_for or release.version
    while place and version not in passed and _is_release(place, version):
        passed.add(version)
        version = _read(place / version).withdrawn_for or version
    return version


def iri_of(release: Release) -> str:
    """Return the permanent IRI of a release, by which it is cited."""
    return f"{DATA}{release.version}/"


def _is_release(place: Path, version: str) -> bool:
    """Return whether there is a release of a version; invalid versions never become part of a path."""
    return bool(len(version) <= LONGEST and VERSION.fullmatch(version)) and (place / version / MANIFEST).is_file()


def _read(path: Path) -> Release:
    """Return the release in a folder; an error does not show the path."""
    try:
        return read_release(path)
    except BrokenFile as error:
        raise JusticeGraphError(f"The release {path.name} cannot be read. This is an error of the server.") from error
