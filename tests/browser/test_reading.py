"""Every kind of page can be read by everyone: axe-core finds nothing, nothing sticks out, no other host is asked."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.servers import Server

from .conftest import AXE, Visit
from .kinds import PAGES

WIDTHS = (320, 768, 1280)
RUN = "() => axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations)"
STICKS_OUT = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong: the rule, where, and why."""
    found: list[dict[str, Any]] = page.evaluate(RUN)
    return [f"{rule['id']}: {node['target']}: {node['failureSummary']}" for rule in found for node in rule["nodes"][:5]]


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_page_is_open_to_everyone(path: str, visit: Visit) -> None:
    with visit() as page:
        page.goto(path)
        page.evaluate(AXE.read_text())
        for scheme in ("light", "dark"):
            for width in WIDTHS:
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 900})
                assert violations(page) == [], f"{scheme}, {width} pixels"
                assert not page.evaluate(STICKS_OUT), f"{width} pixels"


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_page_says_the_same_without_script(path: str, visit: Visit) -> None:
    said = []
    for runs in (True, False):
        with visit(java_script_enabled=runs) as page:
            page.goto(path)
            said.append([page.title(), *page.locator("h1, h2, h3, main p > a, main td a").all_inner_texts()])
    assert said[0] == said[1]


@pytest.mark.parametrize("path", [PAGES["home"], PAGES["query"]], ids=["home", "query"])
def test_nothing_runs_or_paints_that_the_page_has_not_named(path: str, browser: Browser, server: Server) -> None:
    page = browser.new_page()
    page.goto(server.address + path)
    page.evaluate(
        """() => {
            document.addEventListener('securitypolicyviolation', () => { window.refused = (window.refused ?? 0) + 1 });
            document.querySelector('h1').setAttribute('style', 'color: rgb(1, 2, 3)');
            for (const name of ['script', 'style']) {
                const made = document.createElement(name);
                made.textContent = name === 'script' ? 'window.ran = 1' : 'h1 { color: rgb(1, 2, 3) }';
                document.head.append(made);
            }
        }"""
    )
    page.wait_for_function("window.refused === 3")
    assert page.evaluate("window.ran ?? 0") == 0
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(1, 2, 3)"
    page.close()
