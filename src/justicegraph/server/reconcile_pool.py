"""The pool that reconciles. It loads while the pool of the site is already running."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote_plus

from justicegraph.errors import JusticeGraphError, LimitReached
from justicegraph.linking.reconcile.source import EntrySource
from justicegraph.pool import Handler, Job, Limits, Loaded, Pool, Reply
from justicegraph.pool.dataset import dataset_of_snapshot
from justicegraph.pool.pool import Report, UntilDisconnect
from justicegraph.pool.slots import RETRY_AFTER
from justicegraph.project.snapshot import Snapshot, hold_snapshot
from justicegraph.server.old_pools import RETRY_DELAY, no_graph, retire
from justicegraph.server.page_requests import PageRequest
from justicegraph.server.site_source import application_of, make_page
from justicegraph.web.site import Served

QUICK = 1.0
"""Seconds after which a batch is slow: the first batches of a worker copy the memory pages that they read."""

MAX_BATCHES, MAX_PER_CLIENT = 48, 24
"""How many batches may run at once, in all and for one client."""

_PARAMETERS = 21
"""Parameters that are looked at: the page refuses a request with as many."""

_SUGGESTIONS = {"/reconcile/suggest/entity", "/reconcile/suggest/type"}


@dataclass(frozen=True)
class ReconcileSource:
    """The entries that records are matched with, and the site whose pages send the results."""

    entries: EntrySource
    served: Served

    def load(self) -> "LoadedReconciler":
        """Return what workers share; raise BrokenFile if the entries cannot be read."""
        return LoadedReconciler(self.entries.load(), self.served)


class LoadedReconciler:
    """The matcher, and the application that reads batches and writes the results."""

    def __init__(self, reconciler: Loaded, served: Served) -> None:
        self._reconciler = reconciler
        self._handler: Handler | None = None
        self._limit_reached = ""
        self._app = application_of(replace(served.site(no_graph), reconcile=self._reconcile))

    def describe(self) -> Mapping[str, Any]:
        """Return how many entries there are."""
        return self._reconciler.describe()

    def handler(self, limit: int) -> Handler:
        """Return the handler of requests for which `is_reconciled` is true."""
        self._handler = self._reconciler.handler(limit)
        return lambda page: self._make_page(page, limit)

    def _make_page(self, page: PageRequest, limit: int) -> Reply:
        self._limit_reached = ""
        reply = make_page(self._app, page, limit)
        return reply._replace(head=reply.head._replace(limit=self._limit_reached))

    def _reconcile(self, payload: Any) -> Reply:
        if self._handler is None:
            raise AssertionError("only a worker reconciles")
        try:
            return self._handler(payload)
        except LimitReached as reached:
            self._limit_reached = reached.limit
            raise


def is_reconciled(page: PageRequest) -> bool:
    """Tell whether a page is made by this pool: results of a batch, or suggestions of entries or classes."""
    if page.path in _SUGGESTIONS:
        return True
    if page.path.rstrip("/") != "/reconcile":
        return False
    text = page.body.decode("latin-1") if page.method == "POST" else page.query
    return any(unquote_plus(part.partition("=")[0]) == "queries" for part in text.split("&", _PARAMETERS))


class ReconcilePool:
    """The pool over the newest loaded snapshot. Until the first one is loaded, requests are refused."""

    def __init__(self, limits: Limits, workers: int, report: Report) -> None:
        self._limits = replace(limits, workers=workers, quick=max(limits.quick, QUICK))
        self._report = report
        self._pool: Pool | None = None
        self._held = ExitStack()
        self._loading: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        self._running: Counter[str] = Counter()

    def switch_to(self, snapshot: Snapshot, served: Served) -> None:
        """Load a snapshot's entries, then match with them. An earlier snapshot that is still loading is abandoned."""
        if self._loading is not None:
            self._loading.cancel()
        self._loading = asyncio.create_task(self._load_and_switch(snapshot, served))

    async def run(self, job: Job, until_disconnect: UntilDisconnect | None = None) -> Reply:
        """Return the reply to a job; raise what the pool raises, or LimitReached if too many are running."""
        if self._pool is None:
            sentence = "The entries are still being read for reconciliation. Try again in a moment."
            raise LimitReached("busy", sentence, RETRY_AFTER)
        with self._slot(job.client):
            return await self._pool.run(job, until_disconnect)

    @contextmanager
    def _slot(self, client: str) -> Iterator[None]:
        """Count a batch while it is under way; raise LimitReached if too many are."""
        if client and self._running[client] >= MAX_PER_CLIENT:
            sentence = f"{MAX_PER_CLIENT} batches from your address are running. Wait until they finish, then go on."
            raise LimitReached("client", sentence, RETRY_AFTER)
        if self._running.total() >= MAX_BATCHES:
            raise LimitReached("busy", "Too many batches are running. Send this one again later.", RETRY_AFTER)
        self._running[client] += 1
        try:
            yield
        finally:
            self._running[client] -= 1
            self._running += Counter()  # forgets clients without a batch

    def close(self) -> None:
        """End the pool, and what is being loaded."""
        for task in (self._loading, *self._leaving):
            if task is not None:
                task.cancel()
        if self._pool is not None:
            self._pool.close()
        self._held.close()

    async def _load_and_switch(self, snapshot: Snapshot, served: Served) -> None:
        while True:
            with ExitStack() as held:
                try:
                    held.enter_context(hold_snapshot(snapshot))
                    pool = await self._loaded(snapshot, served)
                except FileNotFoundError:  # a build has removed it, so there is a newer one
                    return
                except JusticeGraphError as error:
                    self._report("matching refused", {"snapshot": snapshot.id, "error": str(error)})
                else:
                    self._swap_pools(pool, held.pop_all())
                    return
            await asyncio.sleep(RETRY_DELAY)

    async def _loaded(self, snapshot: Snapshot, served: Served) -> Pool:
        pool = Pool(ReconcileSource(EntrySource(dataset_of_snapshot(snapshot)), served), self._limits, self._log)
        try:
            await pool.start()
        except BaseException:
            pool.close()
            raise
        return pool

    def _swap_pools(self, pool: Pool, held: ExitStack) -> None:
        old, old_held = self._pool, self._held
        self._pool, self._held = pool, held
        if old is not None:
            task = asyncio.create_task(retire(old, old_held))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    def _log(self, event: str, details: Mapping[str, Any]) -> None:
        """Report an event; that the pool has loaded is reported under a name of its own."""
        self._report("matching loaded" if event == "loaded" else event, details)
