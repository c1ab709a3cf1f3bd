"""A query result has a chart or a map where its rows fit one."""

from pathlib import Path

import pytest

from justicegraph.pictures import (
    Cell,
    chart,
    chart_map,
    read_atlas,
)  # fmt: skip
from tests.support.svg import cells


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
