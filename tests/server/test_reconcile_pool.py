"""Matching in processes of its own: they are loaded beside the others, die without harm, and follow the snapshot."""

import asyncio
import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlencode

import pytest
from pyoxigraph import RdfFormat, Store

from justicegraph.errors import BrokenFile, LimitReached
from justicegraph.jsonld import read_context
from justicegraph.linking.reconcile.jobs import ENTRIES, Batch, Suggestion
from justicegraph.linking.reconcile.service import threads
from justicegraph.linking.reconcile.source import EntrySource
from justicegraph.pool import Dataset, Job, Limits, Pool
from justicegraph.server.page_requests import PageRequest
from justicegraph.server.reconcile_pool import MAX_BATCHES, MAX_PER_CLIENT, ReconcilePool, is_reconciled
from justicegraph.system.spool import IN_MEMORY
from justicegraph.web import Site, create_app
from tests.server.test_server import _rename
from tests.support.processes import children, family, is_gone
from tests.support.project import ROOT, make_project
from tests.support.reconciliation import invented_project
from tests.support.servers import Client, Response, Server, request, started, until

pytestmark = pytest.mark.quiet

FORM = "application/x-www-form-urlencoded"
BATCH = json.dumps({"q0": {"query": "Invented Group"}})
LIMITS = Limits(time=2.0, workers=2, quick=1.0)


def match(server: Server, batch: str = BATCH) -> Response:
    """Send a batch."""
    body = urlencode({"queries": batch}).encode()
    with Client(server.port) as client:
        client.say(request("/reconcile", "POST", Content_Type=FORM, Content_Length=str(len(body))) + body)
        return client.hear()


def is_ready(server: Server) -> bool:
    return match(server).status == 200


def found(response: Response) -> list[str]:
    return [each["id"] for each in json.loads(response.body)["q0"]["result"]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = invented_project(tmp_path_factory.mktemp("matching") / "project")
    with started(folder, "--build-dir", str(folder / "build"), "--time-limit", "5") as made:
        until(lambda: is_ready(made), 40)
        yield made


def matchers(server: Server) -> int:
    """Return the process from which those that match are forked: it began last."""
    return children(server.web)[-1]


def test_batch_is_answered_over_http(server: Server) -> None:
    response = match(server)
    assert (response.headers["content-type"], found(response)[0]) == ("application/json", "invented-group")


@pytest.mark.parametrize("victim", ["worker", "supervisor"])
def test_matching_gets_over_the_death_of_its_processes(victim: str, server: Server) -> None:
    killed = children(matchers(server))[0] if victim == "worker" else matchers(server)
    lost = family(killed)
    os.kill(killed, signal.SIGKILL)
    until(lambda: all(map(is_gone, lost)))
    until(lambda: is_ready(server), 40)
    for _ in range(10):
        assert found(match(server))[0] == "invented-group"
    assert server.run_query("ASK {}").status == 200


def test_workers_are_killed_one_after_the_other_and_each_new_one_finds(server: Server) -> None:
    for _ in range(5):
        for worker in children(matchers(server)):
            os.kill(worker, signal.SIGKILL)
        until(lambda: is_ready(server), 40)
        assert found(match(server))[0] == "invented-group"


def test_without_matchers_nothing_is_offered(server: Server, tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project")
    with started(folder, "--matchers", "0") as other:
        assert match(other).problem["status"] == 404
        assert len(children(other.web)) == 1


# Slow: two snapshots are built, and the index of each is made.
def test_new_snapshot_is_matched_with_and_the_old_one_until_then(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project")
    with started(folder, "--build-dir", str(folder / "build")) as other:
        until(lambda: is_ready(other), 40)
        old = family(matchers(other))
        _rename(folder)
        named = json.dumps({"q0": {"query": "Renamed Group"}})
        statuses: set[int] = set()

        def is_taken_up() -> bool:
            response = match(other, named)
            statuses.add(response.status)
            results = json.loads(response.body)["q0"]["result"]
            return bool(results) and results[0]["name"] == "Renamed Group"

        until(is_taken_up, 40)
        assert statuses == {200}
        until(lambda: all(map(is_gone, old)), 40)


# The pool.


@pytest.fixture(scope="module")
def source(own_quads: Path) -> EntrySource:
    return EntrySource(Dataset((own_quads,)))


def pooled(source: EntrySource, check: Callable[[Pool], object]) -> None:
    """Do something with a pool over a source, once it has started."""

    async def run() -> None:
        pool = Pool(source, LIMITS)
        try:
            await pool.start()
            await check(pool)  # type: ignore[misc]
        finally:
            pool.close()
            await asyncio.sleep(0.1)

    asyncio.run(run())


def test_questions_side_by_side_get_each_its_own_answer(source: EntrySource) -> None:
    names = ["Critical Resistance", "Innocence Project", "Amnesty International", "Oakland"] * 10

    async def check(pool: Pool) -> None:
        asked = [pool.run(Job(Batch(json.dumps({name: {"query": name}})))) for name in names]
        for name, answer in zip(names, await asyncio.gather(*asked), strict=True):
            assert json.loads(answer.read())[name]["result"][0]["name"] == name

    pooled(source, check)


def test_answer_longer_than_a_message_comes_whole(source: EntrySource) -> None:
    batch = {f"q{n}": {"query": "justice", "limit": 50} for n in range(50)}

    async def check(pool: Pool) -> None:
        results = (await pool.run(Job(Batch(json.dumps(batch))))).read()
        assert (len(results) > IN_MEMORY, len(json.loads(results))) == (True, 50)
        shown = (await pool.run(Job(Suggestion(ENTRIES, "crit")))).read()
        assert json.loads(shown)["result"][0]["id"] == "critical-resistance"

    pooled(source, check)


def test_entries_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.nq"
    broken.write_text("this is no N-Quads")

    async def run() -> None:
        pool = Pool(EntrySource(Dataset((broken,))), LIMITS)
        try:
            with pytest.raises(BrokenFile, match=r"broken\.nq, line 1"):
                await pool.start()
        finally:
            pool.close()

    asyncio.run(run())


def test_entries_of_a_store_on_the_disk_are_read_too(own_quads: Path, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    store.bulk_load(path=str(own_quads), format=RdfFormat.N_QUADS)
    del store

    async def check(pool: Pool) -> None:
        results = (await pool.run(Job(Batch('{"q": {"query": "Critical Resistance"}}')))).read()
        assert json.loads(results)["q"]["result"][0]["id"] == "critical-resistance"

    pooled(EntrySource(Dataset((), tmp_path / "store")), check)


def test_threads_that_make_the_index_are_gone_before_the_fork(own_quads: Path) -> None:
    before = threads()
    loaded = EntrySource(Dataset((own_quads,))).load()
    assert threads() <= before
    assert loaded.describe()["entries"] > 300


# What the web process says of it.


def test_places_for_batches_are_bounded_in_all_and_for_each_client() -> None:
    async def run() -> None:
        matching = ReconcilePool(LIMITS, 1, lambda _name, _details: None)
        with ExitStack() as taken:
            for _ in range(MAX_PER_CLIENT):
                taken.enter_context(matching._slot("one"))
            with pytest.raises(LimitReached, match="from your address") as reached, matching._slot("one"):
                pass
            assert reached.value.limit == "client"
            for n in range(MAX_BATCHES - MAX_PER_CLIENT):
                taken.enter_context(matching._slot(f"other {n}"))
            with pytest.raises(LimitReached, match="Too many batches"), matching._slot("another"):
                pass
        with matching._slot("one"):
            assert matching._running == {"one": 1}
        matching.close()

    asyncio.run(run())


def app_that(reached: LimitReached) -> "Site":
    def refuse(_: object) -> NoReturn:
        raise reached

    return Site(refuse, read_context(ROOT), reconcile=refuse)


def test_until_the_entries_are_read_who_asks_is_told_to_come_again() -> None:
    async def run() -> None:
        matching = ReconcilePool(LIMITS, 1, lambda _name, _details: None)
        with pytest.raises(LimitReached, match="The entries are still being read") as reached:
            await matching.run(Job(None))
        assert (reached.value.limit, reached.value.retry_after) == ("busy", 5)
        matching.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("method", "target", "body", "is_one"),
    [
        ("POST", "/reconcile", b"queries=%7B%7D", True), ("POST", "/reconcile/", b"a=1&queries=", True),
        ("POST", "/reconcile", b"%71ueries=1", True), ("GET", "/reconcile?queries=%7B%7D", b"", True),
        ("GET", "/reconcile", b"", False), ("POST", "/reconcile", b"extend=queries%3D1", False),
        ("POST", "/reconcile", b"\xff&\xfe=queries", False), ("POST", "/reconcile", b"a&" * 100_000 + b"queries=1", False),
        ("GET", "/reconcile/suggest/entity?prefix=a", b"", True), ("GET", "/reconcile/suggest/type", b"", True),
        ("GET", "/reconcile/suggest/property?prefix=a", b"", False), ("GET", "/reconcile/preview?id=a", b"", False),
        ("GET", "/?queries=1", b"", False),
    ],
)  # fmt: skip
def test_batches_and_suggestions_of_entries_and_types_go_to_this_pool(
    method: str, target: str, body: bytes, is_one: bool
) -> None:
    path, _, query = target.partition("?")
    assert is_reconciled(PageRequest(method, path, query, body=body)) == is_one


@pytest.mark.parametrize("limit", ["time", "memory", "answer", "engine"])
def test_limit_is_told_in_words_that_fit_a_batch(limit: str) -> None:
    site = app_that(LimitReached(limit, "The query ran longer than 10 s: ask for less, with LIMIT."))
    response = create_app(site).test_client().post("/reconcile", data={"queries": BATCH})
    assert (response.status_code, "LIMIT" in response.get_json()["detail"]) == (503, False)
    assert "queries" in response.get_json()["detail"] or "batch" in response.get_json()["detail"]
