"""Outlines of countries and states, read from the file that the front end's build makes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from justicegraph.errors import BrokenFile
from justicegraph.pictures.drawing import path as steps
from justicegraph.pictures.text import folded

_LARGEST = 8_000_000
_POINT = r"-?\d{1,5}[, ]-?\d{1,5}"
_RING = re.compile(rf"M({_POINT}(?:L{_POINT})*+)Z", re.ASCII)

Ring = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Box:
    """A part of a map: its corners, in the units of the map."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Return whether the two have a point in common."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )


@dataclass(frozen=True, eq=False)
class Region:
    """A country or a state: its name, its code of two letters where it has one, its outline."""

    name: str
    code: str
    rings: tuple[Ring, ...]
    box: Box


@dataclass(frozen=True, eq=False)
class Outline:
    """A map of regions. A picture shows at least the part `closest` of its width.

    Where it `is_of_states`, a place is also found without what stands in parentheses at its end, as "New York (state)"
    is: countries have names that states share, as Georgia.
    """

    width: int
    height: int
    regions: tuple[Region, ...]
    closest: float
    is_of_states: bool = False

    @property
    def inhabited(self) -> float:
        """How far down people live: the map's height without Antarctica."""
        return min((each.box.top - 1 for each in self.regions if each.code == "AQ"), default=self.height)

    def find(self, name: str, code: str = "") -> Region | None:
        """Return the region with this code, else with this name, however it is spelt; None where the map lacks it."""
        found = next((each for each in self.regions if code and each.code == code.upper()), None) or self._named(name)
        if found is None and self.is_of_states and name.endswith(")"):
            return self._named(name.rpartition("(")[0])
        return found

    def land(self, view: Box, scale: float) -> str:
        """Return the path of all that is in view, in pixels from the view's corner."""
        return _land(self, view, scale)

    def _named(self, name: str) -> Region | None:
        wanted = folded(name)
        return next((each for each in self.regions if folded(each.name) == wanted), None)


@dataclass(frozen=True, eq=False)
class Atlas:
    """The world's countries, and the states of the US."""

    world: Outline
    us: Outline


def read_atlas(path: Path) -> Atlas | None:
    """Return the maps of a file; None where there is none. Raise BrokenFile where it does not hold maps."""
    if not path.exists():
        return None
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError("it is too large")
        said = orjson.loads(path.read_bytes())
        return Atlas(_outline(said["world"], closest=0.4), _outline(said["us"], closest=1, is_of_states=True))
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise BrokenFile(f"{path}: this does not hold the outlines of maps. Build the front end again.") from error


@lru_cache(maxsize=512)
def outlined(region: Region, view: Box, scale: float) -> str:
    """Return the path of a region's parts that are in view, in pixels from the view's corner."""
    return "".join(_steps(ring, view, scale) for ring in region.rings if _box(ring).meets(view))


@lru_cache(maxsize=64)
def _land(outline: Outline, view: Box, scale: float) -> str:
    return "".join(outlined(each, view, scale) for each in outline.regions if each.box.meets(view))


def _outline(said: dict[str, Any], closest: float, is_of_states: bool = False) -> Outline:
    width, height = said["width"], said["height"]
    if not (isinstance(width, int) and isinstance(height, int) and 0 < width < 99_999 and 0 < height < 99_999):
        raise ValueError("a map has no size")
    regions = tuple(_region(each) for each in said["regions"] if each["path"])
    return Outline(width, height, regions, closest, is_of_states)


def _region(said: dict[str, Any]) -> Region:
    rings = tuple(_rings(said["path"]))
    points = [point for ring in rings for point in ring]
    return Region(str(said["name"]), str(said["code"]), rings, _box(points))


def _rings(path: str) -> Iterator[Ring]:
    """Yield the rings of a path of straight lines; raise ValueError where it has anything else."""
    found = list(_RING.finditer(path))
    if not found or sum(len(each[0]) for each in found) != len(path):
        raise ValueError("an outline is no path of straight lines")
    for each in found:
        yield tuple((int(x), int(y)) for x, y in (re.split("[, ]", point) for point in each[1].split("L")))


def _box(points: "Ring | list[tuple[int, int]]") -> Box:
    across, down = zip(*points, strict=True)
    return Box(min(across), min(down), max(across), max(down))


def _steps(ring: Ring, view: Box, scale: float) -> str:
    """Return a ring as relative steps of whole pixels, which are the fewest bytes."""
    points = [(round((x - view.left) * scale), round((y - view.top) * scale)) for x, y in ring]
    x, y = points[0]
    text, said = steps("M", x, y), []
    for across, down in points[1:]:
        if (across, down) != (x, y):
            said.append(f"{across - x}{'' if down < y else ' '}{down - y}")
            x, y = across, down
    return f"{text}l{' '.join(said)}z".replace(" -", "-") if said else ""
