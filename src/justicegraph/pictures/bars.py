"""A bar chart: horizontal bars, each with its label and its number."""

from collections.abc import Sequence
from dataclasses import dataclass

from justicegraph.pictures.drawing import (
    SIZE,
    SMALL,
    WIDE,
    Frame,
    Picture,
    cell,
    link_element,
    path,
    render,
    tag,
    text_element,
)
from justicegraph.pictures.text import clean, clip, isolate, measure
from justicegraph.pictures.words import ENGLISH, Words

MOST = 30
"""The most bars in the picture; the rows have them all."""

_LINE, _BAR, _EDGE, _GAP = 26, 14, 2, 8


@dataclass(frozen=True)
class Count:
    """A number with its label, and the address that the label links to."""

    label: str
    number: float
    href: str = ""


def bars(
    counts: Sequence[Count], title: str = "", key: str = "bars", words: Words = ENGLISH, width: int = WIDE
) -> Picture:
    """Return counts as bars in the order given, from a common zero; infinite numbers and NaN are left out.

    In a width of less than 400 pixels a label is above its bar, else before it.
    """
    finite = [count for count in counts if is_drawable(count.number)]
    shown = finite[:MOST]
    title = title or words.counts
    desc = "; ".join(f"{isolate(clean(count.label))}: {figure(count.number)}" for count in shown)
    rows = tuple((cell(count.label, count.href), cell(figure(count.number))) for count in finite)
    svg = ""
    if shown:
        parts, height = _scene(shown, width)
        if len(finite) > MOST:
            parts.append(_note(words.more.format(number=len(finite) - MOST), height))
            height += _LINE
        svg = render(Frame(key, title, desc, width, height), parts)
    return Picture(title, desc, svg, (words.name, words.number), rows)


def is_drawable(number: float) -> bool:
    """Return whether a number can be a length: finite, and not so great or small that the arithmetic fails."""
    return number == 0 or 1e-300 < abs(number) < 1e300


def figure(number: float) -> str:
    """Return a number as text: whole numbers in full, others with three significant digits."""
    if abs(number) >= 1e15:
        return f"{number:.3g}"
    if number == round(number):
        return f"{round(number):,}".replace(",", "\u202f")
    return f"{number:.3g}" if abs(number) < 1000 else f"{number:,.1f}".replace(",", "\u202f")


def _scene(counts: Sequence[Count], room: int) -> tuple[list[str], float]:
    labels = [clean(count.label) or "?" for count in counts]
    numbers = max(measure(figure(count.number), SIZE) for count in counts) + _GAP
    over = room < 400
    names = 0.0 if over else min(room * 0.42, max(measure(label, SIZE) for label in labels)) + _GAP
    low, high = min(0.0, *(count.number for count in counts)), max(0.0, *(count.number for count in counts))
    before = numbers if low < 0 else 0.0
    left, span = _EDGE + names + before, room - 2 * _EDGE - names - numbers - before
    scale = span / (high - low or 1)
    zero, step = left - low * scale, _LINE + (18 if over else 0)
    parts = []
    for index, (count, label) in enumerate(zip(counts, labels, strict=True)):
        y = step * index + (18 if over else 0)
        text = clip(label, room - 2 * _EDGE if over else names - _GAP, SIZE)
        x, anchor = (_EDGE, "") if over else (_EDGE + names - _GAP, "end")
        name = text_element(text, x, y - 1 if over else y + 18, text_anchor=anchor)
        parts.append(link_element(count.href, f"{label}: {figure(count.number)}", name, *_bar(count, zero, scale, y)))
    if not over or low < 0:
        parts.append(tag("path", d=path("M", zero, 2, "V", step * len(counts)), class_="base"))
    return parts, step * len(counts) + 4


def _bar(count: Count, zero: float, scale: float, y: float) -> tuple[str, str]:
    long = abs(count.number) * scale
    start = zero if count.number >= 0 else zero - long
    bar = tag("rect", x=start, y=y + 6, width=max(long, 0.5 if count.number else 0.0), height=_BAR, class_="sure")
    end, anchor = (start + long + 5, "") if count.number >= 0 else (start - 5, "end")
    return bar, tag("text", figure(count.number), x=end, y=y + 18, class_="figure", text_anchor=anchor)


def _note(text: str, y: float) -> str:
    return text_element(text, _EDGE, y + 14, font_size=SMALL, class_="quiet")
