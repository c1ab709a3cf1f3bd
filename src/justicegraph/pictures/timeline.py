"""What happened when: spans and points under a scale, each as wide as its date is vague."""

from collections.abc import Sequence

from justicegraph.pictures.drawing import (
    SIZE,
    SMALL,
    WIDE,
    Frame,
    Picture,
    boxed,
    cell,
    escaped,
    framed,
    key_of,
    lettered,
    linked,
    path,
    tag,
)
from justicegraph.pictures.event import Happening, order_of, spans_of, when_of
from justicegraph.pictures.lanes import EDGE, FADE, Item, item_of, lanes_of
from justicegraph.pictures.scale import Scale, covered, scale_of
from justicegraph.pictures.text import clean, fitted, isolated
from justicegraph.pictures.words import ENGLISH, Words

MOST = 60
"""What is drawn; the rows have it all."""

_TOP, _HEAD, _BELOW, _BAR = 24, 24, 6, 10
"""Pixels: above the first track for the scale's labels, above each for its name, below each, the height of a bar."""


def timeline(
    happenings: Sequence[Happening],
    title: str = "", key: str = "timeline", words: Words = ENGLISH, width: int = WIDE,
) -> Picture:  # fmt: skip
    """Return what happened under a scale of time, track by track as they come; the rows list it all, what has no date
    at the end."""
    dated = sorted((each for each in happenings if spans_of(each)), key=order_of)
    undated = [each for each in happenings if not spans_of(each)]
    rows = tuple(
        (cell(when_of(each, words)), cell(each.track), cell(each.label, each.href)) for each in (*dated, *undated)
    )
    title = title or words.timeline
    desc = "; ".join(f"{when_of(each, words)}: {isolated(clean(each.label))}" for each in dated[:MOST])
    svg = ""
    if dated:
        drawn = {each.track for each in dated[:MOST]}
        tracks = [each for each in dict.fromkeys(each.track for each in happenings) if each in drawn]
        parts, height = _scene(dated[:MOST], tracks, key, width, words)
        notes = [words.more.format(number=len(dated) - MOST)] if len(dated) > MOST else []
        notes += [words.without_date.format(number=len(undated))] if undated else []
        parts += [_note(note, height + 18 * index) for index, note in enumerate(notes)]
        frame = Frame(key, title, desc, width, height + 18 * len(notes))
        svg = framed(frame, parts)
    return Picture(title, desc, svg, (words.when, words.kind, words.what), rows)


def _scene(
    happenings: Sequence[Happening], tracks: Sequence[str], key: str, room: float, say: Words
) -> tuple[list[str], float]:
    spans = [span for each in happenings for span in spans_of(each)]
    left = EDGE + (FADE if any(each.lasts and not covered(each.starts) for each in happenings) else 22)
    right = EDGE + (FADE if any(each.lasts and not covered(each.ends) for each in happenings) else 24)
    scale = scale_of(spans, left, room - left - right)
    items = [item_of(each, scale, room, say) for each in happenings]
    parts, y = [_fading(key)] if any(item.fade for item in items) else [], float(_TOP)
    for track in tracks:
        lanes = lanes_of([item for item in items if item.happening.track == track])
        parts.append(lettered(fitted(clean(track), room - 2 * EDGE, SIZE, True), 2, y + 17, font_weight="bold"))
        y += _HEAD
        for lane in lanes:
            parts += [_drawn(item, y, key, say) for item in lane]
            y += max(item.height for item in lane)
        y += _BELOW
    legend = [_legend(y, say)] if any(item.vague for item in items) else []
    return [_grid(scale, y), *parts, *legend], y + (22 if legend else 0)


def _grid(scale: Scale, bottom: float) -> str:
    lines = "".join(path("M", mark.x, _TOP - 4, "V", bottom) for mark in scale.marks)
    labels = [
        lettered(each.label, each.x, 14, text_anchor="middle", font_size=SMALL, class_="quiet") for each in scale.marks
    ]
    return tag("path", d=lines, class_="grid") + "".join(labels)


def _fading(key: str) -> str:
    """Return the fills that fade out to the right and to the left."""
    stops = [
        tag("stop", offset=0, stop_color="currentColor"),
        tag("stop", offset=1, stop_color="currentColor", stop_opacity=0),
    ]
    ways = [("right", 0, 1), ("left", 1, 0)]
    fills = [
        tag("linearGradient", *stops, id=f"{key_of(key)}-{way}", class_="mark", x1=x, x2=to) for way, x, to in ways
    ]
    return tag("defs", *fills)


def _drawn(item: Item, y: float, key: str, say: Words) -> str:
    """Return an item in its lane: a bar under its text, or a point before it."""
    bar_y = y + 19 if item.happening.lasts else y + (item.height - _BAR) / 2
    parts = []
    if item.solid:
        radius = 2 if item.happening.lasts else _BAR / 2
        parts.append(_bar(*item.solid, bar_y, "sure", radius))
    parts += [_bar(*each, bar_y, "vague" if each[1] - each[0] > 2 else "sure", 2) for each in item.vague]
    if item.fade:
        parts.append(_faded(*item.fade, bar_y, key, arrow=not item.happening.over))
    when = tag("tspan", escaped("  " + item.when), font_size=SMALL, class_="quiet")
    parts.append(tag("text", escaped(item.text), when, x=item.text_x, y=y + (14 if item.happening.lasts else 16)))
    return linked(item.happening.href, f"{clean(item.happening.label)}, {when_of(item.happening, say)}", *parts)


def _bar(first: float, last: float, y: float, name: str, radius: float) -> str:
    return boxed(first, y, max(2.0, last - first), _BAR, radius, name)


def _faded(x: float, way: int, y: float, key: str, arrow: bool) -> str:
    fill = f"url(#{key_of(key)}-{'right' if way > 0 else 'left'})"
    bar = tag("rect", x=min(x, x + way * FADE), y=y, width=FADE, height=_BAR, fill=fill)
    tip = path("M", x + way * (FADE - 8), y, "l", 7 * way, _BAR / 2, "l", -7 * way, _BAR / 2)
    return bar + (tag("path", d=tip, class_="arrow") if arrow and way > 0 else "")


def _legend(y: float, say: Words) -> str:
    return _bar(2, 24, y + 6, "vague", 2) + lettered(say.within, 31, y + 15.5, font_size=SMALL, class_="quiet")


def _note(text: str, y: float) -> str:
    return lettered(text, 2, y + 14, font_size=SMALL, class_="quiet")
