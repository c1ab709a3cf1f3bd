"""A neighbourhood shows 24 neighbours, counts the others, and names each in full."""

import gzip
from xml.etree import ElementTree

from justicegraph.pictures import (
    Cell,
    Neighbour,
    Relation,
    neighbourhood,
)  # fmt: skip
from tests.support.svg import LONG, SVG, texts


def test_neighbourhood_shows_24_and_counts_the_others() -> None:
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


def test_neighbourhood_of_24_neighbours_is_small() -> None:
    names = [
        Relation(f"r{n}", n % 2 == 0, tuple(Neighbour(f"{m}{LONG}", f"/doc/{n}-{m}") for m in range(8)))
        for n in range(9)
    ]
    assert len(gzip.compress(neighbourhood("Invented", names).svg.encode())) <= 8_000


def test_name_that_is_cut_stands_whole_in_the_title() -> None:
    picture = neighbourhood("Invented", [Relation("knows", True, (Neighbour(LONG, "/doc/x"),))])
    assert LONG not in [box.text for box in texts(picture.svg)]
    assert ElementTree.fromstring(picture.svg).findtext(f".//{SVG}a/{SVG}title") == LONG
