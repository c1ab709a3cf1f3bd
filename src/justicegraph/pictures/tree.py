"""A tree of concepts: the broader above the narrower, each level further in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from justicegraph.pictures.drawing import (
    SIZE,
    SMALL,
    WIDE,
    Cell,
    Frame,
    Picture,
    escape_text,
    link_element,
    path,
    rectangle,
    render,
    safe_link,
    tag,
    text_element,
)
from justicegraph.pictures.text import clean, clip, isolate, measure
from justicegraph.pictures.words import ENGLISH, Words

MOST = 200
"""The most lines in the picture; the rows have up to LISTED."""

LISTED = 2_000

_LINE, _STEP, _EDGE = 26, 24, 6
"""Pixels: the height of a line, the indentation of a level, the margin."""


@dataclass(frozen=True)
class Branch:
    """A concept with the keys of its broader concepts; keys that the tree lacks are ignored."""

    label: str
    broader: tuple[str, ...] = ()
    href: str = ""
    count: int | None = None


@dataclass(frozen=True)
class _Line:
    key: str
    depth: int
    parent: int
    """The index of the parent's line; -1 for none."""


def tree(
    branches: Mapping[str, Branch], current: str = "",
    title: str = "", key: str = "tree", words: Words = ENGLISH, width: int = WIDE,
) -> Picture:  # fmt: skip
    """Return branches as a tree, each level sorted by label, with the `current` one marked.

    A branch with several parents is below the first of them by label; cycles are cut. The rows have an indented label
    and a count.
    """
    title = title or words.tree
    lines = _lines(branches)
    shown = lines[:MOST]
    desc = "; ".join(_describe(branches[line.key], line.key == current, words) for line in shown)
    rows = tuple(_row(branches[line.key], line.depth) for line in lines[:LISTED])
    svg = ""
    if shown:
        deepest = max(line.depth for line in shown)
        step = min(_STEP, width / 2 / max(1, deepest))
        parts = [_branch_lines(shown, step)]
        parts += [
            _line(branches[line.key], line, index, step, width, line.key == current) for index, line in enumerate(shown)
        ]
        height = _LINE * len(shown) + _EDGE
        if len(lines) > MOST:
            parts.append(_note(words.more.format(number=len(lines) - MOST), height))
            height += _LINE
        svg = render(Frame(key, title, desc, width, height), parts)
    return Picture(title, desc, svg, (words.name, words.number), rows)


def _lines(branches: Mapping[str, Branch]) -> list[_Line]:
    """Return every branch once, in reading order; without recursion, since a tree may be of any depth."""
    ranks = {key: (clean(branch.label).casefold(), key) for key, branch in branches.items()}
    below: dict[str, list[str]] = {key: [] for key in branches}
    tops: list[str] = []
    for key, branch in branches.items():
        above = [wider for wider in branch.broader if wider in branches and wider != key]
        (below[min(above, key=ranks.__getitem__)] if above else tops).append(key)
    lines: list[_Line] = []
    seen: set[str] = set()
    for top in (*sorted(tops, key=ranks.__getitem__), *sorted(branches, key=ranks.__getitem__)):
        waiting = [(top, 0, -1)]
        while waiting:
            key, depth, parent = waiting.pop()
            if key not in seen:
                seen.add(key)
                lines.append(_Line(key, depth, parent))
                children = sorted(below[key], key=ranks.__getitem__, reverse=True)
                waiting += [(child, depth + 1, len(lines) - 1) for child in children]
    return lines


def _describe(branch: Branch, is_current: bool, words: Words) -> str:
    here = f" ({words.here})" if is_current else ""
    count = f": {branch.count}" if branch.count is not None else ""
    return f"{isolate(clean(branch.label))}{here}{count}"


def _row(branch: Branch, depth: int) -> tuple[Cell, ...]:
    label = "\u2003" * min(depth, 20) + clean(branch.label)
    return Cell(label, safe_link(branch.href)), Cell("" if branch.count is None else str(branch.count))


def _line(branch: Branch, line: _Line, index: int, step: float, room: int, is_current: bool) -> str:
    x, y = _EDGE + step * line.depth, _LINE * index + _LINE / 2 + 2
    count = "" if branch.count is None else f"  {branch.count}"
    room_left = room - x - _EDGE - measure(count, SMALL)
    text = clip(clean(branch.label) or "?", room_left, SIZE, bold=is_current)
    own = measure(text, SIZE, bold=is_current) + measure(count, SMALL)
    number = tag("tspan", escape_text(count), font_size=SMALL, font_weight="normal", class_="quiet") if count else ""
    weight = "bold" if is_current else ""
    label = tag("text", escape_text(text), number, x=x, y=y + 5, font_weight=weight)
    if not is_current:
        return link_element(branch.href, branch.label, label)
    mark = rectangle(x - 5, y - 11, own + 10, 22, 4, "own")
    return link_element(branch.href, branch.label, mark, label, aria_current="true")


def _branch_lines(lines: Sequence[_Line], step: float) -> str:
    """Return the lines that join each branch to its parent."""
    return tag("path", d="".join(_branch_paths(lines, step)), class_="edge")


def _branch_paths(lines: Sequence[_Line], step: float) -> Iterator[str]:
    lowest: dict[int, int] = {}
    for index, line in enumerate(lines):
        if line.parent >= 0:
            lowest[line.parent] = index
            x, y = _EDGE + step * (line.depth - 1) + min(6, step / 2), _LINE * index + _LINE / 2 + 2
            yield path("M", x, y, "h", max(2.0, step - min(6, step / 2) - 4))
    for parent, index in lowest.items():
        x = _EDGE + step * lines[parent].depth + min(6, step / 2)
        yield path("M", x, _LINE * parent + _LINE - 1, "V", _LINE * index + _LINE / 2 + 2)


def _note(text: str, y: float) -> str:
    return text_element(text, _EDGE, y + 12, font_size=SMALL, class_="quiet")
