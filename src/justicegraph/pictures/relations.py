"""The parts of a neighbourhood's picture: the entry, and its relations as blocks of boxes beside it or below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from justicegraph.pictures.drawing import SIZE, SMALL, link_element, path, rectangle, tag, text_element
from justicegraph.pictures.text import clean, clip, measure, wrap
from justicegraph.pictures.words import Words

_BOX, _LINE, _PAD, _GAP = 200, 17, 8, 6
"""Pixels: the width of a neighbour's box, the height of a line of text, the space around it and between boxes."""

_HEAD, _STUB, _MIDDLE = 26, 16, 132
"""Pixels: the label above a block, from its boxes to the line that joins them, the width of the entry's box."""


class Neighbour(NamedTuple):
    """A linked entry: its name, the address of its page, the label of its class."""

    name: str
    href: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Relation:
    """A relation of the entry: to its neighbours where `outgoing`, else from them.

    `more` counts the neighbours that are not given; `href` is the address of a list of all of them.
    """

    label: str
    outgoing: bool
    neighbours: tuple[Neighbour, ...]
    more: int = 0
    href: str = ""


@dataclass(frozen=True)
class _Block:
    """The layout of a relation from `top`: the lines of each neighbour's name, and the width of a box in pixels."""

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
        """The y where the line from the entry arrives: half-way between the first box and the last."""
        heights = [_height(lines) for lines in self.names]
        last = self.top + _HEAD + sum(heights) + _GAP * len(heights) - _GAP - (heights[-1] / 2 if heights else 0)
        return (self.top + _HEAD + heights[0] / 2 + last) / 2 if heights else self.top + _HEAD + _LINE / 2


@dataclass(frozen=True)
class Scene:
    """The rendered parts, and their height in pixels."""

    parts: tuple[str, ...]
    height: float


def _blocks(relations: Sequence[Relation], box: float) -> list[_Block]:
    room = box - 2 * _PAD
    names = [
        tuple(wrap(clean(neighbour.name) or "?", room, SIZE, 2) for neighbour in one.neighbours) for one in relations
    ]
    return [_Block(relation, lines, box) for relation, lines in zip(relations, names, strict=True)]


def _height(lines: tuple[str, ...]) -> float:
    return _LINE * len(lines) + _PAD


def _sides(blocks: Sequence[_Block]) -> tuple[list[_Block], list[_Block]]:
    """Return the blocks of the left and of the right side: by direction, evened out if one side is much higher."""
    left = [block for block in blocks if not block.relation.outgoing]
    right = [block for block in blocks if block.relation.outgoing]
    long, short = (left, right) if _total(left) > _total(right) else (right, left)
    while len(long) > 1 and _total(short) + long[-1].height < _total(long):
        short.append(long.pop())
    return left, right


def _total(blocks: Sequence[_Block]) -> float:
    return sum(block.height for block in blocks)


def _stack(blocks: Sequence[_Block], top: float) -> list[_Block]:
    placed = []
    for block in blocks:
        placed.append(replace(block, top=top))
        top += block.height
    return placed


def render_two_sided(name: str, relations: Sequence[Relation], room: float, words: Words) -> Scene:
    """Return the entry with relations to its left and right."""
    left, right = _sides(_blocks(relations, _BOX))
    lines = wrap(clean(name) or "?", _MIDDLE - 2 * _PAD, SIZE, 4, bold=True)
    own = _height(lines) + 2 * _PAD
    height = max(_total(left), _total(right), own) + _GAP
    centre, middle = room / 2, height / 2
    parts = []
    for side, direction in ((left, -1), (right, 1)):
        placed = _stack(side, (height - _total(side)) / 2)
        apart = min(8, (own - _PAD) / max(1, len(placed)))
        ports = [middle + apart * (index - (len(placed) - 1) / 2) for index in range(len(placed))]
        for block, port in zip(placed, ports, strict=True):
            start = centre + direction * _MIDDLE / 2
            bracket = room / 2 + direction * (room / 2 - _BOX - _STUB - 2)
            parts += [_edge(block, start, port, bracket, direction), *_block(block, bracket, direction, words)]
    parts.append(_centre_box(name, lines, centre - _MIDDLE / 2, middle - own / 2, _MIDDLE))
    return Scene(tuple(parts), height)


def render_stacked(name: str, relations: Sequence[Relation], room: float, words: Words) -> Scene:
    """Return the entry with its relations below it, along one line."""
    lines = wrap(clean(name) or "?", room - 4 * _PAD, SIZE, 3, bold=True)
    own = _height(lines) + 2 * _PAD
    placed = _stack(_blocks(relations, room - 2 * _STUB - 2), own + _GAP)
    parts = []
    for block in placed:
        parts.append(_trunk(block, own))
        parts += _block(block, _STUB, 1, words)
    parts.append(_centre_box(name, lines, 1, 1, min(room - 2, max(_MIDDLE, _widest(lines) + 4 * _PAD))))
    return Scene(tuple(parts), own + _total(placed) + 2 * _GAP)


def _widest(lines: Sequence[str]) -> float:
    return max(measure(line, SIZE, bold=True) for line in lines)


def add_note(scene: Scene, text: str) -> Scene:
    """Return a scene with a line of text below it."""
    return Scene(
        (*scene.parts, text_element(text, 2, scene.height + SIZE, class_="quiet")), scene.height + _LINE + _GAP
    )


def _centre_box(name: str, lines: Sequence[str], x: float, y: float, room: float) -> str:
    height = _LINE * len(lines) + 3 * _PAD
    box = rectangle(x, y, room, height, 6, "own")
    texts = [
        text_element(
            line, x + room / 2, y + 1.5 * _PAD + _LINE * index + SIZE - 1, text_anchor="middle", font_weight="bold"
        )
        for index, line in enumerate(lines)
    ]
    return link_element("", name, box, *texts)


def _edge(block: _Block, start: float, port: float, bracket: float, direction: int) -> str:
    """Return the line between the entry and a block, with an arrowhead where it leads to the entry."""
    head, half = 0 if block.relation.outgoing else 7, (bracket - start) / 2
    knot = block.knot
    line = path("M", start + direction * head, port, "C", start + half, port, bracket - half, knot, bracket, knot)
    return tag("path", d=line, class_="edge") + (_head(start, port, -direction) if head else "")


def _trunk(block: _Block, top: float) -> str:
    head = 0 if block.relation.outgoing else 7
    line = path("M", _STUB, top + head, "V", block.knot)
    return tag("path", d=line, class_="edge") + (_head(_STUB, top, 0) if head else "")


def _block(block: _Block, bracket: float, direction: int, words: Words) -> Iterator[str]:
    """Yield a relation's label and its neighbours' boxes, beside the line that joins them."""
    edge = bracket + direction * _STUB
    x, y = min(edge, edge + direction * block.box), block.top + _HEAD
    label = clip(clean(block.relation.label), block.box, SMALL)
    yield text_element(label, x, y - 7, font_size=SMALL, class_="quiet")
    centres = []
    for neighbour, lines in zip(block.relation.neighbours, block.names, strict=True):
        centres.append(y + _height(lines) / 2)
        yield _neighbour(neighbour, lines, x, y, block.box)
        y += _height(lines) + _GAP
    yield _branches(centres, bracket, edge, direction, block.relation.outgoing)
    if block.relation.more:
        more = text_element(words.more.format(number=block.relation.more), x + _PAD, y + SIZE - 1)
        yield link_element(block.relation.href, block.relation.label, more) if block.relation.href else more


def _neighbour(neighbour: Neighbour, lines: Sequence[str], x: float, y: float, room: float) -> str:
    box = rectangle(x, y, room, _height(tuple(lines)), 4, "box")
    texts = [text_element(line, x + _PAD, y + _PAD / 2 + _LINE * index + SIZE - 1) for index, line in enumerate(lines)]
    title = f"{clean(neighbour.name)} ({neighbour.kind})" if neighbour.kind else neighbour.name
    return link_element(neighbour.href, title, box, *texts)


def _branches(centres: Sequence[float], bracket: float, edge: float, direction: int, outgoing: bool) -> str:
    if not centres:
        return ""
    end = edge - direction * 6 if outgoing else edge
    steps = path("M", bracket, centres[0], "V", centres[-1]) if len(centres) > 1 else ""
    steps += "".join(path("M", bracket, y, "H", end) for y in centres)
    heads = "".join(_head(edge, y, direction) for y in centres) if outgoing else ""
    return tag("path", d=steps, class_="edge") + heads


def _head(x: float, y: float, direction: int) -> str:
    """Return an arrowhead with its tip at a point: pointing right (1), left (-1) or up (0)."""
    back = path("l", -4, 8, "h", 8) if not direction else path("l", -8 * direction, -4, "v", 8)
    return tag("path", d=path("M", x, y) + back + "z", class_="head")
