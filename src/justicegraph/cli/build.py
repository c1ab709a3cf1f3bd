"""The commands `build` and `release`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from justicegraph.cli.terminal import (
    build_option,
    choose_build_dir,
    folder_option,
    fresh_snapshot,
    say,
    show_progress,
    track,
)
from justicegraph.text import count

if TYPE_CHECKING:
    from justicegraph.release import Release


@click.command()
@folder_option
@build_option
def build(folder: Path, build_dir: Path | None) -> None:
    """Check everything, write a snapshot, and make it the current one."""
    from justicegraph.build import build_snapshot

    snapshot = build_snapshot(folder, choose_build_dir(folder, build_dir), track, say)
    click.echo(snapshot.id)
    say(f"{count(snapshot.quads, 'quad')} in {snapshot.path}.")


@click.command()
@folder_option
@build_option
@click.option(
    "--date", "day", metavar="DATE", help="The release's date. By default that of the newest commit to graph/."
)
@click.option("--since", metavar="VERSION", help="The release before this one. By default the newest.")
@click.option("--allow-shared-names", is_flag=True, help="Allow names of removed people in other entries.")
@click.option(
    "--verify", "check", is_flag=True, help="Write nothing; prove that existing releases are complete and correct."
)
@click.argument("version", required=False)
def release(
    folder: Path,
    build_dir: Path | None,
    day: str | None,
    since: str | None,
    allow_shared_names: bool,
    check: bool,
    version: str | None,
) -> None:
    """Write a dated release: dumps, tables, a catalogue, and the changes since the release before.

    With --verify, check all releases, or one VERSION.
    """
    from justicegraph.build import RELEASES

    releases_dir = choose_build_dir(folder, build_dir) / RELEASES
    if check:
        _verify(releases_dir, version)
        return
    if version:
        raise click.UsageError("VERSION needs --verify. A new release is named after its --date.")
    made = _release(folder, choose_build_dir(folder, build_dir), day, since, allow_shared_names)
    click.echo(made.version)
    say(f"{count(made.quads, 'quad')}, {len(made.files)} files in {made.path}.")


def _release(folder: Path, builds: Path, day: str | None, since: str | None, allow_shared_names: bool) -> "Release":
    import os

    from justicegraph.build import RELEASES
    from justicegraph.errors import CannotRelease, CannotWrite
    from justicegraph.jsonld import read_context, read_frames
    from justicegraph.project.folder import mapping_files
    from justicegraph.project.locate import PACKAGE
    from justicegraph.project.released import LIST, add_released, slugs_in
    from justicegraph.project.removal import check_key, removal_test, removals_checksum
    from justicegraph.project.sssom import read_sssom
    from justicegraph.release import (
        QUADS,
        ReleaseRequest,
        RemovedEntries,
        Source,
        available_releases,
        commits_since,
        is_dirty,
        latest_commit,
        publish_release,
    )

    check_key(folder)
    if folder != PACKAGE / "data" and not os.access(folder, os.W_OK):
        raise CannotWrite(f"{folder} cannot be written, but a release adds to {LIST} in it. Nothing was changed.")
    newest = latest_commit(folder)
    if day is None and (newest is None or is_dirty(folder)):
        why = "git has no record of changes to graph/" if newest is None else "graph/ has uncommitted changes"
        raise CannotRelease(f"{folder}: {why}. Commit them, or give the date of the release with --date.")
    snapshot, releases_dir = fresh_snapshot(folder, builds), builds / RELEASES
    version = day or (newest.date if newest else "")
    decisions = [decision for path in mapping_files(folder) for decision in read_sssom(path)]
    source = Source(snapshot.path / QUADS, read_context(folder), read_frames(folder), version, decisions)
    before = next(
        (old.commit for old in available_releases(releases_dir) if since in {None, old.version, old.reissue_of}), None
    )
    removed = RemovedEntries(removal_test(folder), removals_checksum(folder), allow_shared_names)
    request = ReleaseRequest(source, commits_since(folder, before, removed.is_removed), newest.hash if newest else None)
    written = publish_release(releases_dir, request, removed, since, show_progress)
    if folder != PACKAGE / "data":
        with source.quads.open("rb") as lines:
            add_released(folder, slugs_in(lines))
    return written


def _verify(releases_dir: Path, version: str | None) -> None:
    from justicegraph.errors import MissingRelease
    from justicegraph.release import verify

    checks = 0
    for checks, sentence in enumerate(verify(releases_dir, version), 1):  # noqa: B007  # it counts
        click.echo(sentence)
    if not checks:
        raise MissingRelease(f"{releases_dir}: there is no release to verify. Write one with `justicegraph release`.")
