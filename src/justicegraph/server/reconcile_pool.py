"""The pool that finds matches, beside the one that answers questions: it is loaded when that one is asked already."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from threading import Lock
from typing import Any

from justicegraph.errors import JusticeGraphError, LimitReached
from justicegraph.linking.reconcile.targets import Targets
from justicegraph.pool import Job, Limits, Pool, Reply
from justicegraph.pool.dataset import dataset_of
from justicegraph.pool.slots import RETRY_AFTER
from justicegraph.project.snapshot import Snapshot, hold_snapshot

QUICK = 1.0
"""Seconds after which a batch is slow: the first ones of a worker copy the pages that they read."""

LINGER = 5.0
"""Seconds that a pool goes on after the next one is ready: a batch may be under way."""

PATIENCE = 10.0
"""Seconds before entries that could not be read are tried again."""

WAITING, PER_CLIENT = 48, 24
"""Batches under way at most, each of which holds a thread, and of these from one address."""

Report = Callable[[str, Mapping[str, Any]], None]


class Matching:
    """The pool over the newest snapshot that is loaded; until the first one is, asking is refused for a while."""

    def __init__(self, limits: Limits, workers: int, report: Report) -> None:
        self._limits = replace(limits, workers=workers, quick=max(limits.quick, QUICK))
        self._report = report
        self._pool: Pool | None = None
        self._held = ExitStack()
        self._loading: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        self._asked: Counter[str] = Counter()
        self._lock = Lock()
        self._loop = asyncio.get_running_loop()

    def take_up(self, snapshot: Snapshot) -> None:
        """Load a snapshot's entries, and ask these from then on; one that is still being loaded is given up."""
        if self._loading is not None:
            self._loading.cancel()
        self._loading = asyncio.create_task(self._take_up(snapshot))

    def run(self, job: Job) -> Reply:
        """Return the reply to a job, in a thread that is not the event loop's; raise what the pool raises."""
        if self._pool is None:
            said = "The entries are still being read for reconciliation: ask again in a moment."
            raise LimitReached("busy", said, RETRY_AFTER)
        with self._place(job.client):
            return asyncio.run_coroutine_threadsafe(self._pool.run(job), self._loop).result()

    @contextmanager
    def _place(self, client: str) -> Iterator[None]:
        """Take a place; raise LimitReached where there is none, so that pages never wait for batches."""
        with self._lock:
            if client and self._asked[client] >= PER_CLIENT:
                said = f"{PER_CLIENT} batches from your address are under way: wait for their answers, then go on."
                raise LimitReached("client", said, RETRY_AFTER)
            if self._asked.total() >= WAITING:
                raise LimitReached("busy", "Too many batches are under way: send it again later.", RETRY_AFTER)
            self._asked[client] += 1
        try:
            yield
        finally:
            with self._lock:
                self._asked[client] -= 1
                self._asked += Counter()  # forgets who has none

    def close(self) -> None:
        """End what answers and what is being loaded."""
        for task in (self._loading, *self._leaving):
            if task is not None:
                task.cancel()
        if self._pool is not None:
            self._pool.close()
        self._held.close()

    async def _take_up(self, snapshot: Snapshot) -> None:
        while True:
            with ExitStack() as held:
                try:
                    held.enter_context(hold_snapshot(snapshot))
                    pool = await self._loaded(snapshot)
                except FileNotFoundError:  # a build has swept it away, so there is a newer one
                    return
                except JusticeGraphError as error:
                    self._report("matching refused", {"snapshot": snapshot.id, "error": str(error)})
                else:
                    self._exchange(pool, held.pop_all())
                    return
            await asyncio.sleep(PATIENCE)

    async def _loaded(self, snapshot: Snapshot) -> Pool:
        pool = Pool(Targets(dataset_of(snapshot)), self._limits, self._told)
        try:
            await pool.start()
        except BaseException:
            pool.close()
            raise
        return pool

    def _exchange(self, pool: Pool, held: ExitStack) -> None:
        old, old_held = self._pool, self._held
        self._pool, self._held = pool, held
        if old is not None:
            task = asyncio.create_task(_retire(old, old_held))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    def _told(self, event: str, said: Mapping[str, Any]) -> None:
        """Pass on what happened; that all is loaded under a name of its own."""
        self._report("matching loaded" if event == "loaded" else event, said)


async def _retire(pool: Pool, held: ExitStack) -> None:
    """End a pool once the batches that are under way have been answered."""
    with held, suppress(asyncio.CancelledError):
        try:
            await asyncio.sleep(LINGER)
            while pool.is_busy:
                await asyncio.sleep(1.0)
        finally:
            pool.close()
