"""A line chart of numbers by year."""

from collections.abc import Sequence
from itertools import pairwise
from math import floor, log10

from justicegraph.pictures.bars import figure, is_drawable
from justicegraph.pictures.drawing import SMALL, WIDE, Cell, Frame, Picture, path, render, tag, text_element
from justicegraph.pictures.text import isolate, measure
from justicegraph.pictures.words import ENGLISH, Words

_HEIGHT, _TOP, _BOTTOM, _GAP = 240, 14, 26, 8
_YEARS = range(1, 10_000)
_FEW = 24
"""The most points that have a dot with their number; more would be too close together."""


def curve(
    points: Sequence[tuple[int, float]],
    title: str = "", key: str = "curve", words: Words = ENGLISH, width: int = WIDE, heads: tuple[str, str] = ("", ""),
) -> Picture:  # fmt: skip
    """Return numbers by year as a line that breaks where a year is missing; of a year given twice, the last is used.

    The y axis starts at zero, so that the picture does not exaggerate.
    """
    finite = sorted({year: number for year, number in points if is_drawable(number) and year in _YEARS}.items())
    title = title or heads[1] or words.counts
    desc = "; ".join(f"{year}: {figure(number)}" for year, number in finite[:200])
    rows = tuple((Cell(str(year)), Cell(figure(number))) for year, number in finite)
    svg = render(Frame(key, title, isolate(desc), width, _HEIGHT), _scene(finite, width)) if finite else ""
    return Picture(title, desc, svg, (heads[0] or words.year, heads[1] or words.number), rows)


def _scene(points: Sequence[tuple[int, float]], room: int) -> list[str]:
    ticks = _ticks([number for _, number in points])
    left = max(measure(figure(tick), SMALL) for tick in ticks) + _GAP
    first, last = points[0][0], points[-1][0]
    span, height = room - left - 24, _HEIGHT - _TOP - _BOTTOM
    low, high = ticks[0], ticks[-1]

    def at(year: float, number: float) -> tuple[float, float]:
        across = (year - first) / (last - first) if last > first else 0.5
        return left + 4 + span * across, _TOP + height * (high - number) / (high - low)

    parts = [tag("path", d="".join(path("M", left, at(first, tick)[1], "H", room) for tick in ticks), class_="grid")]
    parts += [_label(figure(tick), left - 6, at(first, tick)[1] + 4, "end") for tick in ticks]
    parts += [_label(str(year), at(year, low)[0], _HEIGHT - 6, "middle") for year in _years(first, last, span)]
    steps = [path("M", *at(*points[0]))]
    steps += [path("L" if b[0] - a[0] == 1 else "M", *at(*b)) for a, b in pairwise(points)]
    parts.append(tag("path", d="".join(steps), class_="curve"))
    dotted = points if len(points) <= _FEW else _isolated_points(points)
    return [*parts, *(_dot(point, *at(*point)) for point in dotted)]


def _isolated_points(points: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Return the points without a line, because the years before and after are missing."""
    years = {year for year, _ in points}
    return [point for point in points if not {point[0] - 1, point[0] + 1} & years]


def _dot(point: tuple[int, float], x: float, y: float) -> str:
    name = tag("title", f"{point[0]}: {figure(point[1])}")
    return tag("g", name, tag("circle", cx=x, cy=y, r=4, class_="sure"))


def _label(text: str, x: float, y: float, anchor: str) -> str:
    return text_element(text, x, y, text_anchor=anchor, font_size=SMALL, class_="quiet")


def _ticks(numbers: Sequence[float]) -> list[float]:
    """Return three to seven round numbers for the y axis, from zero or below to the highest or above."""
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    if high == low:
        return [0.0, 1.0]
    rough = (high - low) / 4
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    first, last = floor(low / step), -floor(-high / step)
    return [number * step for number in range(first, last + 1)]


def _years(first: int, last: int, room: float) -> list[int]:
    """Return the years to label: those at round steps that leave room between them."""
    most = max(1, int(room / 60))
    step = next((step for step in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500) if (last - first) / step <= most), 1000)
    return [*range(-(-first // step) * step, last + 1, step)] or [first]
