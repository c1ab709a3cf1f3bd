"""A CSV file to a table: a header, and rows of as many cells (RFC 4180)."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from justicegraph.errors import BrokenFile
from justicegraph.records.reading import LIMIT, read_text


@dataclass(frozen=True)
class Table:
    """A header and its rows; `lines` has the line on which each row ends."""

    path: Path
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]

    def place(self, column: str) -> int:
        """Return the place of a column; raise BrokenFile where there is none."""
        if column not in self.header:
            raise BrokenFile(f'{self.path} has no column "{column}"; it has: {", ".join(self.header)}.')
        return self.header.index(column)


def read_table(path: Path, limit: int = LIMIT) -> Table:
    """Read a CSV file with a header, compressed or not; raise BrokenFile, with the line, where it is none."""
    text = read_text(path, limit)
    if "\0" in text:
        raise _broken(path, text.count("\n", 0, text.index("\0")) + 1, "a zero byte; this is not a CSV file")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
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
        raise _broken(path, reader.line_num, f"this is not CSV: {error}") from error
    return Table(path, header, rows, lines)


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
