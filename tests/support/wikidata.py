"""A server on this machine that answers as those of Wikidata do, and as they do at their worst."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode, QueryResultsFormat, QueryTriples, RdfFormat, Store

from justicegraph.namespaces import RDFS, SKOS

Reply = tuple[int, dict[str, str], bytes]
Answering = Callable[[BaseHTTPRequestHandler], None]

LABEL, ALIAS = RDFS + "label", SKOS + "altLabel"
PREFIXES = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix schema: <http://schema.org/> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
"""
JSON = {"Content-Type": "application/json; charset=utf-8"}
TRACE = b"""SPARQL-QUERY: queryStr=CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }
java.util.concurrent.TimeoutException
\tat java.util.concurrent.FutureTask.get(FutureTask.java:205)
\tat com.bigdata.rdf.sail.webapp.BigdataServlet.submitApiTask(BigdataServlet.java:292)
\t... 39 more
"""
"""What Blazegraph writes into an answer when its time is over."""


def name_of(case: object) -> str:
    """Return what a case of a test is called: by the texts in it, which are the same in each run."""
    return case if isinstance(case, str) else ""


@contextmanager
def endpoint(*replies: Reply | Answering) -> Iterator[tuple[str, list[BaseHTTPRequestHandler]]]:
    """Run a server that gives these replies in turn, the last one ever after; give its address and what it was asked.

    Each request has its `form`, where one was posted.
    """
    seen: list[BaseHTTPRequestHandler] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            reply = replies[min(len(seen), len(replies) - 1)]
            seen.append(self)
            with suppress(OSError):  # whoever asked has gone
                if callable(reply):
                    reply(self)
                else:
                    send(self, *reply)

        do_POST = do_GET  # noqa: N815  # the name that http.server calls

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql", seen
    finally:
        server.shutdown()
        server.server_close()


def send(handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes) -> None:
    """Send one reply."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def trickle(start: bytes, drop: bytes, pause: float = 0.05) -> Answering:
    """Return what sends a beginning and then one drop after another, until nobody listens."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(start)
        while True:
            handler.wfile.write(drop)
            handler.wfile.flush()
            stopped.wait(pause)

    stopped = threading.Event()
    return answer


class Wikidata:
    """A small Wikidata on this machine: its search and its SPARQL endpoint, over triples that a test invents.

    `worst` are replies that come first, one for each request, whatever is asked. `asked` has each request's address
    and form.
    """

    def __init__(self, turtle: str, *worst: Reply | Answering) -> None:
        self.store = Store()
        self.store.load(f"{PREFIXES}{turtle}".encode(), format=RdfFormat.TURTLE)
        self.worst = list(worst)
        self.asked: list[str] = []
        self.agents: set[str] = set()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        form = str(getattr(handler, "form", ""))
        self.asked.append(handler.path + form)
        self.agents.add(handler.headers["User-Agent"])
        if self.worst:
            reply = self.worst.pop(0)
            reply(handler) if callable(reply) else send(handler, *reply)
            return
        path, _, query = handler.path.partition("?")
        said = dict(parse_qsl(query or form, keep_blank_values=True))
        if path == "/sparql":
            send(handler, *self._sparql(said["query"], handler.headers["Accept"]))
        else:
            send(handler, 200, JSON, json.dumps(self._search(said)).encode())

    def _sparql(self, query: str, accept: str) -> Reply:
        found = self.store.query(query)
        if isinstance(found, QueryTriples):
            return 200, {"Content-Type": "text/turtle"}, bytes(found.serialize(format=RdfFormat.TURTLE) or b"")
        form = QueryResultsFormat.JSON
        assert accept == "application/sparql-results+json"
        return 200, {"Content-Type": accept}, bytes(found.serialize(format=form) or b"")

    def _search(self, said: dict[str, str]) -> dict[str, Any]:
        """Return what Wikidata does: labels and aliases that begin so, or texts with all of the words."""
        assert (said["maxlag"], said["format"]) == ("5", "json")
        names = [(quad.subject.value, quad.object) for each in (LABEL, ALIAS) for quad in self._quads(each)]
        if said["action"] == "wbsearchentities":
            wanted = said["search"].lower()
            found = [
                iri
                for iri, name in names
                if name.language == said["language"] and name.value.lower().startswith(wanted)
            ]
            return {"search": [{"id": iri.rpartition("/")[2]} for iri in dict.fromkeys(found)]}
        words = set(said["srsearch"].split())
        found = [iri for iri, name in names if words <= set(name.value.lower().split())]
        return {"query": {"search": [{"title": iri.rpartition("/")[2]} for iri in dict.fromkeys(found)]}}

    def _quads(self, name: str) -> Any:
        return self.store.quads_for_pattern(None, NamedNode(name), None)


@contextmanager
def running(wikidata: Wikidata) -> Iterator[list[str]]:
    """Run a Wikidata; give the options that make a command ask it."""
    with endpoint(wikidata.answer) as (address, _):
        yield ["--endpoint", address, "--api", address.replace("/sparql", "/w/api.php")]
