"""Questions to workers: small ones at once, slow ones apart, so that no small one ever waits for a slow one.

A question first goes to one of a few quick workers. Where it outlasts the quick limit, its worker goes on as a slow
one, which runs only when no other wants to, and the supervisor gives a fresh one in its place. Where all places for
slow ones are taken, it gives its worker back and waits in line. A question that was slow once begins in line.

All of this runs in one thread, that of the event loop.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from justicegraph.errors import LimitReached
from justicegraph.pool.dataset import Source
from justicegraph.pool.handle import Answered, Worker, WorkerLost, reached
from justicegraph.pool.launcher import Keeper
from justicegraph.pool.limits import Limits
from justicegraph.pool.slots import RETRY, Places
from justicegraph.sparql.query import Query, Result

LOOK = 0.01
"""Seconds between two looks at which questions have outlasted the quick limit."""

PATIENCE = 3
"""How many times the quick limit a question may last that has not computed for so long, but waited for a processor."""

CROWD = 16
"""Questions that wait for a quick worker from which on that patience ends."""

KEPT = 2
"""Slow workers that are kept when they have answered: their memory is warm."""

REMEMBERED = 10_000
"""Questions that are known to be slow; the oldest is forgotten first."""

TRIES = 3
"""How often a question is asked that loses its worker to something else."""

BREATH = 0.01
"""Seconds before it is asked again: until then it is known which other workers have ended."""

GRACE = 2.0
"""Seconds beyond the limit after which a worker that the kernel has not ended is ended by us."""

Report = Callable[[str, Mapping[str, Any]], None]
"""Takes note of an event: its name, and what there is to say of it."""

Left = Callable[[], Awaitable[None]]
"""Returns when the client has left."""


class _PutOff(Exception):
    """The question outlasted the quick limit, and there was no place for it among the slow ones."""


@dataclass(eq=False, slots=True)
class _Run:
    """A question that a worker is at: since when, and whether it has a place among the slow ones."""

    question: Query
    worker: Worker
    reply: asyncio.Future[Answered]
    began: float
    is_slow: bool
    watch: asyncio.Task[None] | None = None


class Pool:
    """The workers that answer questions on one source; to be closed."""

    def __init__(self, source: Source, limits: Limits, report: Report = lambda _name, _said: None) -> None:
        self.limits = limits
        self.places = Places(limits)
        self._report = report
        self._loop = asyncio.get_running_loop()
        self._idle: list[Worker] = []
        self._wanted: deque[asyncio.Future[Worker]] = deque()
        self._rested: list[Worker] = []
        self._runs: dict[_Run, Left | None] = {}
        self._known: dict[int, None] = {}
        self._keeper = Keeper(source, limits, self._hire, report)
        self._look = self._loop.call_later(LOOK, self._look_around)
        self._asked = 0
        self._is_closed = False

    async def start(self) -> None:
        """Load the source; raise BrokenFile where that cannot be done."""
        await self._keeper.start()

    def close(self) -> None:
        """End all workers, whatever they do, and the questions that are under way."""
        self._is_closed = True
        self._look.cancel()
        self._keeper.close()
        for run in self._runs:
            self._end(run, _over())
        for wanted in self._wanted:
            _give_up(wanted, _over())
        for worker in (*self._idle, *self._rested):
            worker.close()

    @property
    def idle(self) -> int:
        """How many quick workers wait for a question."""
        return sum(worker.is_alive for worker in self._idle)

    @property
    def is_busy(self) -> bool:
        """Whether a question is under way."""
        return self._asked > 0

    async def run_query(self, question: Query, left: Left | None = None) -> Result:
        """Return the answer; raise what `evaluate` raises, or LimitReached.

        A slow question whose client has left is ended.
        """
        key = _key(question)
        self._asked += 1
        try:
            for _ in range(TRIES):
                try:
                    return (await self._answered(question, key, left)).result()
                except WorkerLost:
                    self._report("worker lost", {})
                    await asyncio.sleep(BREATH)
            raise LimitReached("engine", "The workers that were asked ended one after the other.", RETRY)
        except LimitReached as reached:
            self._report("limit", {"limit": reached.limit})
            raise
        finally:
            self._asked -= 1

    def ask_from_thread(self, question: Query) -> Result:
        """Do the same for a thread that is not the event loop's, which waits for the answer."""
        return asyncio.run_coroutine_threadsafe(self.run_query(question), self._loop).result()

    async def _answered(self, question: Query, key: int, left: Left | None) -> Answered:
        if key not in self._known:
            try:
                return await self._run(question, await self._next_idle(), left, is_slow=False)
            except _PutOff:
                pass
        await self.places.wait(question.client)
        try:
            worker = _alive(self._rested) or await self._next_idle()
        except BaseException:
            self.places.leave(question.client)
            raise
        return await self._run(question, worker, left, is_slow=True)

    async def _run(self, question: Query, worker: Worker, left: Left | None, *, is_slow: bool) -> Answered:
        try:
            run = _Run(question, worker, worker.run_query(question), self._loop.time(), is_slow)
        except WorkerLost:
            if is_slow:
                self.places.leave(question.client)
            raise
        self._runs[run] = left
        if is_slow:
            self._slow_down(run)
        try:
            answered = await run.reply
        except asyncio.CancelledError:  # whoever asked has been stopped
            self._keeper.end(worker)
            raise
        finally:
            del self._runs[run]
            if run.is_slow:
                self.places.leave(question.client)
            if run.watch is not None:
                run.watch.cancel()
        self._dismiss(run, answered)
        return answered

    def _dismiss(self, run: _Run, answered: Answered) -> None:
        """Take back a worker that has answered."""
        if run.is_slow and answered.seconds < self.limits.quick:
            self._known.pop(_key(run.question), None)
        if answered.is_last or (run.is_slow and len(self._rested) >= KEPT):
            run.worker.close()
        elif run.is_slow:
            self._rested.append(run.worker)
        else:
            self._take_in(run.worker)

    def _hire(self, worker: Worker) -> None:
        """Take in a new worker, which may stand for one that has died while it was idle."""
        self._idle = [each for each in self._idle if each.is_alive]
        self._take_in(worker)

    def _take_in(self, worker: Worker) -> None:
        """Give a worker to whoever waits for one, else keep it."""
        while self._wanted and worker.is_alive:
            wanted = self._wanted.popleft()
            if not wanted.done():
                wanted.set_result(worker)
                return
        self._idle.append(worker)

    async def _next_idle(self) -> Worker:
        """Return a worker as soon as one is idle; raise LimitReached where that takes too long."""
        if worker := _alive(self._idle):
            return worker
        if self._is_closed:
            raise _over()
        wanted: asyncio.Future[Worker] = self._loop.create_future()
        self._wanted.append(wanted)
        busy = LimitReached("busy", "All workers are busy: ask again later.", RETRY)
        timer = self._loop.call_later(self.limits.time, _give_up, wanted, busy)
        try:
            return await wanted
        except asyncio.CancelledError:
            if not wanted.cancelled() and wanted.exception() is None:
                self._take_in(wanted.result())
            raise
        finally:
            timer.cancel()

    def _look_around(self) -> None:
        """Find the questions that have outlasted the quick limit."""
        self._look = self._loop.call_later(LOOK, self._look_around)
        now = self._loop.time()
        for run in list(self._runs):
            lasted = now - run.began
            if run.reply.done():
                continue
            if lasted > self.limits.time + GRACE:
                self._end(run, reached("time", self.limits))
            elif not run.is_slow and self._is_slow(run, lasted):
                self._demote(run)

    def _is_slow(self, run: _Run, lasted: float) -> bool:
        """Tell whether a question has computed for too long, or has lasted far longer, as where it reads the disk."""
        quick, patience = self.limits.quick, 1 if len(self._wanted) > CROWD else PATIENCE
        return lasted > quick and (lasted > patience * quick or run.worker.used() > quick)

    def _demote(self, run: _Run) -> None:
        self._remember(_key(run.question))
        if self.places.take(run.question.client):
            run.is_slow = True
            self._slow_down(run)
        else:
            self._end(run, _PutOff())

    def _end(self, run: _Run, error: Exception) -> None:
        """Kill the worker of a question, which is answered by this error."""
        self._keeper.end(run.worker)
        if not run.reply.done():
            run.reply.set_exception(error)

    def _slow_down(self, run: _Run) -> None:
        self._keeper.slow_down(run.worker)
        left = self._runs[run]
        if left is not None:
            run.watch = self._loop.create_task(self._end_when(left, run))

    async def _end_when(self, left: Left, run: _Run) -> None:
        await left()
        if not run.reply.done():
            self._end(run, LimitReached("left", "The client has left."))

    def _remember(self, key: int) -> None:
        self._known[key] = None
        while len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]


def _key(question: Query) -> int:
    """Return what tells questions apart that may take another time."""
    return hash((question.text, question.default_graphs, question.named_graphs, *question.bindings.items()))


def _alive(workers: list[Worker]) -> Worker | None:
    """Take the last worker that is alive from a list, if there is one."""
    while workers:
        if (worker := workers.pop()).is_alive:
            return worker
    return None


def _over() -> LimitReached:
    return LimitReached("busy", "What you asked is no longer served: ask again.", RETRY)


def _give_up(wanted: asyncio.Future[Worker], error: LimitReached) -> None:
    if not wanted.done():
        wanted.set_exception(error)
