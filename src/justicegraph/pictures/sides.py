"""The parts of a neighbourhood's picture: the entry, and each relation as a block of boxes on a side of it or below."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from justicegraph.pictures.drawing import SIZE, SMALL, boxed, lettered, linked, path, tag
from justicegraph.pictures.text import clean, fitted, measure, wrapped
from justicegraph.pictures.words import Words

_BOX, _LINE, _PAD, _GAP = 200, 17, 8, 6
"""Pixels: the width of a neighbour's box, the height of a line of text, the space around it and between boxes."""

_HEAD, _STUB, _MIDDLE = 26, 16, 132
"""Pixels: above a block for its label, between its boxes and the line that joins them, the width of the entry's box."""


class Neighbour(NamedTuple):
    """Another entry: its name, the address of its page, what it is in a word."""

    name: str
    href: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Relation:
    """One way in which the entry is linked: to the neighbours where `outgoing`, else from them.

    `more` counts those that are not among the neighbours given; `href` is where all of them are listed.
    """

    label: str
    outgoing: bool
    neighbours: tuple[Neighbour, ...]
    more: int = 0
    href: str = ""


@dataclass(frozen=True)
class _Block:
    """A relation as it stands on one side, from `top`: the lines of each neighbour's name, and how wide a box is."""

    relation: Relation
    names: tuple[tuple[str, ...], ...]
    box: float
    top: float = 0

    @property
    def height(self) -> float:
        boxes = sum(_height(lines) + _GAP for lines in self.names)
        return _HEAD + boxes + (_LINE + _GAP if self.relation.more else 0)

    @property
    def knot(self) -> float:
        """Where the line from the middle arrives: half-way between the first box and the last."""
        heights = [_height(lines) for lines in self.names]
        last = self.top + _HEAD + sum(heights) + _GAP * len(heights) - _GAP - (heights[-1] / 2 if heights else 0)
        return (self.top + _HEAD + heights[0] / 2 + last) / 2 if heights else self.top + _HEAD + _LINE / 2


@dataclass(frozen=True)
class Scene:
    """What is drawn, and how high it is."""

    parts: tuple[str, ...]
    height: float


def _blocks(relations: Sequence[Relation], box: float) -> list[_Block]:
    room = box - 2 * _PAD
    names = [tuple(wrapped(clean(each.name) or "?", room, SIZE, 2) for each in one.neighbours) for one in relations]
    return [_Block(relation, lines, box) for relation, lines in zip(relations, names, strict=True)]


def _height(lines: tuple[str, ...]) -> float:
    return _LINE * len(lines) + _PAD


def _sides(blocks: Sequence[_Block]) -> tuple[list[_Block], list[_Block]]:
    """Return the blocks of the left and the right: by direction, evened out where one side is much the longer."""
    left = [each for each in blocks if not each.relation.outgoing]
    right = [each for each in blocks if each.relation.outgoing]
    long, short = (left, right) if _total(left) > _total(right) else (right, left)
    while len(long) > 1 and _total(short) + long[-1].height < _total(long):
        short.append(long.pop())
    return left, right


def _total(blocks: Sequence[_Block]) -> float:
    return sum(each.height for each in blocks)


def _stacked(blocks: Sequence[_Block], top: float) -> list[_Block]:
    placed = []
    for each in blocks:
        placed.append(replace(each, top=top))
        top += each.height
    return placed


def on_both_sides(name: str, relations: Sequence[Relation], room: float, say: Words) -> Scene:
    """Return the entry with its relations left and right of it."""
    left, right = _sides(_blocks(relations, _BOX))
    lines = wrapped(clean(name) or "?", _MIDDLE - 2 * _PAD, SIZE, 4, bold=True)
    own = _height(lines) + 2 * _PAD
    height = max(_total(left), _total(right), own) + _GAP
    centre, middle = room / 2, height / 2
    parts = []
    for side, way in ((left, -1), (right, 1)):
        placed = _stacked(side, (height - _total(side)) / 2)
        apart = min(8, (own - _PAD) / max(1, len(placed)))
        ports = [middle + apart * (index - (len(placed) - 1) / 2) for index in range(len(placed))]
        for each, port in zip(placed, ports, strict=True):
            start = centre + way * _MIDDLE / 2
            bracket = room / 2 + way * (room / 2 - _BOX - _STUB - 2)
            parts += [_edge(each, start, port, bracket, way), *_block(each, bracket, way, say)]
    parts.append(_own(name, lines, centre - _MIDDLE / 2, middle - own / 2, _MIDDLE))
    return Scene(tuple(parts), height)


def below(name: str, relations: Sequence[Relation], room: float, say: Words) -> Scene:
    """Return the entry with its relations under it, along one line."""
    lines = wrapped(clean(name) or "?", room - 4 * _PAD, SIZE, 3, bold=True)
    own = _height(lines) + 2 * _PAD
    placed = _stacked(_blocks(relations, room - 2 * _STUB - 2), own + _GAP)
    parts = []
    for each in placed:
        parts.append(_trunk(each, own))
        parts += _block(each, _STUB, 1, say)
    parts.append(_own(name, lines, 1, 1, min(room - 2, max(_MIDDLE, _widest(lines) + 4 * _PAD))))
    return Scene(tuple(parts), own + _total(placed) + 2 * _GAP)


def _widest(lines: Sequence[str]) -> float:
    return max(measure(line, SIZE, bold=True) for line in lines)


def with_rest(scene: Scene, text: str) -> Scene:
    """Return a scene with a line under it, of what it leaves out."""
    return Scene((*scene.parts, lettered(text, 2, scene.height + SIZE, class_="quiet")), scene.height + _LINE + _GAP)


def _own(name: str, lines: Sequence[str], x: float, y: float, room: float) -> str:
    height = _LINE * len(lines) + 3 * _PAD
    box = boxed(x, y, room, height, 6, "own")
    said = [
        lettered(
            line, x + room / 2, y + 1.5 * _PAD + _LINE * index + SIZE - 1, text_anchor="middle", font_weight="bold"
        )
        for index, line in enumerate(lines)
    ]
    return linked("", name, box, *said)


def _edge(block: _Block, start: float, port: float, bracket: float, way: int) -> str:
    """Return the line between the middle and a block, with its head where it leads to the middle."""
    head, half = 0 if block.relation.outgoing else 7, (bracket - start) / 2
    knot = block.knot
    line = path("M", start + way * head, port, "C", start + half, port, bracket - half, knot, bracket, knot)
    return tag("path", d=line, class_="edge") + (_head(start, port, -way) if head else "")


def _trunk(block: _Block, top: float) -> str:
    head = 0 if block.relation.outgoing else 7
    line = path("M", _STUB, top + head, "V", block.knot)
    return tag("path", d=line, class_="edge") + (_head(_STUB, top, 0) if head else "")


def _block(block: _Block, bracket: float, way: int, say: Words) -> Iterator[str]:
    """Yield a relation's label and its neighbours, beside the line that joins them."""
    edge = bracket + way * _STUB
    x, y = min(edge, edge + way * block.box), block.top + _HEAD
    label = fitted(clean(block.relation.label), block.box, SMALL)
    yield lettered(label, x, y - 7, font_size=SMALL, class_="quiet")
    centres = []
    for neighbour, lines in zip(block.relation.neighbours, block.names, strict=True):
        centres.append(y + _height(lines) / 2)
        yield _neighbour(neighbour, lines, x, y, block.box)
        y += _height(lines) + _GAP
    yield _branches(centres, bracket, edge, way, block.relation.outgoing)
    if block.relation.more:
        more = lettered(say.more.format(number=block.relation.more), x + _PAD, y + SIZE - 1)
        yield linked(block.relation.href, block.relation.label, more) if block.relation.href else more


def _neighbour(neighbour: Neighbour, lines: Sequence[str], x: float, y: float, room: float) -> str:
    box = boxed(x, y, room, _height(tuple(lines)), 4, "box")
    said = [lettered(line, x + _PAD, y + _PAD / 2 + _LINE * index + SIZE - 1) for index, line in enumerate(lines)]
    title = f"{clean(neighbour.name)} ({neighbour.kind})" if neighbour.kind else neighbour.name
    return linked(neighbour.href, title, box, *said)


def _branches(centres: Sequence[float], bracket: float, edge: float, way: int, outgoing: bool) -> str:
    if not centres:
        return ""
    end = edge - way * 6 if outgoing else edge
    steps = path("M", bracket, centres[0], "V", centres[-1]) if len(centres) > 1 else ""
    steps += "".join(path("M", bracket, y, "H", end) for y in centres)
    heads = "".join(_head(edge, y, way) for y in centres) if outgoing else ""
    return tag("path", d=steps, class_="edge") + heads


def _head(x: float, y: float, way: int) -> str:
    """Return an arrow's head with its point here: leading right (1), left (-1) or up (0)."""
    back = path("l", -4, 8, "h", 8) if not way else path("l", -8 * way, -4, "v", 8)
    return tag("path", d=path("M", x, y) + back + "z", class_="head")
