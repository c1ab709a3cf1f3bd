"""Gives jobs to workers so that no small job waits for a slow one.

A job first goes to one of a few quick workers. When it outlasts the quick limit, its worker goes on as a slow one: it
runs only when no other process wants to, and the supervisor forks a fresh worker in its place. Where all slots for slow
jobs are taken, the worker is ended and the job waits in line. A job whose key was slow before starts in line.

All of this runs in one thread, that of the event loop.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from justicegraph.errors import LimitReached
from justicegraph.pool.handle import Outcome, Worker, WorkerLost, death_error
from justicegraph.pool.jobs import Job, Reply, Source
from justicegraph.pool.launcher import Launcher
from justicegraph.pool.limits import Limits
from justicegraph.pool.slots import RETRY_AFTER, Slots
from justicegraph.pool.worker import JobFailed

CHECK_INTERVAL = 0.01
"""Seconds between two checks for jobs that have outlasted the quick limit."""

PATIENCE = 3
"""A job that has used little processor time may run this many times the quick limit."""

CROWD = 16
"""If more jobs than this wait for a quick worker, PATIENCE no longer applies."""

SLOW_IDLE = 2
"""Slow workers that are kept for the next slow job, since their memory is filled already."""

MAX_SLOW_KEYS = 10_000
"""Keys of slow jobs that are remembered; the oldest is forgotten first."""

TRIES = 3
"""Attempts for a job whose worker died through no fault of the job."""

RETRY_DELAY = 0.01
"""Seconds before another attempt. By then the pool knows which other workers have ended."""

GRACE = 2.0
"""Seconds after the time limit at which the pool kills a worker that the kernel has not killed."""

Report = Callable[[str, Mapping[str, Any]], None]
"""Logs an event: its name and its details."""

UntilDisconnect = Callable[[], Awaitable[None]]
"""Waits until the client has disconnected."""


class _NoSlot(Exception):
    """The job outlasted the quick limit, and no slot for slow jobs was free."""


@dataclass(eq=False, slots=True)
class _Run:
    """A job that a worker is doing: since when, and whether it has a slot for slow jobs."""

    job: Job
    worker: Worker
    outcome: asyncio.Future[Outcome]
    began: float
    is_slow: bool
    watch: asyncio.Task[None] | None = None


class Pool:
    """The workers on one source; to be closed."""

    def __init__(self, source: Source, limits: Limits, report: Report = lambda _name, _details: None) -> None:
        self.limits = limits
        self.slots = Slots(limits)
        self._report = report
        self._loop = asyncio.get_running_loop()
        self._idle: list[Worker] = []
        self._wanted: deque[asyncio.Future[Worker]] = deque()
        self._slow_idle: list[Worker] = []
        self._runs: dict[_Run, UntilDisconnect | None] = {}
        self._slow_keys: dict[int, None] = {}
        self._launcher = Launcher(source, limits, self._add_worker, report)
        self._next_check = self._loop.call_later(CHECK_INTERVAL, self._check_runs)
        self._jobs = 0
        self._is_closed = False

    async def start(self) -> None:
        """Load the source; raise BrokenFile if that fails."""
        await self._launcher.start()

    def close(self) -> None:
        """End all workers, and the jobs that are under way."""
        self._is_closed = True
        self._next_check.cancel()
        self._launcher.close()
        for run in self._runs:
            self._end(run, _closed_error())
        for wanted in self._wanted:
            _refuse(wanted, _closed_error())
        for worker in (*self._idle, *self._slow_idle):
            worker.close()

    @property
    def idle(self) -> int:
        """The number of quick workers without a job."""
        return sum(worker.is_alive for worker in self._idle)

    @property
    def is_busy(self) -> bool:
        """Whether a job is under way."""
        return self._jobs > 0

    async def run(self, job: Job, until_disconnect: UntilDisconnect | None = None) -> Reply:
        """Return the reply to a job; raise the error of its handler, or LimitReached.

        A slow job is ended when its client has disconnected.
        """
        self._jobs += 1
        try:
            for _ in range(TRIES):
                try:
                    return (await self._outcome(job, until_disconnect)).get()
                except WorkerLost:
                    self._report("worker lost", {})
                    await asyncio.sleep(RETRY_DELAY)
            raise LimitReached(
                "engine", "Several workers ended during this request, one after the other. Try again.", RETRY_AFTER
            )
        except LimitReached as reached:
            self._report("limit", {"limit": reached.limit})
            raise
        except JobFailed as failed:
            self._report("failure", {"trace": failed.trace})
            raise
        finally:
            self._jobs -= 1

    async def _outcome(self, job: Job, until_disconnect: UntilDisconnect | None) -> Outcome:
        if job.key not in self._slow_keys:
            try:
                return await self._run(job, await self._next_idle(), until_disconnect, is_slow=False)
            except _NoSlot:
                pass
        await self.slots.wait(job.client)
        try:
            worker = _pop_alive(self._slow_idle) or await self._next_idle()
        except BaseException:
            self.slots.release(job.client)
            raise
        return await self._run(job, worker, until_disconnect, is_slow=True)

    async def _run(
        self, job: Job, worker: Worker, until_disconnect: UntilDisconnect | None, *, is_slow: bool
    ) -> Outcome:
        try:
            run = _Run(job, worker, worker.run(job), self._loop.time(), is_slow)
        except WorkerLost:
            if is_slow:
                self.slots.release(job.client)
            raise
        self._runs[run] = until_disconnect
        if is_slow:
            self._slow_down(run)
        try:
            outcome = await run.outcome
        except asyncio.CancelledError:  # the caller no longer waits for the reply
            self._launcher.kill(worker)
            raise
        finally:
            del self._runs[run]
            if run.is_slow:
                self.slots.release(job.client)
            if run.watch is not None:
                run.watch.cancel()
        self._take_back(run, outcome)
        return outcome

    def _take_back(self, run: _Run, outcome: Outcome) -> None:
        """Take back a worker that has done its job."""
        if run.is_slow and outcome.seconds < self.limits.quick:
            self._slow_keys.pop(run.job.key, None)
        if outcome.is_last or (run.is_slow and len(self._slow_idle) >= SLOW_IDLE):
            run.worker.close()
        elif run.is_slow:
            self._slow_idle.append(run.worker)
        else:
            self._add_idle(run.worker)

    def _add_worker(self, worker: Worker) -> None:
        """Add a new worker. It may replace one that has died while it was idle."""
        self._idle = [idle for idle in self._idle if idle.is_alive]
        self._add_idle(worker)

    def _add_idle(self, worker: Worker) -> None:
        """Give a worker to the first job that waits for one, else keep it."""
        while self._wanted and worker.is_alive:
            wanted = self._wanted.popleft()
            if not wanted.done():
                wanted.set_result(worker)
                return
        self._idle.append(worker)

    async def _next_idle(self) -> Worker:
        """Return a worker as soon as one is idle; raise LimitReached if that takes too long."""
        if worker := _pop_alive(self._idle):
            return worker
        if self._is_closed:
            raise _closed_error()
        wanted: asyncio.Future[Worker] = self._loop.create_future()
        self._wanted.append(wanted)
        busy = LimitReached("busy", "All workers are busy. Try again later.", RETRY_AFTER)
        timer = self._loop.call_later(self.limits.time, _refuse, wanted, busy)
        try:
            return await wanted
        except asyncio.CancelledError:
            if not wanted.cancelled() and wanted.exception() is None:
                self._add_idle(wanted.result())
            raise
        finally:
            timer.cancel()

    def _check_runs(self) -> None:
        """Find the jobs that have outlasted the quick limit."""
        self._next_check = self._loop.call_later(CHECK_INTERVAL, self._check_runs)
        now = self._loop.time()
        for run in list(self._runs):
            lasted = now - run.began
            if run.outcome.done():
                continue
            if lasted > self.limits.time + GRACE:
                self._end(run, death_error("time", self.limits, is_query=run.job.is_query))
            elif not run.is_slow and self._is_slow(run, lasted):
                self._demote(run)

    def _is_slow(self, run: _Run, lasted: float) -> bool:
        """Tell whether a job has computed for too long, or lasted far longer, for example because it reads the disk."""
        quick, patience = self.limits.quick, 1 if len(self._wanted) > CROWD else PATIENCE
        return lasted > quick and (lasted > patience * quick or run.worker.seconds_used() > quick)

    def _demote(self, run: _Run) -> None:
        self._remember(run.job.key)
        if self.slots.take(run.job.client):
            run.is_slow = True
            self._slow_down(run)
        else:
            self._end(run, _NoSlot())

    def _end(self, run: _Run, error: Exception) -> None:
        """Kill the worker of a job, which fails with this error."""
        self._launcher.kill(run.worker)
        if not run.outcome.done():
            run.outcome.set_exception(error)

    def _slow_down(self, run: _Run) -> None:
        self._launcher.slow_down(run.worker)
        until_disconnect = self._runs[run]
        if until_disconnect is not None:
            run.watch = self._loop.create_task(self._end_on_disconnect(until_disconnect, run))

    async def _end_on_disconnect(self, until_disconnect: UntilDisconnect, run: _Run) -> None:
        await until_disconnect()
        if not run.outcome.done():
            self._end(run, LimitReached("left", "The client has disconnected."))

    def _remember(self, key: int) -> None:
        self._slow_keys[key] = None
        while len(self._slow_keys) > MAX_SLOW_KEYS:
            del self._slow_keys[next(iter(self._slow_keys))]


def _pop_alive(workers: list[Worker]) -> Worker | None:
    """Remove the last living worker from a list and return it, if there is one."""
    while workers:
        if (worker := workers.pop()).is_alive:
            return worker
    return None


def _closed_error() -> LimitReached:
    return LimitReached("busy", "The server has switched to newer data. Try again.", RETRY_AFTER)


def _refuse(wanted: asyncio.Future[Worker], error: LimitReached) -> None:
    if not wanted.done():
        wanted.set_exception(error)
