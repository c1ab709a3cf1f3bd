"""The command for spreadsheets: a table to the same table with its matches."""

import csv
import io
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from justicegraph.cli.terminal import count, say

_file = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("file", type=_file)
@click.option("--target", type=_file, required=True, help="JSON lines, or CSV with id and name; .gz too.")
@click.option("--column", required=True, metavar="NAME", help="The column with the names.")
@click.option(
    "--property", "properties", multiple=True, metavar="PROPERTY[=COLUMN]",
    help="A column that tells more: alias, country, city, type, founded, ended, website, or id:SCHEME.",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(["csv"]), default="csv", show_default=True)
@click.option("--max-bytes", default=1 << 30, show_default=True, help="What a file may have when decompressed.")
def reconcile(file: Path, target: Path, column: str, properties: tuple[str, ...], form: str, max_bytes: int) -> None:
    """Write the table FILE (CSV, .gz too) with the likeliest match of each row.

    Added are id, match_name, probability, match (true only where that was right at least 99 times in 100) and reason.
    """
    from justicegraph.match import Matcher
    from justicegraph.reconcile import reconciled
    from justicegraph.records import read_table, read_targets, records_of

    del form  # there is one so far
    table = read_table(file, max_bytes)
    records = list(records_of(table, column, _columns(properties)))
    matcher = Matcher(read_targets(target, max_bytes))
    out = io.StringIO(newline="")  # all or nothing
    csv.writer(out, lineterminator="\n").writerows(reconciled(table, records, matcher))
    sys.stdout.buffer.write(out.getvalue().encode())
    sys.stdout.buffer.flush()
    say(f"{count(len(records), 'row')} reconciled.")


def _columns(properties: tuple[str, ...]) -> Mapping[str, str]:
    from justicegraph.records import PROPERTIES

    found: dict[str, str] = {}
    for said in properties:
        name, _, column = said.partition("=")
        if name not in PROPERTIES and not (name.startswith("id:") and len(name) > 3):
            raise click.UsageError(f'There is no property "{name}"; there are {", ".join(PROPERTIES)} and id:SCHEME.')
        if name in found:
            raise click.UsageError(f'The property "{name}" is given twice.')
        found[name] = column or name
    return found
