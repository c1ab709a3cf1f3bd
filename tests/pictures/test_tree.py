"""A tree shows every branch once, whatever its depth and its cycles."""

from xml.etree import ElementTree

from justicegraph.pictures import (
    Branch,
    tree,
)  # fmt: skip
from tests.support.svg import SVG, size, texts


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
