"""A time scale: the interval of a date of any precision, and the ticks of the axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from justicegraph.dates import bounds_of

_STEPS = (1, 3, 12, 24, 60, 120, 240, 300, 600, 1200, 2400, 6000)
"""Months between two ticks: from one month to five hundred years."""


@dataclass(frozen=True)
class Interval:
    """The days of a date, as ordinals: from the start of its first day to the end of its last."""

    first: int
    last: int


@lru_cache(maxsize=4096)
def interval_of(text: str) -> Interval | None:
    """Return the interval of a year, a month or a day; None for a text that is not a date (docs/model.md, Dates)."""
    bounds = bounds_of(text)
    return Interval(bounds[0].toordinal(), bounds[1].toordinal() + 1) if bounds else None


@dataclass(frozen=True)
class Tick:
    """A tick of the axis: its position in pixels, and its label."""

    x: float
    label: str


@dataclass(frozen=True)
class Scale:
    """A linear scale of days, `first` to `last`, over `room` pixels from `left`, with ticks at round dates."""

    first: int
    last: int
    left: float
    room: float
    ticks: tuple[Tick, ...]

    def x(self, day: float) -> float:
        """Return the position of a day in pixels."""
        return self.left + self.room * (day - self.first) / (self.last - self.first)


def time_scale(intervals: Sequence[Interval], left: float, room: float, apart: float = 56) -> Scale:
    """Return the scale that shows all intervals, from one round date to another, with ticks at least `apart` pixels."""
    first, last = min(interval.first for interval in intervals), max(interval.last for interval in intervals) - 1
    most = max(1, int(room / apart))
    step = next((step for step in _STEPS if len(_round_months(first, last, step)) <= most + 1), _STEPS[-1])
    months = _round_months(first, last, step)
    begin, end = _day(months[0]), _day(months[-1])
    ticks = [Tick(left + room * (_day(month) - begin) / (end - begin), _label(month, step)) for month in months]
    return Scale(begin, end, left, room, tuple(ticks))


def _round_months(first: int, last: int, step: int) -> range:
    """Return the months of the ticks, counted from the year 0, from before the first day to after the last."""
    start, stop = (day.year * 12 + day.month - 1 for day in map(date.fromordinal, (first, last)))
    return range(start // step * step, stop + 1 + step, step)


def _day(month: int) -> int:
    return date(month // 12, month % 12 + 1, 1).toordinal()


def _label(month: int, step: int) -> str:
    return f"{month // 12}" if step >= 12 else f"{month // 12}-{month % 12 + 1:02}"
