"""Choosing the picture that fits a query result: a line by year, a map or bars; none if the table is best."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from justicegraph.dates import PATTERN
from justicegraph.pictures.atlas import Atlas
from justicegraph.pictures.bars import Count, bars
from justicegraph.pictures.curve import curve
from justicegraph.pictures.drawing import WIDE, Cell, Picture
from justicegraph.pictures.maps import Place, place_map
from justicegraph.pictures.words import ENGLISH, Words

MOST = 1_000
"""The most rows of a result that can have a picture."""

_NUMBER = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_YEAR = re.compile(PATTERN)
_ENOUGH = 0.6
"""The share of the names that a map must have."""


@dataclass(frozen=True)
class _Table:
    """The rows of a result that have a number: their names, their numbers, and whether the names are years."""

    names: tuple[Cell, ...]
    numbers: tuple[float, ...]
    are_years: bool
    heads: tuple[str, str]


def chart(
    heads: Sequence[str], rows: Sequence[Sequence[Cell]], key: str = "chart", words: Words = ENGLISH, width: int = WIDE
) -> Picture | None:
    """Return rows as a line if they are numbers by year, as bars if they are numbers by name; None for others."""
    table = _table(heads, rows)
    if not table:
        return None
    if table.are_years:
        points = [(int(name.text[:4]), number) for name, number in zip(table.names, table.numbers, strict=True)]
        return curve(points, key=key, words=words, width=width, heads=table.heads)
    counts = [Count(name.text, number, name.href) for name, number in zip(table.names, table.numbers, strict=True)]
    return bars(counts, table.heads[1], key, words, width)


def chart_map(
    heads: Sequence[str], rows: Sequence[Sequence[Cell]], atlas: Atlas | None,
    key: str = "map", words: Words = ENGLISH, width: int = WIDE,
) -> Picture | None:  # fmt: skip
    """Return rows on a map if they are whole numbers by state or by country; None for others."""
    table = _table(heads, rows)
    if (
        not table
        or not atlas
        or table.are_years
        or any(number < 0 or number != int(number) for number in table.numbers)
    ):
        return None
    places = [Place(name.text, "", int(n), name.href) for name, n in zip(table.names, table.numbers, strict=True)]
    for outline in (atlas.us, atlas.world):
        found = sum(1 for place in places if outline.find(place.name))
        if found >= _ENOUGH * len(places):
            return place_map(outline, places, table.heads[1], key, words, width)
    return None


def _table(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> _Table | None:
    """Return names and numbers, if every name is unique and at least two rows have a number; else None."""
    if not 2 <= len(rows) <= MOST:
        return None
    columns = [[row[index].text for row in rows] for index in range(len(heads))]
    numeric = [index for index, column in enumerate(columns) if _all(_NUMBER, column)]
    years = [index for index, column in enumerate(columns) if _all(_YEAR, column)]
    counted = [index for index in numeric if index not in years] or [i for i in numeric if i in years and i != years[0]]
    names = years or [index for index in range(len(heads)) if index not in numeric]
    if not counted or not names:
        return None
    name, number = names[0] if years else _label_column(names, rows), counted[-1]
    filled = [row for row in rows if row[name].text and row[number].text]
    labels = [row[name].text[:4] if years else row[name].text for row in filled]
    numbers = tuple(float(row[number].text) for row in filled)
    if len(filled) < 2 or len(set(labels)) < len(labels) or not all(map(isfinite, numbers)):
        return None
    name_cells = tuple(Cell(row[name].text, row[name].href or row[names[0]].href) for row in filled)
    return _Table(name_cells, numbers, bool(years), (heads[name], heads[number]))


def _label_column(names: Sequence[int], rows: Sequence[Sequence[Cell]]) -> int:
    """Return the column with the labels: the first, or if that has links, one with a distinct text in every row."""
    if not any(row[names[0]].href for row in rows):
        return names[0]
    columns = {index: [row[index] for row in rows] for index in names[1:]}
    return next(
        (
            index for index, column in columns.items()
            if len({cell.text for cell in column if cell.text and not cell.href}) == len(rows)
        ),
        names[0],
    )  # fmt: skip


def _all(pattern: re.Pattern[str], column: Sequence[str]) -> bool:
    """Return whether at least one cell is filled, and every filled cell matches a pattern."""
    filled = [text for text in column if text]
    return bool(filled) and all(pattern.fullmatch(text) for text in filled)
