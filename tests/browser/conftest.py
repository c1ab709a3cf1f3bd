"""Our own graph, served, and Debian's chromium in front of it; no page may reach for another host."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from justicegraph.build import build_snapshot
from tests.support.project import ROOT
from tests.support.servers import Server, started

FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
BUILT = ROOT / "src/justicegraph/web/static/built/manifest.json"
PATIENCE = 15_000
"""Milliseconds in which a page shows what it should, also on a busy machine."""

Visit = Callable[..., AbstractContextManager[Page]]


def chromium() -> str:
    """Return the path of Debian's chromium; skip where it or the built front end is missing, fail where that must be."""
    path = shutil.which("chromium")
    if path and BUILT.is_file() and AXE.is_file():
        return path
    missing = "chromium is missing" if not path else "the front end is not built (make, with Node and npm)"
    if os.environ.get("JUSTICEGRAPH_FRONTEND") == "required":
        pytest.fail(missing)
    pytest.skip(missing)


@contextmanager
def browsing() -> Iterator[Browser]:
    """Give a browser with an empty profile."""
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else [*FLAGS]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=flags)
        yield browser
        browser.close()


@contextmanager
def visiting(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """Give a new visitor's page; in the end nobody else was asked for anything, and nothing was refused or failed."""
    context: BrowserContext = browser.new_context(base_url=address, reduced_motion="reduce", **options)
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    asked: list[str] = []
    said: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: said.append(str(error.error)))
    context.route(lambda url: not url.startswith((address, "data:")), lambda route: route.abort())
    yield context.new_page()
    cookies = context.cookies()
    context.close()
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert [each for each in said if not re.search(r"status of 4\d\d|ERR_(?:ABORTED|FAILED)", each)] == []
    assert cookies == []


@contextmanager
def serving_our_graph() -> Iterator[Server]:
    """Give a server of our own graph, whose snapshot is built before it is waited for."""
    with TemporaryDirectory() as place:
        build_snapshot(ROOT, Path(place))
        with started(ROOT, "--build-dir", place) as server:
            yield server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server of our own graph."""
    chromium()
    with serving_our_graph() as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the tests of a file. While it is open, an event loop runs, beside which no other can."""
    with browsing() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, server: Server) -> Visit:
    """Return what gives a new visitor's page, as in `visit(java_script_enabled=False)`."""
    return lambda **options: visiting(browser, server.address, **options)


@pytest.fixture(params=["with script", "without script"])
def reader(request: pytest.FixtureRequest, visit: Visit) -> Iterator[Page]:
    """A reader's page, once with JavaScript and once without."""
    with visit(java_script_enabled=request.param == "with script") as page:
        yield page


@pytest.fixture
def page(visit: Visit) -> Iterator[Page]:
    """A page with JavaScript."""
    with visit() as page:
        yield page
