"""Read a CSV or TSV file as a table: a header, and rows of as many cells (RFC 4180)."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from justicegraph.errors import BrokenFile
from justicegraph.linking.records.text_files import MAX_BYTES, broken_line, iter_lines, read_text, uncompressed_name

_QUOTED = re.compile(r'"[^"]*"')
_HEADER = 100_000
"""Characters at the beginning in which the separator of a header is looked for."""
_ROWS, _CELLS = 5_000_000, 20_000_000
"""The most rows and cells of a table: a small compressed file can have more than memory holds."""
_PROBLEMS = {
    "unexpected end of data": "a quote in this row never ends",
    "field larger": f"a cell here has more than {csv.field_size_limit():,} characters; perhaps a quote never ends",
}
"""Helpful words for the messages of the CSV reader, by how these begin."""


@dataclass(frozen=True)
class Table:
    """A header and its rows; `lines` has the line on which each row ends, `separator` is between cells."""

    path: Path
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    separator: str = ","

    def position(self, column: str) -> int:
        """Return the position of a column; raise BrokenFile if there is none of this name."""
        if column not in self.header:
            raise BrokenFile(f'{self.path} has no column "{column}"; it has: {", ".join(self.header)}.')
        return self.header.index(column)


def read_table(path: Path, limit: int = MAX_BYTES) -> Table:
    """Read a CSV or TSV file with a header, compressed or not; raise BrokenFile with the line of the problem.

    The cells of CSV are separated by commas, or by semicolons if the header has semicolons and no comma: spreadsheet
    programs write these where the comma is the decimal point.
    """
    text = read_text(path, limit)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise broken_line(path, line, "a zero byte; this is not a CSV file")
    separator = "\t" if uncompressed_name(path).endswith((".tsv", ".tab")) else _separator(text)
    numbered_rows = _iter_rows(path, text, separator)
    _, header = next(numbered_rows, (1, []))
    _check_header(path, header)
    most = min(_ROWS, _CELLS // len(header))
    rows: list[list[str]] = []
    lines: list[int] = []
    for line, row in numbered_rows:
        if len(row) != len(header):
            raise broken_line(path, line, f"{_count_cells(len(row))}, but the header has {len(header)}")
        if len(rows) == most:
            raise broken_line(path, line, f"more than {most:,} rows of {_count_cells(len(header))}; split the file")
        rows.append(row)
        lines.append(line)
    return Table(path, header, rows, lines, separator)


def _iter_rows(path: Path, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the header and all rows that are not blank, each with the line on which it ends."""
    reader = csv.reader(iter_lines(text), delimiter=separator, strict=True)
    while True:
        first = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            name, message = "TSV" if separator == "\t" else "CSV", str(error)
            words = next((words for head, words in _PROBLEMS.items() if message.startswith(head)), message)
            raise broken_line(path, first, f"this is not {name}: {words}") from error
        if row is None:
            return
        if row or first == 1:
            yield reader.line_num, row


def _count_cells(number: int) -> str:
    return f"{number:,} cell{'' if number == 1 else 's'}"


def _separator(text: str) -> str:
    header = _QUOTED.sub("", re.split(r"[\r\n]", text[:_HEADER], maxsplit=1)[0])
    return ";" if ";" in header and "," not in header else ","


def _check_header(path: Path, header: Sequence[str]) -> None:
    if not any(name.strip() for name in header):
        raise broken_line(path, 1, "no header; name the columns in the first line")
    repeated = next((name for at, name in enumerate(header) if name in header[:at]), None)
    if repeated is not None:
        raise broken_line(path, 1, f'two columns are called "{repeated}"; rename one')
