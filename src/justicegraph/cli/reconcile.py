"""The command for spreadsheets: a table to the same table with its matches."""

import gzip
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from justicegraph.cli.terminal import MANY, build_option, folder_option, local_query, say
from justicegraph.text import count

if TYPE_CHECKING:
    from justicegraph.linking.reconcile.results import Found
    from justicegraph.linking.records import Record, Table

_file = click.Path(path_type=Path, exists=True, dir_okay=False)
Each = TypeVar("Each")


@click.command()
@click.argument("file", type=_file)
@click.option("--column", required=True, metavar="NAME", help="The column with the names.")
@click.option(
    "--property", "properties", multiple=True, metavar="PROPERTY[=COLUMN]",
    help="A column that tells more: alias, country, city, type, founded, ended, website, or id:SCHEME; with --service,"
    " the service's own id of a property.",
)  # fmt: skip
@click.option("--type", "kind", default="", metavar="TYPE", help="Only what is of this type, as in Organization.")
@click.option(
    "--target", type=_file,
    help="Look in this file: JSON lines, CSV or TSV with id and name, N-Triples in Wikidata's shape; .gz too.",
)  # fmt: skip
@click.option("--service", metavar="URL", help="Ask this reconciliation service.")
@click.option("--timeout", default=60.0, show_default=True, help="Seconds for a request to it, waits included.")
@click.option("--format", "form", type=click.Choice(["csv", "tsv", "jsonl"]), default="csv", show_default=True)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file, compressed where it is .gz."
)
@click.option("--max-bytes", default=1 << 30, show_default=True, help="What a file may have when decompressed.")
@folder_option
@build_option
def reconcile(
    file: Path, column: str, properties: tuple[str, ...], kind: str, target: Path | None, service: str | None,
    timeout: float, form: str, output: Path | None, max_bytes: int, folder: Path, build_dir: Path | None,
) -> None:  # fmt: skip
    """Write the table FILE (CSV, TSV, .gz too) with the likeliest match of each row, from the graph here.

    Added are id, match_name, probability, match (true only where that was right at least 99 times in 100) and reason.
    A service says by itself what is a match, and its scores are no probabilities: they stand in the reason.
    """
    from justicegraph.errors import RemoteFailed
    from justicegraph.linking.reconcile.output import FORMATS
    from justicegraph.linking.records import entries, read_table, read_targets

    if target and service:
        raise click.UsageError("--target and --service do not go together: choose where to look.")
    table, columns = read_table(file, max_bytes), _columns(properties, any_name=bool(service))
    if table.separator == ";":
        say(f"{file}: the cells are parted by semicolons.")
    if service:
        found = _of_service(table, column, columns, kind, service, timeout)
    elif target:
        found = _matched(table, column, columns, kind, read_targets(target, max_bytes))
    else:
        found = _matched(table, column, columns, kind, entries(local_query(folder, build_dir)))
    _write(FORMATS[form](table, found), output)
    say(f"{count(len(found), 'row')} reconciled, {sum(each.is_match for each in found):,} of them matched.")
    if failed := [each for each in found if each.has_failed]:
        raise RemoteFailed(f"{count(len(failed), 'row')} got no answer of {service}: {failed[-1].reason}")


def _columns(properties: tuple[str, ...], *, any_name: bool) -> Mapping[str, str]:
    """Return columns by property."""
    from justicegraph.linking.records import PROPERTIES

    found: dict[str, str] = {}
    for said in properties:
        name, _, column = said.partition("=")
        if not (any_name or name in PROPERTIES or (name.startswith("id:") and len(name) > 3)):
            raise click.UsageError(f'There is no property "{name}"; there are {", ".join(PROPERTIES)} and id:SCHEME.')
        if name in found:
            raise click.UsageError(f'The property "{name}" is given twice.')
        found[name] = column or name
    return found


def _matched(
    table: "Table", column: str, columns: Mapping[str, str], kind: str, targets: "Sequence[Record]"
) -> "list[Found]":
    from justicegraph.linking.match import Matcher
    from justicegraph.linking.reconcile.results import matched, of_type, types_of
    from justicegraph.linking.records import records_of

    records = list(records_of(table, column, columns))
    kept = of_type(targets, kind) if kind else targets
    if not kept:
        raise click.UsageError(f'Nothing is of the type "{kind}"; there are: {", ".join(types_of(targets)) or "none"}.')
    return list(_shown(matched(Matcher(kept), records), len(records)))


def _of_service(
    table: "Table", column: str, columns: Mapping[str, str], kind: str, url: str, seconds: float
) -> "list[Found]":
    from justicegraph.linking.reconcile.remote import answered, asked_of, client_of, read_service
    from justicegraph.linking.reconcile.results import NO_NAME

    asked = list(asked_of(table, column, columns, kind))
    client = client_of(seconds)
    service = read_service(client, url)
    say(f"Asking {service.name}, whose ids are of {service.space}")
    named = list(dict.fromkeys(each for each in asked if each.name))
    found = dict(_shown(answered(client, service, named), len(named)))
    return [found.get(each, NO_NAME) for each in asked]


def _shown(each: Iterable[Each], of: int) -> Iterator[Each]:
    """Yield each one, with a progress bar where somebody looks on."""
    if not sys.stderr.isatty() or of < MANY:
        yield from each
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(each, "Reconciling", total=of, console=Console(stderr=True), transient=True)


def _write(data: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from justicegraph.system.files import atomic_write

    with atomic_write(output) as file:
        file.write(gzip.compress(data, mtime=0) if output.suffix.lower() == ".gz" else data)
