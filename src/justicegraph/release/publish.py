"""Publishing the next release, and replacing older ones after a removal on request."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from json import loads
from pathlib import Path

from justicegraph.errors import CannotRelease
from justicegraph.namespaces import CONTEXT_VERSION, DOC, ID, slug_of
from justicegraph.project.removal import IsRemoved
from justicegraph.project.sssom import Decision
from justicegraph.rdf.nquads import Lines, quads_of
from justicegraph.release.delta import ADDED, REMOVED
from justicegraph.release.dumps import CONTEXT, FRAMES, QUADS, Source
from justicegraph.release.manifest import (
    MANIFEST,
    VERSION,
    Release,
    available_releases,
    find_release,
    find_replacement,
    list_releases,
    version_key,
)
from justicegraph.release.tombstones import (
    FILE,
    Read,
    RemovedEntry,
    apply_tombstones,
    entries_that_name,
    find_removed_entries,
    make_tombstones,
    read_tombstones,
    write_tombstones,
)
from justicegraph.release.verify import check_quads
from justicegraph.release.write import NEW, ReleaseRequest, ShowProgress, write_release
from justicegraph.system.compression import read_lines
from justicegraph.system.files import atomic_write, exclusive_lock, write_errors

MAX_NAMED = 20
"""The most entries that are named in one message."""

REMAINING = ".rest.nq"
"""The file with the remaining quads of an older release, while it is reissued."""

CHECKED_LIST = ".removals"
"""The file with the checksum of the list of removals for which all releases were checked."""


@dataclass(frozen=True)
class RemovedEntries:
    """The entries that were removed on request: a test for slugs, and the checksum of the list ("" for none).

    With `allow_shared_names`, other entries may contain their names: the operator has checked that they mean others.
    """

    is_removed: IsRemoved
    checksum: str
    allow_shared_names: bool = False


def publish_release(
    releases_dir: Path, request: ReleaseRequest, removals: RemovedEntries, since: str | None, show: ShowProgress
) -> Release:
    """Publish the next release in a folder and return it; first reissue older ones without entries removed since.

    The delta is from the newest release, or from the version `since`. Raise CannotRelease if the version exists or
    is not the newest, MissingRelease where there is no release `since`. After an interruption, running it again
    finishes the work.
    """
    with write_errors(releases_dir), exclusive_lock(releases_dir, "another release"):
        _check_date(request.source.version)
        for leftover in (NEW, REMAINING):
            _remove(releases_dir / leftover)
        _check_age(releases_dir, request.source.version)
        _check_context(releases_dir, request.source)
        previous = find_release(releases_dir, since).version if since else None
        _withdraw_removed(releases_dir, request.source, removals, show)
        _check_free(releases_dir, request.source.version)
        version = _next_version(releases_dir, request.source.version)
        before = (
            find_replacement(releases_dir, previous) if previous else next(iter(available_releases(releases_dir)), None)
        )
        if before:
            check_quads(before)
        return write_release(
            releases_dir, replace(request, source=replace(request.source, version=version)), before, show
        )


def _check_date(version: str) -> None:
    try:
        is_date = date.fromisoformat(version).isoformat() == version and VERSION.fullmatch(version) is not None
    except ValueError:
        is_date = False
    if not is_date:
        raise CannotRelease(f'"{version[:40]}" is not a date: write --date as in 2026-11-21.')


def _check_age(releases_dir: Path, day: str) -> None:
    """Raise CannotRelease for a day before the newest release."""
    newest = next(iter(list_releases(releases_dir)), None)
    if newest and day < newest.date:
        raise CannotRelease(f"The release {newest.version} is newer than {day}: name a later day with --date.")


def _check_free(releases_dir: Path, day: str) -> None:
    """Raise CannotRelease if the day has a release already. Reissued ones do not count."""
    if any(release.date == day and release.reissue_of is None for release in available_releases(releases_dir)):
        raise CannotRelease(f"The release {day} is there already and never changes: name a later day with --date.")


def _check_context(releases_dir: Path, source: Source) -> None:
    """Raise CannotRelease for a changed context: documents with its address must keep their meaning."""
    for old in available_releases(releases_dir):
        path = old.path / CONTEXT
        if path.exists() and loads(path.read_bytes())["@context"] != source.context:
            raise CannotRelease(
                f"The context {CONTEXT_VERSION} of release {old.version} has changed since: restore its file, "
                "raise CONTEXT_VERSION in namespaces.py, and write the next one with `make context`."
            )


def _next_version(releases_dir: Path, day: str) -> str:
    issues = [version_key(release.version)[1] for release in list_releases(releases_dir) if release.date == day]
    return f"{day}.{max(issues) + 1}" if issues else day


def _withdraw_removed(releases_dir: Path, source: Source, removals: RemovedEntries, show: ShowProgress) -> None:
    """Reissue each release that has removed entries, the oldest first, and withdraw the old one.

    Releases are not checked again until the list of removals changes, since later releases cannot have those entries.
    """
    checked_list = releases_dir / CHECKED_LIST
    if removals.checksum == (checked_list.read_text() if checked_list.exists() else ""):
        return
    affected = _releases_with_removed(releases_dir, removals.is_removed)
    if not removals.allow_shared_names:
        _check_names(source.quads, affected)
    for old, removed in affected:
        read = partial(read_lines, old.path / f"{QUADS}.zst")
        with source.quads.open("rb") as newest_lines:
            tombstones = make_tombstones(read, removed, newest_lines)
        write_tombstones(releases_dir / FILE, read_tombstones(releases_dir / FILE) | tombstones)
        remaining = partial(apply_tombstones, read, tombstones, removed)
        new = _find_reissue(releases_dir, old) or _reissue(releases_dir, old, remaining, source.decisions, show)
        _withdraw(old, new.version)
    with atomic_write(checked_list) as file:
        file.write(removals.checksum.encode())


def _releases_with_removed(releases_dir: Path, is_removed: IsRemoved) -> list[tuple[Release, list[RemovedEntry]]]:
    """Return the releases that have removed entries, the oldest first, with those entries."""
    affected = []
    for old in reversed(list_releases(releases_dir)):
        if old.withdrawn_for:
            _empty(old)
            continue
        check_quads(old)
        if _has_removed(old, is_removed):
            affected.append((old, find_removed_entries(read_lines(old.path / f"{QUADS}.zst"), is_removed)))
    return affected


def _check_names(quads: Path, affected: list[tuple[Release, list[RemovedEntry]]]) -> None:
    """Raise CannotRelease if other entries contain the name of a removed one.

    They must be reworded before the release: afterwards, the delta would show the old wording to everybody.
    """
    entries = [entry for _, removed in affected for entry in removed]
    with quads.open("rb") as lines:
        slugs = entries_that_name(lines, entries) if entries else []
    if slugs:
        names = ", ".join(slugs[:MAX_NAMED]) + (f" and {len(slugs) - MAX_NAMED} more" if len(slugs) > MAX_NAMED else "")
        raise CannotRelease(
            f"The name of a removed entry is still in {names}: reword or remove them, "
            "or add --allow-shared-names if they mean somebody else."
        )


def _has_removed(old: Release, is_removed: IsRemoved) -> bool:
    """Return whether a release or its delta has a removed entry."""
    files = [old.path / f"{name}.zst" for name in (QUADS, ADDED, REMOVED)]
    is_removed_cached = lru_cache(65_536)(is_removed)
    return any(_names_removed(read_lines(path), is_removed_cached) for path in files if path.exists())


def _names_removed(lines: Lines, is_removed: IsRemoved) -> bool:
    for quad in quads_of(lines):
        slugs = (slug_of(term[1:-1].replace(DOC, ID)) for term in (quad.subject, quad.value, quad.graph))
        if any(slug and is_removed(slug) for slug in slugs):
            return True
    return False


def _find_reissue(releases_dir: Path, old: Release) -> Release | None:
    """Return the replacement of a release, if an earlier run was interrupted before it withdrew the old one."""
    return next((release for release in available_releases(releases_dir) if release.reissue_of == old.version), None)


def _reissue(
    releases_dir: Path, old: Release, remaining: Read, decisions: Sequence[Decision], show: ShowProgress
) -> Release:
    rest = releases_dir / REMAINING
    with rest.open("wb") as file:
        file.writelines(remaining())
    context = loads((old.path / CONTEXT).read_bytes())["@context"]
    frames = loads((old.path / FRAMES).read_bytes())
    source = Source(rest, context, frames, _next_version(releases_dir, old.date), decisions)
    previous = find_replacement(releases_dir, old.previous) if old.previous else None
    reissue = write_release(releases_dir, ReleaseRequest(source, (), old.commit, old.version), previous, show)
    rest.unlink()
    return reissue


def _withdraw(old: Release, replacement: str) -> None:
    """Withdraw a release: write a manifest that names its replacement, then delete its files."""
    manifest = replace(old, withdrawn_for=replacement, files=(), changes=None, commit=None, counts={}, sha256="")
    with atomic_write(old.path / MANIFEST) as file:
        file.write(manifest.to_json())
    _empty(old)


def _empty(old: Release) -> None:
    for path in old.path.iterdir():
        if path.name != MANIFEST:
            _remove(path)


def _remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
