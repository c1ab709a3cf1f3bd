"""A picture says what its rows say, to everyone: the same bytes each time, no text over another, nothing that runs."""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from justicegraph.errors import BrokenFile
from justicegraph.pictures import (
    ENGLISH,
    NARROW,
    SPANISH,
    Branch,
    Cell,
    Count,
    Edge,
    Happening,
    Neighbour,
    Node,
    Picture,
    Place,
    Relation,
    bars,
    chart,
    chart_map,
    curve,
    neighbourhood,
    network,
    place_map,
    read_atlas,
    timeline,
    tree,
)  # fmt: skip
from justicegraph.pictures.scale import Covered, covered, scale_of
from justicegraph.pictures.text import clean, fitted, measure, wrapped
from tests.support.project import ROOT

SVG = "{http://www.w3.org/2000/svg}"
CSS = (ROOT / "src" / "justicegraph" / "web" / "static" / "pictures.css").read_text()
LONG = "The Invented Coalition of Everyone who Never Was against the Imprisonment of Anybody at All, in Full Length"
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


def square(name: str, code: str, x: int, y: int, side: int = 100) -> dict[str, str]:
    return {"name": name, "code": code, "path": f"M{x},{y}L{x + side},{y}L{x + side},{y + side}L{x},{y + side}Z"}


def islands(*regions: dict[str, str]) -> dict[str, str]:
    return {**regions[0], "path": "".join(each["path"] for each in regions)}


MAPS = {
    "world": {"width": 1000, "height": 500, "regions": [
        square("Antarctica", "AQ", 0, 450, 49), square("Inventia", "IN", 100, 100), square("Nowhere", "", 850, 300),
        square("Tiny Isle", "TI", 500, 200, 2),
        islands(square("Isles", "IL", 520, 250, 9), square("Far away", "", 950, 10, 9))]},
    "us": {"width": 960, "height": 600, "regions": [square("Invented State", "IS", 300, 300), square("Other", "OT", 5, 5)]},
}  # fmt: skip


@pytest.fixture
def maps(tmp_path: Path) -> Path:
    path = tmp_path / "maps.json"
    path.write_text(json.dumps(MAPS))
    return path


def relations(names: list[str]) -> list[Relation]:
    return [
        Relation(f"{label} {name[:40]}", outgoing, tuple(Neighbour(each, "/doc/x") for each in names), more=3)
        for label, outgoing in (("works on", True), ("campaigns for", False), ("is run by", True))
        for name in names[:2]
    ]


def happenings(names: list[str]) -> list[Happening]:
    dates = ["1999", "2001-02", "2001-02-03", "2001-02-04", ""]
    spans = [
        Happening("Custody", name, start, end, True, False, "2003", "/doc/x")
        for name in names
        for start, end in (("1999", ""), ("", "2001-02"), ("2000-05", "2000-06-01"))
    ]
    return [
        *spans,
        *(Happening(track, name, each) for track in ("Charges", names[0]) for name in names for each in dates),
    ]


def edges(names: list[str]) -> list[Edge]:
    return [Edge(one, other, label) for one in names for other in names for label in ("knows", "is held at")]


DRAWN: dict[str, Callable[[list[str]], Picture]] = {
    "ego": lambda names: neighbourhood(names[0], relations(names)),
    "ego, narrow": lambda names: neighbourhood(names[0], relations(names), width=NARROW),
    "timeline": lambda names: timeline(happenings(names)),
    "timeline, narrow": lambda names: timeline(happenings(names), width=NARROW),
    "tree": lambda names: tree({name: Branch(name, (names[0],), "/doc/x", 7) for name in names}, names[-1]),
    "bars": lambda names: bars([Count(name, 10**index, "/doc/x") for index, name in enumerate(names)]),
    "bars, narrow": lambda names: bars([Count(name, -3.5 * n) for n, name in enumerate(names)], width=NARROW),
    "curve": lambda names: curve([(1990 + n, n * 123_456) for n in range(30)], names[0], heads=(names[0], names[-1])),
    "network": lambda names: network({name: Node(name, "/doc/x") for name in names}, edges(names)),
}  # fmt: skip
EACH = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN.keys())


@dataclass
class Box:
    """The room that a text takes, and the text."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def texts(svg: str) -> Iterator[Box]:
    for text in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        size, bold = float(text.get("font-size", 14)), text.get("font-weight") == "bold"
        wide = measure(text.text or "", size, bold) + sum(measure(each.text or "", 12.5) for each in text)
        x, y = float(text.get("x", "0")), float(text.get("y", "0"))
        left = x - {"middle": wide / 2, "end": wide}.get(text.get("text-anchor", ""), 0)
        yield Box(left, y - 0.75 * size, left + wide, y + 0.2 * size, "".join(text.itertext()))


def size(svg: str) -> tuple[float, float]:
    root = ElementTree.fromstring(svg)
    return float(root.get("width", "0")), float(root.get("height", "0"))


@EACH
def test_same_input_makes_the_same_bytes(draw: Callable[[list[str]], Picture]) -> None:
    assert draw(FOREIGN) == draw([*FOREIGN])


@EACH
@pytest.mark.parametrize("names", [HOSTILE, FOREIGN], ids=["hostile", "foreign"])
def test_picture_is_well_formed_and_runs_nothing(draw: Callable[[list[str]], Picture], names: list[str]) -> None:
    picture = draw(names)
    root = ElementTree.fromstring(picture.svg.encode())
    found = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert found <= {"svg", "title", "desc", "g", "a", "rect", "circle", "path", "text", "tspan", "defs", "linearGradient", "stop", "pattern"}  # fmt: skip
    assert not {key for each in root.iter() for key in each.attrib if key.startswith("on") or key == "style"}
    assert {each.get("href") for each in root.iter(f"{SVG}a")} <= {"/doc/x"}
    assert not re.search("[\u202a-\u202e\u2066\u2067\ud800-\udfff]", picture.svg + str(picture.rows))


@EACH
def test_picture_and_each_of_its_links_have_a_name(draw: Callable[[list[str]], Picture]) -> None:
    root = ElementTree.fromstring(draw([*FOREIGN, "Invented"]).svg)
    named = {each.get("id"): each.text for each in root}
    assert named[root.get("aria-labelledby")]
    assert named[root.get("aria-describedby")]
    links = list(root.iter(f"{SVG}a"))
    assert all(link[0].tag == f"{SVG}title" and link[0].text for link in links)
    assert root.get("role") == ("group" if links else "img"), "what is within an img cannot be reached"


@EACH
@pytest.mark.parametrize("names", [[LONG + str(n) for n in range(9)], FOREIGN, HOSTILE, ["Short", "A b"]])
def test_no_text_stands_on_another_or_outside(draw: Callable[[list[str]], Picture], names: list[str]) -> None:
    svg = draw(names).svg
    wide, high = size(svg)
    boxes = list(texts(svg))
    assert [each for each in boxes if each.left < -0.5 or each.right > wide + 0.5 or each.bottom > high + 0.5] == []
    assert [(a.text, b.text) for i, a in enumerate(boxes) for b in boxes[:i] if a.meets(b)] == []


@pytest.mark.parametrize("picture", [
    neighbourhood("Nobody", []), timeline([]), timeline([Happening("Charges", "undated")]), tree({}), bars([]), curve([]),
    network({}, []), place_map(None, [Place("Inventia", "IN")]),
])  # fmt: skip
def test_nothing_to_draw_is_no_picture(picture: Picture) -> None:
    assert not picture
    assert picture.svg == ""


@EACH
def test_styles_know_every_class(draw: Callable[[list[str]], Picture], maps: Path) -> None:
    atlas = read_atlas(maps)
    assert atlas
    svg = draw(FOREIGN).svg + place_map(atlas.us, [Place("Other", count=2), Place("x", "IS", 1)]).svg
    used = {name for each in re.findall(r'class="([^"]*)"', svg) for name in each.split()}
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


def test_ego_shows_24_and_counts_the_others() -> None:
    many = tuple(Neighbour(f"Invented {number}", f"/doc/{number}") for number in range(40))
    picture = neighbourhood(
        "Invented", [Relation("a", True, many, more=5, href="/browse"), Relation("b", False, many[:3])]
    )
    root = ElementTree.fromstring(picture.svg)
    assert len([link for link in root.iter(f"{SVG}a") if (link.get("href") or "").startswith("/doc/")]) == 24
    assert [box.text for box in texts(picture.svg) if box.text.startswith("and ")] == ["and 24 more"]
    assert len(picture.rows) == 40 + 1 + 3
    assert picture.rows[0] == (Cell("Invented"), Cell("a"), Cell("Invented 0", "/doc/0"))
    assert picture.rows[-1] == (Cell("Invented 2", "/doc/2"), Cell("b"), Cell("Invented"))


def test_ego_of_24_neighbours_is_small() -> None:
    names = [
        Relation(f"r{n}", n % 2 == 0, tuple(Neighbour(f"{m}{LONG}", f"/doc/{n}-{m}") for m in range(8)))
        for n in range(9)
    ]
    assert len(gzip.compress(neighbourhood("Invented", names).svg.encode())) <= 8_000


def test_name_that_is_cut_stands_whole_in_the_title() -> None:
    picture = neighbourhood("Invented", [Relation("knows", True, (Neighbour(LONG, "/doc/x"),))])
    assert LONG not in [box.text for box in texts(picture.svg)]
    assert ElementTree.fromstring(picture.svg).findtext(f".//{SVG}a/{SVG}title") == LONG


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "//evil.example", "/\\evil.example", "/\t/evil.example", "data:x", "/\x01x", ""]
)
def test_only_our_pages_and_web_pages_are_linked(href: str) -> None:
    refused = bars([Count("Invented", 1, href)])
    assert ("<a " in refused.svg, refused.rows[0][0].href) == (False, "")
    assert "<a " in bars([Count("Invented", 1, "/doc/x"), Count("Other", 1, "https://example.org/")]).svg


def test_vague_dates_cover_what_they_may_mean() -> None:
    picture = timeline(
        [Happening("Custody", "prison", "2001", "2004-02-03", True), Happening("Outcomes", "freed", "2004")]
    )
    rects = {each.get("class"): each for each in ElementTree.fromstring(picture.svg).iter(f"{SVG}rect")}
    vague = [
        float(each.get("width", "0"))
        for each in ElementTree.fromstring(picture.svg).iter(f"{SVG}rect")
        if each.get("class") == "vague"
    ]
    assert vague[0] == pytest.approx(vague[1], rel=0.01), "a year is as wide as another"
    assert float(rects["sure"].get("width", "0")) < 3 * vague[0]
    assert [row[0].text for row in picture.rows] == ["2001 \u2013 2004-02-03", "2004"]


def test_what_is_not_known_to_have_ended_is_said_and_fades() -> None:
    open_one = Happening("Custody", "prison", "2001", "", lasts=True, confirmed="2005-05-05")
    svg = timeline([open_one]).svg
    assert "not known to have ended" in [box.text.partition("\u2013 ")[2] for box in texts(svg)]
    assert 'class="arrow"' in svg
    assert (
        timeline([open_one], words=replace(ENGLISH, day=lambda said: f"<{said}>")).rows[0][0].text.startswith("<2001> ")
    )
    assert timeline([open_one]).rows[0][0].text == "2001 \u2013 not known to have ended (confirmed 2005-05-05)"
    ended = timeline([Happening("Custody", "prison", "2001", "", lasts=True, over=True)])
    assert ("end not known" in ended.svg, 'class="arrow"' in ended.svg) == (True, False)


def test_tracks_stand_in_the_order_given() -> None:
    given = [Happening("Custody", "prison", "2005", "2006", True), Happening("Charges", "one", "2001")]
    tops = {box.text: box.top for box in texts(timeline([*given, Happening("Empty", "no date")]).svg)}
    assert tops["Custody"] < tops["Charges"]
    assert "Empty" not in tops


def test_what_has_no_date_is_listed_last() -> None:
    picture = timeline(
        [Happening("Charges", "a charge", "2001-02-30"), Happening("Outcomes", "freed", "2004")], words=SPANISH
    )
    assert [row[2].text for row in picture.rows] == ["freed", "a charge"]
    assert "Sin fecha: 1" in [box.text for box in texts(picture.svg)]


@given(st.dates(), st.integers(0, 400_000))
def test_scale_has_some_round_marks_wherever_it_is(first: object, days: int) -> None:
    start = min(max(covered(str(first)) or Covered(600_000, 600_001), Covered(365_000, 365_001), key=lambda e: e.first), Covered(1_000_000, 1_000_001), key=lambda e: e.first)  # fmt: skip
    last = min(start.first + days, 1_090_000)
    scale = scale_of([start, Covered(last, last + 1)], 50, 600)
    xs = [mark.x for mark in scale.marks]
    assert 2 <= len(xs) <= 13
    assert min(b - a for a, b in pairwise(xs)) > 40
    assert (scale.first <= start.first, scale.last >= last + 1) == (True, True)


def test_tree_shows_each_once_whatever_circles_there_are() -> None:
    branches = {
        "a": Branch("A", ("b",)),
        "b": Branch("B", ("a",)),
        "c": Branch("C", ("c", "gone")),
        "d": Branch("D", ("c", "a")),
    }
    picture = tree(branches, "d")
    assert [row[0].text.strip() for row in picture.rows] == ["C", "A", "B", "D"]
    assert ElementTree.fromstring(picture.svg).findall(".//*[@aria-current]")[0].findtext(f"{SVG}title") == "D"


def test_tree_of_any_depth_is_drawn() -> None:
    deep = {str(n): Branch(f"Invented {n}", (str(n - 1),), count=n) for n in range(5_000)}
    picture = tree(deep)
    assert len(picture.rows) == 2_000
    assert all(box.right <= size(picture.svg)[0] for box in texts(picture.svg))
    assert "and 4800 more" in [box.text for box in texts(picture.svg)]


def test_bars_are_as_long_as_their_numbers() -> None:
    svg = bars([Count("a", 10), Count("b", 5), Count("c", 0), Count("d", float("nan"))]).svg
    long = [float(each.get("width", "0")) for each in ElementTree.fromstring(svg).iter(f"{SVG}rect")]
    assert long[0] == pytest.approx(2 * long[1], abs=0.2)
    assert long[2:] == [0]


@given(st.lists(st.tuples(st.integers(), st.floats()), max_size=9))
def test_any_numbers_are_drawn_or_left_out(points: list[tuple[int, float]]) -> None:
    for picture in (curve(points), bars([Count(str(year), number) for year, number in points])):
        assert not picture or ElementTree.fromstring(picture.svg) is not None
        assert "nan" not in picture.svg
        assert "inf" not in picture.svg


def test_line_breaks_where_a_year_is_missing() -> None:
    svg = curve([(2001, 3), (2002, 5), (2004, 1)]).svg
    steps = next(
        each.get("d", "") for each in ElementTree.fromstring(svg).iter(f"{SVG}path") if each.get("class") == "curve"
    )
    assert (steps.count("M"), steps.count("L")) == (2, 1)


def test_network_draws_circles_loops_and_the_most_linked() -> None:
    ring = [Edge(str(n), str((n + 1) % 80), "follows") for n in range(80)]
    picture = network(
        {"0": Node("Invented hub", "/doc/hub")}, [*ring, *(Edge("0", str(n), "knows") for n in range(80))]
    )
    hidden = re.findall(r"Not drawn: 20 nodes, (\d+) links", picture.svg)
    assert len(picture.rows) == picture.svg.count('class="edge"') + int(hidden[0]) == 160
    assert "Invented hub" in [box.text for box in texts(picture.svg)]
    assert picture.desc == "80 nodes, 160 links"


def test_network_leads_from_left_to_right() -> None:
    svg = network({}, [Edge("one", "two", "a"), Edge("two", "three", "b"), Edge("one", "three", "c")]).svg
    left = {box.text: box.left for box in texts(svg)}
    assert left["one"] < left["a"] < left["two"] < left["b"] < left["three"]


def test_map_marks_places_by_code_or_by_name(maps: Path) -> None:
    atlas = read_atlas(maps)
    assert atlas
    places = [Place("Inventien", "IN", 12, "/doc/i"), Place("NOWHÉRE", "", 3), Place("not on it", "ZZ", 1)]
    picture = place_map(atlas.world, places)
    titles = [each.text for each in ElementTree.fromstring(picture.svg).iter(f"{SVG}title")]
    assert titles[1:] == ["Inventien: 12", "NOWHÉRE: 3"]
    assert [row[1].text for row in picture.rows] == ["12", "3", "1"]
    assert size(picture.svg)[1] == pytest.approx(0.664 * 449 + 30 + 18, abs=0.1), "nobody lives further south"
    assert {"p-map-4", "p-map-3"} == set(
        re.findall(r'url\(#([^)]*)\)" class="region"/><', picture.svg.split("</svg>")[0])
    )


def test_state_is_found_without_its_parentheses_and_no_country_is(maps: Path) -> None:
    atlas = read_atlas(maps)
    assert atlas
    assert atlas.us.find("INVENTED State (United States)") is atlas.us.regions[0]
    assert atlas.world.find("Inventia (state)") is None


def test_map_names_what_it_could_not_draw(maps: Path) -> None:
    atlas = read_atlas(maps)
    assert atlas
    lost = [Place(f"Elsewhere {number}", count=number) for number in range(40)]
    svg = place_map(atlas.us, [Place("Other", count=2), *lost[:2]], words=SPANISH).svg
    assert [each.text for each in texts(svg)][-1] == "No están en el mapa (2): Elsewhere 0, Elsewhere 1"
    assert not [*texts(place_map(atlas.us, [Place("Other", count=2)]).svg)]
    for picture in (
        place_map(atlas.us, [Place("Other"), *lost]),
        place_map(atlas.us, [Place("Other", count=99), *lost]),
    ):
        boxes = [*texts(picture.svg)]
        assert boxes[-1].text.endswith("…")
        assert max(each.bottom for each in boxes) <= size(picture.svg)[1]


def test_map_shows_the_surroundings_of_a_place_and_rings_a_small_one(maps: Path) -> None:
    atlas = read_atlas(maps)
    assert atlas
    near, all_of_it = place_map(atlas.world, [Place("Tiny Isle")]).svg, place_map(atlas.us, [Place("Other")]).svg
    assert "<circle" in near
    assert "<circle" not in all_of_it
    land = re.findall(r'd="([^"]*)" class="land"', near)[0]
    assert land.count("M") == 2, "of the isles, the one that is out of sight is not sent"
    assert re.findall(r'd="([^"]*)" class="land"', all_of_it)[0].count("M") == 2


@pytest.mark.parametrize("said", [
    "{", "[]", '{"world": {}, "us": {}}', json.dumps(MAPS).replace("M100", "Mx"), json.dumps(MAPS).replace("1000", "-1"),
    json.dumps(MAPS).replace("Z", "C1,1 2,2 3,3Z"), json.dumps(MAPS).replace("Z", "Z<script>"), json.dumps(MAPS).replace('"IN"', "[]" * 3),
])  # fmt: skip
def test_broken_map_is_told_of_in_a_sentence(said: str, maps: Path) -> None:
    maps.write_text(said)
    with pytest.raises(BrokenFile, match="Build the front end again"):
        read_atlas(maps)


def test_without_a_map_the_place_is_still_named(tmp_path: Path) -> None:
    assert read_atlas(tmp_path / "maps.json") is None
    assert place_map(None, [Place("Inventia", "IN", href="/doc/i")]).rows == ((Cell("Inventia", "/doc/i"), Cell("")),)


def cells(*rows: str) -> list[list[Cell]]:
    return [[Cell(each) for each in row.split("|")] for row in rows]


@pytest.mark.parametrize(("heads", "rows", "kind"), [
    (("name", "number"), cells("one|3", "two|4.5e1"), "rect"),
    (("year", "number"), cells("2001|3", "2002-05|4", "2003|5"), "circle"),
    (("number", "year"), cells("7|2001", "8|2002"), "circle"),
    (("name", "born"), cells("one|1950", "two|1960"), ""),
    (("name", "number"), cells("one|3", "one|4"), ""),
    (("name", "number"), cells("one|3", "two|many"), ""),
    (("name", "number"), cells("one|3"), ""),
    (("name", "other"), cells("one|a", "two|b"), ""),
])  # fmt: skip
def test_answer_is_charted_where_it_fits(heads: tuple[str, ...], rows: list[list[Cell]], kind: str) -> None:
    picture = chart(heads, rows)
    assert (f"<{kind}" in picture.svg if picture else "") == (bool(kind) or "")


def test_answer_by_place_is_shown_on_the_map_that_knows_the_names(maps: Path) -> None:
    atlas = read_atlas(maps)
    us = chart_map(("state", "number"), cells("Invented State|3", "Other|4", "Elsewhere|1"), atlas)
    assert us
    assert us.svg.count('class="region"') == 2 + 2, "two places, two fills in the legend"
    assert chart_map(("name", "number"), cells("one|3", "two|4"), atlas) is None


def test_rows_are_named_in_words_where_a_column_has_them(maps: Path) -> None:
    rows = [[Cell(f"id:{slug}", f"/doc/{slug}"), Cell(name), Cell(n)] for slug, name, n in
            (("invented-state", "Invented State", "3"), ("other", "Other", "4"))]  # fmt: skip
    drawn = chart_map(("place", "name", "number"), rows, read_atlas(maps))
    assert drawn
    assert drawn.rows[0] == (Cell("Invented State", "/doc/invented-state"), Cell("3"))
    same = chart(("place", "name", "number"), [[place, Cell("same"), number] for place, _, number in rows])
    assert same
    assert same.rows[0][0] == Cell("id:invented-state", "/doc/invented-state")


def test_languages_fill_in_the_same() -> None:
    for each in fields(ENGLISH)[1:]:
        english, spanish = getattr(ENGLISH, each.name), getattr(SPANISH, each.name)
        assert spanish
        assert re.findall(r"\{\w*\}", english) == re.findall(r"\{\w*\}", spanish)


@given(st.text(max_size=60), st.integers(20, 300))
def test_lines_fit_and_lose_nothing_where_there_are_enough(text: str, room: int) -> None:
    said = clean(text)
    lines = wrapped(said, room, 14, 99)
    assert "".join(lines).replace(" ", "") == said.replace(" ", "")
    assert all(measure(line.rstrip(), 14) <= room or len(line) <= 3 for line in lines)
    assert measure(fitted(said, room, 14), 14) <= room


def test_letter_keeps_two_marks_and_no_pile_of_them() -> None:
    assert clean("Z" + "\u0301" * 400) == "Z\u0301\u0301"
    assert clean("Ti\u1ebfng Vie\u0302\u0323t") == "Ti\u1ebfng Vie\u0302\u0323t"


def test_letter_is_cut_with_its_marks() -> None:
    family = "👩‍👩‍👧" * 9
    assert fitted(family, 100, 14).rstrip("…") in {"👩‍👩‍👧" * n for n in range(9)}
    assert fitted("e\u0301" * 30, 100, 14).endswith("e\u0301…")
