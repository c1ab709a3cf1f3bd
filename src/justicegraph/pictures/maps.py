"""A map with places marked on it, darker the more there is of them, and hatched so that no colour is needed."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from justicegraph.pictures.atlas import Box, Outline, Region, outlined
from justicegraph.pictures.bars import figure
from justicegraph.pictures.drawing import SMALL, WIDE, Frame, Picture, cell, framed, key_of, lettered, linked, path, tag
from justicegraph.pictures.text import clean, isolated, measure, wrapped
from justicegraph.pictures.words import ENGLISH, Words

_LEVELS = 4
_LEGEND = 30
_LINES, _LINE = 3, 18
"""Lines of the names that are not on the map, and their height in pixels; the rows have them all."""
_TINY = 9
"""Pixels: a region that is smaller both ways has a ring around it."""


@dataclass(frozen=True)
class Place:
    """A country or a state: its name, its code of two letters (the map's own names are English), how much is there."""

    name: str
    code: str = ""
    count: int | None = None
    href: str = ""


def place_map(
    outline: Outline | None, places: Sequence[Place],
    title: str = "", key: str = "map", words: Words = ENGLISH, width: int = WIDE,
) -> Picture:  # fmt: skip
    """Return the part of the map around these places, with them marked; the rows name them all.

    Where there is no map, or none of them is on it, there is no picture; where some are not, it names them below.
    """
    title = title or words.map
    desc = "; ".join(_told(each) for each in places)
    rows = tuple((cell(e.name, e.href), cell("" if e.count is None else figure(e.count))) for e in places)
    found = [(each, region) for each in places if outline and (region := outline.find(each.name, each.code))]
    svg = ""
    if outline and found:
        view = _view(outline, [region.box for _, region in found])
        height = (view.bottom - view.top) * width / (view.right - view.left)
        bounds = _bounds([each.count for each, _ in found if each.count is not None])
        marked = [(each, region, f"{key_of(key)}-{_level(each, bounds)}") for each, region in found]
        parts = [_hatches(key), _scene(outline, marked, view, width, height)]
        legend = list(_legend(bounds, height, key)) if len(bounds) > 1 else []
        below = height + (_LEGEND if legend else 0)
        drawn = {each for each, _ in found}
        missing = list(_missing([each for each in places if each not in drawn], below, width, words))
        frame = Frame(key, title, desc, width, below + _LINE * len(missing), bool(legend or missing))
        svg = framed(frame, [*parts, *legend, *missing])
    return Picture(title, desc, svg, (words.where, words.number), rows)


def _told(place: Place) -> str:
    return isolated(clean(place.name)) + ("" if place.count is None else f": {figure(place.count)}")


def _scene(
    outline: Outline, marked: Sequence[tuple[Place, Region, str]], view: Box, width: float, height: float
) -> str:
    """Return the map in its frame; what reaches beyond the frame is cut, as an inner picture is."""
    scale = width / (view.right - view.left)
    land = tag("path", d=outline.land(view, scale), class_="land")
    places = [_marked(place, region, view, scale, fill) for place, region, fill in marked]
    border = tag("rect", x=0.5, y=0.5, width=width - 1, height=height - 1, class_="grid")
    return tag("svg", land, *places, border, width=width, height=height)


def _view(outline: Outline, boxes: Sequence[Box]) -> Box:
    """Return the part of the map to show: all boxes with something around them, in the map's own proportions."""
    left, top = min(each.left for each in boxes), min(each.top for each in boxes)
    right, bottom = max(each.right for each in boxes), max(each.bottom for each in boxes)
    share = max(outline.closest, 1.5 * (right - left) / outline.width, 1.5 * (bottom - top) / outline.height)
    if share > 0.8:
        return Box(0, 0, outline.width, max(outline.inhabited, bottom))
    across, down = outline.width * share, outline.height * share
    x = min(max(0, (left + right - across) / 2), outline.width - across)
    y = min(max(0, (top + bottom - down) / 2), outline.height - down)
    return Box(round(x), round(y), round(x + across), round(y + down))


def _bounds(counts: Sequence[int]) -> list[int]:
    """Return the highest count of each level: as many levels as there are counts, with as many places in each."""
    values = sorted(set(counts))
    if len(values) <= _LEVELS:
        return values
    return [values[len(values) * (level + 1) // _LEVELS - 1] for level in range(_LEVELS)]


def _level(place: Place, bounds: Sequence[int]) -> int:
    """Return a place's level, from 1 to 4; the fullest where nothing is counted."""
    if place.count is None or not bounds:
        return _LEVELS
    return _LEVELS - len(bounds) + 1 + bisect_left(bounds, place.count)


def _hatches(key: str) -> str:
    """Return the fills of the levels: the more there is, the darker and the closer the lines."""
    lines = (path("M", 0, 8, "L", 8, 0), path("M", 0, 4, "L", 4, 0, "M", 4, 8, "L", 8, 4), "M0 0L8 8M0 8L8 0", "")
    return tag("defs", *(_hatch(f"{key_of(key)}-{level}", level, line) for level, line in enumerate(lines, 1)))


def _hatch(name: str, level: int, lines: str) -> str:
    ground = tag("rect", width=8, height=8, class_=f"shade-{level}")
    hatch = tag("path", d=lines, class_="hatch") if lines else ""
    return tag("pattern", ground, hatch, id=name, width=8, height=8, patternUnits="userSpaceOnUse")


def _marked(place: Place, region: Region, view: Box, scale: float, fill: str) -> str:
    parts = [tag("path", d=outlined(region, view, scale), fill=f"url(#{fill})", class_="region")]
    box = region.box
    if max(box.right - box.left, box.bottom - box.top) * scale < _TINY:
        x, y = ((box.left + box.right) / 2 - view.left) * scale, ((box.top + box.bottom) / 2 - view.top) * scale
        parts.append(tag("circle", cx=x, cy=y, r=_TINY, class_="ring"))
    title = clean(place.name) + ("" if place.count is None else f": {figure(place.count)}")
    return linked(place.href, title, *parts)


def _legend(bounds: Sequence[int], top: float, key: str) -> Iterator[str]:
    """Yield each level's fill and the counts that it stands for."""
    x, least = 2.0, 0
    for index, most in enumerate(bounds):
        level = _LEVELS - len(bounds) + 1 + index
        text = (
            figure(most) if len(bounds) < _LEVELS or least + 1 >= most else f"{figure(least + 1)}\u2013{figure(most)}"
        )
        yield tag("rect", x=x, y=top + 8, width=22, height=14, fill=f"url(#{key_of(key)}-{level})", class_="region")
        yield lettered(text, x + 28, top + 20, font_size=SMALL)
        x, least = x + 28 + measure(text, SMALL) + 18, most


def _missing(places: Sequence[Place], top: float, width: float, words: Words) -> Iterator[str]:
    """Yield lines that name the places which could not be drawn."""
    if places:
        names = clean(", ".join(clean(each.name) for each in places))
        said = words.off_map.format(number=figure(len(places)), name=names)
        for index, line in enumerate(wrapped(said, width - 4, SMALL, _LINES)):
            yield lettered(line, 2, top + 13 + index * _LINE, font_size=SMALL, class_="quiet")
