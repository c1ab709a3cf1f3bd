"""A small graph of labelled nodes and edges, as a CONSTRUCT query returns it."""

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
    cell,
    escape_text,
    link_element,
    rectangle,
    render,
    tag,
    text_element,
)
from justicegraph.pictures.edges import (
    GAP,
    MARGIN,
    PORT,
    TURN,
    Arrowhead,
    Position,
    arrowhead_at,
    edge_element,
    edge_labels,
)
from justicegraph.pictures.layers import Layout, Slot, layer_layout
from justicegraph.pictures.text import clean, isolate, wrap
from justicegraph.pictures.words import ENGLISH, Words

MOST, MOST_EDGES = 60, 120
"""The most nodes and edges in the picture; the rows have every edge."""

_BOX, _PAD, _LINE = 140, 8, 17
"""Pixels: the width of a box, the space around its text, the height of a line."""

_APART, _BETWEEN, _SLOT = 12, 30, 12
"""Pixels: between two boxes of a column, between two bands, and the height of an edge that passes a column."""

_PORTS = 4
"""Arrowheads on one side of a box, one for each edge label; further labels share the last."""

_Ports = Mapping[tuple[str, int], Sequence[str]]
"""The labels of the edges that arrive at a node, by its key and their direction."""


@dataclass(frozen=True)
class Node:
    """A node: its label, and the address of its page."""

    label: str
    href: str = ""


@dataclass(frozen=True)
class Edge:
    """A labelled edge from one node to another, by their keys."""

    start: str
    end: str
    label: str


def network(
    nodes: Mapping[str, Node], edges: Sequence[Edge],
    title: str = "", key: str = "graph", words: Words = ENGLISH, width: int = FULL,
) -> Picture:  # fmt: skip
    """Return nodes in columns with the edges between them; the rows list every edge.

    A key that `nodes` lacks is its own label. Of more than MOST nodes, the picture has those with the most edges.
    """
    all_nodes = {key: Node(key) for edge in edges for key in (edge.start, edge.end)} | dict(nodes)
    title = title or words.graph
    desc = f"{words.nodes.format(number=len(all_nodes))}, {words.edges.format(number=len(edges))}"
    rows = tuple((_cell(all_nodes[edge.start]), cell(edge.label), _cell(all_nodes[edge.end])) for edge in edges)
    shown = {key: all_nodes[key] for key in _most_linked(all_nodes, edges)}
    svg = ""
    if shown:
        between = [*dict.fromkeys(edge for edge in edges if edge.start in shown and edge.end in shown)][:MOST_EDGES]
        parts, wide, height = _scene(shown, between, width)
        hidden = len(all_nodes) - len(shown), len({*edges}) - len(between)
        if any(hidden):
            parts.append(_note(words.left_out.format(nodes=hidden[0], links=hidden[1]), height))
            height += _LINE + _PAD
        svg = render(Frame(key, title, desc, wide, height), parts)
    return Picture(title, desc, svg, (words.start, words.relation, words.end), rows)


def _cell(node: Node) -> Cell:
    return cell(node.label, node.href)


def _most_linked(nodes: Mapping[str, Node], edges: Sequence[Edge]) -> list[str]:
    """Return the keys of the nodes to show, sorted by label: those with the most edges if there are too many."""
    degree = Counter(key for edge in edges for key in (edge.start, edge.end))
    ranks = {key: (clean(node.label).casefold(), key) for key, node in nodes.items()}
    most = sorted(nodes, key=lambda key: (-degree[key], ranks[key]))[:MOST]
    return sorted(most, key=ranks.__getitem__)


def _scene(nodes: Mapping[str, Node], edges: Sequence[Edge], room: int) -> tuple[list[str], float, float]:
    """Return the parts of the picture, its width and its height."""
    lines = {key: wrap(clean(node.label) or "?", _BOX - 2 * _PAD, SIZE, 2) for key, node in nodes.items()}
    band, layout = _layout(nodes, edges, room)
    directions = [
        1 if route[0] == edge.start != edge.end else -1 for edge, route in zip(edges, layout.routes, strict=True)
    ]
    ports = _ports(edges, directions)
    heights: dict[Slot, float] = {key: _height(len(lines[key]), key, ports) for key in nodes}
    positions, lanes, height = _positions(layout, heights, band)
    heads = [_arrowhead(edge, way, ports, positions) for edge, way in zip(edges, directions, strict=True)]
    parts = []
    for edge, head, slots in zip(edges, heads, layout.routes, strict=True):
        texts = nodes[edge.start].label, edge.label, nodes[edge.end].label
        title = tag("title", escape_text(" → ".join(isolate(clean(text)) for text in texts)))
        parts.append(tag("g", title, edge_element([positions[slot] for slot in slots], head, lanes)))
    labels = edge_labels({head: edge.label for edge, head in reversed([*zip(edges, heads, strict=True)])})
    boxes = [_box(node, lines[key], positions[key], heights[key]) for key, node in nodes.items()]
    wide = max(*(box.right + TURN for box in positions.values()), *(h.x + GAP for h in heads if h.direction < 0), 0)
    return [*parts, *labels, *boxes], wide + MARGIN, height


def _height(lines: int, key: str, ports: _Ports) -> float:
    """Return the height of a node's box: enough for its lines of text and for the arrowheads on both sides."""
    most = max(min(_PORTS, len(ports.get((key, direction), ()))) for direction in (1, -1))
    return max(_LINE * lines, PORT * most) + _PAD


def _arrowhead(edge: Edge, direction: int, ports: _Ports, positions: Mapping[Slot, Position]) -> Arrowhead:
    labels = ports[edge.end, direction]
    port = min(labels.index(edge.label), _PORTS - 1)
    return arrowhead_at(positions[edge.end], direction, port, min(len(labels), _PORTS))


def _layout(nodes: Mapping[str, Node], edges: Sequence[Edge], room: int) -> tuple[int, Layout]:
    """Return the number of columns in a band, and the layout; if there are several bands, each has a margin."""
    links = [(edge.start, edge.end) for edge in edges]
    most = max(1, int((room - 2 * MARGIN - TURN + GAP) / (_BOX + GAP)))
    layout = layer_layout([*nodes], links, most)
    if len(layout.columns) <= most:
        return most, layout
    band = max(1, int((room - 2 * MARGIN - TURN) / (_BOX + GAP)))
    return band, layer_layout([*nodes], links, band)


def _ports(edges: Sequence[Edge], directions: Sequence[int]) -> _Ports:
    """Return the labels of the edges that arrive at each side of each node."""
    ports: dict[tuple[str, int], dict[str, None]] = {}
    for edge, direction in zip(edges, directions, strict=True):
        ports.setdefault((edge.end, direction), {})[edge.label] = None
    return {side: [*labels] for side, labels in ports.items()}


def _positions(
    layout: Layout, heights: Mapping[Slot, float], band: int
) -> tuple[dict[Slot, Position], list[float], float]:
    """Return the position of every slot, the y of the lane below each band, and the height of the whole."""
    positions: dict[Slot, Position] = {}
    top, lanes = 4.0, []
    margin = MARGIN if len(layout.columns) <= band else GAP
    for start in range(0, len(layout.columns), band):
        columns = layout.columns[start : start + band]
        totals = [sum(heights.get(slot, _SLOT) + _APART for slot in column) - _APART for column in columns]
        for index, column in enumerate(columns):
            left, y = margin + index * (_BOX + GAP), top + (max(totals) - totals[index]) / 2
            for slot in column:
                height = heights.get(slot, _SLOT)
                positions[slot] = Position(left, left + _BOX, y + height / 2, start // band)
                y += height + _APART
        top += max(totals) + _BETWEEN
        lanes.append(top - _BETWEEN / 2)
    return positions, lanes, top - _BETWEEN + 4


def _box(node: Node, lines: Sequence[str], position: Position, height: float) -> str:
    box = rectangle(position.left, position.y - height / 2, _BOX, height, 4, "box")
    top = position.y - _LINE * len(lines) / 2 + SIZE - 1
    texts = [text_element(line, position.left + _PAD, top + _LINE * index) for index, line in enumerate(lines)]
    return link_element(node.href, node.label or "?", box, *texts)


def _note(text: str, y: float) -> str:
    return text_element(text, MARGIN, y + SIZE, font_size=SMALL, class_="quiet")
