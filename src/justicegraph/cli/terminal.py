"""What all commands share: the folder options, messages and progress."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from justicegraph.project.locate import build_dir, find_folder

if TYPE_CHECKING:
    from justicegraph.admin.local import Door, LocalApp
    from justicegraph.linking.wikidata.reviewer import Reviewer
    from justicegraph.project.snapshot import Snapshot
    from justicegraph.sparql.query import RunQuery

MANY = 200
"""Files from which a progress bar is shown."""


def _folder(_context: click.Context, _option: click.Parameter, value: Path | None) -> Path:
    folder = value or find_folder(Path.cwd())
    return Path(os.path.relpath(folder)) if folder.resolve().is_relative_to(Path.cwd()) else folder


folder_option = click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False, exists=True), callback=_folder,
    help="The project's folder. By default the nearest one upwards with a graph/, else the one in the package.",
)  # fmt: skip

build_option = click.option(
    "--build-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of snapshots. By default the project's build/.",
)


def choose_build_dir(folder: Path, chosen: Path | None) -> Path:
    """Return the folder of builds."""
    return chosen or build_dir(folder)


def say(sentence: str) -> None:
    """Print a message to standard error."""
    click.echo(sentence, err=True)


def track(files: Sequence[Path], doing: str) -> Iterable[Path]:
    """Return the files one by one, with a progress bar on a terminal."""
    if not sys.stderr.isatty() or len(files) < MANY:
        return files
    from rich.console import Console
    from rich.progress import track as bar

    return bar(files, doing, console=Console(stderr=True), transient=True)


def fresh_snapshot(folder: Path, build_dir: Path) -> "Snapshot":
    """Return the project's current snapshot, with progress in the terminal if one must be built first."""
    from justicegraph.build import ensure_snapshot

    return ensure_snapshot(folder, build_dir, track, say)


def local_query(folder: Path, chosen: Path | None, files: Sequence[Path] = ()) -> "RunQuery":
    """Return a function that runs queries over the project's graph together with RDF files; raise BrokenFile."""
    from justicegraph.build import run_query_of

    return run_query_of(fresh_snapshot(folder, choose_build_dir(folder, chosen)), files)


def show_progress(done: int, total: int, name: str) -> None:
    """Show on one line how many files are written, in a terminal."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{done} of {total} written: {name}" + ("\n" if done == total else ""), err=True, nl=False)


def on_page(path: str, port: int, app_of: "Callable[[Door], LocalApp]") -> None:
    """Serve a page for the operator on this machine, and tell how to come in, until Ctrl+C; raise PortInUse."""
    from justicegraph.admin.local import Door, serve_locally

    door = Door(path, port)
    with serve_locally(app_of(door), door) as wait:
        try:
            say(f"Open {door.address} in a browser on this machine, and enter this code: {door.code} (Ctrl+C ends it)")
            wait()
        except KeyboardInterrupt:
            say("")


def who_decides(author: str | None, build: Path, use: str) -> "Reviewer":
    """Return the reviewer: `author`, else the remembered one; ask if there is none and the input is a terminal.

    `use` says what is done with the name, as in `published with each decision`.
    """
    from justicegraph.linking.wikidata.review_queue import FOLDER
    from justicegraph.linking.wikidata.reviewer import parse_reviewer, read_reviewer, save_reviewer

    known = None if author else read_reviewer(build / FOLDER)
    if known:
        return known
    if author is None and sys.stdin.isatty():
        author = click.prompt(f"Your name, or orcid: and the number; it is {use}", err=True)
    if author is None:
        raise click.UsageError(f"Say who decides with --author; it is remembered, and {use}.")
    reviewer = parse_reviewer(author)
    save_reviewer(build / FOLDER, reviewer)
    return reviewer
