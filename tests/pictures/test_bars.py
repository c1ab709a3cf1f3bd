"""Bars are as long as their numbers, and link only to safe addresses."""

from xml.etree import ElementTree

import pytest

from justicegraph.pictures import (
    Count,
    bars,
)  # fmt: skip
from tests.support.svg import SVG


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "//evil.example", "/\\evil.example", "/\t/evil.example", "data:x", "/\x01x", ""]
)
def test_only_our_pages_and_web_pages_are_linked(href: str) -> None:
    refused = bars([Count("Invented", 1, href)])
    assert ("<a " in refused.svg, refused.rows[0][0].href) == (False, "")
    assert "<a " in bars([Count("Invented", 1, "/doc/x"), Count("Other", 1, "https://example.org/")]).svg


def test_bars_are_as_long_as_their_numbers() -> None:
    svg = bars([Count("a", 10), Count("b", 5), Count("c", 0), Count("d", float("nan"))]).svg
    long = [float(bar.get("width", "0")) for bar in ElementTree.fromstring(svg).iter(f"{SVG}rect")]
    assert long[0] == pytest.approx(2 * long[1], abs=0.2)
    assert long[2:] == [0]
