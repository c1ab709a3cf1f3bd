"""Where the nodes of a graph stand: in columns from left to right, so that links lead on and cross little.

After Sugiyama, Tagawa and Toda (1981): cycles are cut, each node stands right of all that lead to it, a link takes
a slot in a column that it passes, and each column is ordered by the mean place of its neighbours. There is no chance
in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_SWEEPS = 3

Slot = str | tuple[str, int]
"""A node's key, or the slot that links take in a column that they pass: (the node on their right, column)."""


@dataclass
class Layered:
    """Columns from left to right, and each link as the slots that it goes through, from the left to the right."""

    columns: list[list[Slot]] = field(default_factory=list)
    ways: list[list[Slot]] = field(default_factory=list)


def layered(nodes: Sequence[str], links: Sequence[tuple[str, str]], band: int) -> Layered:
    """Return where nodes stand, given in the order that decides where nothing else does.

    A link from a node to itself has a way of one slot. Links to one node share the slots of the columns that they pass.
    Every `band` columns a new band begins, and a link to another band has no slots on its way: it goes between them.
    """
    layer = _layers(nodes, [link for link in links if link[0] != link[1]])
    result = Layered([[] for _ in range(max(layer.values(), default=-1) + 1)])
    for node in nodes:
        result.columns[layer[node]].append(node)
    for start, end in links:
        left, right = (start, end) if layer[start] <= layer[end] else (end, start)
        first, last = layer[left], layer[right]
        passed: list[Slot] = (
            [(right, column) for column in range(first + 1, last)] if first // band == last // band else []
        )
        result.ways.append([left, *passed, right] if left != right else [left])
    for slot in dict.fromkeys(slot for way in result.ways for slot in way if isinstance(slot, tuple)):
        result.columns[slot[1]].append(slot)
    _order(result)
    return result


def _layers(nodes: Sequence[str], links: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return each node's column: one more than the furthest of those that lead to it, cycles cut."""
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for start, end in links:
        after[start].append(end)
    entered = {end for _, end in links}
    layer = dict.fromkeys(nodes, 0)
    for node in reversed(_finished([*(n for n in nodes if n not in entered), *nodes], after)):
        for other in after[node]:
            layer[other] = max(layer[other], layer[node] + 1)
    return layer


def _finished(nodes: Sequence[str], after: Mapping[str, list[str]]) -> list[str]:
    """Return the nodes, each after all that it leads to; a link that closes a cycle is taken out of `after`."""
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


def _order(result: Layered) -> None:
    """Order each column by the mean place of its neighbours in the column before, then after, and so on."""
    near: dict[Slot, tuple[list[Slot], list[Slot]]] = {slot: ([], []) for column in result.columns for slot in column}
    for way in result.ways:
        for left, right in pairwise(way):
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
