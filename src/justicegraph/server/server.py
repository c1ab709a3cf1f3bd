"""A server's state: the pools of workers on the current snapshot, exchanged when another snapshot becomes current."""

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from justicegraph.errors import JusticeGraphError
from justicegraph.pool import Dataset, Limits, Pool
from justicegraph.pool.dataset import dataset_of
from justicegraph.project.snapshot import Snapshot, current_snapshot, hold_snapshot
from justicegraph.server.current import Current
from justicegraph.server.log import Log
from justicegraph.server.metrics import Observer, State
from justicegraph.server.reconcile_pool import ReconcilePool
from justicegraph.server.requests import Requests
from justicegraph.server.site_source import NO_SEARCH, SiteSource
from justicegraph.sparql import Endpoint
from justicegraph.sparql.cache import Cache
from justicegraph.suggest.intake import Intake, IntakeLimits
from justicegraph.web import create_app
from justicegraph.web.site import Served

TICK = 1.0
"""Seconds between two checks of which snapshot is current, and of whether an old pool is still busy."""

LINGER = 5.0
"""Seconds that a pool goes on after the next one has taken its place: a request may be about to reach it."""

RETRY_DELAY = 10.0
"""Seconds before a snapshot that could not be loaded is tried again."""


@dataclass(frozen=True)
class Options:
    """How to serve: limits of jobs, bytes of the cache, seconds that others may keep a response, and so on.

    `matchers` is the number of workers that reconcile; 0 offers no reconciliation. `suggestions` is the file of
    suggestions, limited by `intake_limits`; None takes no suggestions.
    """

    limits: Limits = field(default_factory=Limits)
    cache: int = 128 * 2**20
    max_age: int = 60
    trusted_proxies: int = 0
    log_requests: bool = False
    log_queries: bool = False
    matchers: int = 0
    suggestions: Path | None = None
    intake_limits: IntakeLimits = field(default_factory=IntakeLimits)


class Server:
    """A project's snapshots, or files, as the one application that the HTTP server runs (RSGI)."""

    def __init__(self, folder: Path, options: Options, files: Dataset | None = None, place: Path | None = None) -> None:
        self._folder, self._options, self._files, self._place = folder, options, files, place
        self._observer = Observer(Log(requests=options.log_requests, queries=options.log_queries))
        self._current: Current | None = None
        self._observer.registry.register(State(lambda: (self._now().pool, self._now().cache)))
        self._watching: asyncio.Task[None] | None = None
        self._reconcile: ReconcilePool | None = None
        self._intake: Intake | None = None
        if place is not None and options.matchers:
            self._reconcile = ReconcilePool(options.limits, options.matchers, self._observer.happened)
        if place is not None and options.suggestions:
            self._intake = Intake(folder, options.suggestions, options.intake_limits)
        rate_limit = self._intake.rate_limit if self._intake else None
        requests = Requests(self._now, self._observer, options.trusted_proxies, self._reconcile, rate_limit)
        self.__rsgi__ = requests.answer

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Load what is served; raise BrokenFile where that cannot be read."""
        loop.run_until_complete(self._start())

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """End the workers."""
        if self._watching is not None:
            self._watching.cancel()
        self._now().pool.close()
        if self._reconcile is not None:
            self._reconcile.close()
        if self._intake is not None:
            self._intake.close()

    async def _start(self) -> None:
        if self._files is not None:
            self._current = await self._run(self._files, self._served(self._files.union))
        elif self._place is not None:
            if self._intake is not None:
                self._intake.open()
            self._current = await self._run_newest(self._place)
            self._watching = asyncio.create_task(self._watch(self._place))

    def _now(self) -> Current:
        if self._current is None:
            raise AssertionError("nothing is served yet")
        return self._current

    async def _run_newest(self, place: Path) -> Current:
        while True:
            snapshot = current_snapshot(place)
            if snapshot is None:
                raise JusticeGraphError(f"{place}: there is no snapshot. Build one with `justicegraph build`.")
            with ExitStack() as held:
                try:
                    held.enter_context(hold_snapshot(snapshot))
                except FileNotFoundError:  # another build has just taken its place, and removed it
                    continue
                served = self._served(builds=place, snapshot=snapshot)
                running = await self._run(dataset_of(snapshot), served)
                running.held, running.snapshot = held.pop_all(), snapshot.id
                if self._reconcile is not None:
                    self._reconcile.take_up(snapshot, served)
                return running

    def _served(self, union: bool = True, builds: Path | None = None, snapshot: Snapshot | None = None) -> Served:
        more = {"builds": builds, "snapshot": snapshot, "suggestions": self._intake}
        return Served.read(self._folder, union=union, max_age=self._options.max_age, **more)

    async def _run(self, dataset: Dataset, served: Served) -> Current:
        limits, max_age = self._options.limits, self._options.max_age
        pool = Pool(SiteSource(dataset, served, limits.time, self._reconcile is not None), limits, self._report)
        try:
            await pool.start()
            site = replace(served.site(_no_graph), reconcile=_no_graph if self._reconcile else None)
            cache, endpoint = Cache(self._options.cache), Endpoint(site.snapshot, max_age)
            return Current(pool, cache, endpoint, create_app(site), max_age)
        except BaseException:
            pool.close()
            raise

    def _report(self, event: str, details: Mapping[str, Any]) -> None:
        """Count and log an event of the pool. A missing search index, found while loading, is an event of its own."""
        error = details.get(NO_SEARCH)
        self._observer.happened(event, {name: value for name, value in details.items() if name != NO_SEARCH})
        if error:
            self._observer.happened(NO_SEARCH, {"error": error})

    async def _watch(self, place: Path) -> None:
        """Take up each snapshot that becomes current."""
        while True:
            await asyncio.sleep(TICK)
            newest = await asyncio.to_thread(current_snapshot, place)
            if newest is None or newest.id == self._now().snapshot:
                continue
            try:
                old, self._current = self._now(), await self._run_newest(place)
            except (JusticeGraphError, OSError) as error:
                self._observer.happened("snapshot refused", {"snapshot": newest.id, "error": str(error)})
                await asyncio.sleep(RETRY_DELAY)
                continue
            self._observer.happened("snapshot", {"snapshot": self._now().snapshot})
            await _retire(old)


def _no_graph(_query: object) -> NoReturn:
    raise AssertionError("only workers have the graph")


async def _retire(old: Current) -> None:
    """End the pool that served before, once its jobs are done."""
    await asyncio.sleep(LINGER)
    while old.pool.is_busy:
        await asyncio.sleep(TICK)
    old.pool.close()
    old.held.close()
