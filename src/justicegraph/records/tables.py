"""A CSV or TSV file to a table: a header, and rows of as many cells (RFC 4180)."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from justicegraph.errors import BrokenFile
from justicegraph.records.reading import LIMIT, plain_name, read_text

_QUOTED = re.compile(r'"[^"]*"')
_HEADER = 100_000
"""Characters in which a header has its separator."""


@dataclass(frozen=True)
class Table:
    """A header and its rows; `lines` has the line on which each row ends, `separator` stands between cells."""

    path: Path
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    separator: str = ","

    def place(self, column: str) -> int:
        """Return the place of a column; raise BrokenFile where there is none."""
        if column not in self.header:
            raise BrokenFile(f'{self.path} has no column "{column}"; it has: {", ".join(self.header)}.')
        return self.header.index(column)


def read_table(path: Path, limit: int = LIMIT) -> Table:
    """Read a CSV or TSV file with a header, compressed or not; raise BrokenFile, with the line, where it is none.

    In CSV, cells are parted by commas, or by semicolons where the header has some and no comma: spreadsheet programs
    write these where the comma is the decimal point.
    """
    text = read_text(path, limit)
    if "\0" in text:
        raise _broken(path, text.count("\n", 0, text.index("\0")) + 1, "a zero byte; this is not a CSV file")
    separator = "\t" if plain_name(path).endswith((".tsv", ".tab")) else _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        header = next(reader, [])
        _check_header(path, header)
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                raise _broken(path, reader.line_num, f"{len(row)} cells, where the header has {len(header)}")
            rows.append(row)
            lines.append(reader.line_num)
    except csv.Error as error:
        kind = "TSV" if separator == "\t" else "CSV"
        raise _broken(path, reader.line_num, f"this is not {kind}: {error}") from error
    return Table(path, header, rows, lines, separator)


def _separator(text: str) -> str:
    first = _QUOTED.sub("", re.split(r"[\r\n]", text[:_HEADER], maxsplit=1)[0])
    return ";" if ";" in first and "," not in first else ","


def _check_header(path: Path, header: Sequence[str]) -> None:
    if not any(name.strip() for name in header):
        raise _broken(path, 1, "no header; name the columns in the first line")
    twice = next((name for at, name in enumerate(header) if name in header[:at]), None)
    if twice is not None:
        raise _broken(path, 1, f'two columns are called "{twice}"; rename one')


def _broken(path: Path, line: int, what: str) -> BrokenFile:
    error = BrokenFile(f"{path}, line {line}: {what}.")
    error.line = line
    return error
