"""A server's state: the pools that answer and the application in front of them, exchanged when a snapshot is new."""

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flask import Flask, request

from justicegraph.errors import BrokenFile, JusticeGraphError
from justicegraph.pool import Dataset, Job, Limits, Pool, Reply
from justicegraph.pool.dataset import dataset_of
from justicegraph.pool.queries import query_job, result_of
from justicegraph.project.snapshot import Snapshot, current_snapshot, hold_snapshot
from justicegraph.search import SearchIndex
from justicegraph.server.entity_jsonld import Entries
from justicegraph.server.entity_pages import Rendering
from justicegraph.server.log import Log
from justicegraph.server.metrics import Observer, State
from justicegraph.server.reconcile_pool import WAITING, Matching
from justicegraph.server.requests import Front, Running
from justicegraph.sparql import Endpoint, client_of
from justicegraph.sparql.cache import Cache
from justicegraph.sparql.query import Query, Result, RunQuery
from justicegraph.suggest.intake import Intake, IntakeLimits
from justicegraph.web import create_app
from justicegraph.web.site import Served, Site

TICK = 1.0
"""Seconds between two looks at which snapshot is current, and at whether an old one is still asked."""

LINGER = 5.0
"""Seconds that a pool outlives its snapshot's day: a page asks several questions, one after the other."""

PATIENCE = 10.0
"""Seconds before a snapshot that could not be taken up is tried again."""


@dataclass(frozen=True)
class Options:
    """How to serve: what questions may cost, bytes of cache, seconds that others may keep an answer, and so on.

    `matchers` are the workers that reconcile; with none, nobody does. `suggestions` is the file in which suggestions
    wait, as `intake_limits` says; with none, nobody can make any.
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
        self._running: Running | None = None
        self._observer.registry.register(State(lambda: (self._now().pool, self._now().cache)))
        self._watching: asyncio.Task[None] | None = None
        self._matching: Matching | None = None
        self._intake: Intake | None = None
        waiting = options.limits.slow + options.limits.waiting + (WAITING if options.matchers else 0)
        self._front = Front(self._now, self._observer, options.trusted_proxies, waiting)
        self.__rsgi__ = self._front.answer

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Load what is served; raise BrokenFile where that cannot be read."""
        loop.run_until_complete(self._start())

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """End what answers, and let the pages that are still being made end too."""
        if self._watching is not None:
            self._watching.cancel()
        self._now().pool.close()
        if self._matching is not None:
            self._matching.close()
        if self._intake is not None:
            self._intake.close()
        loop.run_until_complete(self._front.close())

    async def _start(self) -> None:
        if self._files is not None:
            self._running = await self._run(self._files, self._served(self._files.union))
        elif self._place is not None:
            if self._options.matchers:
                self._matching = Matching(self._options.limits, self._options.matchers, self._observer.happened)
            if self._options.suggestions:
                self._intake = Intake(self._folder, self._options.suggestions, self._options.intake_limits)
                self._intake.open()
            self._running = await self._run_current(self._place)
            self._watching = asyncio.create_task(self._watch(self._place))

    def _now(self) -> Running:
        if self._running is None:
            raise AssertionError("nothing is served yet")
        return self._running

    async def _run_current(self, place: Path) -> Running:
        while True:
            found = current_snapshot(place)
            if found is None:
                raise JusticeGraphError(f"{place}: there is no snapshot. Build one with `justicegraph build`.")
            with ExitStack() as held:
                try:
                    held.enter_context(hold_snapshot(found))
                except FileNotFoundError:  # another build has just taken its place, and removed it
                    continue
                running = await self._run(dataset_of(found), self._served(builds=place, snapshot=found))
                running.held, running.snapshot = held.pop_all(), found.id
                if self._matching is not None:
                    self._matching.take_up(found)
                return running

    def _served(self, union: bool = True, builds: Path | None = None, snapshot: Snapshot | None = None) -> Served:
        said = {"builds": builds, "snapshot": snapshot, "suggestions": self._intake}
        return Served.read(self._folder, union=union, max_age=self._options.max_age, **said)

    def _search(self, snapshot: Snapshot) -> SearchIndex | None:
        """Return the index of a snapshot; None where it cannot be read: lists by name are left then."""
        try:
            return SearchIndex.open(snapshot.path)
        except BrokenFile as error:
            self._observer.happened("no search", {"error": str(error)})
            return None

    def _app(self, site: Site) -> Flask:
        app = create_app(site)
        app.config["TIME_LIMIT"] = self._options.limits.time
        return app

    async def _run(self, dataset: Dataset, served: Served) -> Running:
        pool = Pool(Rendering(dataset, served), self._options.limits, self._observer.happened)
        cache = Cache(self._options.cache)
        try:
            await pool.start()
            run_query = self._from_thread(pool)
            site = replace(
                served.site(cache.ask_through(run_query)), run_uncached=run_query,
                metrics=self._observer.registry, reconcile=self._reconcile if self._matching else None,
                search=self._search(served.snapshot) if served.snapshot else None,
            )  # fmt: skip
            entries = Entries(site.documents, site.snapshot, site.max_age)
            return Running(pool, cache, Endpoint(site.snapshot, site.max_age), entries, self._app(site))
        except BaseException:
            pool.close()
            raise

    def _from_thread(self, pool: Pool) -> RunQuery:
        """Return what runs queries for threads other than the event loop's."""
        loop = asyncio.get_running_loop()

        def run_query(query: Query) -> Result:
            return result_of(asyncio.run_coroutine_threadsafe(pool.run(query_job(query)), loop).result())

        return run_query

    def _reconcile(self, payload: Any) -> Reply:
        if self._matching is None:
            raise AssertionError("where nothing is reconciled, nothing is asked")
        return self._matching.run(Job(payload, client_of(request.remote_addr or ""), hash(payload)))

    async def _watch(self, place: Path) -> None:
        """Take up each snapshot that becomes current."""
        while True:
            await asyncio.sleep(TICK)
            found = await asyncio.to_thread(current_snapshot, place)
            if found is None or found.id == self._now().snapshot:
                continue
            try:
                old, self._running = self._now(), await self._run_current(place)
            except (JusticeGraphError, OSError) as error:
                self._observer.happened("snapshot refused", {"snapshot": found.id, "error": str(error)})
                await asyncio.sleep(PATIENCE)
                continue
            self._observer.happened("snapshot", {"snapshot": self._now().snapshot})
            await _retire(old)


async def _retire(old: Running) -> None:
    """End what served before, once the questions that are under way have been answered."""
    await asyncio.sleep(LINGER)
    while old.pool.is_busy:
        await asyncio.sleep(TICK)
    old.pool.close()
    old.held.close()
