"""The broader above the narrower, each further in than what it belongs to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from justicegraph.pictures.drawing import (
    SIZE,
    SMALL,
    WIDE,
    Cell,
    Frame,
    Picture,
    boxed,
    escaped,
    framed,
    lettered,
    linked,
    path,
    safe_link,
    tag,
)
from justicegraph.pictures.text import clean, fitted, isolated, measure
from justicegraph.pictures.words import ENGLISH, Words

MOST = 200
"""Lines that are drawn; the rows have up to LISTED."""

LISTED = 2_000

_LINE, _STEP, _EDGE = 26, 24, 6
"""Pixels: a line's height, how much further in a narrower one stands, the margin."""


@dataclass(frozen=True)
class Branch:
    """Something with what it is narrower than, by key; those keys that the tree lacks do not count."""

    label: str
    broader: tuple[str, ...] = ()
    href: str = ""
    count: int | None = None


@dataclass(frozen=True)
class _Line:
    key: str
    depth: int
    parent: int
    """The line that it hangs from; -1 for none."""


def tree(
    branches: Mapping[str, Branch], current: str = "",
    title: str = "", key: str = "tree", words: Words = ENGLISH, width: int = WIDE,
) -> Picture:  # fmt: skip
    """Return branches as a tree, at each level by label, with the `current` one marked.

    What is narrower than two stands under the first of them, by label; what is broader than itself, by whatever way, is
    cut where it would come again. The rows have an indented label and a count.
    """
    title = title or words.tree
    lines = _lines(branches)
    drawn = lines[:MOST]
    desc = "; ".join(_told(branches[each.key], each.key == current, words) for each in drawn)
    rows = tuple(_row(branches[each.key], each.depth) for each in lines[:LISTED])
    svg = ""
    if drawn:
        deepest = max(each.depth for each in drawn)
        step = min(_STEP, width / 2 / max(1, deepest))
        parts = [_joints(drawn, step)]
        parts += [_line(branches[e.key], e, index, step, width, e.key == current) for index, e in enumerate(drawn)]
        height = _LINE * len(drawn) + _EDGE
        if len(lines) > MOST:
            parts.append(_rest(words.more.format(number=len(lines) - MOST), height))
            height += _LINE
        svg = framed(Frame(key, title, desc, width, height), parts)
    return Picture(title, desc, svg, (words.name, words.number), rows)


def _lines(branches: Mapping[str, Branch]) -> list[_Line]:
    """Return every branch once, in the order of reading, without recursion: nobody knows how deep it goes."""
    ranks = {key: (clean(branch.label).casefold(), key) for key, branch in branches.items()}
    below: dict[str, list[str]] = {key: [] for key in branches}
    tops: list[str] = []
    for key, branch in branches.items():
        above = [each for each in branch.broader if each in branches and each != key]
        (below[min(above, key=ranks.__getitem__)] if above else tops).append(key)
    found: list[_Line] = []
    seen: set[str] = set()
    for top in (*sorted(tops, key=ranks.__getitem__), *sorted(branches, key=ranks.__getitem__)):
        waiting = [(top, 0, -1)]
        while waiting:
            key, depth, parent = waiting.pop()
            if key not in seen:
                seen.add(key)
                found.append(_Line(key, depth, parent))
                next_ones = sorted(below[key], key=ranks.__getitem__, reverse=True)
                waiting += [(each, depth + 1, len(found) - 1) for each in next_ones]
    return found


def _told(branch: Branch, is_current: bool, say: Words) -> str:
    here = f" ({say.here})" if is_current else ""
    count = f": {branch.count}" if branch.count is not None else ""
    return f"{isolated(clean(branch.label))}{here}{count}"


def _row(branch: Branch, depth: int) -> tuple[Cell, ...]:
    label = "\u2003" * min(depth, 20) + clean(branch.label)
    return Cell(label, safe_link(branch.href)), Cell("" if branch.count is None else str(branch.count))


def _line(branch: Branch, line: _Line, index: int, step: float, room: int, is_current: bool) -> str:
    x, y = _EDGE + step * line.depth, _LINE * index + _LINE / 2 + 2
    count = "" if branch.count is None else f"  {branch.count}"
    room_left = room - x - _EDGE - measure(count, SMALL)
    text = fitted(clean(branch.label) or "?", room_left, SIZE, bold=is_current)
    own = measure(text, SIZE, bold=is_current) + measure(count, SMALL)
    number = tag("tspan", escaped(count), font_size=SMALL, font_weight="normal", class_="quiet") if count else ""
    weight = "bold" if is_current else ""
    said = tag("text", escaped(text), number, x=x, y=y + 5, font_weight=weight)
    if not is_current:
        return linked(branch.href, branch.label, said)
    mark = boxed(x - 5, y - 11, own + 10, 22, 4, "own")
    return linked(branch.href, branch.label, mark, said, aria_current="true")


def _joints(lines: Sequence[_Line], step: float) -> str:
    """Return the lines that join each branch to the one that it hangs from."""
    return tag("path", d="".join(_joint(lines, step)), class_="edge")


def _joint(lines: Sequence[_Line], step: float) -> Iterator[str]:
    lowest: dict[int, int] = {}
    for index, line in enumerate(lines):
        if line.parent >= 0:
            lowest[line.parent] = index
            x, y = _EDGE + step * (line.depth - 1) + min(6, step / 2), _LINE * index + _LINE / 2 + 2
            yield path("M", x, y, "h", max(2.0, step - min(6, step / 2) - 4))
    for parent, index in lowest.items():
        x = _EDGE + step * lines[parent].depth + min(6, step / 2)
        yield path("M", x, _LINE * parent + _LINE - 1, "V", _LINE * index + _LINE / 2 + 2)


def _rest(text: str, y: float) -> str:
    return lettered(text, _EDGE, y + 12, font_size=SMALL, class_="quiet")
