"""The command: data to standard output, all else to standard error; imports happen where a command needs them."""

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from justicegraph.errors import JusticeGraphError
from justicegraph.home import find_folder

_FOLDER = click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False, exists=True), help="The project's folder.",
    callback=lambda _context, _option, value: value or find_folder(Path.cwd()),
)  # fmt: skip


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="justicegraph", message="%(version)s")
def cli() -> None:
    """A knowledge graph of the prison-justice movement: check it, build it, serve it, ask it."""


@cli.command("format")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_FOLDER
def format_files(files: tuple[Path, ...], folder: Path) -> None:
    """Write FILES, or all Turtle files of the project, in the canonical form."""
    from justicegraph.canonical import canonical_turtle
    from justicegraph.disk import writing
    from justicegraph.load import comment_lines, read_turtle, turtle_files

    chosen = files or [path for name in ("graph", "ontology", "shapes") for path in turtle_files(folder / name)]
    texts = {path: canonical_turtle(read_turtle(path)) for path in chosen}
    changed = {path: text for path, text in texts.items() if path.read_bytes() != text.encode()}
    for path, text in changed.items():
        if lines := comment_lines(path):
            say(f"{path}, line {lines[0]}: comments are dropped; a remark that is to last is a skos:editorialNote.")
        with writing(path) as file:
            file.write(text.encode())
    say(f"{len(texts)} files read, {len(changed)} written.")


@cli.command()
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "turtle"]),
    default="text",
    help="As sentences, or as a SHACL report.",
)
@_FOLDER
def check(output: str, folder: Path) -> None:
    """Check form, ids, words, sources and shapes of every entry; change nothing."""
    from justicegraph.load import load_folder, store_of
    from justicegraph.validate import as_report, validate

    project = load_folder(_from_here(folder), track)
    findings = validate(project, store_of(project), track)
    if output == "turtle":
        click.echo(as_report(findings, project.root), nl=False)
    else:
        for finding in findings:
            click.echo(str(finding))
    say(f"{len(project.files) + len(project.broken):,} files checked: {_count(len(findings), 'finding')}.")
    sys.exit(4 if findings else 0)


def say(sentence: str) -> None:
    """Tell the person something that is no data."""
    click.echo(sentence, err=True)


def track(files: Sequence[Path], doing: str) -> Iterable[Path]:
    """Return the files one by one, with a progress bar where somebody looks on."""
    if not sys.stderr.isatty() or len(files) < 200:
        return files
    from rich.console import Console
    from rich.progress import track as bar

    return bar(files, doing, console=Console(stderr=True), transient=True)


def _from_here(path: Path) -> Path:
    """Return a path as a person in this folder would write it."""
    return Path(os.path.relpath(path)) if path.is_relative_to(Path.cwd()) else path


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def main() -> None:
    """Run the command; an error of ours is one sentence and its exit code."""
    try:
        cli(prog_name="justicegraph")
    except JusticeGraphError as error:
        say(f"justicegraph: {error}")
        sys.exit(error.exit_code)
