"""The command that reconciles a spreadsheet: it writes a table again with the match of each row."""

import gzip
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from justicegraph.cli.terminal import MANY, build_option, folder_option, local_query, say
from justicegraph.text import count

if TYPE_CHECKING:
    from justicegraph.linking.reconcile.results import RowResult
    from justicegraph.linking.records import Record, Table

_file = click.Path(path_type=Path, exists=True, dir_okay=False)
_Value = TypeVar("_Value")


@click.command()
@click.argument("file", type=_file)
@click.option("--column", required=True, metavar="NAME", help="The column with the names.")
@click.option(
    "--property", "properties", multiple=True, metavar="PROPERTY[=COLUMN]",
    help="A column with more evidence: alias, country, city, type, founded, ended, website, or id:SCHEME."
    " With --service, the service's own id of a property.",
)  # fmt: skip
@click.option("--type", "type_name", default="", metavar="TYPE", help="Match only this type, such as Organization.")
@click.option(
    "--target", type=_file,
    help="Match against this file: JSON lines, CSV or TSV with id and name, or N-Triples in Wikidata's form; .gz too.",
)  # fmt: skip
@click.option("--service", metavar="URL", help="Match against this reconciliation service.")
@click.option(
    "--timeout", default=60.0, show_default=True, help="Seconds for one request to the service, waits included."
)
@click.option("--format", "form", type=click.Choice(["csv", "tsv", "jsonl"]), default="csv", show_default=True)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file; it is compressed if its name ends in .gz.",
)  # fmt: skip
@click.option("--max-bytes", default=1 << 30, show_default=True, help="The largest decompressed size of a file.")
@folder_option
@build_option
def reconcile(
    file: Path, column: str, properties: tuple[str, ...], type_name: str, target: Path | None, service: str | None,
    timeout: float, form: str, output: Path | None, max_bytes: int, folder: Path, build_dir: Path | None,
) -> None:  # fmt: skip
    """Write the table FILE (CSV, TSV, .gz too) with the likeliest match of each row in the graph.

    Five columns are added: id, match_name, probability, match and reason. A match is true only if at least 99 of 100
    such matches were right. A service decides itself what is a match; its scores are not probabilities, and are in the
    reason.
    """
    from justicegraph.errors import RemoteFailed
    from justicegraph.linking.reconcile.output import FORMATS
    from justicegraph.linking.records import entries, read_table, read_targets

    if target and service:
        raise click.UsageError("--target and --service do not go together: choose one.")
    table, columns = read_table(file, max_bytes), _columns(properties, any_name=bool(service))
    if table.separator == ";":
        say(f"{file}: separated by semicolons.")
    if service:
        results = _match_service(table, column, columns, type_name, service, timeout)
    elif target:
        results = _match_targets(table, column, columns, type_name, read_targets(target, max_bytes))
    else:
        results = _match_targets(table, column, columns, type_name, entries(local_query(folder, build_dir)))
    _write(FORMATS[form](table, results), output)
    say(f"{count(len(results), 'row')} reconciled, {sum(result.is_match for result in results):,} of them matched.")
    if failed := [result for result in results if result.has_failed]:
        raise RemoteFailed(f"{count(len(failed), 'row')} got no result from {service}: {failed[-1].reason}")


def _columns(properties: tuple[str, ...], *, any_name: bool) -> Mapping[str, str]:
    """Return columns by property."""
    from justicegraph.linking.records import PROPERTIES

    columns: dict[str, str] = {}
    for option in properties:
        name, _, column = option.partition("=")
        if not (any_name or name in PROPERTIES or (name.startswith("id:") and len(name) > 3)):
            raise click.UsageError(f'There is no property "{name}"; there are {", ".join(PROPERTIES)} and id:SCHEME.')
        if name in columns:
            raise click.UsageError(f'The property "{name}" is given twice.')
        columns[name] = column or name
    return columns


def _match_targets(
    table: "Table", column: str, columns: Mapping[str, str], type_name: str, targets: "Sequence[Record]"
) -> "list[RowResult]":
    from justicegraph.linking.match import Matcher
    from justicegraph.linking.reconcile.results import filter_by_type, match_records, types_of
    from justicegraph.linking.records import records_of

    records = list(records_of(table, column, columns))
    filtered = filter_by_type(targets, type_name) if type_name else targets
    if not filtered:
        types = ", ".join(types_of(targets)) or "none"
        raise click.UsageError(f'There is nothing of the type "{type_name}"; the types are: {types}.')
    return list(_track(match_records(Matcher(filtered), records), len(records)))


def _match_service(
    table: "Table", column: str, columns: Mapping[str, str], type_id: str, url: str, seconds: float
) -> "list[RowResult]":
    from justicegraph.linking.reconcile.remote import queries_of, read_service, service_client
    from justicegraph.linking.reconcile.remote import reconcile as reconcile_remotely
    from justicegraph.linking.reconcile.results import NO_NAME

    queries = list(queries_of(table, column, columns, type_id))
    client = service_client(seconds)
    service = read_service(client, url)
    say(f"Reconciling with {service.name}, whose ids are in {service.space}")
    distinct = list(dict.fromkeys(query for query in queries if query.name))
    results = dict(_track(reconcile_remotely(client, service, distinct), len(distinct)))
    return [results.get(query, NO_NAME) for query in queries]


def _track(values: Iterable[_Value], total: int) -> Iterator[_Value]:
    """Yield values, with a progress bar if there are many and standard error is a terminal."""
    if not sys.stderr.isatty() or total < MANY:
        yield from values
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(values, "Reconciling", total=total, console=Console(stderr=True), transient=True)


def _write(data: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from justicegraph.system.files import atomic_write

    with atomic_write(output) as file:
        file.write(gzip.compress(data, mtime=0) if output.suffix.lower() == ".gz" else data)
