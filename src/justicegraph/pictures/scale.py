"""Dates on a line: what a date of any precision covers, and where the marks of the scale stand."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_DATE = re.compile(r"([12]\d{3})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
_STEPS = (1, 3, 12, 24, 60, 120, 240, 300, 600, 1200, 2400, 6000)
"""Months between two marks of the scale: a month to five hundred years."""


@dataclass(frozen=True)
class Covered:
    """What a date covers, as ordinals of days: from the start of its first day to the end of its last."""

    first: int
    last: int


@lru_cache(maxsize=4096)
def covered(text: str) -> Covered | None:
    """Return what a year, a month or a day covers; None for what is no date of ours (DATA.md, Dates and status)."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(each) if each else 0 for each in found.groups())
    if day > monthrange(year, month or 1)[1]:
        return None
    last_month = month or 12
    first = date(year, month or 1, day or 1)
    last = date(year, last_month, day or monthrange(year, last_month)[1])
    return Covered(first.toordinal(), last.toordinal() + 1)


@dataclass(frozen=True)
class Mark:
    """A mark of the scale: its place in pixels, and its label."""

    x: float
    label: str


@dataclass(frozen=True)
class Scale:
    """Days from `first` to `last` laid out from `left` over `room` pixels, with marks at round dates."""

    first: int
    last: int
    left: float
    room: float
    marks: tuple[Mark, ...]

    def x(self, day: float) -> float:
        """Return where a day stands."""
        return self.left + self.room * (day - self.first) / (self.last - self.first)


def scale_of(spans: Sequence[Covered], left: float, room: float, apart: float = 56) -> Scale:
    """Return the scale that shows all spans, from one round date to another, its marks at least `apart` pixels off."""
    first, last = min(each.first for each in spans), max(each.last for each in spans) - 1
    most = max(1, int(room / apart))
    step = next((each for each in _STEPS if len(_rounds(first, last, each)) <= most + 1), _STEPS[-1])
    months = _rounds(first, last, step)
    begin, end = _day(months[0]), _day(months[-1])
    marks = [Mark(left + room * (_day(each) - begin) / (end - begin), _label(each, step)) for each in months]
    return Scale(begin, end, left, room, tuple(marks))


def _rounds(first: int, last: int, step: int) -> range:
    """Return months, counted from the year 0, at round dates from before the first day to after the last."""
    start, stop = (each.year * 12 + each.month - 1 for each in map(date.fromordinal, (first, last)))
    return range(start // step * step, stop + 1 + step, step)


def _day(month: int) -> int:
    return date(month // 12, month % 12 + 1, 1).toordinal()


def _label(month: int, step: int) -> str:
    return f"{month // 12}" if step >= 12 else f"{month // 12}-{month % 12 + 1:02}"
