"""The pool: what a question may cost, who waits for whom, and what is left when something dies."""

import asyncio
import gc
import inspect
import json
import os
import resource
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from pyoxigraph import Literal

from justicegraph.errors import BadQuery, BrokenFile, CannotWrite, JusticeGraphError, LimitReached
from justicegraph.pool import Dataset, Job, Limits, Pool, Reply
from justicegraph.pool.handle import Worker
from justicegraph.pool.limits import MIB
from justicegraph.pool.queries import query_job
from justicegraph.rdf.formats import SOLUTIONS
from justicegraph.sparql.query import Query
from tests.support.processes import children, descriptors, family, is_gone, seconds_of, state_of

pytestmark = pytest.mark.quiet

INVENTED = "https://invented.example/"
TRIPLES = 300
LIMITS = Limits(time=2.0, memory=256 * MIB, answer=8 * MIB, quick=0.1, workers=2, slow=4, slow_per_client=2, waiting=4)
SMALL = f"SELECT ?o {{ <{INVENTED}7> ?p ?o }}"
LONG = f"SELECT ?a ?d {{ ?a ?b ?c . ?d ?e ?f }} LIMIT {TRIPLES * 100}"
BOMB = "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?g ?d ?a"


def endless(number: int = 0) -> str:
    """Return a query that outlasts every limit, another one for each number."""
    return f"SELECT (COUNT(*) AS ?n{number}) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }}"


def lasting(number: int = 0) -> str:
    """Return a query that takes longer than the quick limit, and ends; another one for each number."""
    return f"SELECT (COUNT(*) AS ?n{number}) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?i < 60) }}"


def question(query: str, client: str = "") -> Job:
    return query_job(Query(query, SOLUTIONS[0]), client)


def values(answer: Reply) -> list[str]:
    """Return the values of an answer, row by row."""
    body = answer.read()
    assert len(body) == answer.length
    return [each["value"] for row in json.loads(body)["results"]["bindings"] for each in row.values()]


async def until(holds: Callable[[], bool], patience: float = 10.0) -> None:
    """Wait until something holds; fail where it does not come true."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, "this does not come true"
        await asyncio.sleep(0.01)


async def limit_of(asked: Awaitable[Reply]) -> str:
    """Return which limit ends a question."""
    with pytest.raises(LimitReached) as reached:
        await asked
    assert str(reached.value)
    return reached.value.limit


async def stop(asked: "asyncio.Task[Reply]") -> None:
    """Stop asking, as whoever waits for the answer may."""
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked


class Held(Pool):
    """A pool, and the processes that belong to it."""

    others: frozenset[int] = frozenset()

    @property
    def supervisor(self) -> int:
        """The process that has the graph: the newest, while another is being buried."""
        return max(set(children(os.getpid())) - self.others, default=0)

    @property
    def workers(self) -> list[int]:
        return [pid for pid in children(self.supervisor) if not is_gone(pid)]

    @property
    def is_full(self) -> bool:
        """Whether all quick workers wait for a question, and nobody else does."""
        return (self.idle, self.slots.taken, self.slots.waiting) == (self.limits.workers, 0, 0)

    def begin(self, query: str, client: str = "") -> "asyncio.Task[Reply]":
        return asyncio.create_task(self.run(question(query, client)))

    async def busy(self) -> int:
        """Return the process of the worker that is at a question."""
        await until(lambda: max(map(seconds_of, self.workers), default=0) > 0.03)
        return max(self.workers, key=seconds_of)


@asynccontextmanager
async def pooled(dataset: Dataset, **limits: Any) -> AsyncIterator[Held]:
    """Give a pool that has all its workers; once it is closed, no process and no descriptor of it is left."""
    others, open_before = frozenset(children(os.getpid())), descriptors()
    pool = Held(dataset, replace(LIMITS, **limits))
    pool.others = others
    await pool.start()
    await until(lambda: pool.is_full)
    try:
        yield pool
    finally:
        own = family(pool.supervisor)
        pool.close()
        await until(lambda: not any(map(state_of, own)) and descriptors() <= open_before)


def in_pool(**limits: Any) -> Callable[[Callable[..., Coroutine[Any, Any, None]]], Callable[..., None]]:
    """Make a test of what is to hold in a pool with these limits; nothing may go wrong behind its back."""

    def made(check: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
        async def run(dataset: Dataset, arguments: dict[str, Any]) -> None:
            wrong: list[Any] = []
            asyncio.get_running_loop().set_exception_handler(lambda _, said: wrong.append(said))
            async with pooled(dataset, **limits) as pool, asyncio.timeout(60):
                await check(pool, **arguments)
            gc.collect()
            assert wrong == []

        def test(dataset: Dataset, **arguments: Any) -> None:
            asyncio.run(run(dataset, arguments))

        own = [each.replace(kind=each.KEYWORD_ONLY) for each in inspect.signature(check).parameters.values()][1:]
        test.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # what pytest looks at
            [inspect.Parameter("dataset", inspect.Parameter.POSITIONAL_OR_KEYWORD), *own]
        )
        return test

    return made


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    path = tmp_path_factory.mktemp("pool") / "numbers.ttl"
    path.write_text("".join(f"<{INVENTED}{n}> <{INVENTED}p> {n} .\n" for n in range(TRIPLES)))
    return Dataset((path,))


# What a question may cost.


@in_pool(time=0.5)
async def test_question_that_runs_too_long_is_ended_and_the_next_one_answered(pool: Held) -> None:
    began = time.monotonic()
    assert await limit_of(pool.run(question(endless()))) == "time"
    assert 0.4 < time.monotonic() - began < 2
    assert values(await pool.run(question(SMALL))) == ["7"]


@in_pool(time=30.0)
async def test_question_that_takes_too_much_memory_is_ended_and_the_next_one_answered(pool: Held) -> None:
    assert await limit_of(pool.run(question(BOMB))) == "memory"
    assert values(await pool.run(question(SMALL))) == ["7"]


@in_pool(answer=100_000)
async def test_answer_that_is_too_long_is_refused_and_its_worker_stays(pool: Held) -> None:
    before = pool.workers
    assert await limit_of(pool.run(question(LONG))) == "answer"
    assert values(await pool.run(question(SMALL))) == ["7"]
    assert pool.workers == before


@pytest.mark.parametrize(
    ("death", "limit"),
    [(signal.SIGALRM, "time"), (signal.SIGABRT, "memory"), (signal.SIGSEGV, "depth"), (signal.SIGBUS, "engine")],
)
@in_pool()
async def test_way_in_which_a_worker_dies_tells_the_limit(pool: Held, death: signal.Signals, limit: str) -> None:
    asked = pool.begin(endless())
    os.kill(await pool.busy(), death)
    assert await limit_of(asked) == limit
    await until(lambda: pool.is_full)


@in_pool()
async def test_error_of_a_query_comes_through_with_its_place(pool: Held) -> None:
    with pytest.raises(BadQuery, match="does not parse") as refused:
        await pool.run(question("SELECT *\n{ ?s ?p }"))
    assert (refused.value.line, refused.value.column) == (2, 10)
    assert pool.is_full


@in_pool()
async def test_long_answer_comes_whole_and_leaves_no_file_open(pool: Held) -> None:
    before = descriptors()
    assert len(values(await pool.run(question(LONG)))) == TRIPLES * 200
    assert descriptors() == before


def test_file_that_cannot_be_read_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("<a:a> <a:b> .")
    others = children(os.getpid())

    async def check() -> None:
        pool = Pool(Dataset((broken,)), LIMITS)
        with pytest.raises(BrokenFile, match=r"broken\.ttl, line 1, column 13"):
            await pool.start()
        pool.close()
        await until(lambda: children(os.getpid()) == others)

    asyncio.run(check())


# Small questions do not wait for slow ones.


@in_pool(time=20.0)
async def test_small_questions_are_answered_at_once_while_slow_ones_run(pool: Held) -> None:
    slow = [pool.begin(endless(number), f"client {number}") for number in range(pool.limits.slow)]
    await until(lambda: pool.slots.taken == pool.limits.slow)
    waits = []
    for _ in range(200):
        began = time.monotonic()
        assert values(await pool.run(question(SMALL))) == ["7"]
        waits.append(time.monotonic() - began)
    assert not any(each.done() for each in slow)
    assert (median(waits) < 0.02, max(waits) < 0.5) == (True, True)
    for each in slow:
        await stop(each)


@in_pool()
async def test_slow_questions_from_one_client_wait_for_each_other_and_not_those_of_another(pool: Held) -> None:
    greedy = [pool.begin(endless(number), "greedy") for number in range(3)]
    await until(lambda: (pool.slots.taken, pool.slots.waiting) == (2, 1))
    other = pool.begin(endless(9), "other")
    await until(lambda: pool.slots.taken == 3)
    assert pool.slots.waiting == 1
    for each in (*greedy, other):
        await stop(each)
    await until(lambda: pool.is_full)


@in_pool(time=20.0)
async def test_question_that_was_slow_once_begins_in_line(pool: Held) -> None:
    first = values(await pool.run(question(lasting())))
    await until(lambda: pool.is_full)
    again = pool.begin(lasting())
    await asyncio.sleep(0.02)
    assert (pool.slots.taken, pool.idle) == (1, pool.limits.workers)
    assert values(await again) == first


@in_pool(time=20.0)
async def test_same_query_about_another_thing_does_not_begin_in_line(pool: Held) -> None:
    await pool.run(question(lasting()))
    other = asyncio.create_task(pool.run(query_job(replace(question(lasting()).payload, bindings={"n0": Literal(1)}))))
    await asyncio.sleep(0.02)
    assert pool.slots.taken == 0
    await stop(other)


@in_pool(time=20.0)
async def test_slow_question_whose_client_has_left_is_ended(pool: Held) -> None:
    gone = asyncio.Event()

    async def left() -> None:
        await gone.wait()

    asked = asyncio.create_task(pool.run(question(endless()), left))
    worker = await pool.busy()
    await until(lambda: pool.slots.taken == 1)
    gone.set()
    assert await limit_of(asked) == "left"
    await until(lambda: is_gone(worker) and pool.is_full)


@pytest.mark.parametrize("moment", ["quick", "slow", "in line", "waiting for a worker"])
@in_pool(slow=1, time=20.0)
async def test_question_that_is_given_up_leaves_its_place_and_its_worker(pool: Held, moment: str) -> None:
    others = {"in line": [endless(1)], "waiting for a worker": [endless(1), endless(2), endless(3)]}.get(moment, [])
    running = [pool.begin(each) for each in others]
    if moment == "in line":
        await until(lambda: pool.slots.taken == 1)
    asked = pool.begin(endless())
    await asyncio.sleep(0 if moment == "waiting for a worker" else 0.02)
    if moment in {"slow", "in line"}:
        await until(lambda: (pool.slots.taken, pool.slots.waiting) == (1, len(others)))
    for each in (asked, *running):
        await stop(each)
    await until(lambda: pool.is_full)
    assert values(await pool.run(question(SMALL))) == ["7"]


@in_pool(workers=1)
async def test_worker_that_is_given_to_who_just_gave_up_goes_to_the_next(
    pool: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, given_up, waiting = [pool.begin(query) for query in (endless(), SMALL, f"{SMALL} # next")]
    take_in = pool._add_idle

    def give(worker: Worker) -> None:
        take_in(worker)
        given_up.cancel()

    await asyncio.sleep(0)
    monkeypatch.setattr(pool, "_add_idle", give)
    assert values(await waiting) == ["7"]
    assert given_up.cancelled()
    await stop(running)


# Deaths.


@in_pool(workers=1)
async def test_question_is_answered_when_an_idle_worker_was_killed(pool: Held) -> None:
    for worker in pool.workers:
        os.kill(worker, signal.SIGKILL)
    assert values(await pool.run(question(SMALL))) == ["7"]
    await until(lambda: pool.is_full)


@in_pool(time=20.0)
async def test_question_is_answered_when_its_worker_is_killed(pool: Held) -> None:
    asked = pool.begin(lasting())
    os.kill(await pool.busy(), signal.SIGKILL)
    assert values(await asked) == [str(60 * TRIPLES**2)]
    await until(lambda: pool.is_full)


@in_pool(workers=7)
async def test_question_is_answered_when_many_workers_were_killed_at_once(pool: Held) -> None:
    for worker in pool.workers:
        os.kill(worker, signal.SIGKILL)
    await until(lambda: not pool.workers or len(pool.workers) == 8)
    assert values(await pool.run(question(SMALL))) == ["7"]


@in_pool()
async def test_workers_that_died_are_not_counted_as_idle(pool: Held) -> None:
    for _ in range(3):
        killed = pool.workers
        for worker in killed:
            os.kill(worker, signal.SIGKILL)
        await until(lambda: not set(killed) & set(pool.workers) and len(pool.workers) == 3)  # noqa: B023
        await until(lambda: pool.idle >= pool.limits.workers)
    assert pool.idle == pool.limits.workers


@pytest.mark.parametrize("is_asked", [False, True], ids=["idle", "busy"])
@in_pool(time=20.0, workers=6)
async def test_question_is_answered_when_the_supervisor_is_killed(pool: Held, is_asked: bool) -> None:
    old = family(pool.supervisor)
    asked = pool.begin(lasting())
    if is_asked:
        await pool.busy()
    os.kill(pool.supervisor, signal.SIGKILL)
    assert values(await asked) == [str(60 * TRIPLES**2)]
    await until(lambda: pool.is_full and all(map(is_gone, old)))


@in_pool()
async def test_worker_that_could_not_be_replaced_at_once_is_replaced_later(pool: Held) -> None:
    supervisor = pool.supervisor
    files = resource.prlimit(supervisor, resource.RLIMIT_NOFILE)
    resource.prlimit(supervisor, resource.RLIMIT_NOFILE, (3, files[1]))
    for worker in pool.workers:
        os.kill(worker, signal.SIGKILL)
    await until(lambda: pool.workers == [])
    resource.prlimit(supervisor, resource.RLIMIT_NOFILE, files)
    assert values(await pool.run(question(SMALL))) == ["7"]
    await until(lambda: pool.is_full)
    assert pool.supervisor == supervisor


@in_pool()
async def test_answer_that_the_disk_refuses_is_no_fault_of_the_query(pool: Held) -> None:
    for worker in pool.workers:
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (200_000, 200_000))
    with pytest.raises(CannotWrite, match="cannot be written to a temporary file"):
        await pool.run(question(LONG))
    assert pool.is_full


@in_pool(time=20.0)
async def test_question_is_answered_when_supervisors_are_killed_while_they_load(pool: Held) -> None:
    asked = pool.begin(lasting())
    for _ in range(3):
        killed = pool.supervisor
        os.kill(killed, signal.SIGKILL)
        await until(lambda: pool.supervisor not in {0, killed})  # noqa: B023
    assert values(await asked) == [str(60 * TRIPLES**2)]


def test_supervisor_that_is_killed_while_it_first_loads_is_told(dataset: Dataset) -> None:
    others = frozenset(children(os.getpid()))

    async def check() -> None:
        pool = Pool(dataset, LIMITS)
        begun = asyncio.create_task(pool.start())
        await until(lambda: frozenset(children(os.getpid())) > others)
        os.kill(max(frozenset(children(os.getpid())) - others), signal.SIGKILL)
        with pytest.raises(JusticeGraphError, match="Is there enough memory"):
            await begun
        pool.close()
        await until(lambda: frozenset(children(os.getpid())) == others)

    asyncio.run(check())


@in_pool(time=0.3)
async def test_question_to_a_worker_that_stands_still_is_ended(pool: Held) -> None:
    for worker in pool.workers:
        os.kill(worker, signal.SIGSTOP)
    assert await limit_of(pool.run(question(SMALL))) == "time"
    await until(lambda: pool.is_full)


@in_pool(time=0.3)
async def test_slow_question_to_a_worker_that_stands_still_is_ended(pool: Held) -> None:
    asked = pool.begin(endless())
    await until(lambda: pool.slots.taken == 1)
    for worker in pool.workers:
        os.kill(worker, signal.SIGSTOP)
    assert await limit_of(asked) == "time"
    await until(lambda: pool.slots.taken == 0)


@in_pool(time=0.2)
async def test_no_zombie_stays_of_workers_that_died(pool: Held) -> None:
    for number in range(8):
        assert await limit_of(pool.run(question(endless(number)))) == "time"
    await until(lambda: pool.is_full and not any(state_of(pid) == "Z" for pid in children(pool.supervisor)))


@in_pool(time=20.0)
async def test_pool_that_is_closed_while_it_is_asked_tells_so(pool: Held) -> None:
    asked = [pool.begin(endless(number)) for number in range(4)]
    await until(lambda: pool.slots.taken > 0)
    pool.close()
    with suppress(TimeoutError):
        async with asyncio.timeout(5):
            assert [await limit_of(each) for each in asked] == ["busy"] * 4
    assert all(each.done() for each in asked)


@in_pool()
async def test_answer_whose_file_cannot_be_opened_is_refused(pool: Held) -> None:
    before, lowest = resource.getrlimit(resource.RLIMIT_NOFILE), os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, before[1]))
    try:
        assert await limit_of(pool.run(question(LONG))) == "busy"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert len(values(await pool.run(question(LONG)))) == TRIPLES * 200
