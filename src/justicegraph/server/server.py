"""A server's state: the pools of workers on the current snapshot, replaced when another snapshot becomes current."""

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from justicegraph.errors import JusticeGraphError
from justicegraph.pool import Dataset, Limits, Pool
from justicegraph.pool.dataset import dataset_of_snapshot
from justicegraph.project.snapshot import Snapshot, current_snapshot, hold_snapshot
from justicegraph.server.current import Current
from justicegraph.server.log import Log
from justicegraph.server.metrics import Observer, State
from justicegraph.server.old_pools import RETRY_DELAY, TICK, no_graph, retire
from justicegraph.server.reconcile_pool import ReconcilePool
from justicegraph.server.requests import Requests
from justicegraph.server.site_source import NO_SEARCH, SiteSource
from justicegraph.sparql import Endpoint
from justicegraph.sparql.cache import Cache
from justicegraph.suggest.intake import Intake, IntakeLimits
from justicegraph.web import create_app
from justicegraph.web.site import Served


@dataclass(frozen=True)
class Options:
    """How to serve: limits of jobs, bytes of the cache, seconds for which a response may be cached, and so on.

    `matchers` is the number of workers that reconcile; 0 switches reconciliation off. `suggestions` is the file of
    suggestions, limited by `intake_limits`; None accepts no suggestions.
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

    def __init__(
        self, folder: Path, options: Options, files: Dataset | None = None, build_dir: Path | None = None
    ) -> None:
        self._folder, self._options, self._files, self._build_dir = folder, options, files, build_dir
        self._observer = Observer(Log(requests=options.log_requests, queries=options.log_queries))
        self._current: Current | None = None
        self._observer.registry.register(State(lambda: (self._now().pool, self._now().cache)))
        self._watching: asyncio.Task[None] | None = None
        self._reconcile: ReconcilePool | None = None
        self._intake: Intake | None = None
        if build_dir is not None and options.matchers:
            self._reconcile = ReconcilePool(options.limits, options.matchers, self._observer.record_event)
        if build_dir is not None and options.suggestions:
            self._intake = Intake(folder, options.suggestions, options.intake_limits)
        rate_limit = self._intake.rate_limit if self._intake else None
        requests = Requests(self._now, self._observer, options.trusted_proxies, self._reconcile, rate_limit)
        self.__rsgi__ = requests.answer

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Load what is served; raise BrokenFile if that cannot be read."""
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
        elif self._build_dir is not None:
            if self._intake is not None:
                self._intake.open()
            self._current = await self._run_newest(self._build_dir)
            self._watching = asyncio.create_task(self._watch(self._build_dir))

    def _now(self) -> Current:
        if self._current is None:
            raise AssertionError("nothing is served yet")
        return self._current

    async def _run_newest(self, build_dir: Path) -> Current:
        while True:
            snapshot = current_snapshot(build_dir)
            if snapshot is None:
                raise JusticeGraphError(f"{build_dir}: there is no snapshot. Build one with `justicegraph build`.")
            with ExitStack() as held:
                try:
                    held.enter_context(hold_snapshot(snapshot))
                except FileNotFoundError:  # another build has just replaced and removed it
                    continue
                served = self._served(builds=build_dir, snapshot=snapshot)
                running = await self._run(dataset_of_snapshot(snapshot), served)
                running.held, running.snapshot = held.pop_all(), snapshot.id
                if self._reconcile is not None:
                    self._reconcile.switch_to(snapshot, served)
                return running

    def _served(self, union: bool = True, builds: Path | None = None, snapshot: Snapshot | None = None) -> Served:
        more = {"builds": builds, "snapshot": snapshot, "suggestions": self._intake}
        return Served.read(self._folder, union=union, max_age=self._options.max_age, **more)

    async def _run(self, dataset: Dataset, served: Served) -> Current:
        limits, max_age = self._options.limits, self._options.max_age
        pool = Pool(SiteSource(dataset, served, limits.time, self._reconcile is not None), limits, self._report)
        try:
            await pool.start()
            site = replace(served.site(no_graph), reconcile=no_graph if self._reconcile else None)
            cache, endpoint = Cache(self._options.cache), Endpoint(site.snapshot, max_age)
            return Current(pool, cache, endpoint, create_app(site), max_age)
        except BaseException:
            pool.close()
            raise

    def _report(self, event: str, details: Mapping[str, Any]) -> None:
        """Count and log an event of the pool. A missing search index, found while loading, is an event of its own."""
        error = details.get(NO_SEARCH)
        self._observer.record_event(event, {name: value for name, value in details.items() if name != NO_SEARCH})
        if error:
            self._observer.record_event(NO_SEARCH, {"error": error})

    async def _watch(self, build_dir: Path) -> None:
        """Switch to each snapshot that becomes current."""
        while True:
            await asyncio.sleep(TICK)
            newest = await asyncio.to_thread(current_snapshot, build_dir)
            if newest is None or newest.id == self._now().snapshot:
                continue
            try:
                old, self._current = self._now(), await self._run_newest(build_dir)
            except (JusticeGraphError, OSError) as error:
                self._observer.record_event("snapshot refused", {"snapshot": newest.id, "error": str(error)})
                await asyncio.sleep(RETRY_DELAY)
                continue
            self._observer.record_event("snapshot", {"snapshot": self._now().snapshot})
            await retire(old.pool, old.held)
