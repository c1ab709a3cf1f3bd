"""The documentation builds without a warning, every page is reached from the first, and nothing comes from another host."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import expect
from pyoxigraph import Store
from werkzeug.serving import make_server

import justicegraph
from justicegraph.cli import cli
from justicegraph.jsonld import read_context
from justicegraph.sparql.evaluate import evaluate
from justicegraph.web import Site, create_app
from justicegraph.web.docs import TYPES
from tests.browser.conftest import browsing, visiting
from tests.support.project import ROOT

LOADED = re.compile(
    r"""<(?:script|img|iframe)[^>]*?\ssrc="([^"]+)"|<link\b[^>]*?\shref="([^"]+)"|url\(["']?([^)"']+)"""
)
MARKDOWN = sorted(path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md") if path.name != "README.md")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going"]
    places: list[str | Path] = ["--doctree-dir", folder / "doctrees", ROOT / "docs", folder / "html"]
    ended = subprocess.run([*command, *places], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    return folder / "html"


def loaded(built: Path) -> Iterator[tuple[Path, str]]:
    """Yield each address that a page or a stylesheet loads, with the file that does so."""
    for path in built.rglob("*"):
        if path.suffix in {".html", ".css"}:
            for groups in LOADED.findall(path.read_text()):
                yield path, next(filter(None, groups))


def test_nothing_comes_from_another_host(built: Path) -> None:
    addresses = list(loaded(built))
    assert len(addresses) > 100
    assert {address for _, address in addresses if "//" in address and not address.startswith("data:")} == set()


def test_every_file_that_a_page_loads_is_there_and_is_served(built: Path) -> None:
    files = {
        (path, address.partition("?")[0]) for path, address in loaded(built) if not address.startswith(("data:", "#"))
    }
    missing = {address for path, address in files if not (path.parent / address).is_file()}
    assert (missing, {address for _, address in files if address.rpartition(".")[2] not in TYPES}) == (set(), set())


def test_every_page_is_reached_from_the_first(built: Path) -> None:
    first = (built / "index.html").read_text()
    pages = {path.with_suffix(".html").as_posix() for path in MARKDOWN} - {"index.html"}
    assert len(pages) > 40
    assert {page for page in pages if f'href="{page}"' not in first and "decisions/" not in page} == set()
    index = (built / "decisions/index.html").read_text()
    decisions = {Path(page).name for page in pages if "decisions/0" in page}
    assert {page for page in decisions if f'href="{page}"' not in index} == set()


def test_every_command_has_its_reference(built: Path) -> None:
    page = (built / "commands.html").read_text()
    assert [name for name in cli.commands if f"justicegraph-{name}" not in page] == []


def test_every_public_name_has_its_reference(built: Path) -> None:
    page = (built / "api.html").read_text()
    assert [name for name in justicegraph.__all__ if f'id="justicegraph.{name}"' not in page] == []


def test_generated_parts_are_filled(built: Path) -> None:
    for name, cells in {"queries": 60, "problems": 20, "ontology": 150}.items():
        page = (built / f"{name}.html").read_text()
        assert page.count("<tr") > cells, name
        assert "generated:" not in page
    assert "jg:Campaign" in (built / "ontology.html").read_text()


@contextmanager
def served(docs: Path) -> Iterator[str]:
    """Give the address of a server of these pages."""
    site = Site(partial(evaluate, Store(), union=False), read_context(ROOT), docs=docs)
    server = make_server("127.0.0.1", 0, create_app(site), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_search_and_theme_work_in_a_browser_within_the_policy(built: Path) -> None:
    with served(built) as address, browsing() as browser, visiting(browser, address) as page:
        page.goto("/docs/")
        expect(page.locator("html")).not_to_have_class(re.compile("no-js"))
        page.locator("button.theme-toggle:visible").first.click()
        expect(page.locator("body")).not_to_have_attribute("data-theme", "auto")
        page.goto("/docs/search.html?q=custody")
        expect(page.locator("#search-results a").first).to_be_visible()
