"""The sequence of releases: the next one, and what becomes of older ones when somebody has asked to be left out."""

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
from justicegraph.release.manifest import MANIFEST, VERSION, Release, order_of, release_of, releases, standing
from justicegraph.release.tombstones import (
    FILE,
    Gone,
    Read,
    buried,
    gone_from,
    read_tombstones,
    told_of,
    without,
    write_tombstones,
)
from justicegraph.release.verify import check_quads
from justicegraph.release.write import NEW, Order, Show, write_release
from justicegraph.system.compression import read_lines
from justicegraph.system.files import atomic_write, exclusive_lock, write_errors

SHOWN = 20
"""Entries that are named in one sentence."""

REST = ".rest.nq"
"""What is left of an older release, while it is issued anew."""

SEEN = ".removals"
"""The checksum of the list of removals for which all releases were looked through."""


@dataclass(frozen=True)
class Removals:
    """What was removed on request: a test for slugs, the checksum of the list ("" where nothing was).

    `told` says that the names of the removed may stand in other entries: the operator has looked at them.
    """

    is_removed: IsRemoved
    checksum: str
    told: bool = False


def release(place: Path, order: Order, removals: Removals, since: str | None, show: Show) -> Release:
    """Issue the next release below a folder, and older ones anew without what was removed since; return the next one.

    Raise CannotRelease where its version is taken or not the newest, MissingRelease where `since` is none. It follows
    the newest release, or `since`. Where it is interrupted, running it again finishes it.
    """
    with write_errors(place), exclusive_lock(place, "another release"):
        _check_date(order.source.version)
        for leftover in (NEW, REST):
            _remove(place / leftover)
        _check_age(place, order.source.version)
        _check_context(place, order.source)
        previous = release_of(place, since).version if since else None
        _withdraw_removed(place, order.source, removals, show)
        _check_free(place, order.source.version)
        version = _next_version(place, order.source.version)
        following = _stand_in(place, previous) if previous else next(iter(standing(place)), None)
        if following:
            check_quads(following)
        return write_release(place, replace(order, source=replace(order.source, version=version)), following, show)


def _check_date(version: str) -> None:
    try:
        known = date.fromisoformat(version).isoformat() == version and VERSION.fullmatch(version) is not None
    except ValueError:
        known = False
    if not known:
        raise CannotRelease(f'"{version[:40]}" is no date: write --date as in 2026-11-21.')


def _check_age(place: Path, day: str) -> None:
    """No release is older than one that is there."""
    newest = next(iter(releases(place)), None)
    if newest and day < newest.date:
        raise CannotRelease(f"The release {newest.version} is newer than {day}: name a later day with --date.")


def _check_free(place: Path, day: str) -> None:
    """A release never changes. What stands in for one that was withdrawn takes nobody's place."""
    if any(each.date == day and each.reissue_of is None for each in standing(place)):
        raise CannotRelease(f"The release {day} is there already and never changes: name a later day with --date.")


def _check_context(place: Path, source: Source) -> None:
    """A context never changes once it was released: documents that name it must go on meaning the same."""
    for old in standing(place):
        path = old.path / CONTEXT
        if path.exists() and loads(path.read_bytes())["@context"] != source.context:
            raise CannotRelease(
                f"The context {CONTEXT_VERSION} was released with {old.version} and is another now: restore its file, "
                "raise CONTEXT_VERSION in names.py, and write the next one with `make context`."
            )


def _next_version(place: Path, day: str) -> str:
    issues = [order_of(each.version)[1] for each in releases(place) if each.date == day]
    return f"{day}.{max(issues) + 1}" if issues else day


def _stand_in(place: Path, version: str) -> Release:
    """Return a release, or what stands in for it."""
    found = release_of(place, version)
    return _stand_in(place, found.withdrawn_for) if found.withdrawn_for else found


def _withdraw_removed(place: Path, source: Source, removals: Removals, show: Show) -> None:
    """Issue anew, the oldest first, each release that tells of what was removed on request; withdraw the old one.

    Releases are not looked through again until the list of removals has changed: later ones cannot tell of it.
    """
    seen = place / SEEN
    if removals.checksum == (seen.read_text() if seen.exists() else ""):
        return
    telling = _telling(place, removals.is_removed)
    if not removals.told:
        _check_untold(source.quads, telling)
    for old, gone in telling:
        read = partial(read_lines, old.path / f"{QUADS}.zst")
        with source.quads.open("rb") as now:
            stones = buried(read, gone, now)
        write_tombstones(place / FILE, read_tombstones(place / FILE) | stones)
        left = partial(without, read, stones, gone)
        new = _reissued(place, old) or _reissue(place, old, left, source.decisions, show)
        _withdraw(old, new.version)
    with atomic_write(seen) as file:
        file.write(removals.checksum.encode())


def _telling(place: Path, is_removed: IsRemoved) -> list[tuple[Release, list[Gone]]]:
    """Return the releases that tell of what was removed, the oldest first, and what of it they hold."""
    found = []
    for old in reversed(releases(place)):
        if old.withdrawn_for:
            _empty(old)
            continue
        check_quads(old)
        if _tells(old, is_removed):
            found.append((old, gone_from(read_lines(old.path / f"{QUADS}.zst"), is_removed)))
    return found


def _check_untold(quads: Path, telling: list[tuple[Release, list[Gone]]]) -> None:
    """Once a release is out, a sentence that is reworded later stands in what changed, for everybody to see."""
    with quads.open("rb") as now:
        told = told_of(now, [each for _, gone in telling for each in gone]) if telling else []
    if told:
        named = ", ".join(told[:SHOWN]) + (f" and {len(told) - SHOWN} more" if len(told) > SHOWN else "")
        raise CannotRelease(
            f"The name of what was removed is still told by {named}: reword or remove them, "
            "or say --told-on-purpose where another is meant."
        )


def _tells(old: Release, is_removed: IsRemoved) -> bool:
    """Tell whether a release, or its delta, names what was removed."""
    files = [old.path / f"{name}.zst" for name in (QUADS, ADDED, REMOVED)]
    known = lru_cache(65_536)(is_removed)
    return any(_names_removed(read_lines(path), known) for path in files if path.exists())


def _names_removed(lines: Lines, is_removed: IsRemoved) -> bool:
    for quad in quads_of(lines):
        slugs = (slug_of(term[1:-1].replace(DOC, ID)) for term in (quad.subject, quad.value, quad.graph))
        if any(slug and is_removed(slug) for slug in slugs):
            return True
    return False


def _reissued(place: Path, old: Release) -> Release | None:
    """Return what stands in for a release already, where an earlier run was interrupted before it withdrew the old."""
    return next((each for each in standing(place) if each.reissue_of == old.version), None)


def _reissue(place: Path, old: Release, left: Read, decisions: Sequence[Decision], show: Show) -> Release:
    rest = place / REST
    with rest.open("wb") as file:
        file.writelines(left())
    context = loads((old.path / CONTEXT).read_bytes())["@context"]
    frames = loads((old.path / FRAMES).read_bytes())
    source = Source(rest, context, frames, _next_version(place, old.date), decisions)
    previous = _stand_in(place, old.previous) if old.previous else None
    made = write_release(place, Order(source, (), old.commit, old.version), previous, show)
    rest.unlink()
    return made


def _withdraw(old: Release, stand_in: str) -> None:
    """Leave nothing of a release but the word on what stands in for it. That comes first: then it is withdrawn."""
    said = replace(old, withdrawn_for=stand_in, files=(), changes=None, commit=None, counts={}, sha256="")
    with atomic_write(old.path / MANIFEST) as file:
        file.write(said.written())
    _empty(old)


def _empty(old: Release) -> None:
    for path in old.path.iterdir():
        if path.name != MANIFEST:
            _remove(path)


def _remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
