"""Pages of entries are made by the workers: the same pages, under limits, and kept for the next reader."""

import asyncio
import errno
import gzip
import pickle
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pyoxigraph import RdfFormat, Store
from werkzeug.test import EnvironBuilder

from justicegraph.errors import CannotWrite, JusticeGraphError, LimitReached
from justicegraph.pool import Dataset, Job, Reply
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.project.snapshot import Snapshot, current_snapshot
from justicegraph.rdf.formats import HTML
from justicegraph.server import wsgi
from justicegraph.server.entity_jsonld import Entries
from justicegraph.server.entity_pages import EntityPage, PageFailed, Renderer, Rendering, entity_page_of
from justicegraph.server.log import Log
from justicegraph.server.metrics import Observer
from justicegraph.server.requests import MOST, Front, Running
from justicegraph.sparql.cache import Cache
from justicegraph.sparql.query import Query
from justicegraph.suggest.intake import Intake, IntakeLimits
from justicegraph.web import documents
from justicegraph.web.site import Served
from tests.support.pages import Page, Visitor, visitor
from tests.support.project import make_project
from tests.support.servers import Client, Server, started

pytestmark = pytest.mark.alone

PERSON = "/doc/invented-person"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
OWN = {"date", "server"}
"""Headers that the HTTP server adds."""


# Which requests ask for a page.


@pytest.mark.parametrize(
    ("path", "accept", "is_page"),
    [
        (PERSON, "", True), (PERSON, BROWSER, True), (PERSON, "text/html", True), (f"{PERSON}.html", "text/turtle", True),
        (PERSON, "application/ld+json", False), (PERSON, "text/turtle", False), (PERSON, "image/png", False),
        (f"{PERSON}.ttl", BROWSER, False), (f"{PERSON}.custody-1", BROWSER, False), ("/doc/", BROWSER, False),
        ("/doc/../query", BROWSER, False), ("/doc/Invented", BROWSER, False), ("/id/invented-person", BROWSER, False),
        ("/", BROWSER, False), (PERSON, f"text/html{';q=1' * 300}", True),
    ],
)  # fmt: skip
def test_page_is_asked_for_by_path_and_accept(path: str, accept: str, is_page: bool) -> None:
    assert (entity_page_of(path, "", accept, "", "") is not None) == is_page


def test_what_the_reader_takes_is_part_of_the_question() -> None:
    asked = [
        entity_page_of(PERSON, query, BROWSER, tongues, codings)
        for query, tongues, codings in (("", "es-MX", ""), ("lang=es", "", ""), ("", "", "gzip, zstd"), ("", "", "br"))
    ]
    assert len({pickle.dumps(each) for each in asked}) == 4
    assert entity_page_of(PERSON, "", BROWSER, "es-MX", "") == entity_page_of(PERSON, "", "text/html", "es, en", "")


def test_of_the_query_a_page_is_told_its_language_only() -> None:
    plain, spanish = (entity_page_of(PERSON, query, BROWSER, "", "") for query in ("", "lang=es"))
    junk = "utm_source=x&" + "a&" * 30_000
    for query in (junk, "lang=fr", "lang=", "xlang=es", "é=%ff", "lang=en2"):
        assert entity_page_of(PERSON, query, BROWSER, "", "") == plain
    for query in (f"{junk}lang=es", "lang=es&lang=en", "😀&lang=es"):
        assert entity_page_of(PERSON, query, BROWSER, "fr", "") == spanish


# What a worker makes.


@pytest.fixture(scope="module")
def quads(shared_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = load_folder(shared_project)
    store = store_of(project)
    reason(store, project.rules)
    path = tmp_path_factory.mktemp("rendering") / "all.nq"
    store.dump(str(path), RdfFormat.N_QUADS)
    return path


@pytest.fixture(scope="module")
def rendering(shared_project: Path, quads: Path) -> Rendering:
    return Rendering(Dataset((quads,)), Served.read(shared_project, max_age=60))


def question(path: str = PERSON, query: str = "", tongues: str = "", codings: str = "") -> EntityPage:
    found = entity_page_of(path, query, BROWSER, tongues, codings)
    assert found is not None
    return found


def test_source_travels_and_shares_what_every_page_needs(rendering: Rendering) -> None:
    loaded = pickle.loads(pickle.dumps(rendering)).load()
    with pytest.raises(AssertionError, match="a worker is asked"):
        loaded._run_query(Query("ASK {}"))
    reply = loaded.handler(2**20)(question(tongues="es"))
    (status, headers), body = reply.head, reply.read()
    assert (status, dict(headers)["content-language"]) == (200, "es")
    assert Page(body.decode()).headings[0] == "Invented Person"
    assert loaded.describe()["quads"] == len(loaded._graph.store)


def test_store_on_disk_is_opened_by_the_worker(rendering: Rendering, quads: Path, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    store.load(path=str(quads), format=RdfFormat.N_QUADS)
    store.flush()
    del store
    asked = question()
    on_disk = Rendering(Dataset((), tmp_path / "store"), rendering.served).load()
    assert on_disk.describe() == {"quads": 0}
    assert on_disk.handler(2**20)(asked).read() == rendering.load().handler(2**20)(asked).read()


def test_site_is_opened_anew_also_where_its_folder_has_gone(quads: Path, tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project")
    served = Served.read(folder)
    shutil.rmtree(folder)
    asked = Rendering(Dataset((quads,)), served).load().handler(2**20)(question())
    assert asked.head[0] == 200


def test_page_has_the_limit_of_an_answer(rendering: Rendering) -> None:
    with pytest.raises(LimitReached) as reached:
        rendering.load().handler(3_000)(question())
    assert reached.value.limit == "answer"


def test_fault_of_ours_is_told_with_its_trace(rendering: Rendering, monkeypatch: pytest.MonkeyPatch) -> None:
    run_query = rendering.load().handler(2**20)
    monkeypatch.setattr(documents, "entity_page", lambda _: 1 / 0)
    with pytest.raises(PageFailed) as failed:
        run_query(question())
    sent = pickle.loads(pickle.dumps(failed.value))
    assert ("ZeroDivisionError" in sent.trace, "ZeroDivisionError" in str(sent)) == (True, False)


def test_page_that_takes_too_much_memory_is_no_fault_of_ours(
    rendering: Rendering, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(_: str) -> str:
        raise MemoryError

    run_query = rendering.load().handler(2**20)
    monkeypatch.setattr(documents, "entity_page", too_much)
    with pytest.raises(MemoryError):
        run_query(question())


@pytest.mark.parametrize(
    ("refusal", "error"), [(OSError(28, "No space left on device"), CannotWrite), (OSError("a template"), PageFailed)]
)
def test_full_disk_is_told_as_such(
    refusal: OSError, error: type[JusticeGraphError], rendering: Rendering, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise refusal

    run_query = rendering.load().handler(2**20)
    monkeypatch.setattr(documents, "entity_page", refused)
    with pytest.raises(error):
        run_query(question())


def test_desk_travels_as_what_it_was_made_from(tmp_path: Path) -> None:
    intake = Intake(tmp_path, tmp_path / "suggestions.sqlite", IntakeLimits(waiting_days=3))
    sent = pickle.loads(pickle.dumps(intake))
    assert (sent.folder, sent.file, sent.limits) == (intake.folder, intake.file, intake.limits)


# What the server makes of it.


class Asked:
    """A pool that is asked for pages: what answers, and how often it was asked."""

    def __init__(self, made: Renderer | JusticeGraphError) -> None:
        self.times, self.client, self._made = 0, "", made
        self._ask = made.handler(2**20) if isinstance(made, Renderer) else None

    async def run(self, asked: Job, _left: object) -> Reply:
        self.times, self.client = self.times + 1, asked.client
        if self._ask is None:
            raise cast("JusticeGraphError", self._made)
        return self._ask(asked.payload)


class Heard:
    """A client, and what is said to it."""

    client_disconnect = None

    def __init__(self) -> None:
        self.status, self.headers, self.body = 0, dict[str, str](), b""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, {name.lower(): value for name, value in headers}, body


def hear(
    pool: Asked, site: Visitor, cache: Cache, log: BytesIO | None = None, method: str = "GET", tongue: str = "en"
) -> Heard:
    """Return what a reader hears of a page for which this pool is asked."""
    app = site.application
    running: Any = SimpleNamespace(
        pool=pool, cache=cache, app=app, entries=Entries(cast("Any", None), "invented", 60), endpoint=None
    )
    scope = SimpleNamespace(
        path=PERSON, method=method, query_string="", headers={"accept": BROWSER, "accept-language": tongue}, client="192.0.2.1:5",
        scheme="http", authority="", http_version="1.1",
    )  # fmt: skip
    front = Front(lambda: cast("Running", running), Observer(Log(file=log or BytesIO())), 0, 0)
    asyncio.run(front.answer(scope, heard := Heard()))
    return heard


@pytest.fixture(scope="module")
def site(shared_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return visitor(shared_project, tmp_path_factory.mktemp("site"))


def test_page_is_made_once_for_readers_who_take_the_same(rendering: Rendering, site: Visitor) -> None:
    pool, cache = Asked(rendering.load()), Cache(2**20)
    first, again = hear(pool, site, cache), hear(pool, site, cache)
    assert (first.status, first.body, first.headers) == (200, again.body, again.headers)
    assert pool.times == 1
    spanish = hear(pool, site, cache, tongue="es")
    assert (pool.times, spanish.headers["content-language"]) == (2, "es")


def test_full_disk_is_told_of_a_page_that_a_thread_makes(site: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(wsgi, "_whole", full)
    with pytest.raises(CannotWrite, match="cannot be kept"):
        wsgi.call(site.application, EnvironBuilder("/").get_environ())


def test_two_slashes_lead_nowhere(site: Visitor) -> None:
    answer = site.get("/doc//invented-person", headers={"Host": "stranger.example", "Accept": BROWSER})
    assert (answer.status_code, "Location" in answer.headers) == (404, False)


def test_head_says_what_get_would(rendering: Rendering, site: Visitor) -> None:
    pool, cache = Asked(rendering.load()), Cache(0)
    got, head = hear(pool, site, cache), hear(pool, site, cache, method="HEAD")
    assert (head.status, head.body, head.headers) == (200, b"", got.headers)
    assert int(head.headers["content-length"]) == len(got.body)


def test_page_that_takes_too_long_is_told_in_the_readers_language_and_kept_by_nobody(site: Visitor) -> None:
    cache = Cache(2**20)
    pool = Asked(LimitReached("time", "The query ran longer than 10 s: ask for less."))
    heard = hear(pool, site, cache, tongue="es")
    assert (heard.status, heard.headers["content-language"], cache.taken) == (503, "es", 0)
    assert heard.headers["content-type"] == HTML.media_type
    assert {"retry-after", "content-security-policy"} <= heard.headers.keys()
    assert "no pudo hacerse dentro de los límites" in Page(heard.body.decode()).text
    assert hear(pool, site, cache).headers["content-language"] == "en"


def test_fault_of_ours_is_logged_and_told_without_its_place(site: Visitor) -> None:
    failed = PageFailed("Something went wrong here, and it is ours to mend.")
    failed.trace = "Traceback: secret.py, line 1"
    heard = hear(Asked(failed), site, Cache(0), log := BytesIO())
    assert (heard.status, b"secret.py" in heard.body, b"secret.py" in log.getvalue()) == (500, False, True)
    assert "it is ours to mend" in Page(heard.body.decode()).text


# The same over HTTP.


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Visitor]]:
    place = tmp_path_factory.mktemp("served")
    folder = make_project(place / "project")
    with started(folder, "--max-age", "0", "--matchers", "0") as server:
        snapshot = cast("Snapshot", current_snapshot(folder / "build")).id
        yield (
            server,
            visitor(folder, place, suggestions=Intake(folder, place / "suggestions.sqlite"), snapshot=snapshot),
        )


@pytest.mark.parametrize("path", [PERSON, f"{PERSON}?lang=es", f"{PERSON}.html", "/doc/invented-cause", "/doc/nobody"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_worker_makes_the_page_that_the_application_makes(
    path: str, method: str, served: tuple[Server, Visitor]
) -> None:
    server, site = served
    with Client(server.port) as client:
        said = client.get(path, method, Accept=BROWSER)
    own = site.open(path, method=method)
    assert (said.status, said.body.decode()) == (own.status_code, own.text)
    others = {name: value for name, value in said.headers.items() if name not in OWN}
    assert others == {name.lower(): value for name, value in own.headers.items()}


def test_renamed_entry_leads_on_and_codings_are_kept(served: tuple[Server, Visitor]) -> None:
    server, _ = served
    with Client(server.port) as client:
        moved = client.get("/doc/invented-misspelt", Accept=BROWSER)
        assert (moved.status, moved.headers["location"]) == (308, "/doc/invented-group")
        plain = client.get(PERSON, Accept=BROWSER)
        packed = client.get(PERSON, Accept=BROWSER, Accept_Encoding="gzip")
        assert (packed.headers["content-encoding"], gzip.decompress(packed.body)) == ("gzip", plain.body)


@pytest.mark.parametrize("path", ["/doc/nobody", "/doc/nobody.html"])
@pytest.mark.parametrize("accept", ["*/*", "application/json"])
def test_who_reads_no_pages_is_told_of_an_error_in_a_document(
    path: str, accept: str, served: tuple[Server, Visitor]
) -> None:
    server, _ = served
    with Client(server.port) as client:
        assert client.get(path, Accept=accept).problem["status"] == 404


@pytest.mark.parametrize("path", [PERSON, "/browse", "/"])
def test_address_may_have_letters_that_are_not_encoded(path: str, served: tuple[Server, Visitor]) -> None:
    server, _ = served
    with Client(server.port) as client:
        client.say(f"GET {path}?q=cárcel😀&lang=es HTTP/1.1\r\nHost: x.example\r\nAccept: text/html\r\n\r\n".encode())
        said = client.hear()
    assert (said.status, said.headers["content-language"]) == (200, "es")


@pytest.mark.parametrize(
    ("one", "other", "header"),
    [
        ("Accept: text/html;q=0.1", "Accept: text/turtle", ("content-type", "text/turtle; charset=utf-8")),
        ("Accept-Language: fr", "Accept-Language: es", ("content-language", "es")),
        ("Accept-Encoding: br", "Accept-Encoding: gzip", ("content-encoding", "gzip")),
    ],
)  # fmt: skip
def test_header_on_several_lines_is_one(
    one: str, other: str, header: tuple[str, str], served: tuple[Server, Visitor]
) -> None:
    server, _ = served
    with Client(server.port) as client:
        client.say(f"GET {PERSON} HTTP/1.1\r\nHost: x.example\r\n{one}\r\n{other}\r\n\r\n".encode())
        said = client.hear()
    assert (said.status, said.headers.get(header[0])) == (200, header[1])


def test_slow_pages_of_one_client_have_a_limit(rendering: Rendering, site: Visitor) -> None:
    pool, cache = Asked(rendering.load()), Cache(2**20)
    hear(pool, site, cache)
    assert (pool.client, hear(pool, site, cache).status, pool.times) == ("192.0.2.1", 200, 1)


def test_long_headers_are_read_outside_the_loop(rendering: Rendering, site: Visitor) -> None:
    pool = Asked(rendering.load())
    heard = hear(pool, site, Cache(2**20), tongue="es," + "x," * MOST)
    assert (pool.times, heard.status, heard.headers["content-language"]) == (0, 200, "es")


def test_no_query_is_taken_for_a_page(served: tuple[Server, Visitor]) -> None:
    server, _ = served
    body = b"SELECT * { ?page ?language ?x }"
    with Client(server.port) as client:
        client.say(
            b"POST /sparql HTTP/1.1\r\nHost: x.example\r\nAccept: text/html\r\nContent-Type: application/sparql-query\r\n"
            + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
        )  # fmt: skip
        assert client.hear().status == 406
