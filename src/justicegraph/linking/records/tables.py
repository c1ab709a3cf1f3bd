"""A CSV or TSV file to a table: a header, and rows of as many cells (RFC 4180)."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from justicegraph.errors import BrokenFile
from justicegraph.linking.records.reading import LIMIT, lines_of, plain_name, read_text

_QUOTED = re.compile(r'"[^"]*"')
_HEADER = 100_000
"""Characters in which a header has its separator."""
_ROWS, _CELLS = 5_000_000, 20_000_000
"""What a table may have: a small file, unpacked, can have more of them than memory holds."""
_WRONG = {
    "unexpected end of data": "a quote in this row never ends",
    "field larger": f"a cell here has more than {csv.field_size_limit():,} characters; perhaps a quote never ends",
}
"""What the reader of CSV complains of, by how it begins, in words that help."""


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
    found = _rows(path, text, separator)
    _, header = next(found, (1, []))
    _check_header(path, header)
    most = min(_ROWS, _CELLS // len(header))
    rows: list[list[str]] = []
    lines: list[int] = []
    for line, row in found:
        if len(row) != len(header):
            raise _broken(path, line, f"{_cells(len(row))}, where the header has {len(header)}")
        if len(rows) == most:
            raise _broken(path, line, f"more than {most:,} rows of {_cells(len(header))}; split the file")
        rows.append(row)
        lines.append(line)
    return Table(path, header, rows, lines, separator)


def _rows(path: Path, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the header and all rows that are not blank, each with the line on which it ends."""
    reader = csv.reader(lines_of(text), delimiter=separator, strict=True)
    while True:
        first = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            kind, said = "TSV" if separator == "\t" else "CSV", str(error)
            words = next((words for head, words in _WRONG.items() if said.startswith(head)), said)
            raise _broken(path, first, f"this is not {kind}: {words}") from error
        if row is None:
            return
        if row or first == 1:
            yield reader.line_num, row


def _cells(number: int) -> str:
    return f"{number:,} cell{'' if number == 1 else 's'}"


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
