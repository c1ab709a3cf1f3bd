"""Happenings as bars and points on a scale, in lanes where none touches another."""

from collections.abc import Sequence
from dataclasses import dataclass

from justicegraph.pictures.drawing import SIZE, SMALL
from justicegraph.pictures.event import Happening, spans_of, when_of
from justicegraph.pictures.scale import Covered, Scale, covered
from justicegraph.pictures.text import clean, fitted, measure
from justicegraph.pictures.words import Words

EDGE, FADE, DOT = 8, 48, 5
"""Pixels: the margin, how far what has no known end fades out, a point's radius."""

_GAP, _LANE, _TALL = 10, 22, 40
"""Pixels: between two things in a lane, the height of a lane of points, and of one of bars with text above them."""

Extent = tuple[float, float]
"""From where to where, in pixels."""


@dataclass(frozen=True)
class Item:
    """A happening as it is drawn: its parts in pixels, its text, and where both together begin and end."""

    happening: Happening
    solid: Extent | None
    vague: tuple[Extent, ...]
    fade: tuple[float, int] | None
    text: str
    when: str
    text_x: float
    left: float
    right: float

    @property
    def height(self) -> int:
        """The height of its lane, in pixels."""
        return _TALL if self.happening.lasts else _LANE


def lanes_of(items: Sequence[Item]) -> list[list[Item]]:
    """Return the items in as few lanes as let none touch another."""
    lanes: list[list[Item]] = []
    for item in items:
        lane = next((lane for lane in lanes if not any(_touch(item, other) for other in lane)), None)
        if lane is None:
            lanes.append([item])
        else:
            lane.append(item)
    return lanes


def _touch(one: Item, other: Item) -> bool:
    return one.left <= other.right + _GAP and other.left <= one.right + _GAP


def item_of(happening: Happening, scale: Scale, room: float, say: Words) -> Item:
    """Return a happening with a date as it stands on the scale, its text within the picture's width."""
    solid, vague, fade = _lasting(happening, scale) if happening.lasts else _moment(happening, scale)
    pieces = [*vague, *([solid] if solid else []), *([_faded(*fade)] if fade else [])]
    first, last = min(each[0] for each in pieces), max(each[1] for each in pieces)
    when = fitted(when_of(happening, say, brief=True), 0.6 * room, SMALL)
    rest = measure("  " + when, SMALL)
    if happening.lasts:
        text = fitted(clean(happening.label), room - 2 * EDGE - rest, SIZE)
        text_x = max(EDGE, min(first, room - EDGE - measure(text, SIZE) - rest))
    else:
        text, text_x = _beside(clean(happening.label), (first, last), rest, room)
    end = text_x + measure(text, SIZE) + rest
    return Item(happening, solid, vague, fade, text, when, text_x, min(first, text_x), max(last, end))


def _faded(x: float, way: int) -> Extent:
    return min(x, x + way * FADE), max(x, x + way * FADE)


def _beside(label: str, own: Extent, rest: float, room: float) -> tuple[str, float]:
    """Return the label and where it starts: right of its point, or left of it where there is more room."""
    after, before = room - EDGE - own[1] - 6 - rest, own[0] - 6 - EDGE - rest
    if measure(label, SIZE) <= after or after >= before:
        return fitted(label, after, SIZE), own[1] + 6
    text = fitted(label, before, SIZE)
    return text, own[0] - 6 - rest - measure(text, SIZE)


def _moment(happening: Happening, scale: Scale) -> tuple[Extent | None, tuple[Extent, ...], None]:
    """Return a point for a day, and the span that a vaguer date covers where it is wider than a point."""
    first, last = _extent(spans_of(happening)[0], scale)
    middle = (first + last) / 2
    if last - first > 2 * DOT:
        return None, ((first, last),), None
    return (middle - DOT, middle + DOT), (), None


def _lasting(happening: Happening, scale: Scale) -> tuple[Extent | None, tuple[Extent, ...], tuple[float, int] | None]:
    """Return what surely was, what perhaps was, and from where it fades out: to the left (-1) or to the right (1)."""
    starts, ends = covered(happening.starts), covered(happening.ends)
    known = [each for each in (starts, None if ends else covered(happening.confirmed), ends) if each]
    vague = [_extent(each, scale) for each in dict.fromkeys(known)]
    solid = None
    if len(vague) > 1 and vague[0][1] <= vague[-1][0]:
        solid = (vague[0][1], vague[-1][0])
    elif len(vague) > 1:
        vague = [(min(each[0] for each in vague), max(each[1] for each in vague))]
    if not starts:
        return solid, tuple(vague), (vague[0][0], -1)
    return solid, tuple(vague), None if ends else (vague[-1][1], 1)


def _extent(span: Covered, scale: Scale) -> Extent:
    return scale.x(span.first), scale.x(span.last)
