"""The source of the workers that serve a site: a graph, its search index, and the Flask application."""

import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, NamedTuple, NoReturn

from flask import Flask

from justicegraph.errors import BrokenFile, JusticeGraphError, LimitReached
from justicegraph.pool import Dataset, Handler, Reply
from justicegraph.pool.dataset import Graph
from justicegraph.pool.queries import query_handler
from justicegraph.rdf.formats import format_of
from justicegraph.search import SearchIndex
from justicegraph.server.entity_jsonld import EntryRequest
from justicegraph.server.page_requests import PageRequest
from justicegraph.server.wsgi import call, disk_errors
from justicegraph.sparql.query import Query, Result, RunQuery
from justicegraph.system.spool import Spool
from justicegraph.validate.shacl import preload
from justicegraph.web import create_app
from justicegraph.web.assets import assets
from justicegraph.web.documents import entry_jsonld
from justicegraph.web.errors import MISTAKE, failing
from justicegraph.web.i18n import languages
from justicegraph.web.pictures import atlas
from justicegraph.web.service import serialize_triples, service_description
from justicegraph.web.site import Served, Site

NO_SEARCH = "no search"
"""The detail of loading that says why the search index is missing."""

_TYPICAL = ("/", "/browse", "/browse/Organization", "/query", "/ontology", "/data/")
"""Pages that are made once before workers are forked, so that these share what such pages read and compile."""
_FORM = "/suggest/new/Organization"
_ENTRY = re.compile(rb'href="(/doc/[^"#?]+)"')


class PageFailed(JusticeGraphError):
    """A page could not be made because of a fault of ours; `trace` is for the log."""

    trace = ""


class DescriptionRequest(NamedTuple):
    """The request for the description of the SPARQL endpoint at an address, in a format by its media type."""

    address: str
    media_type: str


@dataclass(frozen=True)
class SiteSource:
    """A dataset and the site over it.

    `time_limit` is how many seconds a page may take. With `reconciles`, another pool reconciles for the site.
    """

    dataset: Dataset
    served: Served
    time_limit: float = 0
    reconciles: bool = False

    def load(self) -> "LoadedSite":
        """Return what workers share. If the graph is in memory, typical pages have been made once."""
        return LoadedSite(self.dataset.load(), self)


class LoadedSite:
    """The application over a graph. Only a worker, after the fork, can run queries in it."""

    def __init__(self, graph: Graph, source: SiteSource) -> None:
        self._graph = graph
        self._run: RunQuery | None = None
        self._body_limit = 0
        self._limit_reached = ""
        self._details: dict[str, Any] = dict(graph.describe())
        search, reconcile = self._open_search(source.served), _elsewhere if source.reconciles else None
        self._site = replace(source.served.site(self._run_query), search=search, reconcile=reconcile)
        self._app = application_of(self._site, source.time_limit)
        self._warm_up()

    def describe(self) -> Mapping[str, Any]:
        """Return the number of quads in memory, and under NO_SEARCH why the search index is missing."""
        return self._details

    def handler(self, limit: int) -> Handler:
        """Return the handler of queries, pages, entries' documents and descriptions of the endpoint."""
        self._run, self._body_limit = self._graph.run_query(limit), limit
        handlers: dict[type, Callable[[Any], Reply]] = {
            Query: query_handler(self._run), PageRequest: self._make_page, EntryRequest: self._make_document,
            DescriptionRequest: self._describe_endpoint,
        }  # fmt: skip
        return lambda payload: handlers[type(payload)](payload)

    def _run_query(self, query: Query) -> Result:
        if self._run is None:
            raise AssertionError("only a worker can run queries")
        try:
            return self._run(query)
        except LimitReached as reached:
            self._limit_reached = reached.limit
            raise

    def _make_page(self, page: PageRequest) -> Reply:
        self._limit_reached = ""
        reply = make_page(self._app, page, self._body_limit)
        return reply._replace(head=reply.head._replace(limit=self._limit_reached))

    def _make_document(self, entry: EntryRequest) -> Reply:
        """Return the reply with a document; its head is false if there is no such entry."""
        with _faults():
            body = entry_jsonld(self._site, entry.slug, entry.profile)
        spool = Spool(self._body_limit)
        spool.write(body or b"")
        return Reply(body is not None, spool.whole(), spool.length)

    def _describe_endpoint(self, request: DescriptionRequest) -> Reply:
        triples = service_description(request.address, self._site.run_query, union=self._site.union)
        body = serialize_triples(triples, format_of(request.media_type))
        return Reply(request.media_type, BytesIO(body), len(body))

    def _open_search(self, served: Served) -> SearchIndex | None:
        """Return the index of the snapshot; None if it cannot be read. Lists are then by name only."""
        if served.snapshot is None:
            return None
        try:
            return SearchIndex.open(served.snapshot.path)
        except BrokenFile as error:
            self._details[NO_SEARCH] = str(error)
            return None

    def _warm_up(self) -> None:
        """Load what every page needs. Workers are forked often, and share the memory that was filled before."""
        for language in languages().values():
            language.day("2000-01-01")
            language.number(1)
        assets()
        atlas()
        for name in ("entity.html", "error.html", "picture.html"):
            self._app.jinja_env.get_template(name)
        if self._graph.store is None:
            return  # each worker opens an on-disk store itself, since an open one has threads
        self._run = self._graph.run_query(2**30)
        for path in (*_TYPICAL, *([_FORM] if self._site.suggestions else [])):
            if entry := _ENTRY.search(self._warm_up_page(path)):
                self._warm_up_page(entry[1].decode())
        if self._site.suggestions:
            preload()
        self._run = None

    def _warm_up_page(self, path: str) -> bytes:
        """Make a page and return it, or nothing if that fails: the server starts all the same."""
        try:
            return call(self._app, PageRequest("GET", path, headers=(("accept", "text/html"),))).read()
        except Exception:  # noqa: BLE001  # a reader who asks for the page gets the error, and so does the log
            return b""


def _elsewhere(_payload: object) -> NoReturn:
    raise AssertionError("the workers of another pool reconcile")


def application_of(site: Site, time_limit: float = 0) -> Flask:
    """Return the application over a site, as workers run it: it raises its errors."""
    app = create_app(site)
    app.config["TIME_LIMIT"] = time_limit
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


def make_page(app: Flask, page: PageRequest, limit: int) -> Reply:
    """Return the reply with a page; raise PageFailed for a fault of ours, CannotWrite if the disk refuses."""
    with _faults():
        return call(failing(app, page.failure) if page.failure else app, page, limit)


@contextmanager
def _faults() -> Iterator[None]:
    try:
        with disk_errors():
            yield
    except (JusticeGraphError, MemoryError):
        raise
    except Exception as error:
        failed = PageFailed(MISTAKE)
        failed.trace = traceback.format_exc()
        raise failed from error
