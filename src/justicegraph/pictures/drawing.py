"""SVG as text: elements with everything escaped, and the frame that every picture has.

No element carries a style, so that a page whose Content-Security-Policy allows none shows it as meant: colours come
from static/pictures.css by class, whatever the layout rests on is an attribute.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import NamedTuple

from justicegraph.pictures.text import clean

FULL, WIDE, NARROW = 952, 664, 280
"""Pixels that a page has for a picture: on a large screen, on most, and on a phone of 320."""

SIZE, SMALL = 14, 12.5
"""Font sizes in pixels, when the picture has its natural width."""

_LONGEST_LINK = 2_000
_LINK = re.compile(r"(?:/(?!/)|#|https?://)[^\s\\]*+")
_KEY = re.compile(r"[^\w-]+", re.ASCII)


class Cell(NamedTuple):
    """A piece of a picture's content as text, and the address that it leads to, if any."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture, and the same content as a table. `svg` is empty where there is nothing to draw."""

    title: str
    desc: str
    svg: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.svg)


@dataclass(frozen=True)
class Frame:
    """What a picture is called, and the room it takes, in pixels; `key` is its own among the ids of the page.

    One with words is shown where there is room for it: on a `wide` or a `narrow` page; one without words anywhere.
    """

    key: str
    title: str
    desc: str
    width: float
    height: float
    has_words: bool = True


def tag(element: str, *children: str, **attributes: str | float) -> str:
    """Return an element; `class_` is class, other names have hyphens for underscores. An empty value is left out."""
    said = "".join([_attribute(name, value) for name, value in attributes.items()])
    return f"<{element}{said}>{''.join(children)}</{element}>" if children else f"<{element}{said}/>"


@lru_cache(maxsize=8192)
def _attribute(name: str, value: str | float) -> str:
    """Return an attribute as it is written. A few classes, sizes and places make up most of all pictures."""
    return f' {name.rstrip("_").replace("_", "-")}="{_value(value)}"' if value != "" else ""


def escaped(text: str) -> str:
    """Return a text as the content of an element."""
    return escape(text, quote=False)


def boxed(x: float, y: float, width: float, height: float, rx: float, name: str) -> str:
    """Return a rectangle with corners of a radius, of the class with this name."""
    sides = f'x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" height="{_number(height)}"'
    return f'<rect {sides} rx="{_number(rx)}" class="{name}"/>'


def lettered(text: str, x: float, y: float, **attributes: str | float) -> str:
    """Return a text that starts, ends or centres at a point, as its `text_anchor` says."""
    more = "".join([_attribute(name, value) for name, value in attributes.items()]) if attributes else ""
    return f'<text x="{_number(x)}" y="{_number(y)}"{more}>{escaped(clean(text))}</text>'


def linked(href: str, title: str, *children: str, **attributes: str | float) -> str:
    """Return a group that leads to an address, where it is one that we let a reader follow, with its name whole."""
    name = tag("title", escaped(clean(title) or "?"))
    link = safe_link(href)
    return tag("a", name, *children, href=link, **attributes) if link else tag("g", name, *children, **attributes)


@lru_cache(maxsize=1024)
def safe_link(href: str) -> str:
    """Return an address that is a path of ours, a place in the page or a web page; "" for any other."""
    return href if len(href) <= _LONGEST_LINK and _LINK.fullmatch(href) and href.isprintable() else ""


def cell(text: str, href: str = "") -> Cell:
    """Return a text and its address as they may be shown, whoever wrote them."""
    return Cell(clean(text), safe_link(href))


def key_of(key: str) -> str:
    """Return a key as an id of XML."""
    return f"p-{_KEY.sub('-', key)[:60]}"


def framed(frame: Frame, parts: Sequence[str]) -> str:
    """Return the whole picture: named for those who do not see it.

    One with links is a group: the content of an `img` cannot be reached by those who hear the page (ARIA 1.2, 5.2.8).
    """
    key = key_of(frame.key)
    layout = "narrow-picture" if frame.width < 400 else "wide-picture"
    layout += " full-picture" if frame.width > WIDE else ""
    return tag(
        "svg",
        tag("title", escaped(clean(frame.title)), id=f"{key}-title"),
        tag("desc", escaped(frame.desc), id=f"{key}-desc"),
        *parts,
        xmlns="http://www.w3.org/2000/svg", class_=f"picture {layout}" if frame.has_words else "picture",
        role="group" if any("<a " in part for part in parts) else "img",
        aria_labelledby=f"{key}-title", aria_describedby=f"{key}-desc",
        viewBox=f"0 0 {_value(frame.width)} {_value(frame.height)}", width=frame.width, height=frame.height,
        font_size=SIZE, fill="currentColor",
    )  # fmt: skip


def path(*steps: str | float) -> str:
    """Return a path's steps as its text."""
    return " ".join([step if isinstance(step, str) else _number(step) for step in steps])


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else _number(value)


@lru_cache(maxsize=8192)
def _number(value: float) -> str:
    return f"{value + 0.0:.1f}".removesuffix(".0")  # never -0.0, which is equal to 0
