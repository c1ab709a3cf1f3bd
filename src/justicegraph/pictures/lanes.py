"""Events laid out as bars and points on a time scale, in lanes where none overlaps another."""

from collections.abc import Sequence
from dataclasses import dataclass

from justicegraph.pictures.drawing import SIZE, SMALL
from justicegraph.pictures.event import Event, format_dates, intervals_of
from justicegraph.pictures.scale import Interval, Scale, interval_of
from justicegraph.pictures.text import clean, clip, measure
from justicegraph.pictures.words import Words

EDGE, FADE, DOT = 8, 48, 5
"""Pixels: the margin, the width over which an unknown start or end fades out, a point's radius."""

_GAP, _LANE, _TALL = 10, 22, 40
"""Pixels: the gap between two items of a lane, the height of a lane of points, and of a lane of bars with text."""

Extent = tuple[float, float]
"""The first and the last position, in pixels."""


@dataclass(frozen=True)
class Item:
    """The layout of an event: its parts in pixels, its text, and the extent of both together.

    `solid` is the part that is certain, `vague` has the uncertain ones, and `fade` is where an unknown start or end
    begins to fade out: its position, and -1 for to the left or 1 for to the right.
    """

    event: Event
    solid: Extent | None
    vague: tuple[Extent, ...]
    fade: tuple[float, int] | None
    text: str
    dates: str
    text_x: float
    left: float
    right: float

    @property
    def height(self) -> int:
        """The height of its lane, in pixels."""
        return _TALL if self.event.lasts else _LANE


def assign_lanes(items: Sequence[Item]) -> list[list[Item]]:
    """Return the items in lanes in which none overlaps another, each in the first lane with room."""
    lanes: list[list[Item]] = []
    for item in items:
        lane = next((lane for lane in lanes if not any(_overlap(item, other) for other in lane)), None)
        if lane is None:
            lanes.append([item])
        else:
            lane.append(item)
    return lanes


def _overlap(one: Item, other: Item) -> bool:
    return one.left <= other.right + _GAP and other.left <= one.right + _GAP


def lay_out_event(event: Event, scale: Scale, room: float, words: Words) -> Item:
    """Return the layout of an event that has a date, with its text within the picture's width."""
    solid, vague, fade = _lay_out_span(event, scale) if event.lasts else _lay_out_point(event, scale)
    extents = [*vague, *([solid] if solid else []), *([_fade_extent(*fade)] if fade else [])]
    first, last = min(extent[0] for extent in extents), max(extent[1] for extent in extents)
    dates = clip(format_dates(event, words, brief=True), 0.6 * room, SMALL)
    rest = measure("  " + dates, SMALL)
    if event.lasts:
        text = clip(clean(event.label), room - 2 * EDGE - rest, SIZE)
        text_x = max(EDGE, min(first, room - EDGE - measure(text, SIZE) - rest))
    else:
        text, text_x = _place_label(clean(event.label), (first, last), rest, room)
    end = text_x + measure(text, SIZE) + rest
    return Item(event, solid, vague, fade, text, dates, text_x, min(first, text_x), max(last, end))


def _fade_extent(x: float, direction: int) -> Extent:
    return min(x, x + direction * FADE), max(x, x + direction * FADE)


def _place_label(label: str, own: Extent, rest: float, room: float) -> tuple[str, float]:
    """Return the label and its position: right of the point, or left of it if there is more room."""
    after, before = room - EDGE - own[1] - 6 - rest, own[0] - 6 - EDGE - rest
    if measure(label, SIZE) <= after or after >= before:
        return clip(label, after, SIZE), own[1] + 6
    text = clip(label, before, SIZE)
    return text, own[0] - 6 - rest - measure(text, SIZE)


def _lay_out_point(event: Event, scale: Scale) -> tuple[Extent | None, tuple[Extent, ...], None]:
    """Return a solid point for a day, or the vague extent of a month or a year if it is wider than a point."""
    first, last = _extent(intervals_of(event)[0], scale)
    middle = (first + last) / 2
    if last - first > 2 * DOT:
        return None, ((first, last),), None
    return (middle - DOT, middle + DOT), (), None


def _lay_out_span(event: Event, scale: Scale) -> tuple[Extent | None, tuple[Extent, ...], tuple[float, int] | None]:
    """Return the solid part, the vague parts, and where the bar fades out: to the left (-1) or to the right (1)."""
    starts, ends = interval_of(event.starts), interval_of(event.ends)
    intervals = [interval for interval in (starts, None if ends else interval_of(event.confirmed), ends) if interval]
    vague = [_extent(interval, scale) for interval in dict.fromkeys(intervals)]
    solid = None
    if len(vague) > 1 and vague[0][1] <= vague[-1][0]:
        solid = (vague[0][1], vague[-1][0])
    elif len(vague) > 1:
        vague = [(min(extent[0] for extent in vague), max(extent[1] for extent in vague))]
    if not starts:
        return solid, tuple(vague), (vague[0][0], -1)
    return solid, tuple(vague), None if ends else (vague[-1][1], 1)


def _extent(interval: Interval, scale: Scale) -> Extent:
    return scale.x(interval.first), scale.x(interval.last)
