"""The rows of a table to records, by a column with the name and others with properties."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from justicegraph.errors import BrokenFile
from justicegraph.linking.records.countries import country_code
from justicegraph.linking.records.record import Record
from justicegraph.linking.records.tables import Table

PROPERTIES = ("alias", "country", "city", "type", "founded", "ended", "website")
"""What a column may tell beside the name; `id:` and a scheme, as in `id:isni`, is an identifier."""
_YEAR = re.compile(r"-?(\d{4})(?!\d)")
_HOME = re.compile(r"/?(?:[a-z]{2}(?:-[a-z]{2})?/?|(?:index|home|default)(?:\.\w+)?/?)?", re.IGNORECASE)
"""Paths of a site's own first page, also of the one in a language."""


def records_of(table: Table, column: str, properties: Mapping[str, str]) -> Iterator[Record]:
    """Yield a record for each row; `properties` has columns by property; raise BrokenFile where there is no column."""
    at = table.place(column)
    places = {name: table.place(other) for name, other in properties.items()}
    for line, row in zip(table.lines, table.rows, strict=True):
        told = {name: row[place].strip() for name, place in places.items()}
        yield record(table, line, row[at].strip(), told)


def record(table: Table, line: int, name: str, told: Mapping[str, str], known_as: str = "") -> Record:
    """Return a record with what is told of it, by property; several aliases or types stand between bars."""
    ids = {key.partition(":")[2]: identifier(value) for key, value in told.items() if key.startswith("id:") and value}
    return Record(
        known_as or str(line),
        name,
        _several(told.get("alias", "")),
        country_code(told.get("country", "")),
        told.get("city", ""),
        frozenset(_several(told.get("type", "").casefold())),
        _year(table, line, told.get("founded", "")),
        _year(table, line, told.get("ended", "")),
        domain_of(told.get("website", "")),
        ids,
    )


def identifier(text: str) -> str:
    """Return an identifier without the address that it may stand in, and without spaces."""
    return text.strip().rstrip("/").rpartition("/")[2].replace(" ", "")


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _year(table: Table, line: int, text: str) -> int | None:
    if not text:
        return None
    found = _YEAR.match(text)
    if not found:
        raise BrokenFile(f'{table.path}, line {line}: "{text[:40]}" is no date; begin it with the year.')
    return int(found[1])


def domain_of(address: str) -> str:
    """Return the host of a website without www; nothing where there is none.

    A page within a site has none either: it may be somebody else's site, as a social network's.
    """
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if "." in host and _HOME.fullmatch(parts.path) else ""
