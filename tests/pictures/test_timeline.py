"""A timeline shows each date as wide as it is vague, and lists events without a date last."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from justicegraph.pictures import (
    ENGLISH,
    SPANISH,
    Event,
    timeline,
)  # fmt: skip
from tests.support.svg import SVG, texts


def test_vague_dates_cover_what_they_may_mean() -> None:
    picture = timeline([Event("Custody", "prison", "2001", "2004-02-03", True), Event("Outcomes", "freed", "2004")])
    rects = {bar.get("class"): bar for bar in ElementTree.fromstring(picture.svg).iter(f"{SVG}rect")}
    vague = [
        float(bar.get("width", "0"))
        for bar in ElementTree.fromstring(picture.svg).iter(f"{SVG}rect")
        if bar.get("class") == "vague"
    ]
    assert vague[0] == pytest.approx(vague[1], rel=0.01), "a year is as wide as another"
    assert float(rects["sure"].get("width", "0")) < 3 * vague[0]
    assert [row[0].text for row in picture.rows] == ["2001 \u2013 2004-02-03", "2004"]


def test_what_is_not_known_to_have_ended_is_said_and_fades() -> None:
    open_one = Event("Custody", "prison", "2001", "", lasts=True, confirmed="2005-05-05")
    svg = timeline([open_one]).svg
    assert "not known to have ended" in [box.text.partition("\u2013 ")[2] for box in texts(svg)]
    assert 'class="arrow"' in svg
    assert (
        timeline([open_one], words=replace(ENGLISH, day=lambda date: f"<{date}>")).rows[0][0].text.startswith("<2001> ")
    )
    assert timeline([open_one]).rows[0][0].text == "2001 \u2013 not known to have ended (confirmed 2005-05-05)"
    ended = timeline([Event("Custody", "prison", "2001", "", lasts=True, over=True)])
    assert ("end not known" in ended.svg, 'class="arrow"' in ended.svg) == (True, False)


def test_tracks_stand_in_the_order_given() -> None:
    given = [Event("Custody", "prison", "2005", "2006", True), Event("Charges", "one", "2001")]
    tops = {box.text: box.top for box in texts(timeline([*given, Event("Empty", "no date")]).svg)}
    assert tops["Custody"] < tops["Charges"]
    assert "Empty" not in tops


def test_what_has_no_date_is_listed_last() -> None:
    picture = timeline([Event("Charges", "a charge", "2001-02-30"), Event("Outcomes", "freed", "2004")], words=SPANISH)
    assert [row[2].text for row in picture.rows] == ["freed", "a charge"]
    assert "Sin fecha: 1" in [box.text for box in texts(picture.svg)]
