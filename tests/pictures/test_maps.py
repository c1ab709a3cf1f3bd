"""A map marks the places that it has, and names the others."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from justicegraph.pictures import (
    SPANISH,
    Cell,
    Place,
    place_map,
    read_atlas,
)  # fmt: skip
from tests.support.svg import SVG, size, texts


def test_map_marks_places_by_code_or_by_name(maps: Path) -> None:
    atlas = read_atlas(maps)
    assert atlas
    places = [Place("Inventien", "IN", 12, "/doc/i"), Place("NOWHÉRE", "", 3), Place("not on it", "ZZ", 1)]
    picture = place_map(atlas.world, places)
    titles = [title.text for title in ElementTree.fromstring(picture.svg).iter(f"{SVG}title")]
    assert titles[1:] == ["Inventien: 12", "NOWHÉRE: 3"]
    assert [row[1].text for row in picture.rows] == ["12", "3", "1"]
    assert size(picture.svg)[1] == pytest.approx(0.664 * 449 + 30 + 18, abs=0.1), "nobody lives further south"
    assert {"p-map-4", "p-map-3"} == set(
        re.findall(r'url\(#([^)]*)\)" class="region"/><', picture.svg.split("</svg>")[0])
    )


def test_map_names_what_it_could_not_draw(maps: Path) -> None:
    atlas = read_atlas(maps)
    assert atlas
    lost = [Place(f"Elsewhere {number}", count=number) for number in range(40)]
    svg = place_map(atlas.us, [Place("Other", count=2), *lost[:2]], words=SPANISH).svg
    assert [text.text for text in texts(svg)][-1] == "No están en el mapa (2): Elsewhere 0, Elsewhere 1"
    assert not [*texts(place_map(atlas.us, [Place("Other", count=2)]).svg)]
    for picture in (
        place_map(atlas.us, [Place("Other"), *lost]),
        place_map(atlas.us, [Place("Other", count=99), *lost]),
    ):
        boxes = [*texts(picture.svg)]
        assert boxes[-1].text.endswith("…")
        assert max(box.bottom for box in boxes) <= size(picture.svg)[1]


def test_map_shows_the_surroundings_of_a_place_and_rings_a_small_one(maps: Path) -> None:
    atlas = read_atlas(maps)
    assert atlas
    near, all_of_it = place_map(atlas.world, [Place("Tiny Isle")]).svg, place_map(atlas.us, [Place("Other")]).svg
    assert "<circle" in near
    assert "<circle" not in all_of_it
    land = re.findall(r'd="([^"]*)" class="land"', near)[0]
    assert land.count("M") == 2, "of the isles, the one that is out of sight is not sent"
    assert re.findall(r'd="([^"]*)" class="land"', all_of_it)[0].count("M") == 2


def test_without_a_map_the_place_is_still_named(tmp_path: Path) -> None:
    assert read_atlas(tmp_path / "maps.json") is None
    assert place_map(None, [Place("Inventia", "IN", href="/doc/i")]).rows == ((Cell("Inventia", "/doc/i"), Cell("")),)
