"""A timeline: events as bars and points below a time scale, each as wide as its date is vague."""

from collections.abc import Sequence

from justicegraph.pictures.drawing import (
    SIZE,
    SMALL,
    WIDE,
    Frame,
    Picture,
    cell,
    escape_text,
    link_element,
    path,
    rectangle,
    render,
    tag,
    text_element,
    xml_id,
)
from justicegraph.pictures.event import Event, format_dates, intervals_of, sort_key
from justicegraph.pictures.lanes import EDGE, FADE, Item, assign_lanes, lay_out_event
from justicegraph.pictures.scale import Scale, interval_of, time_scale
from justicegraph.pictures.text import clean, clip, isolate
from justicegraph.pictures.words import ENGLISH, Words

MOST = 60
"""The most events in the picture; the rows have them all."""

_TOP, _HEAD, _BELOW, _BAR = 24, 24, 6, 10
"""Pixels: the labels of the scale, the name above a track, the space below it, the height of a bar."""


def timeline(
    events: Sequence[Event],
    title: str = "", key: str = "timeline", words: Words = ENGLISH, width: int = WIDE,
) -> Picture:  # fmt: skip
    """Return events below a time scale, by track in the order given; the rows list them all, undated ones last."""
    dated = sorted((event for event in events if intervals_of(event)), key=sort_key)
    undated = [event for event in events if not intervals_of(event)]
    rows = tuple(
        (cell(format_dates(event, words)), cell(event.track), cell(event.label, event.href))
        for event in (*dated, *undated)
    )
    title = title or words.timeline
    desc = "; ".join(f"{format_dates(event, words)}: {isolate(clean(event.label))}" for event in dated[:MOST])
    svg = ""
    if dated:
        shown_tracks = {event.track for event in dated[:MOST]}
        tracks = [track for track in dict.fromkeys(event.track for event in events) if track in shown_tracks]
        parts, height = _scene(dated[:MOST], tracks, key, width, words)
        notes = [words.more.format(number=len(dated) - MOST)] if len(dated) > MOST else []
        notes += [words.without_date.format(number=len(undated))] if undated else []
        parts += [_note(note, height + 18 * index) for index, note in enumerate(notes)]
        frame = Frame(key, title, desc, width, height + 18 * len(notes))
        svg = render(frame, parts)
    return Picture(title, desc, svg, (words.when, words.kind, words.what), rows)


def _scene(
    events: Sequence[Event], tracks: Sequence[str], key: str, room: float, words: Words
) -> tuple[list[str], float]:
    intervals = [interval for event in events for interval in intervals_of(event)]
    left = EDGE + (FADE if any(event.lasts and not interval_of(event.starts) for event in events) else 22)
    right = EDGE + (FADE if any(event.lasts and not interval_of(event.ends) for event in events) else 24)
    scale = time_scale(intervals, left, room - left - right)
    items = [lay_out_event(event, scale, room, words) for event in events]
    parts, y = [_fade_gradients(key)] if any(item.fade for item in items) else [], float(_TOP)
    for track in tracks:
        lanes = assign_lanes([item for item in items if item.event.track == track])
        parts.append(text_element(clip(clean(track), room - 2 * EDGE, SIZE, True), 2, y + 17, font_weight="bold"))
        y += _HEAD
        for lane in lanes:
            parts += [_event_element(item, y, key, words) for item in lane]
            y += max(item.height for item in lane)
        y += _BELOW
    legend = [_legend(y, words)] if any(item.vague for item in items) else []
    return [_grid(scale, y), *parts, *legend], y + (22 if legend else 0)


def _grid(scale: Scale, bottom: float) -> str:
    lines = "".join(path("M", tick.x, _TOP - 4, "V", bottom) for tick in scale.ticks)
    labels = [
        text_element(tick.label, tick.x, 14, text_anchor="middle", font_size=SMALL, class_="quiet")
        for tick in scale.ticks
    ]
    return tag("path", d=lines, class_="grid") + "".join(labels)


def _fade_gradients(key: str) -> str:
    """Return the gradients of bars that fade out to the right and to the left."""
    stops = [
        tag("stop", offset=0, stop_color="currentColor"),
        tag("stop", offset=1, stop_color="currentColor", stop_opacity=0),
    ]
    ways = [("right", 0, 1), ("left", 1, 0)]
    fills = [
        tag("linearGradient", *stops, id=f"{xml_id(key)}-{way}", class_="mark", x1=x, x2=to) for way, x, to in ways
    ]
    return tag("defs", *fills)


def _event_element(item: Item, y: float, key: str, words: Words) -> str:
    """Return an item in its lane: a bar below its text, or a point before it."""
    bar_y = y + 19 if item.event.lasts else y + (item.height - _BAR) / 2
    parts = []
    if item.solid:
        radius = 2 if item.event.lasts else _BAR / 2
        parts.append(_bar(*item.solid, bar_y, "sure", radius))
    parts += [_bar(*extent, bar_y, "vague" if extent[1] - extent[0] > 2 else "sure", 2) for extent in item.vague]
    if item.fade:
        parts.append(_fade_element(*item.fade, bar_y, key, arrow=not item.event.over))
    when = tag("tspan", escape_text("  " + item.dates), font_size=SMALL, class_="quiet")
    parts.append(tag("text", escape_text(item.text), when, x=item.text_x, y=y + (14 if item.event.lasts else 16)))
    return link_element(item.event.href, f"{clean(item.event.label)}, {format_dates(item.event, words)}", *parts)


def _bar(first: float, last: float, y: float, name: str, radius: float) -> str:
    return rectangle(first, y, max(2.0, last - first), _BAR, radius, name)


def _fade_element(x: float, direction: int, y: float, key: str, arrow: bool) -> str:
    fill = f"url(#{xml_id(key)}-{'right' if direction > 0 else 'left'})"
    bar = tag("rect", x=min(x, x + direction * FADE), y=y, width=FADE, height=_BAR, fill=fill)
    tip = path("M", x + direction * (FADE - 8), y, "l", 7 * direction, _BAR / 2, "l", -7 * direction, _BAR / 2)
    return bar + (tag("path", d=tip, class_="arrow") if arrow and direction > 0 else "")


def _legend(y: float, words: Words) -> str:
    return _bar(2, 24, y + 6, "vague", 2) + text_element(words.within, 31, y + 15.5, font_size=SMALL, class_="quiet")


def _note(text: str, y: float) -> str:
    return text_element(text, 2, y + 14, font_size=SMALL, class_="quiet")
