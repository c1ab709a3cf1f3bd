"""The commands `query` and `show`."""

import shutil
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from justicegraph.cli.terminal import build_option, folder_option, local_query

if TYPE_CHECKING:
    from justicegraph.sparql.query import Query, Result, RunQuery

_FORMATS = ("table", "json", "csv", "tsv", "xml", "ttl", "nt", "jsonld")


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--endpoint", metavar="URL", help="Query this SPARQL endpoint instead of the local graph.")
@click.option(
    "--with",
    "beside",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Query the local graph together with this RDF file (.gz too). Repeat it for more files.",
)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="table", show_default=True)
@click.option("--timeout", default=60.0, show_default=True, help="Seconds for the whole exchange with an endpoint.")
@folder_option
@build_option
def query(
    file: IO[bytes], endpoint: str | None, beside: tuple[Path, ...], form: str, timeout: float, folder: Path,
    build_dir: Path | None,
) -> None:  # fmt: skip
    """Run the SPARQL query in FILE, or from standard input."""
    from justicegraph.errors import BadQuery
    from justicegraph.sparql.guard import guard

    if endpoint and beside:
        raise click.UsageError("--endpoint and --with do not go together: files are never sent to an endpoint.")
    if file is sys.stdin.buffer and sys.stdin.isatty():
        click.echo("Type a query, then press Ctrl+D.", err=True)
    try:
        text = file.read().decode()
    except UnicodeDecodeError as error:
        raise BadQuery(f"Byte {error.start} of the query is not UTF-8.") from error
    guard(text)
    run_query = _remote(endpoint, timeout) if endpoint else local_query(folder, build_dir, beside)
    result = run_query(_query_of(text, form))
    if form == "table" and result.format.name == "json":
        _print_table(result)
    else:
        _copy(result)


@click.command()
@click.argument("entity", metavar="ID")
@folder_option
@build_option
def show(entity: str, folder: Path, build_dir: Path | None) -> None:
    """Show one entry in the terminal. ID is its slug, such as `critical-resistance`, or its whole id."""
    from justicegraph.entity.named import facts_of
    from justicegraph.entity.text import entity_lines
    from justicegraph.errors import UnknownEntity
    from justicegraph.namespaces import ID, SLUG
    from justicegraph.sparql.schema import schema_of

    slug = entity.removeprefix(ID).removeprefix("id:")
    run_query = local_query(folder, build_dir)
    facts = facts_of(run_query, slug) if SLUG.fullmatch(slug) else []
    if not facts:
        raise UnknownEntity(f'There is no entry "{slug}"{_near(run_query, slug)}.')
    for line in entity_lines(ID + slug, facts, schema_of(run_query)):
        click.echo(line)


def _remote(endpoint: str, timeout: float) -> "RunQuery":
    from justicegraph.remote import remote_endpoint

    return remote_endpoint(endpoint, timeout)


def _query_of(text: str, form: str) -> "Query":
    from justicegraph.rdf.formats import GRAPHS, SOLUTIONS
    from justicegraph.sparql.query import Query

    if form == "table":
        return Query(text, SOLUTIONS[0], GRAPHS[0])
    return Query(
        text,
        next((offer for offer in SOLUTIONS if offer.name == form), None),
        next((offer for offer in GRAPHS if offer.name == form), None),
    )


def _near(run_query: "RunQuery", slug: str) -> str:
    """Return a suggestion of the nearest existing slug, or ""."""
    from difflib import get_close_matches

    from justicegraph.entity.named import iter_slugs

    near = get_close_matches(slug, list(iter_slugs(run_query)), n=1)
    return f"; did you mean {near[0]}" if near else ""


def _print_table(answer: "Result") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from justicegraph.namespaces import short
    from justicegraph.sparql.results import parse_table

    result = parse_table(answer.read())
    if isinstance(result, bool):
        click.echo("yes" if result else "no")
        return
    table = Table(*result.variables, box=None, pad_edge=False)
    for row in result.rows:
        cells = (row.get(name, {}) for name in result.variables)
        table.add_row(
            *(
                Text(short(cell.get("value", "")) if cell.get("type") == "uri" else cell.get("value", ""))
                for cell in cells
            )
        )
    Console(width=None if sys.stdout.isatty() else 10_000, soft_wrap=not sys.stdout.isatty()).print(table)
    click.echo(f"{len(result.rows):,} row{'' if len(result.rows) == 1 else 's'}", err=True)


def _copy(answer: "Result") -> None:
    with answer.body:
        shutil.copyfileobj(answer.body, sys.stdout.buffer)
    sys.stdout.buffer.flush()
