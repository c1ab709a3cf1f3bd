"""Outlines of countries and states, read from the file that the front-end build writes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from justicegraph.errors import BrokenFile
from justicegraph.pictures.drawing import path as steps
from justicegraph.pictures.text import clean
from justicegraph.text import strip_accents

_LARGEST = 8_000_000
_POINT = r"-?\d{1,5}[, ]-?\d{1,5}"
_RING = re.compile(rf"M({_POINT}(?:L{_POINT})*+)Z", re.ASCII)

Ring = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Box:
    """A rectangle of a map, in the units of the map."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Return whether the two rectangles overlap or touch."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )


@dataclass(frozen=True, eq=False)
class Region:
    """A country or a state: its name, its two-letter code if it has one, its outline."""

    name: str
    code: str
    rings: tuple[Ring, ...]
    box: Box


@dataclass(frozen=True, eq=False)
class Outline:
    """A map of regions. A picture shows at least the share `closest` of its width.

    On a map that `is_of_states`, a place is also found without a suffix in parentheses, as in "New York (state)". On a
    map of countries it is not, because states and countries share names such as Georgia.
    """

    width: int
    height: int
    regions: tuple[Region, ...]
    closest: float
    is_of_states: bool = False

    @property
    def inhabited(self) -> float:
        """The height of the map without Antarctica."""
        return min((region.box.top - 1 for region in self.regions if region.code == "AQ"), default=self.height)

    def find(self, name: str, code: str = "") -> Region | None:
        """Return the region with this code, else with this normalized name; None if the map lacks it."""
        by_code = (region for region in self.regions if code and region.code == code.upper())
        region = next(by_code, None) or self._find_by_name(name)
        if region is None and self.is_of_states and name.endswith(")"):
            return self._find_by_name(name.rpartition("(")[0])
        return region

    def land(self, view: Box, scale: float) -> str:
        """Return the path of all regions in view, in pixels from the view's corner."""
        return _land(self, view, scale)

    def _find_by_name(self, name: str) -> Region | None:
        wanted = strip_accents(clean(name))
        return next((region for region in self.regions if strip_accents(region.name) == wanted), None)


@dataclass(frozen=True, eq=False)
class Atlas:
    """The world's countries, and the states of the US."""

    world: Outline
    us: Outline


def read_atlas(path: Path) -> Atlas | None:
    """Return the maps of a file; None if there is no file. Raise BrokenFile if it does not have the maps."""
    if not path.exists():
        return None
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError("it is too large")
        data = orjson.loads(path.read_bytes())
        return Atlas(_outline(data["world"], closest=0.4), _outline(data["us"], closest=1, is_of_states=True))
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise BrokenFile(f"{path}: this does not hold the outlines of maps. Build the front end again.") from error


@lru_cache(maxsize=512)
def region_path(region: Region, view: Box, scale: float) -> str:
    """Return the path of the parts of a region that are in view, in pixels from the view's corner."""
    return "".join(_steps(ring, view, scale) for ring in region.rings if _box(ring).meets(view))


@lru_cache(maxsize=64)
def _land(outline: Outline, view: Box, scale: float) -> str:
    return "".join(region_path(region, view, scale) for region in outline.regions if region.box.meets(view))


def _outline(data: dict[str, Any], closest: float, is_of_states: bool = False) -> Outline:
    width, height = data["width"], data["height"]
    if not (isinstance(width, int) and isinstance(height, int) and 0 < width < 99_999 and 0 < height < 99_999):
        raise ValueError("a map has no size")
    regions = tuple(_region(region) for region in data["regions"] if region["path"])
    return Outline(width, height, regions, closest, is_of_states)


def _region(data: dict[str, Any]) -> Region:
    rings = tuple(_rings(data["path"]))
    points = [point for ring in rings for point in ring]
    return Region(str(data["name"]), str(data["code"]), rings, _box(points))


def _rings(path: str) -> Iterator[Ring]:
    """Yield the rings of a path of straight lines; raise ValueError for any other path."""
    matches = list(_RING.finditer(path))
    if not matches or sum(len(match[0]) for match in matches) != len(path):
        raise ValueError("an outline is not a path of straight lines")
    for match in matches:
        yield tuple((int(x), int(y)) for x, y in (re.split("[, ]", point) for point in match[1].split("L")))


def _box(points: "Ring | list[tuple[int, int]]") -> Box:
    across, down = zip(*points, strict=True)
    return Box(min(across), min(down), max(across), max(down))


def _steps(ring: Ring, view: Box, scale: float) -> str:
    """Return a ring as relative steps of whole pixels, which take the fewest bytes."""
    points = [(round((x - view.left) * scale), round((y - view.top) * scale)) for x, y in ring]
    x, y = points[0]
    text, steps_text = steps("M", x, y), []
    for across, down in points[1:]:
        if (across, down) != (x, y):
            steps_text.append(f"{across - x}{'' if down < y else ' '}{down - y}")
            x, y = across, down
    return f"{text}l{' '.join(steps_text)}z".replace(" -", "-") if steps_text else ""
