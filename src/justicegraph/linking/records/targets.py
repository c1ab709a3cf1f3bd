"""Read a file of targets as records: JSON lines, CSV with the columns id and name, or N-Triples in Wikidata's form."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from justicegraph.errors import BrokenFile
from justicegraph.linking.records.countries import country_code
from justicegraph.linking.records.identifiers import domain_of, normalize_identifier
from justicegraph.linking.records.record import Record
from justicegraph.linking.records.table_records import PROPERTIES, record_of_row
from justicegraph.linking.records.tables import read_table
from justicegraph.linking.records.text_files import MAX_BYTES, broken_line, iter_lines, read_text, uncompressed_name
from justicegraph.linking.records.wikidata import read_items

_LINES, _LONGEST = 5_000_000, 1 << 20
"""Lines of a file, and characters of a line, that are read: a small compressed file can have more than memory holds."""


class _Name(msgspec.Struct):
    value: str


class _Target(msgspec.Struct):
    """The JSON object of a target."""

    id: str
    name: str
    names: list[str | _Name] | None = None
    country: str | None = None
    city: str | None = None
    types: list[str] | None = None
    established: int | float | str | None = None
    website: str | None = None
    domain: str | None = None
    identifiers: dict[str, str] | None = None
    in_kb: bool | None = None

    def record(self) -> Record:
        return Record(
            self.id,
            self.name,
            tuple(name if isinstance(name, str) else name.value for name in self.names or ()),
            country_code(self.country or ""),
            self.city or "",
            frozenset(name.casefold() for name in self.types or ()),
            int(self.established) if self.established is not None else None,
            None,
            domain_of(self.website or self.domain or ""),
            {scheme: normalize_identifier(value) for scheme, value in (self.identifiers or {}).items()},
        )


_DECODER = msgspec.json.Decoder(_Target)


def read_targets(path: Path, limit: int = MAX_BYTES) -> list[Record]:
    """Read targets, compressed or not: JSON lines (.jsonl, .ndjson), N-Triples (.nt), else CSV; raise BrokenFile.

    A line of JSON has at least id and name. It may have names (each a text, or an object with `value`), country, city,
    types, established, website or domain, and identifiers. A target whose `in_kb` is false is left out.
    """
    name = uncompressed_name(path)
    if name.endswith(".nt"):
        records = [item.record for item in read_items(path, limit)]
    elif name.endswith((".jsonl", ".ndjson")):
        records = list(_read_json_lines(path, limit))
    else:
        records = list(_read_csv(path, limit))
    if not records:
        raise BrokenFile(f"{path} has no targets.")
    return records


def _read_csv(path: Path, limit: int) -> Iterator[Record]:
    table = read_table(path, limit)
    id_at, name_at = table.position("id"), table.position("name")
    positions = {name: at for at, name in enumerate(table.header) if name in PROPERTIES or name.startswith("id:")}
    for line, row in zip(table.lines, table.rows, strict=True):
        values = {name: row[at].strip() for name, at in positions.items()}
        yield record_of_row(table, line, row[name_at].strip(), values, row[id_at].strip())


def _read_json_lines(path: Path, limit: int) -> Iterator[Record]:
    for number, line in enumerate(iter_lines(read_text(path, limit)), 1):
        if number > _LINES:
            raise BrokenFile(f"{path} has more than {_LINES:,} lines: split it.")
        if line.isspace():
            continue
        if len(line) > _LONGEST:
            raise broken_line(path, number, f"this is not a target: it has more than {_LONGEST:,} characters")
        try:
            target = _DECODER.decode(line)
            if target.in_kb is not False:
                yield target.record()
        except (ValueError, RecursionError) as error:
            problem = f"this is not a target, which is a JSON object with id and name ({str(error)[:200]})"
            raise broken_line(path, number, problem) from error
