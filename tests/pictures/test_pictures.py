"""Every picture: the same bytes for the same input, no overlapping text, no script, a name for screen readers."""

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from justicegraph.pictures import (
    NARROW,
    Branch,
    Count,
    Edge,
    Event,
    Neighbour,
    Node,
    Picture,
    Place,
    Relation,
    bars,
    curve,
    neighbourhood,
    network,
    place_map,
    read_atlas,
    timeline,
    tree,
)  # fmt: skip
from tests.support.project import ROOT
from tests.support.svg import LONG, SVG, size, texts

CSS = (ROOT / "src" / "justicegraph" / "web" / "static" / "pictures.css").read_text()


HOSTILE = [
    "<script>alert(1)</script>", "\"' onload='x' \"", "a\x00b\x1b\ufffe\ud800c", "x" * 10_000, "\u202edesrever\u2066",
    "Z" + "\u0301" * 400, "]]><!--&amp;&#x3c;", "", " \n\t ",
]  # fmt: skip


FOREIGN = [
    "منظمة مخترعة للدفاع عن السجناء المخترعين",
    "ארגון מומצא למען אסירים",
    "虚构的囚犯权利组织以及它的很长很长的名字",
    LONG,
]


def relations(names: list[str]) -> list[Relation]:
    return [
        Relation(f"{label} {name[:40]}", outgoing, tuple(Neighbour(other, "/doc/x") for other in names), more=3)
        for label, outgoing in (("works on", True), ("campaigns for", False), ("is run by", True))
        for name in names[:2]
    ]


def events(names: list[str]) -> list[Event]:
    dates = ["1999", "2001-02", "2001-02-03", "2001-02-04", ""]
    spans = [
        Event("Custody", name, start, end, True, False, "2003", "/doc/x")
        for name in names
        for start, end in (("1999", ""), ("", "2001-02"), ("2000-05", "2000-06-01"))
    ]
    return [
        *spans,
        *(Event(track, name, date) for track in ("Charges", names[0]) for name in names for date in dates),
    ]


def edges(names: list[str]) -> list[Edge]:
    return [Edge(one, other, label) for one in names for other in names for label in ("knows", "is held at")]


PICTURES: dict[str, Callable[[list[str]], Picture]] = {
    "neighbourhood": lambda names: neighbourhood(names[0], relations(names)),
    "neighbourhood, narrow": lambda names: neighbourhood(names[0], relations(names), width=NARROW),
    "timeline": lambda names: timeline(events(names)),
    "timeline, narrow": lambda names: timeline(events(names), width=NARROW),
    "tree": lambda names: tree({name: Branch(name, (names[0],), "/doc/x", 7) for name in names}, names[-1]),
    "bars": lambda names: bars([Count(name, 10**index, "/doc/x") for index, name in enumerate(names)]),
    "bars, narrow": lambda names: bars([Count(name, -3.5 * n) for n, name in enumerate(names)], width=NARROW),
    "curve": lambda names: curve([(1990 + n, n * 123_456) for n in range(30)], names[0], heads=(names[0], names[-1])),
    "network": lambda names: network({name: Node(name, "/doc/x") for name in names}, edges(names)),
}  # fmt: skip


EVERY_PICTURE = pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES.keys())


@EVERY_PICTURE
def test_same_input_makes_the_same_bytes(draw: Callable[[list[str]], Picture]) -> None:
    assert draw(FOREIGN) == draw([*FOREIGN])


@EVERY_PICTURE
@pytest.mark.parametrize("names", [HOSTILE, FOREIGN], ids=["hostile", "foreign"])
def test_picture_is_well_formed_and_runs_nothing(draw: Callable[[list[str]], Picture], names: list[str]) -> None:
    picture = draw(names)
    root = ElementTree.fromstring(picture.svg.encode())
    found = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert found <= {"svg", "title", "desc", "g", "a", "rect", "circle", "path", "text", "tspan", "defs", "linearGradient", "stop", "pattern"}  # fmt: skip
    assert not {key for element in root.iter() for key in element.attrib if key.startswith("on") or key == "style"}
    assert {link.get("href") for link in root.iter(f"{SVG}a")} <= {"/doc/x"}
    assert not re.search("[\u202a-\u202e\u2066\u2067\ud800-\udfff]", picture.svg + str(picture.rows))


@EVERY_PICTURE
def test_picture_and_each_of_its_links_have_a_name(draw: Callable[[list[str]], Picture]) -> None:
    root = ElementTree.fromstring(draw([*FOREIGN, "Invented"]).svg)
    named = {element.get("id"): element.text for element in root}
    assert named[root.get("aria-labelledby")]
    assert named[root.get("aria-describedby")]
    links = list(root.iter(f"{SVG}a"))
    assert all(link[0].tag == f"{SVG}title" and link[0].text for link in links)
    assert root.get("role") == ("group" if links else "img"), "what is within an img cannot be reached"


@EVERY_PICTURE
@pytest.mark.parametrize("names", [[LONG + str(n) for n in range(9)], FOREIGN, HOSTILE, ["Short", "A b"]])
def test_no_text_stands_on_another_or_outside(draw: Callable[[list[str]], Picture], names: list[str]) -> None:
    svg = draw(names).svg
    wide, high = size(svg)
    boxes = list(texts(svg))
    assert [box for box in boxes if box.left < -0.5 or box.right > wide + 0.5 or box.bottom > high + 0.5] == []
    assert [(a.text, b.text) for i, a in enumerate(boxes) for b in boxes[:i] if a.meets(b)] == []


@pytest.mark.parametrize("picture", [
    neighbourhood("Nobody", []), timeline([]), timeline([Event("Charges", "undated")]), tree({}), bars([]), curve([]),
    network({}, []), place_map(None, [Place("Inventia", "IN")]),
])  # fmt: skip
def test_nothing_to_draw_is_no_picture(picture: Picture) -> None:
    assert not picture
    assert picture.svg == ""


@EVERY_PICTURE
def test_styles_know_every_class(draw: Callable[[list[str]], Picture], maps: Path) -> None:
    atlas = read_atlas(maps)
    assert atlas
    svg = draw(FOREIGN).svg + place_map(atlas.us, [Place("Other", count=2), Place("x", "IS", 1)]).svg
    used = {name for classes in re.findall(r'class="([^"]*)"', svg) for name in classes.split()}
    assert {name for name in used if not re.search(rf"\.{name}\b", CSS)} == set()


def test_marks_stand_out_in_light_and_dark() -> None:
    sheet = CSS + (ROOT / "src" / "justicegraph" / "web" / "static" / "style.css").read_text()
    colours = dict(re.findall(r"--(\w+): (light-dark\([^)]*\))", sheet))
    for ground in ("paper", "panel"):
        for ink, least in (("mark", 3), ("quiet", 4.5), ("link", 4.5), ("ink", 4.5)):
            pairs = zip(*(re.findall("#[0-9a-f]{6}", colours[name]) for name in (ink, ground)), strict=True)
            assert all(contrast(one, other) >= least for one, other in pairs), (ink, ground)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2, contrast ratio)."""
    lights = sorted(
        0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (map(linear, channels(e)) for e in (one, other))
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def channels(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
