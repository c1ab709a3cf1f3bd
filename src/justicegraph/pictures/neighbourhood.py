"""An entry in the middle with its linked entries on both sides, grouped by relation."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from justicegraph.pictures.drawing import WIDE, Cell, Frame, Picture, cell, render
from justicegraph.pictures.relations import Relation, add_note, render_stacked, render_two_sided
from justicegraph.pictures.text import clean, isolate
from justicegraph.pictures.words import ENGLISH, Words

MOST = 24
"""The most neighbours in the picture; the others are counted."""

_GROUPS = 12
"""The most relations in the picture."""


def neighbourhood(
    name: str, relations: Sequence[Relation], key: str = "ego", words: Words = ENGLISH, width: int = WIDE
) -> Picture:
    """Return an entry's name with its neighbours around it; the rows list them all.

    Incoming relations are on the left and outgoing ones on the right, unless one side would be much higher. In a width
    of less than 500 pixels all relations are below the name.
    """
    filled = [relation for relation in relations if relation.neighbours or relation.more]
    shown = _limit_neighbours(filled)
    title = words.neighbours.format(name=clean(name))
    desc = "; ".join(_describe(relation, name) for relation in filled[:_GROUPS])
    svg = ""
    if shown:
        scene = (
            render_two_sided(name, shown, width, words) if width >= 500 else render_stacked(name, shown, width, words)
        )
        hidden = sum(len(relation.neighbours) + relation.more for relation in filled[_GROUPS:])
        scene = add_note(scene, words.more.format(number=hidden)) if hidden else scene
        svg = render(Frame(key, title, desc, width, scene.height), scene.parts)
    return Picture(title, desc, svg, (words.start, words.relation, words.end), tuple(_rows(filled, name, words)))


def _limit_neighbours(relations: Sequence[Relation]) -> list[Relation]:
    """Return the relations with MOST neighbours in all, taken in turns, so that a long one leaves room for others."""
    first = relations[:_GROUPS]
    takes, left = [0] * len(first), MOST
    while left and any(taken < len(relation.neighbours) for taken, relation in zip(takes, first, strict=True)):
        for index, relation in enumerate(first):
            if left and takes[index] < len(relation.neighbours):
                takes[index], left = takes[index] + 1, left - 1
    return [
        replace(relation, neighbours=relation.neighbours[:taken], more=relation.more + len(relation.neighbours) - taken)
        for taken, relation in zip(takes, first, strict=True)
    ]


def _describe(relation: Relation, name: str) -> str:
    """Return a relation as text for the picture's description."""
    pieces = [isolate(clean(name)), isolate(clean(relation.label))]
    return f"{' → '.join(pieces if relation.outgoing else pieces[::-1])}: {len(relation.neighbours) + relation.more}"


def _rows(relations: Sequence[Relation], name: str, words: Words) -> Iterator[tuple[Cell, ...]]:
    own = cell(name)
    for relation in relations:
        label = cell(relation.label)
        others = [cell(neighbour.name, neighbour.href) for neighbour in relation.neighbours]
        if relation.more:
            others.append(cell(words.more.format(number=relation.more), relation.href))
        for other in others:
            row = own, label, other
            yield row if relation.outgoing else row[::-1]
