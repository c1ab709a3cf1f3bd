"""Whoever asks gets an answer: by form or editor, by keyboard alone, also to a mistake or to a question that is too much."""

import csv
import gzip
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.servers import Server, until

from .conftest import Visit
from .kinds import BROKEN, FOUND, GRAPH, PAGES, question

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def write(page: Page, text: str) -> None:
    """Write a question in place of what is there, as a reader does."""
    page.wait_for_load_state()
    field = page.get_by_role("textbox")
    field.press("ControlOrMeta+a")
    field.press("Delete")
    page.keyboard.insert_text(text)


def table(page: Page) -> list[list[str]]:
    """Return the table that is shown, with where its links lead."""
    rows: list[list[str]] = page.locator("#found tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerHTML + cell.className + cell.lang))"
    )
    return rows


def test_reader_takes_an_example_and_changes_it(reader: Page) -> None:
    reader.goto("/query")
    reader.get_by_role("link", name="Which organizations work on the death penalty").click()
    expect(reader.locator("#found tbody tr").first).to_be_visible()
    write(reader, FOUND)
    reader.get_by_role("button", name="Run", exact=True).click()
    expect(reader.locator(".facts")).to_contain_text("20 rows, took")
    expect(reader.locator("#found tbody tr").first.get_by_role("link")).to_have_attribute("href", re.compile("^/doc/"))
    assert "query=PREFIX" in reader.url


def test_answer_is_the_same_with_script_and_without(visit: Visit) -> None:
    shown = []
    for runs in (True, False):
        with visit(java_script_enabled=runs) as page:
            page.goto("/query")
            write(page, FOUND)
            page.get_by_role("button", name="Run", exact=True).click()
            expect(page.locator("#found tbody tr")).to_have_count(20)
            shown.append((table(page), page.locator(".take a").evaluate_all("all => all.map(each => each.href)")))
    with_script, without = shown
    assert with_script[0] == without[0]
    assert [link.replace("%0D%0A", "%0A") for link in without[1]] == with_script[1]


def test_mistake_is_marked_where_it_is(reader: Page) -> None:
    reader.goto(question(BROKEN))
    reader.get_by_role("button", name="Run", exact=True).click()
    expect(reader.locator(".error")).to_contain_text(
        "The prefix skos: is not declared. Add at the top: PREFIX skos: <http"
    )
    expect(reader.locator(".wrong")).to_contain_text("Line 3, column")
    expect(reader.locator(".here")).to_contain_text("?who skos:prefLabel ?name")
    expect(reader.locator("mark")).to_have_text("skos:prefLabel")
    assert reader.title().startswith("Error")


def test_mistake_is_marked_in_the_editor_until_it_is_mended(page: Page) -> None:
    page.goto(question("ASK {}"))
    write(page, "ASK {\n  ?s ?p ?o")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator(".wrong-line")).to_contain_text("?s ?p ?o")
    page.get_by_role("button", name="Show it in the query").click()
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.type(" }")
    expect(page.locator(".wrong-line")).to_have_count(0)
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator("#found .lead")).to_have_text("Yes.")


def test_what_the_endpoint_says_is_marked_as_english_on_a_spanish_page(visit: Visit) -> None:
    for runs in (True, False):
        with visit(java_script_enabled=runs) as page:
            page.goto("/query?lang=es")
            for text, said in (("INSERT DATA { <a:a> <a:b> <a:c> }", "Updates are refused"), ("SELECT * { ?s }", "")):
                write(page, text)
                page.get_by_role("button", name="Ejecutar", exact=True).click()
                if said:
                    expect(page.locator(".error [lang=en]")).to_contain_text(said)
                else:
                    expect(page.locator(".error")).to_contain_text("La consulta no se puede leer")
                    expect(page.locator(".error [lang=en]")).to_have_count(0)


def test_form_that_does_not_fit_leaves_the_reader_with_the_question(reader: Page) -> None:
    reader.goto(question(FOUND))
    reader.get_by_role("combobox").select_option("ttl")
    reader.get_by_role("button", name="Run", exact=True).click()
    expect(reader.locator(".error")).to_have_text(
        "Results of SELECT are not available as ttl. Choose one of: json, xml, csv, tsv."
    )
    expect(reader.get_by_role("textbox")).to_contain_text("SELECT ?who ?name ?on")


def test_graph_is_shown_and_offered_as_files(reader: Page) -> None:
    reader.goto(question(GRAPH))
    expect(reader.locator(".turtle")).to_contain_text("Critical Resistance")
    assert reader.locator(".take:not(.views) a").all_inner_texts()[:6] == ["ttl", "nt", "nq", "trig", "rdf", "jsonld"]


def test_answer_comes_as_a_file(reader: Page, tmp_path: Path) -> None:
    reader.goto(question(FOUND))
    reader.get_by_role("combobox").select_option("csv")
    with reader.expect_download() as download:
        reader.get_by_role("button", name="Run", exact=True).click()
    download.value.save_as(tmp_path / "answer.csv")
    with (tmp_path / "answer.csv").open(newline="") as file:
        assert len(list(csv.reader(file))) == 21


def test_address_brings_question_and_answer_back(page: Page) -> None:
    page.goto("/query")
    for text, word in (("ASK {}", "ASK"), ("SELECT (1 AS ?one) {}", "SELECT")):
        write(page, text)
        page.keyboard.press("ControlOrMeta+Enter")
        page.wait_for_url(f"**/query?query={word}*")
    page.go_back()
    expect(page.get_by_role("textbox")).to_have_text("ASK {}")
    expect(page.locator("#found .lead")).to_have_text("Yes.")
    page.reload()
    expect(page.locator("#found .lead")).to_have_text("Yes.")


def test_what_is_being_written_stays_and_no_answer_stands_where_nothing_was_asked(page: Page) -> None:
    page.goto("/query")
    write(page, "ASK {}")
    skip = page.get_by_role("link", name="Skip to the content")
    skip.focus()
    skip.press("Enter")
    page.wait_for_url("**/query#*")
    expect(page.get_by_role("textbox")).to_have_text("ASK {}")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#found .lead")).to_have_text("Yes.")
    page.go_back()
    expect(page.locator("#answer")).to_be_hidden()
    expect(page.get_by_role("textbox")).to_have_text("")


def test_editor_declares_prefixes_and_completes_our_words(page: Page) -> None:
    page.goto("/query")
    page.get_by_role("textbox").press_sequentially("SELECT * { ?who a jg:prisone")
    expect(page.locator(".cm-line").first).to_have_text("PREFIX jg: <https://w3id.org/justicegraph/ontology#>")
    expect(page.get_by_role("option", name="jg:Prisoner").first).to_be_visible()
    page.wait_for_timeout(100)  # the list takes no key in the first moment, so that nobody hits it by accident
    page.keyboard.press("Enter")
    expect(page.locator(".cm-line").nth(1)).to_contain_text("a jg:Prisoner")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator("#found tbody tr").first).to_be_visible()


def test_table_is_sorted_by_its_headings(page: Page) -> None:
    page.goto(question("SELECT ?n ?w { VALUES (?n ?w) { (10 'b') (9 'a') (100 'c') } }"))
    column = page.locator("#found td:first-child")
    orders = []
    for _ in range(3):
        page.get_by_role("button", name="n", exact=True).click()
        orders.append(column.all_inner_texts())
    assert orders == [["9", "10", "100"], ["100", "10", "9"], ["10", "9", "100"]]


def test_question_that_takes_long_is_cancelled_here_and_at_the_server(page: Page, server: Server) -> None:
    page.goto("/query")
    write(page, ENDLESS)
    page.keyboard.press("ControlOrMeta+Enter")
    until(lambda: server.metrics()["slow_queries"] == 1)
    expect(page.locator("#clock")).to_contain_text(" s")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("status")).to_have_text("Cancelled.")
    until(lambda: server.metrics()["slow_queries"] == 0, 5)
    expect(page.get_by_role("button", name="Cancel")).to_be_hidden()


def test_all_of_it_is_done_by_keyboard_alone(page: Page) -> None:
    page.goto("/query")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Your query (SPARQL 1.1)")).to_be_focused()
    page.keyboard.type("ASK { ")
    page.keyboard.press("Tab")  # no trap
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("took")
    expect(page.locator("#found .lead")).to_have_text("Yes.")


def test_picture_comes_from_the_server_without_loading_the_page_again(page: Page) -> None:
    drawn = '<div id=found><p class=views><a href="/query?query=x&view=chart">Chart</a></p>{}</div>'
    pictured = drawn.format("<figure class=picture>Invented</figure>")
    page.goto("/query")
    page.locator("form.ask").evaluate("form => { form.dataset.pictures = '' }")
    page.route("**/query?*", lambda route: route.fulfill(body=drawn.format("")))
    page.route("**/query?*view=chart", lambda route: route.fulfill(body=pictured))
    write(page, "SELECT (1 AS ?n) {}")
    page.keyboard.press("ControlOrMeta+Enter")
    page.get_by_role("link", name="Chart").click()
    expect(page.locator("#found .picture")).to_have_text("Invented")
    expect(page.locator("#found td")).to_have_text("1")


def test_server_that_is_gone_is_said(page: Page) -> None:
    page.goto("/query")
    page.route("**/sparql", lambda route: route.abort())
    write(page, "ASK {}")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator(".error")).to_contain_text("The server cannot be reached.")


@pytest.mark.parametrize("name", ["query", "answer", "mistake"])
def test_page_with_the_editor_is_light(name: str, visit: Visit) -> None:
    sizes: list[int] = []
    with visit() as page:
        page.on("response", lambda response: sizes.append(compressed(response.body(), response.headers)))
        page.goto(PAGES[name])
        page.wait_for_selector(".cm-editor")
    assert len(sizes) >= 4
    assert sum(sizes) <= 150_000


def compressed(body: bytes, headers: dict[str, str]) -> int:
    """Return the bytes that travel, where a proxy compresses what our server sends plain."""
    sent = int(headers["content-length"])
    return sent if "content-encoding" in headers else len(gzip.compress(body))
