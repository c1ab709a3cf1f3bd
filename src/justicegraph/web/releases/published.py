"""The site's releases, read anew for each request: one may appear, or be withdrawn, while the server runs."""

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
"""Characters of a version that is looked for: a longer one is no name that a folder can have."""


def all_releases() -> Iterator[Release]:
    """Yield the releases, the newest first, each read when it is wanted; those that were withdrawn are among them."""
    place = site().releases
    if place is None or not place.is_dir():
        return
    names = [each.name for each in place.iterdir() if _is_kept(place, each.name)]
    for name in sorted(names, key=version_key, reverse=True):
        yield _read(place / name)


def standing() -> Iterator[Release]:
    """Yield the releases that were not withdrawn, the newest first."""
    return (release for release in all_releases() if release.withdrawn_for is None)


def newest() -> Release | None:
    """Return the newest release that stands; None where there is none."""
    return next(standing(), None)


def release_at(version: str) -> Release:
    """Return the release with this version; abort with 404 where there is none."""
    place = site().releases
    if place is None or not _is_kept(place, version):
        missing(f"There is no release {version[:LONGEST]} here. /data/ lists those that there are.")
    return _read(place / version)


def missing(sentence: str) -> NoReturn:
    """Abort with 404, and say what is not here."""
    abort(problem_page(Problem("not-found", sentence)))


def stand_in(release: Release) -> str:
    """Return the version that stands in for a withdrawn release: the last one, where that was withdrawn too."""
    place, passed = site().releases, {release.version}
    version = release.withdrawn_for or release.version
    while place and version not in passed and _is_kept(place, version):
        passed.add(version)
        version = _read(place / version).withdrawn_for or version
    return version


def iri_of(release: Release) -> str:
    """Return the release's lasting name, by which it is cited."""
    return f"{DATA}{release.version}/"


def _is_kept(place: Path, version: str) -> bool:
    """Tell whether there is a release of this version; what is no version is never made part of a path."""
    return bool(len(version) <= LONGEST and VERSION.fullmatch(version)) and (place / version / MANIFEST).is_file()


def _read(path: Path) -> Release:
    """Return the release in this folder; an error does not tell readers where that is."""
    try:
        return read_release(path)
    except BrokenFile as error:
        raise JusticeGraphError(f"The release {path.name} cannot be read, and it is ours to mend.") from error
