"""A map with marked places: the higher the count, the darker the fill, hatched so that colour is not needed."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from justicegraph.pictures.atlas import Box, Outline, Region, region_path
from justicegraph.pictures.bars import figure
from justicegraph.pictures.drawing import (
    SMALL,
    WIDE,
    Frame,
    Picture,
    cell,
    link_element,
    path,
    render,
    tag,
    text_element,
    xml_id,
)
from justicegraph.pictures.text import clean, isolate, measure, wrap
from justicegraph.pictures.words import ENGLISH, Words

_LEVELS = 4
_LEGEND = 30
_LINES, _LINE = 3, 18
"""The most lines for names that are not on the map, and their height in pixels; the rows have all names."""
_TINY = 9
"""Pixels: a region that is smaller in both directions has a ring around it."""


@dataclass(frozen=True)
class Place:
    """A country or a state: its name, its two-letter code (the map's own names are English), its count."""

    name: str
    code: str = ""
    count: int | None = None
    href: str = ""


def place_map(
    outline: Outline | None, places: Sequence[Place],
    title: str = "", key: str = "map", words: Words = ENGLISH, width: int = WIDE,
) -> Picture:  # fmt: skip
    """Return the part of the map around these places, with the places marked; the rows name them all.

    Without a map, or if none of the places is on it, there is no picture. Places that are not on it are named below.
    """
    title = title or words.map
    desc = "; ".join(_describe(place) for place in places)
    rows = tuple(
        (cell(place.name, place.href), cell("" if place.count is None else figure(place.count))) for place in places
    )
    located = [(place, region) for place in places if outline and (region := outline.find(place.name, place.code))]
    svg = ""
    if outline and located:
        view = _view(outline, [region.box for _, region in located])
        height = (view.bottom - view.top) * width / (view.right - view.left)
        bounds = _bounds([place.count for place, _ in located if place.count is not None])
        marked = [(place, region, f"{xml_id(key)}-{_level(place, bounds)}") for place, region in located]
        parts = [_hatch_patterns(key), _scene(outline, marked, view, width, height)]
        legend = list(_legend(bounds, height, key)) if len(bounds) > 1 else []
        below = height + (_LEGEND if legend else 0)
        on_map = {place for place, _ in located}
        missing = list(_missing([place for place in places if place not in on_map], below, width, words))
        frame = Frame(key, title, desc, width, below + _LINE * len(missing), bool(legend or missing))
        svg = render(frame, [*parts, *legend, *missing])
    return Picture(title, desc, svg, (words.where, words.number), rows)


def _describe(place: Place) -> str:
    return isolate(clean(place.name)) + ("" if place.count is None else f": {figure(place.count)}")


def _scene(
    outline: Outline, marked: Sequence[tuple[Place, Region, str]], view: Box, width: float, height: float
) -> str:
    """Return the map as an inner SVG element, which clips what reaches beyond its frame."""
    scale = width / (view.right - view.left)
    land = tag("path", d=outline.land(view, scale), class_="land")
    places = [_region_element(place, region, view, scale, fill) for place, region, fill in marked]
    border = tag("rect", x=0.5, y=0.5, width=width - 1, height=height - 1, class_="grid")
    return tag("svg", land, *places, border, width=width, height=height)


def _view(outline: Outline, boxes: Sequence[Box]) -> Box:
    """Return the part of the map to show: all boxes with a margin, in the proportions of the map."""
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    share = max(outline.closest, 1.5 * (right - left) / outline.width, 1.5 * (bottom - top) / outline.height)
    if share > 0.8:
        return Box(0, 0, outline.width, max(outline.inhabited, bottom))
    across, down = outline.width * share, outline.height * share
    x = min(max(0, (left + right - across) / 2), outline.width - across)
    y = min(max(0, (top + bottom - down) / 2), outline.height - down)
    return Box(round(x), round(y), round(x + across), round(y + down))


def _bounds(counts: Sequence[int]) -> list[int]:
    """Return the highest count of each level: one level for each count, or quantiles if there are too many."""
    values = sorted(set(counts))
    if len(values) <= _LEVELS:
        return values
    return [values[len(values) * (level + 1) // _LEVELS - 1] for level in range(_LEVELS)]


def _level(place: Place, bounds: Sequence[int]) -> int:
    """Return a place's level, from 1 to 4; 4 if nothing is counted."""
    if place.count is None or not bounds:
        return _LEVELS
    return _LEVELS - len(bounds) + 1 + bisect_left(bounds, place.count)


def _hatch_patterns(key: str) -> str:
    """Return the fill patterns of the levels: the higher the level, the darker and the closer the lines."""
    lines = (path("M", 0, 8, "L", 8, 0), path("M", 0, 4, "L", 4, 0, "M", 4, 8, "L", 8, 4), "M0 0L8 8M0 8L8 0", "")
    return tag("defs", *(_hatch(f"{xml_id(key)}-{level}", level, line) for level, line in enumerate(lines, 1)))


def _hatch(name: str, level: int, lines: str) -> str:
    ground = tag("rect", width=8, height=8, class_=f"shade-{level}")
    hatch = tag("path", d=lines, class_="hatch") if lines else ""
    return tag("pattern", ground, hatch, id=name, width=8, height=8, patternUnits="userSpaceOnUse")


def _region_element(place: Place, region: Region, view: Box, scale: float, fill: str) -> str:
    parts = [tag("path", d=region_path(region, view, scale), fill=f"url(#{fill})", class_="region")]
    box = region.box
    if max(box.right - box.left, box.bottom - box.top) * scale < _TINY:
        x, y = ((box.left + box.right) / 2 - view.left) * scale, ((box.top + box.bottom) / 2 - view.top) * scale
        parts.append(tag("circle", cx=x, cy=y, r=_TINY, class_="ring"))
    title = clean(place.name) + ("" if place.count is None else f": {figure(place.count)}")
    return link_element(place.href, title, *parts)


def _legend(bounds: Sequence[int], top: float, key: str) -> Iterator[str]:
    """Yield the fill of each level with its range of counts."""
    x, least = 2.0, 0
    for index, most in enumerate(bounds):
        level = _LEVELS - len(bounds) + 1 + index
        text = (
            figure(most) if len(bounds) < _LEVELS or least + 1 >= most else f"{figure(least + 1)}\u2013{figure(most)}"
        )
        yield tag("rect", x=x, y=top + 8, width=22, height=14, fill=f"url(#{xml_id(key)}-{level})", class_="region")
        yield text_element(text, x + 28, top + 20, font_size=SMALL)
        x, least = x + 28 + measure(text, SMALL) + 18, most


def _missing(places: Sequence[Place], top: float, width: float, words: Words) -> Iterator[str]:
    """Yield lines with the names of places that the map lacks."""
    if places:
        names = clean(", ".join(clean(place.name) for place in places))
        text = words.off_map.format(number=figure(len(places)), name=names)
        for index, line in enumerate(wrap(text, width - 4, SMALL, _LINES)):
            yield text_element(line, 2, top + 13 + index * _LINE, font_size=SMALL, class_="quiet")
