"""The edges of a graph as SVG lines: from box to box, around other boxes, each with its label before its arrowhead."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from justicegraph.pictures.drawing import SMALL, path, tag, text_element
from justicegraph.pictures.text import clean, clip

GAP, MARGIN, PORT = 118, 8, 15
"""Pixels: between two columns, around all of them, and between two arrowheads on one side of a box."""

_HEAD, TURN = 8, 12
"""Pixels: the length of an arrowhead, and how far an edge to another band goes right before it turns down."""


@dataclass(frozen=True)
class Position:
    """The position of a box, or of an edge that passes a column, and its band of columns."""

    left: float
    right: float
    y: float
    band: int


@dataclass(frozen=True)
class Arrowhead:
    """The point where an edge touches its box: on the left (`direction` 1) or, if it leads back, on the right (-1)."""

    x: float
    y: float
    direction: int


def arrowhead_at(box: Position, direction: int, port: int, ports: int) -> Arrowhead:
    """Return the arrowhead at one of the ports on a side of a box."""
    return Arrowhead(box.left if direction > 0 else box.right, box.y + PORT * (port - (ports - 1) / 2), direction)


def edge_element(route: Sequence[Position], head: Arrowhead, lanes: Sequence[float]) -> str:
    """Return the edge along a route of positions from left to right, with its arrowhead at either end.

    An edge to another band takes the lane below its own band and the lane above the other: `lanes` has their y.
    """
    first, last = route[0], route[-1]
    back = head.x - _HEAD * head.direction
    start, end = (
        ((first.right, first.y), (back, head.y)) if head.direction > 0 else ((back, head.y), (last.left, last.y))
    )
    if len(route) == 1:
        down = head.y - first.y + 7
        steps = path("M", first.right, first.y - 7, "c", 30, -16, 30, down, _HEAD, down)
    elif first.band != last.band:
        aside = path("H", MARGIN / 2, "V", lanes[last.band - 1]) if last.band - first.band > 1 else ""
        steps = path("M", *start, "H", first.right + TURN, "V", lanes[first.band]) + aside
        steps += path("H", last.left - GAP + MARGIN, "V", end[1], "H", end[0])
    else:
        steps = path("M", *start) + _curves(route, start, end)
    point = path("M", head.x, head.y, "l", -_HEAD * head.direction, -4, "v", 8) + "z"
    return tag("path", d=steps, class_="edge") + tag("path", d=point, class_="head")


def edge_labels(labels: Mapping[Arrowhead, str]) -> Iterator[str]:
    """Yield the labels beside their arrowheads: in half of the gap where another arrowhead faces it."""
    heads: dict[tuple[float, int], list[float]] = {}
    for head in labels:
        heads.setdefault((_gap(head), head.direction), []).append(head.y)
    for head, label in labels.items():
        is_faced = any(abs(y - head.y) < PORT for y in heads.get((_gap(head), -head.direction), ()))
        text = clip(clean(label), GAP / (1 + is_faced) - _HEAD - 8, SMALL)
        x, anchor = head.x - (_HEAD + 3) * head.direction, "end" if head.direction > 0 else ""
        yield text_element(text, x, head.y + 4, font_size=SMALL, text_anchor=anchor, class_="over")


def _gap(head: Arrowhead) -> float:
    """Return the right side of the gap that an arrowhead is in."""
    return head.x if head.direction > 0 else head.x + GAP


def _curves(route: Sequence[Position], start: tuple[float, float], end: tuple[float, float]) -> str:
    """Return curves from column to column, with a straight line through each column that is passed."""
    points = [start, *((x, passed.y) for passed in route[1:-1] for x in (passed.left, passed.right)), end]
    steps = []
    for index, ((x, y), (to_x, to_y)) in enumerate(pairwise(points)):
        middle = (x + to_x) / 2
        steps.append(path("H", to_x) if index % 2 else path("C", middle, y, middle, to_y, to_x, to_y))
    return "".join(steps)
