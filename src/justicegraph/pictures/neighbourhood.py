"""An entry in the middle and what it is linked with on both sides, grouped by how."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from justicegraph.pictures.drawing import WIDE, Cell, Frame, Picture, cell, framed
from justicegraph.pictures.sides import Relation, below, on_both_sides, with_rest
from justicegraph.pictures.text import clean, isolated
from justicegraph.pictures.words import ENGLISH, Words

MOST = 24
"""Neighbours that are drawn; the others are counted."""

_GROUPS = 12


def neighbourhood(
    name: str, relations: Sequence[Relation], key: str = "ego", words: Words = ENGLISH, width: int = WIDE
) -> Picture:
    """Return an entry's name with its neighbours around it; the rows list them all.

    What links to the entry stands on the left, what it links to on the right, as far as both sides stay alike in
    height. In a width of less than 500 pixels everything stands below the name.
    """
    given = [relation for relation in relations if relation.neighbours or relation.more]
    drawn = _shared(given)
    title = words.neighbours.format(name=clean(name))
    desc = "; ".join(_told(relation, name) for relation in given[:_GROUPS])
    svg = ""
    if drawn:
        scene = on_both_sides(name, drawn, width, words) if width >= 500 else below(name, drawn, width, words)
        hidden = sum(len(each.neighbours) + each.more for each in given[_GROUPS:])
        scene = with_rest(scene, words.more.format(number=hidden)) if hidden else scene
        svg = framed(Frame(key, title, desc, width, scene.height), scene.parts)
    return Picture(title, desc, svg, (words.start, words.relation, words.end), tuple(_rows(given, name, words)))


def _shared(relations: Sequence[Relation]) -> list[Relation]:
    """Return the relations with MOST neighbours in all, one each in turn, so that a long one leaves room for others."""
    first = relations[:_GROUPS]
    takes, left = [0] * len(first), MOST
    while left and any(taken < len(each.neighbours) for taken, each in zip(takes, first, strict=True)):
        for index, each in enumerate(first):
            if left and takes[index] < len(each.neighbours):
                takes[index], left = takes[index] + 1, left - 1
    return [
        replace(each, neighbours=each.neighbours[:taken], more=each.more + len(each.neighbours) - taken)
        for taken, each in zip(takes, first, strict=True)
    ]


def _told(relation: Relation, name: str) -> str:
    """Return a relation in words, as the picture's description says it."""
    pieces = [isolated(clean(name)), isolated(clean(relation.label))]
    return f"{' → '.join(pieces if relation.outgoing else pieces[::-1])}: {len(relation.neighbours) + relation.more}"


def _rows(relations: Sequence[Relation], name: str, words: Words) -> Iterator[tuple[Cell, ...]]:
    own = cell(name)
    for relation in relations:
        label = cell(relation.label)
        others = [cell(each.name, each.href) for each in relation.neighbours]
        if relation.more:
            others.append(cell(words.more.format(number=relation.more), relation.href))
        for other in others:
            row = own, label, other
            yield row if relation.outgoing else row[::-1]
