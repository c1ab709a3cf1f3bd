"""A file of targets to records: JSON lines, CSV with the columns id and name, N-Triples in Wikidata's shape."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from justicegraph.errors import BrokenFile
from justicegraph.linking.records.countries import country_code
from justicegraph.linking.records.reading import LIMIT, lines_of, plain_name, read_text
from justicegraph.linking.records.record import Record
from justicegraph.linking.records.rows import PROPERTIES, domain_of, identifier, record
from justicegraph.linking.records.tables import read_table
from justicegraph.linking.records.wikidata import read_items

_LINES, _LONGEST = 5_000_000, 1 << 20
"""Lines of a file, and characters of one, that are taken: a small file, unpacked, can have more than memory holds."""


def read_targets(path: Path, limit: int = LIMIT) -> list[Record]:
    """Read targets, compressed or not: JSON lines (.jsonl, .ndjson), N-Triples (.nt), else CSV; raise BrokenFile.

    A line has at least id and name, and may have names (each a text or with its `value`), country, city, types,
    established, website or domain, identifiers; one whose `in_kb` is false is left out.
    """
    name = plain_name(path)
    if name.endswith(".nt"):
        found = [item.record for item in read_items(path, limit)]
    else:
        found = list(_of_lines(path, limit) if name.endswith((".jsonl", ".ndjson")) else _of_table(path, limit))
    if not found:
        raise BrokenFile(f"{path} has no targets.")
    return found


def _of_table(path: Path, limit: int) -> Iterator[Record]:
    table = read_table(path, limit)
    id_at, name_at = table.place("id"), table.place("name")
    places = {name: at for at, name in enumerate(table.header) if name in PROPERTIES or name.startswith("id:")}
    for line, row in zip(table.lines, table.rows, strict=True):
        told = {name: row[at].strip() for name, at in places.items()}
        yield record(table, line, row[name_at].strip(), told, row[id_at].strip())


def _of_lines(path: Path, limit: int) -> Iterator[Record]:
    for number, line in enumerate(lines_of(read_text(path, limit)), 1):
        if number > _LINES:
            raise BrokenFile(f"{path} has more than {_LINES:,} lines: split it.")
        if line.isspace():
            continue
        try:
            said: Any = json.loads(line) if len(line) <= _LONGEST else None
            if said.get("in_kb") is not False:
                yield _of_object(said)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            told = BrokenFile(f"{path}, line {number}: this is no target; it must be a JSON object with id and name.")
            told.line = number
            raise told from error


def _of_object(said: dict[str, Any]) -> Record:
    names = [name if isinstance(name, str) else name["value"] for name in said.get("names") or ()]
    began = said.get("established")
    return Record(
        _text(said["id"]),
        _text(said["name"]),
        tuple(map(_text, names)),
        country_code(_text(said.get("country") or "")),
        _text(said.get("city") or ""),
        frozenset(_text(kind).casefold() for kind in said.get("types") or ()),
        int(began) if began is not None else None,
        None,
        domain_of(_text(said.get("website") or said.get("domain") or "")),
        {scheme: identifier(_text(value)) for scheme, value in (said.get("identifiers") or {}).items()},
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
