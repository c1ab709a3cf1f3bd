"""Write a table with the results for its rows, as CSV, TSV or JSON lines.

The cells of the table stay as they are: they are the user's own. The added cells have texts of other people, so a
spreadsheet program must find no formula in them (justicegraph.spreadsheet).
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

import orjson

from justicegraph.linking.reconcile.results import RowResult
from justicegraph.linking.records import Table
from justicegraph.spreadsheet import safe_cell

ADDED = ("id", "match_name", "probability", "match", "reason")
"""The added columns; one whose name the table has already gets `match_` in front."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def csv_of(table: Table, results: Iterable[RowResult]) -> bytes:
    """Return CSV in UTF-8, with semicolons between the cells if the table has them."""
    return _delimited(table, results, ";" if table.separator == ";" else ",")


def tsv_of(table: Table, results: Iterable[RowResult]) -> bytes:
    """Return TSV in UTF-8."""
    return _delimited(table, results, "\t")


def jsonl_of(table: Table, results: Iterable[RowResult]) -> bytes:
    """Return JSON lines, an object for each row; added values keep their types: a number or null, true or false."""
    names = header_of(table)
    rows = zip(table.rows, results, strict=True)
    cells = ((*row, result.id, result.name, result.probability, result.is_match, result.reason) for row, result in rows)
    return b"".join(orjson.dumps(dict(zip(names, some, strict=True))) + b"\n" for some in cells)


FORMATS = {"csv": csv_of, "tsv": tsv_of, "jsonl": jsonl_of}


def header_of(table: Table) -> list[str]:
    """Return the names of the columns, the added ones last."""
    names = list(table.header)
    for name in ADDED:
        while name in table.header:
            name = f"match_{name}"
        names.append(name)
    return names


def _delimited(table: Table, results: Iterable[RowResult], separator: str) -> bytes:
    text = io.StringIO(newline="")
    out = csv.writer(text, delimiter=separator, lineterminator="\n")
    out.writerow(header_of(table))
    out.writerows([*row, *_cells(result)] for row, result in zip(table.rows, results, strict=True))
    return text.getvalue().encode()


def _cells(result: RowResult) -> Sequence[str]:
    probability = "" if result.probability is None else f"{result.probability:.4f}"
    return _safe(result.id), _safe(result.name), probability, str(result.is_match).lower(), _safe(result.reason)


def _safe(text: str) -> str:
    """Return a text on one line, in which no spreadsheet program finds a formula."""
    return safe_cell(_CONTROL.sub(" ", text))
