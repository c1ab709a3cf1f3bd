"""Turn the rows of a table into records: one column has the name, others have properties."""

import re
from collections.abc import Iterator, Mapping

from justicegraph.errors import BrokenFile
from justicegraph.linking.records.countries import country_code
from justicegraph.linking.records.identifiers import domain_of, normalize_identifier
from justicegraph.linking.records.record import Record
from justicegraph.linking.records.tables import Table

PROPERTIES = ("alias", "country", "city", "type", "founded", "ended", "website")
"""The properties that a column may have; `id:` and a scheme, as in `id:isni`, is an identifier."""
_YEAR = re.compile(r"-?(\d{4})(?!\d)")


def records_of(table: Table, column: str, properties: Mapping[str, str]) -> Iterator[Record]:
    """Yield a record for each row; `properties` has columns by property; raise BrokenFile for a missing column."""
    name_at = table.position(column)
    positions = {name: table.position(other) for name, other in properties.items()}
    for line, row in zip(table.lines, table.rows, strict=True):
        values = {name: row[at].strip() for name, at in positions.items()}
        yield record_of_row(table, line, row[name_at].strip(), values)


def record_of_row(table: Table, line: int, name: str, values: Mapping[str, str], row_id: str = "") -> Record:
    """Return the record of a row from its values by property; bars separate several aliases or types.

    Without an id, the number of the line is the id. Raise BrokenFile for a date without a year.
    """
    identifiers = {
        key.partition(":")[2]: normalize_identifier(value)
        for key, value in values.items()
        if key.startswith("id:") and value
    }
    return Record(
        row_id or str(line),
        name,
        _split(values.get("alias", "")),
        country_code(values.get("country", "")),
        values.get("city", ""),
        frozenset(_split(values.get("type", "").casefold())),
        _year(table, line, values.get("founded", "")),
        _year(table, line, values.get("ended", "")),
        domain_of(values.get("website", "")),
        identifiers,
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _year(table: Table, line: int, text: str) -> int | None:
    if not text:
        return None
    year = _YEAR.match(text)
    if not year:
        raise BrokenFile(f'{table.path}, line {line}: "{text[:40]}" is not a date: write 2018-07-20, 2018-07 or 2018.')
    return int(year[1])
