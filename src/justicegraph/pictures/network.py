"""A small graph of named nodes and links, as a query constructs it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from justicegraph.pictures.drawing import (
    FULL,
    SIZE,
    SMALL,
    Cell,
    Frame,
    Picture,
    boxed,
    cell,
    escaped,
    framed,
    lettered,
    linked,
    tag,
)
from justicegraph.pictures.layers import Layered, Slot, layered
from justicegraph.pictures.text import clean, isolated, wrapped
from justicegraph.pictures.wiring import GAP, MARGIN, PORT, TURN, Spot, Tip, named, tip_of, wire
from justicegraph.pictures.words import ENGLISH, Words

MOST, MOST_EDGES = 60, 120
"""Nodes and links that are drawn; the rows have every link."""

_BOX, _PAD, _LINE, _PORTS = 140, 8, 17, 4
_APART, _BETWEEN, _SLOT = 12, 30, 12
"""Links' heads on a side of a box, each for what it says; more of them share the last.

Pixels: between two boxes of a column, between two bands, and what a link takes that passes a column."""


@dataclass(frozen=True)
class Node:
    """A node: its name, and the address of its page."""

    label: str
    href: str = ""


@dataclass(frozen=True)
class Edge:
    """A link from one node to another, by their keys, and what it says."""

    start: str
    end: str
    label: str


def network(
    nodes: Mapping[str, Node], edges: Sequence[Edge],
    title: str = "", key: str = "graph", words: Words = ENGLISH, width: int = FULL,
) -> Picture:  # fmt: skip
    """Return nodes in columns with their links between them; the rows list every link.

    A key of an edge that `nodes` lacks is shown as it is. Of more than MOST nodes, those with the most links are drawn.
    """
    known = {key: Node(key) for edge in edges for key in (edge.start, edge.end)} | dict(nodes)
    title = title or words.graph
    desc = f"{words.nodes.format(number=len(known))}, {words.edges.format(number=len(edges))}"
    rows = tuple((_cell(known[each.start]), cell(each.label), _cell(known[each.end])) for each in edges)
    drawn = _chosen(known, edges)
    svg = ""
    if drawn:
        said = dict.fromkeys(each for each in edges if each.start in drawn and each.end in drawn)
        parts, wide, height = _scene({each: known[each] for each in drawn}, [*said][:MOST_EDGES], width)
        hidden = len(known) - len(drawn), len({*edges}) - min(len(said), MOST_EDGES)
        if any(hidden):
            parts.append(_rest(words.left_out.format(nodes=hidden[0], links=hidden[1]), height))
            height += _LINE + _PAD
        svg = framed(Frame(key, title, desc, wide, height), parts)
    return Picture(title, desc, svg, (words.start, words.relation, words.end), rows)


def _cell(node: Node) -> Cell:
    return cell(node.label, node.href)


def _chosen(nodes: Mapping[str, Node], edges: Sequence[Edge]) -> list[str]:
    """Return the keys of the nodes to draw, by name: the most linked where there are too many."""
    degree = Counter(key for edge in edges for key in (edge.start, edge.end))
    ranks = {key: (clean(node.label).casefold(), key) for key, node in nodes.items()}
    most = sorted(nodes, key=lambda key: (-degree[key], ranks[key]))[:MOST]
    return sorted(most, key=ranks.__getitem__)


def _scene(nodes: Mapping[str, Node], edges: Sequence[Edge], room: int) -> tuple[list[str], float, float]:
    """Return the parts of the picture, its width and its height."""
    lines = {key: wrapped(clean(node.label) or "?", _BOX - 2 * _PAD, SIZE, 2) for key, node in nodes.items()}
    band, plan = _plan(nodes, edges, room)
    ways = [1 if way[0] == edge.start != edge.end else -1 for edge, way in zip(edges, plan.ways, strict=True)]
    ports = _ports(edges, ways)
    most = {key: max(min(_PORTS, len(ports.get((key, way), ()))) for way in (1, -1)) for key in nodes}
    tall: dict[Slot, float] = {key: max(_LINE * len(lines[key]), PORT * most[key]) for key in nodes}
    spots, lanes, height = _placed(plan, tall, band)
    tips = [_tip(edge, way, ports, spots) for edge, way in zip(edges, ways, strict=True)]
    parts = []
    for edge, tip, slots in zip(edges, tips, plan.ways, strict=True):
        name = " → ".join(isolated(clean(e)) for e in (nodes[edge.start].label, edge.label, nodes[edge.end].label))
        line = wire([spots[slot] for slot in slots], tip, lanes)
        parts.append(tag("g", tag("title", escaped(name)), line))
    labels = named({tip: edge.label for edge, tip in reversed([*zip(edges, tips, strict=True)])})
    boxes = [_box(node, lines[key], spots[key], tall[key] + _PAD) for key, node in nodes.items()]
    wide = max(*(spot.right + TURN for spot in spots.values()), *(tip.x + GAP for tip in tips if tip.way < 0), 0)
    return [*parts, *labels, *boxes], wide + MARGIN, height


def _tip(edge: Edge, way: int, ports: Mapping[tuple[str, int], Sequence[str]], spots: Mapping[Slot, Spot]) -> Tip:
    said = ports[edge.end, way]
    return tip_of(spots[edge.end], way, min(said.index(edge.label), _PORTS - 1), min(len(said), _PORTS))


def _plan(nodes: Mapping[str, Node], edges: Sequence[Edge], room: int) -> tuple[int, Layered]:
    """Return how many columns stand side by side, and all of them: where they are more, each band needs a margin."""
    links = [(each.start, each.end) for each in edges]
    most = max(1, int((room - 2 * MARGIN - TURN + GAP) / (_BOX + GAP)))
    plan = layered([*nodes], links, most)
    if len(plan.columns) <= most:
        return most, plan
    band = max(1, int((room - 2 * MARGIN - TURN) / (_BOX + GAP)))
    return band, layered([*nodes], links, band)


def _ports(edges: Sequence[Edge], ways: Sequence[int]) -> dict[tuple[str, int], list[str]]:
    """Return, for each side of each node, what the links say that arrive there."""
    ports: dict[tuple[str, int], list[str]] = {}
    for edge, way in zip(edges, ways, strict=True):
        said = ports.setdefault((edge.end, way), [])
        if edge.label not in said:
            said.append(edge.label)
    return ports


def _placed(plan: Layered, tall: Mapping[Slot, float], band: int) -> tuple[dict[Slot, Spot], list[float], float]:
    """Return where every slot stands, the lane under each band, and the height of it all."""
    spots: dict[Slot, Spot] = {}
    top, lanes = 4.0, []
    margin = MARGIN if len(plan.columns) <= band else GAP
    for start in range(0, len(plan.columns), band):
        columns = [
            [(s, tall[s] + _PAD if s in tall else _SLOT) for s in column]
            for column in plan.columns[start : start + band]
        ]
        heights = [sum(height + _APART for _, height in column) - _APART for column in columns]
        for index, column in enumerate(columns):
            left, y = margin + index * (_BOX + GAP), top + (max(heights) - heights[index]) / 2
            for slot, height in column:
                spots[slot] = Spot(left, left + _BOX, y + height / 2, start // band)
                y += height + _APART
        top += max(heights) + _BETWEEN
        lanes.append(top - _BETWEEN / 2)
    return spots, lanes, top - _BETWEEN + 4


def _box(node: Node, lines: Sequence[str], spot: Spot, tall: float) -> str:
    box = boxed(spot.left, spot.y - tall / 2, _BOX, tall, 4, "box")
    top = spot.y - _LINE * len(lines) / 2 + SIZE - 1
    said = [lettered(line, spot.left + _PAD, top + _LINE * index) for index, line in enumerate(lines)]
    return linked(node.href, node.label or "?", box, *said)


def _rest(text: str, y: float) -> str:
    return lettered(text, MARGIN, y + SIZE, font_size=SMALL, class_="quiet")
