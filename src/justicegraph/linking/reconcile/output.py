"""A table and what was found for its rows, as CSV, TSV or JSON lines.

The cells of the table stay as they are: they are the user's own. The added cells have texts of other people, so a
spreadsheet program must find no formula in them (justicegraph.spreadsheet).
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

import orjson

from justicegraph.linking.reconcile.results import Found
from justicegraph.linking.records import Table
from justicegraph.spreadsheet import safe_cell

ADDED = ("id", "match_name", "probability", "match", "reason")
"""The columns that are added; one that the table has already gets `match_` in front."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def csv_of(table: Table, found: Iterable[Found]) -> bytes:
    """Return CSV, in UTF-8, with semicolons between the cells where the table has them."""
    return _delimited(table, found, ";" if table.separator == ";" else ",")


def tsv_of(table: Table, found: Iterable[Found]) -> bytes:
    """Return CSV with tabs, in UTF-8."""
    return _delimited(table, found, "\t")


def jsonl_of(table: Table, found: Iterable[Found]) -> bytes:
    """Return a JSON object a row, a line each; what is added keeps its type: a number or null, true or false."""
    names = header_of(table)
    rows = zip(table.rows, found, strict=True)
    said = (
        dict(zip(names, (*row, each.id, each.name, each.probability, each.is_match, each.reason), strict=True))
        for row, each in rows
    )
    return b"".join(orjson.dumps(each) + b"\n" for each in said)


FORMATS = {"csv": csv_of, "tsv": tsv_of, "jsonl": jsonl_of}


def header_of(table: Table) -> list[str]:
    """Return the names of the columns, those that are added behind."""
    names = list(table.header)
    for name in ADDED:
        while name in table.header:
            name = f"match_{name}"
        names.append(name)
    return names


def _delimited(table: Table, found: Iterable[Found], separator: str) -> bytes:
    text = io.StringIO(newline="")
    out = csv.writer(text, delimiter=separator, lineterminator="\n")
    out.writerow(header_of(table))
    out.writerows([*row, *_cells(each)] for row, each in zip(table.rows, found, strict=True))
    return text.getvalue().encode()


def _cells(found: Found) -> Sequence[str]:
    probability = "" if found.probability is None else f"{found.probability:.4f}"
    return _safe(found.id), _safe(found.name), probability, str(found.is_match).lower(), _safe(found.reason)


def _safe(text: str) -> str:
    """Return a text on one line, in which no spreadsheet program finds a formula."""
    return safe_cell(_CONTROL.sub(" ", text))
