"""Pages are made by workers: the same pages, under limits, and cached for the next reader."""

import asyncio
import errno
import gzip
import pickle
import shutil
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pyoxigraph import RdfFormat, Store

from justicegraph.errors import CannotWrite, JusticeGraphError, LimitReached
from justicegraph.jsonld import PROFILE
from justicegraph.pool import Dataset, Job, Reply
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.project.snapshot import Snapshot, current_snapshot
from justicegraph.rdf.formats import HTML
from justicegraph.server import page_requests, wsgi
from justicegraph.server.current import Current
from justicegraph.server.log import Log
from justicegraph.server.metrics import Observer
from justicegraph.server.page_requests import (
    MAX_CACHED_QUERY,
    PageHead,
    PageRequest,
    key_of_page,
    may_be_shared,
    request_headers,
    shared_page,
)
from justicegraph.server.requests import Requests
from justicegraph.server.site_source import LoadedSite, PageFailed, SiteSource
from justicegraph.server.sparql_requests import MAX_HEADER_CHARS
from justicegraph.sparql.cache import Cache
from justicegraph.sparql.query import Query
from justicegraph.suggest.intake import Intake, IntakeLimits
from justicegraph.web import documents
from justicegraph.web.site import Served
from tests.support.pages import Page, Visitor, visitor
from tests.support.project import make_project
from tests.support.servers import Client, Server, started

pytestmark = pytest.mark.quiet

PERSON = "/doc/invented-person"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
OWN = {"date", "server"}
"""Headers that the HTTP server adds."""


# Which pages are shared by readers.


def shared(path: str = PERSON, query: str = "", accept: str = BROWSER, tongues: str = "", codings: str = "") -> Any:
    return shared_page(path, query, {"accept": accept, "accept-language": tongues, "accept-encoding": codings})


@pytest.mark.parametrize(
    ("path", "accept", "form"),
    [
        (PERSON, "", "text/html"), (PERSON, BROWSER, "text/html"), (PERSON, "text/html", "text/html"),
        (f"{PERSON}.html", "text/turtle", "text/html"), (PERSON, "text/turtle", "text/turtle"),
        (f"{PERSON}.ttl", BROWSER, "text/turtle"), (PERSON, "application/ld+json", "application/ld+json"),
        (f"{PERSON}.jsonld", f'application/ld+json;profile="{PROFILE}expanded"', "application/ld+json"),
        (PERSON, f"text/html{';q=1' * 300}", "text/html"), ("/", "image/png", "text/html"), ("/browse", "", "text/html"),
        ("/browse/Person.csv", BROWSER, "text/html"), ("/ontology", "text/turtle", "text/turtle"),
        ("/terms.nt", BROWSER, "application/n-triples"), ("/context/v1", "", "text/html"), ("/problems", "", "text/html"),
    ],
)  # fmt: skip
def test_page_is_shared_by_its_path_and_its_form(path: str, accept: str, form: str) -> None:
    assert dict(shared(path, accept=accept).headers)["accept"].startswith(form)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (f"{PERSON}.custody-1", ""), ("/doc/", ""), ("/doc/../query", ""), ("/doc/Invented", ""),
        ("/id/invented-person", ""), ("/query", ""), ("/query", "query=ASK%7B%7D"), ("/browse", "q=a"),
        ("/browse/Person", "sort=name&q=a"), ("/complete", "q=a"), ("/data/", ""), ("/data/justicegraph.nq", ""),
        ("/data/releases.atom", ""), ("/graph-store", "default"), ("/.well-known/void", ""), ("/robots.txt", ""),
        ("/sitemap.xml", ""), ("/reconcile", ""), ("/reconcile/help", ""), ("/suggest", ""), ("/docs/", ""),
        ("/suggest/new/Person", ""), ("/suggest/receipt/x", ""), ("/static/style.css", ""), ("/browse/a/b", ""),
        ("/browse", f"kind={'a' * MAX_CACHED_QUERY}"),
    ],
)  # fmt: skip
def test_page_is_not_shared(path: str, query: str) -> None:
    assert shared(path, query) is None


@pytest.mark.parametrize("name", ["if-none-match", "if-modified-since", "if-range", "range"])
def test_response_to_a_condition_is_not_shared(name: str) -> None:
    assert shared_page(PERSON, "", {name: "x"}) is None
    assert shared(PERSON, accept="image/png") is None


def test_what_the_reader_takes_is_part_of_the_page() -> None:
    pages = [
        shared(query=query, tongues=tongues, codings=codings)
        for query, tongues, codings in (("", "es-MX", ""), ("lang=es", "", ""), ("", "", "gzip, zstd"), ("", "", "br"))
    ]
    assert len({key_of_page(page) for page in pages}) == len({pickle.dumps(page) for page in pages}) == 4
    assert shared(tongues="es-MX") == shared(accept="text/html", tongues="es, en")


def test_of_the_query_a_page_gets_only_what_it_reads() -> None:
    junk = "utm_source=x&" + "a&" * 300
    for query in (junk, "lang=fr", "lang=", "xlang=es", "é=%ff", "lang=en2", "kind=Person", "&&=&"):
        assert shared(query=query) == shared()
    for query in (f"{junk}lang=es", "lang=es&lang=en", "😀&lang=es"):
        assert shared(query=query, tongues="fr") == shared(query="lang=es")
    assert (
        shared("/browse", f"{junk}page=2&kind=Person&kind=Cause&lang=es&x").query
        == "page=2&kind=Person&kind=Cause&lang=es"
    )


def test_page_is_made_anew_the_next_day(monkeypatch: pytest.MonkeyPatch) -> None:
    today = key_of_page(shared())
    monkeypatch.setattr(page_requests, "date", SimpleNamespace(today=lambda: date(2001, 2, 3)))
    assert key_of_page(shared()) != today


@pytest.mark.parametrize(
    ("status", "rules", "limit", "may_be"),
    [
        (200, "", "", True), (200, "public, max-age=60", "", True), (200, "no-cache", "", True), (404, "", "", False),
        (303, "", "", False), (200, "no-store", "", False), (200, "private, no-cache", "", False), (200, "", "time", False),
    ],
)  # fmt: skip
def test_only_whole_pages_for_everybody_are_cached(status: int, rules: str, limit: str, may_be: bool) -> None:
    assert may_be_shared(PageHead(status, [("cache-control", rules)], limit)) == may_be


def test_request_carries_only_the_headers_that_pages_read() -> None:
    scope = SimpleNamespace(
        method="GET", path="/", query_string="", scheme="http", authority="", client="192.0.2.1:5",
        headers=[("cookie", "secret"), ("accept", "a/b"), ("accept", "c/d"), ("authorization", "secret"), ("host", "h")],
    )  # fmt: skip
    assert request_headers(SimpleNamespace(headers=dict_of(scope.headers))) == {"accept": "a/b, c/d"}


def dict_of(lines: list[tuple[str, str]]) -> Any:
    """Return headers as the HTTP server gives them."""
    return SimpleNamespace(items=lambda: lines)


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
def source(shared_project: Path, quads: Path) -> SiteSource:
    return SiteSource(Dataset((quads,)), Served.read(shared_project, max_age=60))


def page_of(path: str = PERSON, tongues: str = "", method: str = "GET", **more: Any) -> PageRequest:
    return PageRequest(method, path, headers=(("accept", BROWSER), ("accept-language", tongues)), **more)


def test_source_travels_and_shares_what_every_page_needs(source: SiteSource) -> None:
    loaded = pickle.loads(pickle.dumps(source)).load()
    with pytest.raises(AssertionError, match="only a worker"):
        loaded._run_query(Query("ASK {}"))
    reply = loaded.handler(2**20)(page_of(tongues="es"))
    status, headers, body = reply.head.status, reply.head.headers, reply.read()
    assert (status, dict(headers)["content-language"]) == (200, "es")
    assert Page(body.decode()).headings[0] == "Invented Person"
    assert loaded.describe()["quads"] == len(loaded._graph.store)


def test_store_on_disk_is_opened_by_the_worker(source: SiteSource, quads: Path, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    store.load(path=str(quads), format=RdfFormat.N_QUADS)
    store.flush()
    del store
    asked = page_of()
    on_disk = SiteSource(Dataset((), tmp_path / "store"), source.served).load()
    assert on_disk.describe() == {"quads": 0}
    assert on_disk.handler(2**20)(asked).read() == source.load().handler(2**20)(asked).read()


def test_site_is_opened_anew_also_where_its_folder_has_gone(quads: Path, tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project")
    served = Served.read(folder)
    shutil.rmtree(folder)
    asked = SiteSource(Dataset((quads,)), served).load().handler(2**20)(page_of())
    assert asked.head.status == 200


def test_page_and_its_queries_have_the_limit_of_an_answer(source: SiteSource) -> None:
    reply = source.load().handler(3_000)(page_of())
    assert (reply.head.status, reply.head.limit) == (503, "answer")
    assert "could not be made within the limits" in Page(reply.read().decode()).text
    with pytest.raises(LimitReached) as reached:
        source.load().handler(3_000)(page_of("/problems"))
    assert reached.value.limit == "answer"


def test_fault_of_ours_is_told_with_its_trace(source: SiteSource, monkeypatch: pytest.MonkeyPatch) -> None:
    run_query = source.load().handler(2**20)
    monkeypatch.setattr(documents, "entity_page", lambda _: 1 / 0)
    with pytest.raises(PageFailed) as failed:
        run_query(page_of())
    sent = pickle.loads(pickle.dumps(failed.value))
    assert ("ZeroDivisionError" in sent.trace, "ZeroDivisionError" in str(sent)) == (True, False)


def test_page_that_takes_too_much_memory_is_no_fault_of_ours(
    source: SiteSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(_: str) -> str:
        raise MemoryError

    run_query = source.load().handler(2**20)
    monkeypatch.setattr(documents, "entity_page", too_much)
    with pytest.raises(MemoryError):
        run_query(page_of())


@pytest.mark.parametrize(
    ("refusal", "error"), [(OSError(28, "No space left on device"), CannotWrite), (OSError("a template"), PageFailed)]
)
def test_full_disk_is_told_as_such(
    refusal: OSError, error: type[JusticeGraphError], source: SiteSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise refusal

    run_query = source.load().handler(2**20)
    monkeypatch.setattr(documents, "entity_page", refused)
    with pytest.raises(error):
        run_query(page_of())


def test_desk_travels_as_what_it_was_made_from(tmp_path: Path) -> None:
    intake = Intake(tmp_path, tmp_path / "suggestions.sqlite", IntakeLimits(waiting_days=3))
    sent = pickle.loads(pickle.dumps(intake))
    assert (sent.folder, sent.file, sent.limits) == (intake.folder, intake.file, intake.limits)


# What the server makes of it.


class Asked:
    """A pool that is asked for pages: what answers, and how often it was asked."""

    def __init__(self, made: LoadedSite | JusticeGraphError) -> None:
        self.times, self.client, self._made = 0, "", made
        self._ask = made.handler(2**20) if isinstance(made, LoadedSite) else None

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
    pool: Asked,
    site: Visitor,
    cache: Cache,
    log: BytesIO | None = None,
    method: str = "GET",
    tongue: str = "en",
    path: str = PERSON,
    query: str = "",
) -> Heard:
    """Return what a reader hears of a page for which this pool is asked."""
    current: Any = SimpleNamespace(pool=pool, cache=cache, app=site.application, snapshot="invented", max_age=60)
    scope = SimpleNamespace(
        path=path, method=method, query_string=query, headers={"accept": BROWSER, "accept-language": tongue}, client="192.0.2.1:5",
        scheme="http", authority="", http_version="1.1",
    )  # fmt: skip
    requests = Requests(lambda: cast("Current", current), Observer(Log(file=log or BytesIO())), 0)
    asyncio.run(requests.answer(scope, heard := Heard()))
    return heard


@pytest.fixture(scope="module")
def site(shared_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return visitor(shared_project, tmp_path_factory.mktemp("site"))


def test_page_is_made_once_for_readers_who_take_the_same(source: SiteSource, site: Visitor) -> None:
    pool, cache = Asked(source.load()), Cache(2**20)
    first, again = hear(pool, site, cache), hear(pool, site, cache)
    assert (first.status, first.body, first.headers) == (200, again.body, again.headers)
    assert pool.times == 1
    spanish = hear(pool, site, cache, tongue="es")
    assert (pool.times, spanish.headers["content-language"]) == (2, "es")


@pytest.mark.parametrize("path", ["/", PERSON, "/problems", "/ontology"])
def test_parameters_that_a_page_does_not_read_fill_no_cache(path: str, source: SiteSource, site: Visitor) -> None:
    pool, cache = Asked(source.load()), Cache(2**24)
    first = hear(pool, site, cache, path=path)
    taken = cache.used_bytes
    for number in range(20):
        other = hear(pool, site, cache, path=path, query=f"utm{number}={number}&page=2&x&lang=zz")
        assert (other.status, other.body) == (200, first.body)
    assert (pool.times, cache.used_bytes) == (1, taken)
    assert taken > len(first.body)


def test_disk_that_is_full_while_a_page_is_written_is_told(source: SiteSource, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(wsgi, "_whole", full)
    with pytest.raises(CannotWrite, match="cannot be stored"):
        source.load().handler(2**20)(page_of("/"))


def test_two_slashes_lead_nowhere(site: Visitor) -> None:
    answer = site.get("/doc//invented-person", headers={"Host": "stranger.example", "Accept": BROWSER})
    assert (answer.status_code, "Location" in answer.headers) == (404, False)


def test_head_says_what_get_would(source: SiteSource, site: Visitor) -> None:
    pool, cache = Asked(source.load()), Cache(0)
    got, head = hear(pool, site, cache), hear(pool, site, cache, method="HEAD")
    assert (head.status, head.body, head.headers) == (200, b"", got.headers)
    assert int(head.headers["content-length"]) == len(got.body)


def test_page_that_takes_too_long_is_told_in_the_readers_language_and_kept_by_nobody(site: Visitor) -> None:
    cache = Cache(2**20)
    pool = Asked(LimitReached("time", "The query ran longer than 10 s: ask for less."))
    heard = hear(pool, site, cache, tongue="es")
    assert (heard.status, heard.headers["content-language"], cache.used_bytes) == (503, "es", 0)
    assert heard.headers["content-type"] == HTML.media_type
    assert {"retry-after", "content-security-policy"} <= heard.headers.keys()
    assert "no pudo hacerse dentro de los límites" in Page(heard.body.decode()).text
    assert hear(pool, site, cache).headers["content-language"] == "en"


def test_fault_of_ours_is_logged_and_told_without_its_place(site: Visitor) -> None:
    failed = PageFailed("Something went wrong on our side. Please try again later.")
    failed.trace = "Traceback: secret.py, line 1"
    heard = hear(Asked(failed), site, Cache(0), log := BytesIO())
    assert (heard.status, b"secret.py" in heard.body, b"secret.py" in log.getvalue()) == (500, False, True)
    assert "went wrong on our side" in Page(heard.body.decode()).text


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


def test_slow_pages_of_one_client_have_a_limit(source: SiteSource, site: Visitor) -> None:
    pool, cache = Asked(source.load()), Cache(2**20)
    hear(pool, site, cache)
    assert (pool.client, hear(pool, site, cache).status, pool.times) == ("192.0.2.1", 200, 1)


def test_long_headers_are_read_by_a_worker_and_their_page_is_not_cached(source: SiteSource, site: Visitor) -> None:
    pool, cache = Asked(source.load()), Cache(2**20)
    heard = hear(pool, site, cache, tongue="es," + "x," * MAX_HEADER_CHARS)
    assert (pool.times, heard.status, heard.headers["content-language"], cache.used_bytes) == (1, 200, "es", 0)


def test_error_of_a_request_with_long_headers_is_told_without_reading_them(site: Visitor) -> None:
    heard = hear(Asked(LimitReached("time", "Too long.")), site, Cache(0), tongue="es," + "x," * MAX_HEADER_CHARS)
    assert (heard.status, heard.headers["content-language"]) == (503, "en")


def test_no_query_is_taken_for_a_page(served: tuple[Server, Visitor]) -> None:
    server, _ = served
    body = b"SELECT * { ?page ?language ?x }"
    with Client(server.port) as client:
        client.say(
            b"POST /sparql HTTP/1.1\r\nHost: x.example\r\nAccept: text/html\r\nContent-Type: application/sparql-query\r\n"
            + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
        )  # fmt: skip
        assert client.hear().status == 406
