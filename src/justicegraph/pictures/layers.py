"""Layered graph layout: nodes in columns from left to right, so that edges lead on and cross little.

After Sugiyama, Tagawa and Toda (1981): cycles are cut, each node is right of its predecessors, an edge takes a slot in
every column that it passes, and each column is sorted by the mean position of its neighbours. It is deterministic.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_SWEEPS = 3
"""How many times the columns are sorted: left to right, back, and once more."""

Slot = str | tuple[str, int]
"""A node's key, or the slot of edges in a column that they pass: (the key of the node on their right, column)."""


@dataclass
class Layout:
    """The columns from left to right, and the route of each edge: its slots from left to right."""

    columns: list[list[Slot]] = field(default_factory=list)
    routes: list[list[Slot]] = field(default_factory=list)


def layer_layout(nodes: Sequence[str], links: Sequence[tuple[str, str]], band: int) -> Layout:
    """Return the layout of nodes; their order decides if nothing else does.

    An edge from a node to itself has a route of one slot. Edges to one node share the slots of the columns that they
    pass. Every `band` columns a new band begins; an edge to another band has no slots, since it runs between bands.
    """
    layer = _layers(nodes, [link for link in links if link[0] != link[1]])
    result = Layout([[] for _ in range(max(layer.values(), default=-1) + 1)])
    for node in nodes:
        result.columns[layer[node]].append(node)
    for start, end in links:
        left, right = (start, end) if layer[start] <= layer[end] else (end, start)
        first, last = layer[left], layer[right]
        passed: list[Slot] = (
            [(right, column) for column in range(first + 1, last)] if first // band == last // band else []
        )
        result.routes.append([left, *passed, right] if left != right else [left])
    for slot in dict.fromkeys(slot for route in result.routes for slot in route if isinstance(slot, tuple)):
        result.columns[slot[1]].append(slot)
    _order(result)
    return result


def _layers(nodes: Sequence[str], links: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return the column of each node: one right of its furthest predecessor, with cycles cut."""
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for start, end in links:
        after[start].append(end)
    entered = {end for _, end in links}
    layer = dict.fromkeys(nodes, 0)
    for node in reversed(_postorder([*(n for n in nodes if n not in entered), *nodes], after)):
        for other in after[node]:
            layer[other] = max(layer[other], layer[node] + 1)
    return layer


def _postorder(nodes: Sequence[str], after: Mapping[str, list[str]]) -> list[str]:
    """Return the nodes in postorder, each after its successors; remove from `after` the edges that close a cycle."""
    done: list[str] = []
    state: dict[str, int] = {}
    for node in nodes:
        path = [node] if node not in state else []
        while path:
            here = path[-1]
            if state.setdefault(here, 0) < len(after[here]):
                other = after[here][state[here]]
                if other not in state:
                    state[here] += 1
                    path.append(other)
                elif state[other] >= 0:
                    after[here].pop(state[here])
                else:
                    state[here] += 1
            else:
                state[here] = -1
                done.append(path.pop())
    return done


def _order(result: Layout) -> None:
    """Sort each column by the mean position of its neighbours in the column before, then after, and so on."""
    near: dict[Slot, tuple[list[Slot], list[Slot]]] = {slot: ([], []) for column in result.columns for slot in column}
    for route in result.routes:
        for left, right in pairwise(route):
            near[left][1].append(right)
            near[right][0].append(left)
    place = {slot: index for column in result.columns for index, slot in enumerate(column)}
    for sweep in range(_SWEEPS):
        side = sweep % 2
        for column in result.columns if side == 0 else reversed(result.columns):
            wanted = {s: _mean([place[other] for other in near[s][side]], place[s]) for s in column}
            column.sort(key=wanted.__getitem__)
            place.update((slot, index) for index, slot in enumerate(column))


def _mean(places: list[int], own: int) -> float:
    return sum(places) / len(places) if places else own
