"""A server's state: the pool that answers and the application in front of it, both exchanged when a snapshot is new."""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

from justicegraph.cache import Cache
from justicegraph.errors import JusticeGraphError
from justicegraph.evaluate import Ask
from justicegraph.jsonld import read_context
from justicegraph.pool import Dataset, Limits, Pool
from justicegraph.pool.dataset import dataset_of
from justicegraph.removal import removed_from
from justicegraph.snapshot import Snapshot, current, kept
from justicegraph.sparql import Wsgi
from justicegraph.web import create_app
from justicegraph.web.log import Log
from justicegraph.web.observing import Meter, State, observed
from justicegraph.web.site import Site

TICK = 1.0
"""Seconds between two looks at which snapshot is current."""

PATIENCE = 10.0
"""Seconds before a snapshot that could not be taken up is tried again."""


@dataclass(frozen=True)
class Options:
    """How to serve: what questions may cost, bytes of cache, seconds that others may keep an answer, and so on."""

    limits: Limits = field(default_factory=Limits)
    cache: int = 128 * 2**20
    max_age: int = 60
    trusted_proxies: int = 0
    log_requests: bool = False
    log_queries: bool = False


@dataclass
class _Running:
    """What serves now: its pool, cache and application; `held` lets go of the snapshot."""

    pool: Pool
    cache: Cache
    app: Wsgi
    held: ExitStack
    snapshot: str = ""


class Server:
    """The application of a project, or of files, as one WSGI callable that outlives snapshots."""

    def __init__(self, folder: Path, options: Options) -> None:
        self._folder, self._options = folder, options
        self._log = Log(requests=options.log_requests, queries=options.log_queries)
        self._meter = Meter()
        self._running: _Running | None = None
        self._meter.registry.register(State(lambda: (self._now().pool, self._now().cache)))
        front = observed(lambda environ, start: self._now().app(environ, start), self._meter, self._log)
        proxies = options.trusted_proxies
        self.app: Wsgi = ProxyFix(front, x_for=proxies, x_proto=proxies, x_host=proxies) if proxies else front

    def serve_files(self, dataset: Dataset) -> None:
        """Serve RDF files; raise BrokenFile where one cannot be read."""
        context = read_context(self._folder)
        self._running = self._run(dataset, lambda ask: Site(ask, context, union=dataset.union))

    def serve_snapshot(self, place: Path) -> None:
        """Serve the current snapshot, and each one that becomes current later."""
        self._running = self._run_current(place)
        threading.Thread(target=self._watch, args=(place,), name="watch", daemon=True).start()

    def close(self) -> None:
        """End the pool."""
        if self._running is not None:
            self._running.pool.close()

    def _now(self) -> _Running:
        if self._running is None:
            raise AssertionError("nothing is served yet")
        return self._running

    def _run_current(self, place: Path) -> _Running:
        while True:
            found = current(place)
            if found is None:
                raise JusticeGraphError(f"{place}: there is no snapshot. Build one with `justicegraph build`.")
            with ExitStack() as held:
                try:
                    held.enter_context(kept(found))
                except FileNotFoundError:
                    continue  # another build has just taken its place
                running = self._run(dataset_of(found), partial(self._site, found))
                running.held, running.snapshot = held.pop_all(), found.id
                return running

    def _site(self, snapshot: Snapshot, ask: Ask) -> Site:
        folder = self._folder
        return Site(
            ask, read_context(folder), snapshot.path.resolve(), folder / "queries",
            folder / "ontology" / "examples", snapshot.id, removed_from(folder),
        )  # fmt: skip

    def _run(self, dataset: Dataset, site_of: Callable[[Ask], Site]) -> _Running:
        pool = Pool(dataset, self._options.limits, self._report)
        pool.start()
        cache = Cache(self._options.cache)
        asked = cache.ask_through(pool.ask) if self._options.cache else pool.ask
        ready = replace(site_of(asked), ask_now=pool.ask, max_age=self._options.max_age, metrics=self._meter.registry)
        return _Running(pool, cache, create_app(ready), ExitStack())

    def _watch(self, place: Path) -> None:
        """Take up each snapshot that becomes current; questions that are under way end on the old one."""
        while True:
            time.sleep(TICK)
            found = current(place)
            if found is None or found.id == self._now().snapshot:
                continue
            try:
                old, self._running = self._now(), self._run_current(place)
            except JusticeGraphError as error:
                self._log.write("snapshot refused", {"snapshot": found.id, "error": str(error)})
                time.sleep(PATIENCE)
                continue
            self._report("snapshot", {"snapshot": self._now().snapshot})
            old.pool.close_when_done()
            old.held.close()

    def _report(self, event: str, said: Mapping[str, Any]) -> None:
        if event == "limit":
            self._meter.limit(said["limit"])
        else:
            self._meter.event(event)
        self._log.write(event, dict(said))
