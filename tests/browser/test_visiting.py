"""What readers come for, from the first page to the end, with script and without: to find, to check, to ask, to take."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit


def test_reader_finds_an_entry_by_a_misspelt_name(reader: Page) -> None:
    reader.goto("/")
    reader.get_by_role("searchbox").fill("Lenoard Peltir")
    reader.get_by_role("button", name="Search").click()
    expect(reader.get_by_text("Did you mean")).to_be_visible()
    reader.get_by_role("link", name="Leonard Peltier", exact=True).first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Leonard Peltier")


def test_reader_narrows_a_list_and_widens_it_again(reader: Page) -> None:
    reader.goto("/browse/Organization")
    every = reader.locator(".count").inner_text()
    reader.get_by_role("complementary").get_by_role("link", name="death penalty", exact=True).click()
    expect(reader.get_by_role("status")).not_to_have_text(every)
    narrow = reader.locator(".entries > li").count()
    assert 0 < narrow < 50
    reader.get_by_role("searchbox").fill("moratorium")
    reader.get_by_role("button", name="Search").click()
    assert "cause=death-penalty" in reader.url
    assert 0 < reader.locator(".entries > li").count() < narrow
    reader.get_by_role("link", name=re.compile("Cause: death penalty")).click()
    assert "cause=" not in reader.url
    assert "q=moratorium" in reader.url


def test_reader_follows_a_status_to_the_line_of_a_source(reader: Page) -> None:
    reader.goto("/doc/leonard-peltier")
    status = reader.locator(".state")
    expect(status).to_contain_text("as of 25 February 2025")
    status.get_by_role("link").last.click()
    rests_on = reader.locator("li:target")
    expect(rests_on).to_contain_text("North Dakota")
    expect(rests_on.locator(".sources")).to_contain_text("Source")
    reader.locator(".claims").get_by_role("link", name="line 1", exact=True).click()
    expect(reader).to_have_url(re.compile("#line-1$"))
    expect(reader.locator("li:target")).to_contain_text("Leonard Peltier")


def test_reader_goes_from_an_entry_to_its_query_and_takes_a_file(reader: Page, tmp_path: Path) -> None:
    reader.goto("/doc/critical-resistance")
    reader.get_by_role("link", name="The query behind this page").click()
    expect(reader.locator("#found tbody tr").first).to_be_visible()
    rows = reader.locator("#found tbody tr").count()
    with reader.expect_download() as download:
        reader.locator(".take").get_by_role("link", name="csv", exact=True).click()
    download.value.save_as(tmp_path / "answer.csv")
    with (tmp_path / "answer.csv").open(newline="") as file:
        assert len(list(csv.reader(file))) == rows + 1


def test_reader_takes_a_list_as_a_file(reader: Page, tmp_path: Path) -> None:
    reader.goto("/browse/Campaign?q=strike")
    found = reader.locator(".entries > li").count()
    with reader.expect_download() as download:
        reader.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "list.csv")
    with (tmp_path / "list.csv").open(newline="") as file:
        assert len(list(csv.reader(file))) == found + 1
    reader.get_by_role("link", name="SPARQL").click()
    expect(reader.locator("#found tbody tr")).to_have_count(found)


def test_reader_switches_to_spanish_and_stays_there(reader: Page) -> None:
    reader.goto("/browse/Cause")
    reader.get_by_role("link", name="Español").click()
    reader.get_by_role("link", name="death penalty", exact=True).first.click()
    expect(reader.locator("html")).to_have_attribute("lang", "es")
    expect(reader.get_by_role("heading", level=2, name="Lo que se sabe")).to_be_visible()
    reader.get_by_role("link", name="JusticeGraph", exact=True).click()
    reader.get_by_role("searchbox").fill("peltier")
    reader.get_by_role("button", name="Buscar").click()
    reader.locator(".entries a").first.click()
    expect(reader.locator("html")).to_have_attribute("lang", "es")
    reader.get_by_role("link", name="English").click()
    expect(reader.locator("html")).to_have_attribute("lang", "en")


def test_reader_learns_which_campaigns_are_open_or_were(reader: Page) -> None:
    reader.goto("/")
    expect(reader.get_by_role("heading", name="Campaigns known to be open")).to_be_visible()
    reader.get_by_role("navigation", name="Main").get_by_role("link", name="Campaigns").click()
    expect(reader.locator(".entries li", has_text="National Prison Strike, 2018")).to_contain_text("ended on")
    expect(reader.locator(".entries li", has_text="Free Dontae Sharpe")).to_contain_text("open, as of 2018")


def test_reader_is_helped_where_nothing_is(reader: Page) -> None:
    reader.goto("/nope")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Page not found")
    reader.get_by_role("searchbox").fill("critical resistance")
    reader.get_by_role("searchbox").press("Enter")
    expect(reader.locator(".entries a").first).to_have_text("Critical Resistance")


def test_entry_is_found_and_read_by_keyboard_alone(visit: Visit) -> None:
    with visit() as page:
        page.goto("/")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("peltier")
        page.keyboard.press("Enter")
        page.wait_for_url("**/browse?q=peltier")
        page.locator(".entries a").first.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Leonard Peltier")
        page.locator("summary").last.focus()
        page.keyboard.press("Enter")
        expect(page.locator("details").last).to_have_attribute("open", "")


@pytest.mark.parametrize("width", [320, 1280])
def test_picture_fits_and_has_a_text_beside_it(width: int, visit: Visit) -> None:
    with visit(viewport={"width": width, "height": 900}) as page:
        page.goto("/doc/leonard-peltier")
        shown = page.locator("svg.picture:visible")
        for number in range(shown.count()):
            box = shown.nth(number).bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= width
        page.get_by_text("The picture as text").click()
        expect(page.locator(".as-text table")).to_contain_text("home confinement")
