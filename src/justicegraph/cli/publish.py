"""The command that builds what is published."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from justicegraph.cli.terminal import build_option, count, folder_option, place_of_build, say, track

if TYPE_CHECKING:
    from justicegraph.snapshot import Snapshot


@click.command()
@folder_option
@build_option
def build(folder: Path, build_dir: Path | None) -> None:
    """Check everything, write a snapshot, and make it the current one."""
    made = build_snapshot(folder, place_of_build(folder, build_dir))
    click.echo(made.id)
    say(f"{count(made.quads, 'quad')} in {made.path}.")


def up_to_date(folder: Path, place: Path) -> "Snapshot":
    """Return the current snapshot where neither the project nor the program has changed since, else a new one."""
    from justicegraph.snapshot import current

    found = current(place)
    if found and found.inputs == _inputs(folder):
        return found
    return build_snapshot(folder, place)


def build_snapshot(folder: Path, place: Path) -> "Snapshot":
    """Return a new current snapshot; raise BrokenRules, after telling of each finding, and change nothing."""
    from justicegraph.errors import BrokenRules
    from justicegraph.jsonld import read_context, write_document
    from justicegraph.load import load_folder, store_of
    from justicegraph.reason import reason
    from justicegraph.removal import removed_from
    from justicegraph.snapshot import write_snapshot
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
    return write_snapshot(store, place, inputs, dumps)


def _inputs(folder: Path) -> str:
    """Return the fingerprint of all that a snapshot is made from, the program included."""
    from justicegraph.home import PACKAGE
    from justicegraph.snapshot import fingerprint

    return fingerprint(*(folder / name for name in ("graph", "ontology", "queries", "shapes")), PACKAGE)
