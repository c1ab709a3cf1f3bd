"""The commands that build what is published, and publish it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from justicegraph.cli.terminal import build_option, count, folder_option, place_of_build, say, show_progress, track

if TYPE_CHECKING:
    from justicegraph.project.snapshot import Snapshot
    from justicegraph.release import Release

RELEASES = "releases"
"""Where releases are, below the folder of builds."""


@click.command()
@folder_option
@build_option
def build(folder: Path, build_dir: Path | None) -> None:
    """Check everything, write a snapshot, and make it the current one."""
    made = build_snapshot(folder, place_of_build(folder, build_dir))
    click.echo(made.id)
    say(f"{count(made.quads, 'quad')} in {made.path}.")


@click.command()
@folder_option
@build_option
@click.option("--date", "day", metavar="DATE", help="The release's date; else that of the newest change to graph/.")
@click.option("--since", metavar="VERSION", help="The release that this one follows; else the newest.")
@click.option("--told-on-purpose", "told", is_flag=True, help="Names of who was removed may stand in other entries.")
@click.option("--verify", "check", is_flag=True, help="Make nothing; prove that what is there is whole and right.")
@click.argument("version", required=False)
def release(
    folder: Path,
    build_dir: Path | None,
    day: str | None,
    since: str | None,
    told: bool,
    check: bool,
    version: str | None,
) -> None:
    """Write the dumps, the catalogue and what changed since the last release; or --verify all, or one VERSION."""
    place = place_of_build(folder, build_dir) / RELEASES
    if check:
        _verify(place, version)
        return
    if version:
        raise click.UsageError("VERSION goes with --verify. A release is named after its --date.")
    made = _release(folder, place_of_build(folder, build_dir), day, since, told)
    click.echo(made.version)
    say(f"{count(made.quads, 'quad')}, {len(made.files)} files in {made.path}.")


def _release(folder: Path, build_place: Path, day: str | None, since: str | None, told: bool) -> "Release":
    import os

    from justicegraph.errors import CannotRelease, CannotWrite
    from justicegraph.jsonld import read_context, read_frames
    from justicegraph.project.folder import mapping_files
    from justicegraph.project.locate import PACKAGE
    from justicegraph.project.released import LIST, remember, slugs_in
    from justicegraph.project.removal import check_key, removals, removed_from
    from justicegraph.project.sssom import read_sssom
    from justicegraph.release import (
        QUADS,
        Order,
        Removals,
        Source,
        commits_since,
        is_dirty,
        newest_change,
        release,
        standing,
    )

    check_key(folder)
    if folder != PACKAGE / "data" and not os.access(folder, os.W_OK):
        raise CannotWrite(f"{folder} cannot be written, and {LIST} in it grows with each release. Nothing was changed.")
    newest = newest_change(folder)
    if day is None and (newest is None or is_dirty(folder)):
        why = "git does not know when graph/ was changed last" if newest is None else "graph/ has uncommitted changes"
        raise CannotRelease(f"{folder}: {why}: commit them, or name the release's day with --date.")
    made, place = up_to_date(folder, build_place), build_place / RELEASES
    version = day or (newest.date if newest else "")
    decisions = [decision for path in mapping_files(folder) for decision in read_sssom(path)]
    source = Source(made.path / QUADS, read_context(folder), read_frames(folder), version, decisions)
    before = next((each.commit for each in standing(place) if since in {None, each.version, each.reissue_of}), None)
    gone = Removals(removed_from(folder), removals(folder), told)
    order = Order(source, commits_since(folder, before, gone.is_removed), newest.hash if newest else None)
    written = release(place, order, gone, since, show_progress)
    if folder != PACKAGE / "data":
        with source.quads.open("rb") as lines:
            remember(folder, slugs_in(lines))
    return written


def _verify(place: Path, version: str | None) -> None:
    from justicegraph.errors import MissingRelease
    from justicegraph.release import verify

    found = 0
    for found, sentence in enumerate(verify(place, version), 1):  # noqa: B007  # it counts
        click.echo(sentence)
    if not found:
        raise MissingRelease(f"{place}: there is no release to verify. Make one with `justicegraph release`.")


def up_to_date(folder: Path, place: Path) -> "Snapshot":
    """Return the current snapshot where neither the project nor the program has changed since, else a new one."""
    from justicegraph.project.snapshot import current
    from justicegraph.search import is_current

    found = current(place)
    if found and found.inputs == _inputs(folder):
        if is_current(found.path):
            return found
        say("The index for searching is missing or of another version: the snapshot is built anew.")
    return build_snapshot(folder, place)


def build_snapshot(folder: Path, place: Path) -> "Snapshot":
    """Return a new current snapshot; raise BrokenRules, after telling of each finding, and change nothing."""
    from functools import partial

    from justicegraph.errors import BrokenRules
    from justicegraph.jsonld import read_context, write_document
    from justicegraph.project.folder import load_folder, store_of
    from justicegraph.project.reason import reason
    from justicegraph.project.removal import removed_from
    from justicegraph.project.snapshot import write_snapshot
    from justicegraph.search import FOLDER, write_search
    from justicegraph.sparql.evaluate import evaluate
    from justicegraph.validate import validate
    from justicegraph.void import describe

    inputs = _inputs(folder)
    project = load_folder(folder, track)
    store = store_of(project)
    findings = validate(project, store, track, removed_from(folder))
    for finding in findings:
        say(str(finding))
    if findings:
        raise BrokenRules(f"{count(len(findings), 'finding')}: nothing was built. Mend them and build again.")
    rules = project.rules
    del project  # its triples are in the store, and take as much memory again
    reason(store, rules)
    describe(store, folder / "queries")
    context = read_context(folder)
    dumps = {"justicegraph.jsonld": lambda quads, file: write_document(quads, context, file)}
    extras = {FOLDER: partial(write_search, partial(evaluate, store, union=True))}
    return write_snapshot(store, place, inputs, dumps, extras)


def _inputs(folder: Path) -> str:
    """Return the fingerprint of all that a snapshot is made from, the program included."""
    from justicegraph.project.locate import PACKAGE
    from justicegraph.project.snapshot import fingerprint

    return fingerprint(*(folder / name for name in ("graph", "ontology", "queries", "shapes")), PACKAGE)
