"""The commands of those who write entries: format and check."""

import sys
from pathlib import Path

import click

from justicegraph.cli.terminal import count, folder_option, say, track


@click.command("format")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@folder_option
def format_files(files: tuple[Path, ...], folder: Path) -> None:
    """Write FILES, or all Turtle files of the project, in the canonical form."""
    from justicegraph.canonical import canonical_turtle
    from justicegraph.disk import writing
    from justicegraph.errors import BrokenFile
    from justicegraph.load import comment_lines, read_turtle, turtle_files

    chosen = files or [path for name in ("graph", "ontology", "shapes") for path in turtle_files(folder / name)]
    changed, broken = 0, 0
    for path in track(chosen, "Formatting"):
        try:
            text = canonical_turtle(read_turtle(path)).encode()
        except BrokenFile as error:
            say(str(error) if str(path) in str(error) else f"{path}: {error}")
            broken += 1
            continue
        if path.read_bytes() == text:
            continue
        if lines := comment_lines(path):
            say(f"{path}, line {lines[0]}: comments are dropped; a remark that is to last is a skos:editorialNote.")
        with writing(path) as file:
            file.write(text)
        changed += 1
    say(f"{count(len(chosen), 'file')} read, {changed:,} written, {broken:,} left as they are because they are broken.")
    sys.exit(BrokenFile.exit_code if broken else 0)


@click.command()
@click.option(
    "--format", "form", type=click.Choice(["text", "turtle"]), default="text", help="Sentences, or a SHACL report."
)
@folder_option
def check(form: str, folder: Path) -> None:
    """Check form, ids, words, sources and shapes of every entry; change nothing."""
    from justicegraph.errors import BrokenRules
    from justicegraph.load import load_folder, store_of
    from justicegraph.validate import as_report, validate

    project = load_folder(folder, track)
    findings = validate(project, store_of(project), track)
    if form == "turtle":
        click.echo(as_report(findings, project.root), nl=False)
    else:
        for finding in findings:
            click.echo(str(finding))
    files = count(len(project.files) + len(project.broken), "file")
    say(f"{files} checked: {count(len(findings), 'finding') if findings else 'no findings'}.")
    sys.exit(BrokenRules.exit_code if findings else 0)
