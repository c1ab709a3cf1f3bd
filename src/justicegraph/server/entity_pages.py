"""Pages of entries, made by the workers that answer questions: all processors make them, and the limits hold for them.

The page is made by the application itself, from a request that the serving process has read: an address, a language, a
content coding. So it is the same page wherever it is made.
"""

import io
import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, NoReturn

from flask import Flask

from justicegraph.errors import JusticeGraphError, NotAcceptable
from justicegraph.http.accept import SHORT, accepted_encoding, accepted_format
from justicegraph.namespaces import SLUG
from justicegraph.pool.dataset import Dataset, Graph
from justicegraph.pool.jobs import Reply
from justicegraph.pool.queries import query_handler
from justicegraph.rdf.formats import HTML
from justicegraph.server.wsgi import call, kept
from justicegraph.sparql.query import Query, Result, RunQuery
from justicegraph.system.spool import Spool
from justicegraph.web import create_app
from justicegraph.web.assets import assets
from justicegraph.web.errors import MISTAKE
from justicegraph.web.i18n import CODES, languages, preferred_code
from justicegraph.web.negotiation import OFFERS
from justicegraph.web.pictures import atlas
from justicegraph.web.site import Served

_NAMED = re.compile(r"(?:^|&)lang=([^&]*)")
_TEMPLATES = ("entity.html", "base.html", "picture.html")


class PageFailed(JusticeGraphError):
    """A page could not be made, through a fault of ours; `trace` is for the log."""

    trace = ""


class EntityPage(NamedTuple):
    """The payload that asks for a page: its path with the language if named, the language and the content coding."""

    path: str
    language: str
    encoding: str


def entity_page_of(path: str, query: str, accept: str, tongues: str, codings: str) -> EntityPage | None:
    """Return the page that is asked for at an address of ours; None where that is no page of an entry.

    Three headers say what the reader takes: Accept, Accept-Language and Accept-Encoding. Of the query, the page is told
    the language only: what else trackers and strangers add there would make another page of each, and a long one.
    """
    name, _, extension = path.removeprefix("/doc/").partition(".")
    if not path.startswith("/doc/") or not SLUG.fullmatch(name) or extension not in {"", "html"}:
        return None
    read = _remembered if len(accept) + len(tongues) + len(codings) <= SHORT else _taken
    is_page, language, coding = read(accept, tongues, codings)
    if not (extension or is_page):
        return None
    if (named := _NAMED.search(query)) and named[1] in CODES:
        path, language = f"{path}?lang={named[1]}", named[1]
    return EntityPage(path, language, coding)


def _taken(accept: str, tongues: str, codings: str) -> tuple[bool, str, str]:
    """Return whether a reader takes a page before other forms, in which language and in which coding."""
    try:
        is_page = accepted_format(accept, OFFERS) is HTML
    except NotAcceptable:
        is_page = False
    return is_page, preferred_code(tongues), accepted_encoding(codings)


_remembered = lru_cache(1024)(_taken)


@dataclass(frozen=True)
class Rendering:
    """A dataset and the site over it, whose workers answer questions and make pages."""

    dataset: Dataset
    served: Served

    def load(self) -> "Renderer":
        """Return what workers share: the graph and the application, with all that every page needs read already."""
        return Renderer(self.dataset.load(), self.served)


class Renderer:
    """The application over a graph. What answers it is known once a worker has begun."""

    def __init__(self, graph: Graph, served: Served) -> None:
        self._graph = graph
        self._run: RunQuery | None = None
        self._limit = 0
        self._app = create_app(served.site(self._run_query))
        self._app.config["PROPAGATE_EXCEPTIONS"] = True
        self._app.register_error_handler(JusticeGraphError, _raised)
        _warm_up(self._app)

    def describe(self) -> Mapping[str, int]:
        """Return how many quads are in memory."""
        return self._graph.describe()

    def handler(self, limit: int) -> Callable[[Query | EntityPage], Reply]:
        """Return a handler of queries and pages. The head of a page's reply is its status and its headers."""
        self._run, self._limit = self._graph.run_query(limit), limit
        handle_query = query_handler(self._run)
        return lambda payload: self._page(payload) if isinstance(payload, EntityPage) else handle_query(payload)

    def _run_query(self, query: Query) -> Result:
        if self._run is None:
            raise AssertionError("a worker is asked, not what it was made from")
        return self._run(query)

    def _page(self, page: EntityPage) -> Reply:
        try:
            with kept():
                return self._made(page)
        except (JusticeGraphError, MemoryError):
            raise
        except Exception as error:
            failed = PageFailed(MISTAKE)
            failed.trace = traceback.format_exc()
            raise failed from error

    def _made(self, page: EntityPage) -> Reply:
        status, headers, body = call(self._app, _environ(page))
        made = Spool(self._limit)
        with body:
            made.write(body.read())
        return Reply((status, headers), made.whole(), made.length)


def _raised(error: JusticeGraphError) -> NoReturn:
    """Let whoever asked tell of an error, as of one that has ended the worker."""
    raise error


def _environ(page: EntityPage) -> dict[str, object]:
    """Return the request that asks for a page, as WSGI says it (PEP 3333, environ Variables)."""
    path, _, query = page.path.partition("?")
    return {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query,
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost",
        "HTTP_ACCEPT": HTML.media_type, "HTTP_ACCEPT_LANGUAGE": page.language,
        "HTTP_ACCEPT_ENCODING": page.encoding, "CONTENT_LENGTH": "0",
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip


def _warm_up(app: Flask) -> None:
    """Read what every page needs: workers share what was there before them, and there are new ones all the time."""
    for name in _TEMPLATES:
        app.jinja_env.get_template(name)
    for language in languages().values():
        language.day("2000-01-01")
        language.number(1)
    assets()
    atlas()
