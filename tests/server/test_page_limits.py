"""A page that takes too much is ended by the kernel and told in a sentence; nothing is half-done, and the next is made."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn
from urllib.parse import urlencode

import pytest

from justicegraph.build import build_snapshot
from justicegraph.pool import Limits, Pool
from justicegraph.pool.dataset import dataset_of_snapshot
from justicegraph.pool.limits import MIB
from justicegraph.server.current import Current
from justicegraph.server.log import Log
from justicegraph.server.metrics import Observer
from justicegraph.server.requests import Requests
from justicegraph.server.site_source import LoadedSite, SiteSource
from justicegraph.sparql import Endpoint
from justicegraph.sparql.cache import Cache
from justicegraph.suggest.intake import Intake
from justicegraph.web import create_app
from justicegraph.web.site import Served
from justicegraph.web.suggest import view
from tests.support.pages import Page
from tests.support.project import make_project

pytestmark = pytest.mark.quiet

LIMITS = Limits(time=1.0, memory=192 * MIB, quick=0.2, workers=2)
NEW = "/suggest/new/Organization"
FORM = "application/x-www-form-urlencoded"
SPANISH = "no pudo hacerse dentro de los límites"


def run_for_ever(**_: object) -> NoReturn:
    while True:
        pass


def take_all_memory(**_: object) -> NoReturn:
    taken = []
    while True:
        taken.append(bytearray(2**24))


COSTS = {"time": run_for_ever, "memory": take_all_memory}


@dataclass(frozen=True)
class CostlySite:
    """A site some of whose views take all the time or memory; a suggestion's check does too, once a file is there."""

    source: SiteSource
    cost: str
    endpoints: tuple[str, ...]
    flag: Path

    def load(self) -> LoadedSite:
        loaded, costly = self.source.load(), COSTS[self.cost]
        for endpoint in self.endpoints:
            assert endpoint in loaded._app.view_functions
            loaded._app.view_functions[endpoint] = costly
        check: Any = vars(view)["check_sheet"]
        vars(view)["check_sheet"] = lambda *arguments: costly() if self.flag.exists() else check(*arguments)
        return loaded


class Reader:
    """A client with a page before it."""

    def __init__(self, body: bytes = b"") -> None:
        self.status, self.headers, self.body, self._sent = 0, dict[str, str](), b"", body

    async def client_disconnect(self) -> None:
        await asyncio.sleep(60)

    async def __aiter__(self) -> Any:
        yield self._sent

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, dict(headers), body


@dataclass
class Site:
    """What serves a site, and a way to visit it."""

    requests: Requests
    current: Current
    intake: Intake
    flag: Path

    async def get(self, path: str, method: str = "GET", form: dict[str, str] | None = None) -> Reader:
        path, _, query = path.partition("?")
        headers = {"accept": "text/html", "accept-language": "es", "content-type": FORM, "host": "x.example"}
        scope = SimpleNamespace(
            path=path, method=method, query_string=query, headers=headers, client="192.0.2.1:5", scheme="http", authority=""
        )  # fmt: skip
        reader = Reader(urlencode(form or {}).encode())
        await self.requests.answer(scope, reader)
        return reader


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_project(tmp_path_factory.mktemp("costly") / "project")
    build_snapshot(made, made / "build")
    return made


def visit(
    folder: Path,
    cost: str,
    endpoints: tuple[str, ...],
    check: Callable[[Site], Awaitable[None]],
    limits: Limits = LIMITS,
) -> None:
    """Do something with a site on whose workers the kernel's limits hold."""
    flag, builds = folder.parent / f"flag-{time.monotonic_ns()}", folder / "build"
    snapshot = build_snapshot(folder, builds)
    intake = Intake(folder, folder.parent / f"{flag.name}.sqlite")
    served = Served.read(folder, builds=builds, snapshot=snapshot, suggestions=intake)
    log = BytesIO()

    async def run() -> None:
        observer = Observer(Log(file=log))
        source = CostlySite(SiteSource(dataset_of_snapshot(snapshot), served, limits.time), cost, endpoints, flag)
        pool = Pool(source, limits, observer.record_event)
        try:
            await pool.start()
            app = create_app(replace(served.site(lambda _: 1 / 0)))  # type: ignore[arg-type,return-value]
            current = Current(pool, Cache(2**24), Endpoint(snapshot.id), app, snapshot=snapshot.id)
            requests = Requests(lambda: current, observer, 0, rate_limit=intake.rate_limit)
            await check(Site(requests, current, intake, flag))
        finally:
            pool.close()
            await asyncio.sleep(0.1)

    asyncio.run(run())
    assert b"failure" not in log.getvalue(), log.getvalue()


@pytest.mark.parametrize("cost", COSTS)
def test_list_form_data_page_and_feed_are_ended_and_the_next_page_is_made(cost: str, folder: Path) -> None:
    costly = {
        "/browse": "lists.browse", NEW: "suggesting.new", "/data/": "data.data", "/data/releases.atom": "feeds.releases",
        "/graph-store?default": "service.graph_store", "/ontology": "documents.ontology",
    }  # fmt: skip

    async def check(site: Site) -> None:
        for path in costly:
            began = time.monotonic()
            page = await site.get(path)
            assert (page.status, page.headers["content-type"]) == (503, "text/html; charset=utf-8"), path
            assert time.monotonic() - began < 10 * LIMITS.time
            assert int(page.headers["retry-after"]) > 0
            if path != "/graph-store?default":
                assert SPANISH in Page(page.body.decode()).text, path
        assert site.current.cache.used_bytes == 0
        assert (await site.get("/doc/invented-person")).status == 200
        assert (await site.get("/healthz")).status == 200

    visit(folder, cost, tuple(costly.values()), check)


@pytest.mark.parametrize("cost", COSTS)
def test_query_that_takes_too_much_stays_in_its_form(cost: str, folder: Path) -> None:
    triple = "?a{0} ?b{0} ?c{0}"
    query = f"SELECT DISTINCT * {{ {' . '.join(triple.format(n) for n in range(5))} }} ORDER BY ?a1 ?a4"

    async def check(site: Site) -> None:
        page = await site.get(f"/query?{urlencode({'query': query})}")
        assert page.status == 503
        assert "SELECT DISTINCT * { ?a0 ?b0 ?c0" in Page(page.body.decode()).text

    visit(folder, cost, (), check)


# Slow: each case waits for the limit of a server.
@pytest.mark.parametrize("cost", COSTS)
def test_suggestion_whose_check_takes_too_much_leaves_nothing_and_loses_no_text(cost: str, folder: Path) -> None:
    async def check(site: Site) -> None:
        site.flag.touch()
        token = re.findall(r'name="form" value="([^"]+)"', (await site.get(NEW)).body.decode())[0]
        form = {
            "form": token, "base": "", "parts": "", "do": "send", "entry.skos-prefLabel.0": "Suggested Group",
            "entry.skos-definition.0": "It does not exist.", "entry.jg-source.0": "invented-list",
        }  # fmt: skip
        await asyncio.sleep(3.1)  # as long as a person takes at least
        page = await site.get(NEW, "POST", form)
        assert (page.status, b'value="Suggested Group"' in page.body) == (503, True)
        assert site.intake.store.waiting() == []
        with suppress(FileNotFoundError):
            site.flag.unlink()
        again = await site.get(NEW, "POST", form)
        assert again.status == 303, again.body.decode()
        assert [waiting.slug for waiting in site.intake.store.waiting()] == ["suggested-group"]

    visit(
        folder, cost, (), check, replace(LIMITS, time=6.0)
    )  # a check takes some tenths of a second, if nobody else works
