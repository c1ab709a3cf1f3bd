"""Numbers as bars, one under another, each with its label and its number in figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from justicegraph.pictures.drawing import SIZE, SMALL, WIDE, Frame, Picture, cell, framed, lettered, linked, path, tag
from justicegraph.pictures.text import clean, fitted, isolated, measure
from justicegraph.pictures.words import ENGLISH, Words

MOST = 30
"""Bars that are drawn; the rows have them all."""

_LINE, _BAR, _EDGE, _GAP = 26, 14, 2, 8


@dataclass(frozen=True)
class Count:
    """A number with its label, and the address of what is counted."""

    label: str
    number: float
    href: str = ""


def bars(
    counts: Sequence[Count], title: str = "", key: str = "bars", words: Words = ENGLISH, width: int = WIDE
) -> Picture:
    """Return counts as bars in the order given, from a common zero; what is no finite number is left out.

    In a width of less than some 400 pixels a label stands over its bar, else before it.
    """
    given = [each for each in counts if is_drawable(each.number)]
    drawn = given[:MOST]
    title = title or words.counts
    desc = "; ".join(f"{isolated(clean(each.label))}: {figure(each.number)}" for each in drawn)
    rows = tuple((cell(each.label, each.href), cell(figure(each.number))) for each in given)
    svg = ""
    if drawn:
        parts, height = _scene(drawn, width)
        if len(given) > MOST:
            parts.append(_rest(words.more.format(number=len(given) - MOST), height))
            height += _LINE
        svg = framed(Frame(key, title, desc, width, height), parts)
    return Picture(title, desc, svg, (words.name, words.number), rows)


def is_drawable(number: float) -> bool:
    """Return whether a number has a length: finite, and neither so great nor so small that reckoning fails."""
    return number == 0 or 1e-300 < abs(number) < 1e300


def figure(number: float) -> str:
    """Return a number in figures: whole where it is, else with three digits that matter."""
    if abs(number) >= 1e15:
        return f"{number:.3g}"
    if number == round(number):
        return f"{round(number):,}".replace(",", "\u202f")
    return f"{number:.3g}" if abs(number) < 1000 else f"{number:,.1f}".replace(",", "\u202f")


def _scene(counts: Sequence[Count], room: int) -> tuple[list[str], float]:
    labels = [clean(each.label) or "?" for each in counts]
    numbers = max(measure(figure(each.number), SIZE) for each in counts) + _GAP
    over = room < 400
    names = 0.0 if over else min(room * 0.42, max(measure(each, SIZE) for each in labels)) + _GAP
    low, high = min(0.0, *(each.number for each in counts)), max(0.0, *(each.number for each in counts))
    before = numbers if low < 0 else 0.0
    left, span = _EDGE + names + before, room - 2 * _EDGE - names - numbers - before
    scale = span / (high - low or 1)
    zero, step = left - low * scale, _LINE + (18 if over else 0)
    parts = []
    for index, (each, label) in enumerate(zip(counts, labels, strict=True)):
        y = step * index + (18 if over else 0)
        text = fitted(label, room - 2 * _EDGE if over else names - _GAP, SIZE)
        x, anchor = (_EDGE, "") if over else (_EDGE + names - _GAP, "end")
        name = lettered(text, x, y - 1 if over else y + 18, text_anchor=anchor)
        parts.append(linked(each.href, f"{label}: {figure(each.number)}", name, *_bar(each, zero, scale, y)))
    if not over or low < 0:
        parts.append(tag("path", d=path("M", zero, 2, "V", step * len(counts)), class_="base"))
    return parts, step * len(counts) + 4


def _bar(count: Count, zero: float, scale: float, y: float) -> tuple[str, str]:
    long = abs(count.number) * scale
    start = zero if count.number >= 0 else zero - long
    bar = tag("rect", x=start, y=y + 6, width=max(long, 0.5 if count.number else 0.0), height=_BAR, class_="sure")
    end, anchor = (start + long + 5, "") if count.number >= 0 else (start - 5, "end")
    return bar, tag("text", figure(count.number), x=end, y=y + 18, class_="figure", text_anchor=anchor)


def _rest(text: str, y: float) -> str:
    return lettered(text, _EDGE, y + 14, font_size=SMALL, class_="quiet")
