"""The commands for editors: `format`, `check`, `coverage` and `remove`."""

import sys
from functools import partial
from pathlib import Path

import click

from justicegraph.cli.terminal import build_option, choose_build_dir, folder_option, say, track
from justicegraph.text import count


@click.command("format")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@folder_option
def format_files(files: tuple[Path, ...], folder: Path) -> None:
    """Put FILES into the canonical form; without FILES, all Turtle files and mappings of the project."""
    from justicegraph.errors import BrokenFile
    from justicegraph.project.folder import mapping_files, turtle_files
    from justicegraph.system.files import atomic_write

    turtle = [path for name in ("graph", "ontology", "shapes") for path in turtle_files(folder / name)]
    chosen = files or [*turtle, *mapping_files(folder)]
    changed, broken = 0, 0
    for path in track(chosen, "Formatting"):
        try:
            text, canonical, comments = _canonical(path)
        except BrokenFile as error:
            say(str(error) if str(path) in str(error) else f"{path}: {error}")
            broken += 1
            continue
        if text == canonical:
            continue
        if comments:
            say(f"{path}, line {comments[0]}: comments are dropped. Write a lasting remark as a skos:editorialNote.")
        with atomic_write(path) as file:
            file.write(canonical.encode())
        changed += 1
    say(f"{count(len(chosen), 'file')} read, {changed:,} written, {broken:,} broken and left unchanged.")
    sys.exit(BrokenFile.exit_code if broken else 0)


def _canonical(path: Path) -> tuple[str, str, list[int]]:
    """Return the text of a file, its canonical form, and the lines of its comments; raise BrokenFile."""
    from justicegraph.project.sssom import canonical_sssom, read_sssom
    from justicegraph.rdf.canonical import canonical_turtle
    from justicegraph.rdf.document import read_document

    if path.suffix == ".tsv":
        canonical = canonical_sssom(read_sssom(path), path.name)
        return path.read_bytes().decode(), canonical, []
    document = read_document(path)
    return document.text, canonical_turtle(document.triples), document.comments


_sources = click.option(
    "--sources", type=click.Path(path_type=Path, file_okay=False, exists=True), metavar="DIR",
    help="The folder with the texts of the sources. Their SHA-256 identifies them.",
)  # fmt: skip


@click.command()
@click.option(
    "--format", "form", type=click.Choice(["text", "turtle"]), default="text", help="Sentences or a SHACL report."
)
@_sources
@folder_option
def check(form: str, sources: Path | None, folder: Path) -> None:
    """Check form, ids, terms, sources, shapes and texts of every entry. Change nothing."""
    from justicegraph.errors import BrokenRules
    from justicegraph.project.folder import load_folder, store_of
    from justicegraph.project.removal import removal_test
    from justicegraph.validate import check_mentions, report_of, validate

    project = load_folder(folder, track)
    findings = validate(project, store_of(project), track, removal_test(folder))
    if sources:
        findings += check_mentions(project.files.values(), sources)[0]
    if form == "turtle":
        click.echo(report_of(findings, project.root), nl=False)
    else:
        for finding in findings:
            click.echo(str(finding))
    if not sources:
        say("Mentions were not checked against their texts. Name the folder of the texts with --sources.")
    files = count(len(project.files) + len(project.mappings) + len(project.broken), "file")
    say(f"{files} checked: {count(len(findings), 'finding') if findings else 'no findings'}.")
    sys.exit(BrokenRules.exit_code if findings else 0)


@click.command()
@_sources
@folder_option
def coverage(sources: Path | None, folder: Path) -> None:
    """Print the lines of each source that have no mention."""
    from justicegraph.namespaces import short
    from justicegraph.project.folder import load_folder
    from justicegraph.validate import check_mentions

    if sources is None:
        raise click.UsageError("Name the folder of the texts with --sources.")
    _, texts = check_mentions(load_folder(folder, track).files.values(), sources)
    for text in texts:
        left = text.untouched()
        content = sum(bool(line.strip()) for line in text.lines)
        click.echo(
            f"{short(text.source)}: {content - len(left)} of {count(content, 'line')} with content have a mention"
        )
        for number, line in left:
            click.echo(f"  {number}: {line}")


@click.command("remove")
@click.argument("slug")
@folder_option
@build_option
def remove_entry(slug: str, folder: Path, build_dir: Path | None) -> None:
    """Remove an entry on request: its file, every link to it, and its candidates elsewhere. It cannot come back."""
    from justicegraph.linking.wikidata.removal import remove_proposals
    from justicegraph.project.folder import load_folder
    from justicegraph.project.removal import KEY, LIST, remove

    done = remove(load_folder(folder, track), slug, partial(remove_proposals, choose_build_dir(folder, build_dir)))
    for path in done.gone:
        click.echo(f"removed {path}")
    for path in done.changed:
        click.echo(f"unlinked {path}")
    for path in done.still:
        click.echo(f"still contains the name {path}")
    say(
        "Reword every text that still has the name. If an id has it, remove that entry too and add it under another id."
    )
    say("Then run `justicegraph check`, and `justicegraph release`: until then older releases still have the entry.")
    say(f"{folder / LIST} has a keyed hash of the id. Keep {folder / KEY} safe and out of the repository.")
