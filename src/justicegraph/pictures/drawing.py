"""SVG elements as escaped text, and the outer element that every picture has.

No element has a style attribute, because the pages' Content-Security-Policy allows none. Colours come from
static/pictures.css by class, and everything that the layout needs is an attribute.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import NamedTuple

from justicegraph.pictures.text import clean

FULL, WIDE, NARROW = 952, 664, 280
"""Widths in pixels of a picture on a large screen, on most screens, and on a phone 320 pixels wide."""

SIZE, SMALL = 14, 12.5
"""Font sizes in pixels, where the picture is shown at its natural width."""

_LONGEST_LINK = 2_000
_LINK = re.compile(r"(?:/(?!/)|#|https?://)[^\s\\]*+")
_KEY = re.compile(r"[^\w-]+", re.ASCII)


class Cell(NamedTuple):
    """A table cell: its text, and the address that it links to, if any."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture, and the same content as a table. `svg` is empty if there is nothing to render."""

    title: str
    desc: str
    svg: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.svg)


@dataclass(frozen=True)
class Frame:
    """A picture's title, description and size in pixels; `key` makes its ids unique on the page.

    A picture that has words comes in a wide and a narrow layout, and the stylesheet shows the one that fits.
    """

    key: str
    title: str
    desc: str
    width: float
    height: float
    has_words: bool = True


def tag(element: str, *children: str, **attributes: str | float) -> str:
    """Return an element; `class_` becomes class, underscores become hyphens, and empty attributes are omitted."""
    start = element + "".join([_attribute(name, value) for name, value in attributes.items()])
    return f"<{start}>{''.join(children)}</{element}>" if children else f"<{start}/>"


@lru_cache(maxsize=8192)
def _attribute(name: str, value: str | float) -> str:
    """Return an attribute with a leading blank. Cached, since most attributes repeat a few classes and sizes."""
    return f' {name.rstrip("_").replace("_", "-")}="{_value(value)}"' if value != "" else ""


def escape_text(text: str) -> str:
    """Return a text escaped as the content of an element."""
    return escape(text, quote=False)


def rectangle(x: float, y: float, width: float, height: float, rx: float, name: str) -> str:
    """Return a rectangle of a class, with rounded corners of radius `rx`."""
    sides = f'x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" height="{_number(height)}"'
    return f'<rect {sides} rx="{_number(rx)}" class="{name}"/>'


def text_element(text: str, x: float, y: float, **attributes: str | float) -> str:
    """Return a text element at a point; `text_anchor` says whether it starts, ends or is centred there."""
    more = "".join([_attribute(name, value) for name, value in attributes.items()]) if attributes else ""
    return f'<text x="{_number(x)}" y="{_number(y)}"{more}>{escape_text(clean(text))}</text>'


def link_element(href: str, title: str, *children: str, **attributes: str | float) -> str:
    """Return a group with its full title, as a link if the address is safe."""
    name = tag("title", escape_text(clean(title) or "?"))
    link = safe_link(href)
    return tag("a", name, *children, href=link, **attributes) if link else tag("g", name, *children, **attributes)


@lru_cache(maxsize=1024)
def safe_link(href: str) -> str:
    """Return an address that is a path of this site, a fragment or a web address; "" for any other."""
    return href if len(href) <= _LONGEST_LINK and _LINK.fullmatch(href) and href.isprintable() else ""


def cell(text: str, href: str = "") -> Cell:
    """Return a table cell from text and address that may be hostile."""
    return Cell(clean(text), safe_link(href))


def xml_id(key: str) -> str:
    """Return a key as an XML id."""
    return f"p-{_KEY.sub('-', key)[:60]}"


def render(frame: Frame, parts: Sequence[str]) -> str:
    """Return the whole picture as one SVG element, with title and description for screen readers.

    A picture with links has the role group: screen readers cannot reach the content of an img (ARIA 1.2, 5.2.8).
    """
    key = xml_id(frame.key)
    layout = "narrow-picture" if frame.width < 400 else "wide-picture"
    layout += " full-picture" if frame.width > WIDE else ""
    return tag(
        "svg",
        tag("title", escape_text(clean(frame.title)), id=f"{key}-title"),
        tag("desc", escape_text(frame.desc), id=f"{key}-desc"),
        *parts,
        xmlns="http://www.w3.org/2000/svg", class_=f"picture {layout}" if frame.has_words else "picture",
        role="group" if any("<a " in part for part in parts) else "img",
        aria_labelledby=f"{key}-title", aria_describedby=f"{key}-desc",
        viewBox=f"0 0 {_value(frame.width)} {_value(frame.height)}", width=frame.width, height=frame.height,
        font_size=SIZE, fill="currentColor",
    )  # fmt: skip


def path(*steps: str | float) -> str:
    """Return the steps of an SVG path as text."""
    return " ".join([step if isinstance(step, str) else _number(step) for step in steps])


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else _number(value)


@lru_cache(maxsize=8192)
def _number(value: float) -> str:
    return f"{value + 0.0:.1f}".removesuffix(".0")  # never -0.0, which is equal to 0
