"""Numbers by year as a line."""

from collections.abc import Sequence
from itertools import pairwise
from math import floor, log10

from justicegraph.pictures.bars import figure, is_drawable
from justicegraph.pictures.drawing import SMALL, WIDE, Cell, Frame, Picture, framed, lettered, path, tag
from justicegraph.pictures.text import isolated, measure
from justicegraph.pictures.words import ENGLISH, Words

_HEIGHT, _TOP, _BOTTOM, _GAP = 240, 14, 26, 8
_YEARS = range(1, 10_000)
_FEW = 24
"""Points up to which each has a dot and its number: more would stand too close."""


def curve(
    points: Sequence[tuple[int, float]],
    title: str = "", key: str = "curve", words: Words = ENGLISH, width: int = WIDE, heads: tuple[str, str] = ("", ""),
) -> Picture:  # fmt: skip
    """Return numbers by year as a line that breaks where a year is missing; of a year given twice the last counts.

    The numbers' axis starts at zero, so that the picture does not exaggerate.
    """
    given = sorted({year: number for year, number in points if is_drawable(number) and year in _YEARS}.items())
    title = title or heads[1] or words.counts
    desc = "; ".join(f"{year}: {figure(number)}" for year, number in given[:200])
    rows = tuple((Cell(str(year)), Cell(figure(number))) for year, number in given)
    svg = framed(Frame(key, title, isolated(desc), width, _HEIGHT), _scene(given, width)) if given else ""
    return Picture(title, desc, svg, (heads[0] or words.year, heads[1] or words.number), rows)


def _scene(points: Sequence[tuple[int, float]], room: int) -> list[str]:
    marks = _marks([number for _, number in points])
    left = max(measure(figure(each), SMALL) for each in marks) + _GAP
    first, last = points[0][0], points[-1][0]
    span, tall = room - left - 24, _HEIGHT - _TOP - _BOTTOM
    low, high = marks[0], marks[-1]

    def at(year: float, number: float) -> tuple[float, float]:
        across = (year - first) / (last - first) if last > first else 0.5
        return left + 4 + span * across, _TOP + tall * (high - number) / (high - low)

    parts = [tag("path", d="".join(path("M", left, at(first, e)[1], "H", room) for e in marks), class_="grid")]
    parts += [_label(figure(each), left - 6, at(first, each)[1] + 4, "end") for each in marks]
    parts += [_label(str(each), at(each, low)[0], _HEIGHT - 6, "middle") for each in _years(first, last, span)]
    steps = [path("M", *at(*points[0]))]
    steps += [path("L" if b[0] - a[0] == 1 else "M", *at(*b)) for a, b in pairwise(points)]
    parts.append(tag("path", d="".join(steps), class_="curve"))
    alone = points if len(points) <= _FEW else _alone(points)
    return [*parts, *(_dot(each, *at(*each)) for each in alone)]


def _alone(points: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Return the points that no line reaches: the years before and after are missing."""
    years = {year for year, _ in points}
    return [each for each in points if not {each[0] - 1, each[0] + 1} & years]


def _dot(point: tuple[int, float], x: float, y: float) -> str:
    name = tag("title", f"{point[0]}: {figure(point[1])}")
    return tag("g", name, tag("circle", cx=x, cy=y, r=4, class_="sure"))


def _label(text: str, x: float, y: float, anchor: str) -> str:
    return lettered(text, x, y, text_anchor=anchor, font_size=SMALL, class_="quiet")


def _marks(numbers: Sequence[float]) -> list[float]:
    """Return three to seven round numbers from zero or below to the highest or above."""
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    if high == low:
        return [0.0, 1.0]
    rough = (high - low) / 4
    power = 10.0 ** floor(log10(rough))
    step = next(each * power for each in (1, 2, 2.5, 5, 10) if each * power >= rough)
    first, last = floor(low / step), -floor(-high / step)
    return [each * step for each in range(first, last + 1)]


def _years(first: int, last: int, room: float) -> list[int]:
    """Return the years to name: those at round steps that leave room between them."""
    most = max(1, int(room / 60))
    step = next((each for each in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500) if (last - first) / each <= most), 1000)
    return [*range(-(-first // step) * step, last + 1, step)] or [first]
