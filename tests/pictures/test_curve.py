"""A line by year breaks at gaps, and takes any numbers."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from justicegraph.pictures import (
    Count,
    bars,
    curve,
)  # fmt: skip
from tests.support.svg import SVG


@given(st.lists(st.tuples(st.integers(), st.floats()), max_size=9))
def test_any_numbers_are_drawn_or_left_out(points: list[tuple[int, float]]) -> None:
    for picture in (curve(points), bars([Count(str(year), number) for year, number in points])):
        assert not picture or ElementTree.fromstring(picture.svg) is not None
        assert "nan" not in picture.svg
        assert "inf" not in picture.svg


def test_line_breaks_where_a_year_is_missing() -> None:
    svg = curve([(2001, 3), (2002, 5), (2004, 1)]).svg
    steps = next(
        path.get("d", "") for path in ElementTree.fromstring(svg).iter(f"{SVG}path") if path.get("class") == "curve"
    )
    assert (steps.count("M"), steps.count("L")) == (2, 1)
