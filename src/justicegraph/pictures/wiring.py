"""The lines of a graph: from box to box, around what stands between, each with its label before its head."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from justicegraph.pictures.drawing import SMALL, lettered, path, tag
from justicegraph.pictures.text import clean, fitted

GAP, MARGIN, PORT = 118, 8, 15
"""Pixels: between two columns, around all of them, and from one line's head on a box to the next."""

_HEAD, TURN = 8, 12


@dataclass(frozen=True)
class Spot:
    """Where a box, or the slot of a line that passes, stands in its column, and in which band of columns."""

    left: float
    right: float
    y: float
    band: int


@dataclass(frozen=True)
class Tip:
    """Where a line's head touches its box: on the left side (`way` 1) or, as it leads back, on the right (-1)."""

    x: float
    y: float
    way: int


def tip_of(spot: Spot, way: int, port: int, ports: int) -> Tip:
    """Return the head's place for one of some ports on a side of a box."""
    return Tip(spot.left if way > 0 else spot.right, spot.y + PORT * (port - (ports - 1) / 2), way)


def wire(way: Sequence[Spot], tip: Tip, lanes: Sequence[float]) -> str:
    """Return the line through these spots, from left to right, to its head at either end.

    One to another band takes the lane under its own, and the one above the other: `lanes` has their y.
    """
    first, last = way[0], way[-1]
    back = tip.x + _HEAD * -tip.way
    start, end = ((first.right, first.y), (back, tip.y)) if tip.way > 0 else ((back, tip.y), (last.left, last.y))
    if len(way) == 1:
        steps = path("M", first.right, first.y - 7, "c", 30, -16, 30, tip.y - first.y + 7, _HEAD, tip.y - first.y + 7)
    elif first.band != last.band:
        aside = path("H", MARGIN / 2, "V", lanes[last.band - 1]) if last.band - first.band > 1 else ""
        down = path("M", *start, "H", first.right + TURN, "V", lanes[first.band]) + aside
        steps = down + path("H", last.left - GAP + MARGIN, "V", end[1], "H", end[0])
    else:
        steps = path("M", *start) + "".join(_curve(one, other, start, end, way) for one, other in pairwise(way))
    head = path("M", tip.x, tip.y, "l", -_HEAD * tip.way, -4, "v", 8) + "z"
    return tag("path", d=steps, class_="edge") + tag("path", d=head, class_="head")


def named(labels: Mapping[Tip, str]) -> Iterator[str]:
    """Yield the labels of lines' heads, each beside its own: in its half of the gap where another faces it."""
    heads: dict[tuple[float, int], list[float]] = {}
    for tip in labels:
        heads.setdefault((_gap(tip), tip.way), []).append(tip.y)
    for tip, label in labels.items():
        is_faced = any(abs(y - tip.y) < PORT for y in heads.get((_gap(tip), -tip.way), ()))
        text = fitted(clean(label), GAP / (1 + is_faced) - _HEAD - 8, SMALL)
        x, anchor = tip.x - (_HEAD + 3) * tip.way, "end" if tip.way > 0 else ""
        yield lettered(text, x, tip.y + 4, font_size=SMALL, text_anchor=anchor, class_="over")


def _gap(tip: Tip) -> float:
    """Return the right side of the gap that a head stands in."""
    return tip.x if tip.way > 0 else tip.x + GAP


def _curve(one: Spot, other: Spot, start: tuple[float, float], end: tuple[float, float], way: Sequence[Spot]) -> str:
    """Return the curve from one column to the next, and on through the slot there."""
    x, y = start if one is way[0] else (one.right, one.y)
    to_x, to_y = end if other is way[-1] else (other.left, other.y)
    middle = (x + to_x) / 2
    through = path("H", other.right) if other is not way[-1] else ""
    return path("C", middle, y, middle, to_y, to_x, to_y) + through
