"""An entry's documents: with and without Flask they are the same, and every id once published answers."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from werkzeug.test import Client as Caller

from justicegraph.build import build_snapshot
from justicegraph.errors import LimitReached
from justicegraph.jsonld import FORMS, PROFILE
from justicegraph.namespaces import ID, LICENCE
from justicegraph.project.folder import load_folder
from justicegraph.project.removal import remove
from justicegraph.project.snapshot import Snapshot
from justicegraph.server.current import Current
from justicegraph.server.log import Log
from justicegraph.server.metrics import Observer
from justicegraph.server.requests import Requests
from justicegraph.sparql.cache import Cache
from justicegraph.web.negotiation import wanted_form
from tests.support.project import INVENTED, app_of_snapshot, make_project, write_entity
from tests.support.servers import Client, Response, Server, request, started

pytestmark = pytest.mark.quiet

JSONLD = "application/ld+json"
ENTRY = "/doc/invented-person"
SAID = ("etag", "link", "vary", "content-location", "content-type", "access-control-allow-origin")
REMOVED = INVENTED["organizations/invented-group"].replace("invented-group", "invented-leaver")


def profiled(profile: str, accept: str = JSONLD) -> str:
    return f'{accept};profile="{PROFILE}{profile}"'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project from which an entry was removed on request."""
    folder = make_project(tmp_path_factory.mktemp("entries") / "project")
    write_entity(folder, "organizations/invented-leaver", REMOVED)
    remove(load_folder(folder), "invented-leaver")
    return folder


@pytest.fixture(scope="module")
def snapshot(served: Path) -> Snapshot:
    return build_snapshot(served, served / "build")


@pytest.fixture(scope="module")
def server(served: Path, snapshot: Snapshot) -> Iterator[Server]:
    with started(served, "--build-dir", str(snapshot.path.parent)) as made:
        yield made


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[Client]:
    with Client(server.port) as made:
        yield made


@pytest.fixture(scope="module")
def flask(served: Path, snapshot: Snapshot) -> Caller:
    return Caller(app_of_snapshot(snapshot, served))


def in_flask(flask: Caller, target: str, method: str = "GET", **headers: str) -> Response:
    """Return Flask's answer, in the form of a server's."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    found = flask.open(target, method=method, headers=said, buffered=True)
    return Response(found.status_code, {name.lower(): value for name, value in found.headers}, found.data)


# One document, whoever answers.


@pytest.mark.parametrize(
    ("target", "accept"),
    [
        (f"{ENTRY}.jsonld", ""),
        (f"{ENTRY}.jsonld", "text/html"),
        (ENTRY, JSONLD),
        (ENTRY, "application/json"),
        (ENTRY, f"text/turtle;q=0.5, {JSONLD}"),
        *((ENTRY, profiled(form)) for form in FORMS),
        ("/doc/invented-group", JSONLD),
    ],
)
def test_document_is_the_same_with_and_without_flask(target: str, accept: str, client: Client, flask: Caller) -> None:
    fast, slow = client.get(target, Accept=accept), in_flask(flask, target, Accept=accept)
    assert (fast.status, fast.body) == (slow.status, slow.body)
    assert [fast.headers[name] for name in SAID] == [slow.headers[name] for name in SAID]


@pytest.mark.parametrize("target", [ENTRY, f"{ENTRY}.jsonld"])
@pytest.mark.parametrize("form", FORMS)
def test_profile_asks_for_a_form(form: str, target: str, client: Client) -> None:
    answer = client.get(target, Accept=profiled(form))
    said = json.loads(answer.body)
    looks = "expanded" if isinstance(said, list) else "flattened" if "@graph" in said else "framed"
    assert looks == ("framed" if form == "compacted" else form)
    assert answer.headers["content-type"] == profiled(form)


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (JSONLD, ""),
        (profiled("expanded"), "expanded"),
        (profiled("expanded").replace('"', ""), "expanded"),
        (profiled("flattened", "Application/LD+JSON ;charset=utf-8"), "flattened"),
        (f'{JSONLD}; PROFILE = "https://invented.example/p {PROFILE}flattened {PROFILE}expanded"', "flattened"),
        (f'{JSONLD};profile="https://invented.example/p"', ""),
        (f'{JSONLD};profile="{PROFILE}streaming"', ""),
        (f'{JSONLD};profile=""', ""),
        (f"{JSONLD}, {profiled('expanded')}", "expanded"),
        (f"{profiled('expanded')};q=0.5, {profiled('flattened')};q=0.7", "flattened"),
        (f"{profiled('expanded')};q=0.1, {JSONLD}", ""),
        (f"{profiled('expanded')};q=0", ""),
        (profiled("expanded", "text/turtle"), ""),
        (profiled("expanded", "application/ld+jsonx"), ""),
        (f"{JSONLD};notprofile={PROFILE}expanded", ""),
        (f'text/html;a=",", {profiled("expanded")}', "expanded"),
        ("", ""),
        (f"{JSONLD};" * 12_000 + f",{profiled('expanded')}", "expanded"),
        (f',{JSONLD};\\"' * 12_000, ""),
    ],
)
def test_form_is_that_of_the_best_range_with_a_profile_of_ours(accept: str, form: str) -> None:
    assert wanted_form(accept) == form


# What a client and what lies between may keep.


@pytest.mark.parametrize("suffix", [".jsonld", ".ttl", ".nt", ".rdf"])
def test_document_that_a_client_has_is_not_sent_again(suffix: str, client: Client, flask: Caller) -> None:
    first = client.get(ENTRY + suffix)
    tag = first.headers["etag"]
    for method in ("GET", "HEAD"):
        for answer in (
            client.get(ENTRY + suffix, method, If_None_Match=f'"other", {tag}'),
            in_flask(flask, ENTRY + suffix, method, If_None_Match=tag.removeprefix("W/")),
        ):
            assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", tag)
            assert answer.headers["vary"] == "Accept"
    assert client.get(ENTRY + suffix, If_None_Match='"other"').status == 200
    assert first.headers["cache-control"] == "public, max-age=60"


def test_each_form_has_a_tag_of_its_own_and_a_page_has_none(client: Client) -> None:
    accepted = ["text/turtle", "application/rdf+xml", "application/n-triples", JSONLD, *map(profiled, FORMS)]
    assert len({client.get(ENTRY, Accept=accept).headers["etag"] for accept in accepted}) == len(accepted)
    page = client.get(ENTRY, Accept="text/html")
    assert ("etag" in page.headers, page.headers["cache-control"]) == (False, "public, max-age=60")


@pytest.mark.parametrize("target", [ENTRY, f"{ENTRY}.jsonld", f"{ENTRY}.ttl", "/doc/nobody", "/doc/invented-leaver"])
@pytest.mark.parametrize("accept", [JSONLD, profiled("framed"), profiled("expanded"), "text/turtle", "text/html", ""])
def test_vary_and_the_other_headers_come_once_and_head_has_those_of_get(
    target: str, accept: str, server: Server
) -> None:
    (get, _), (head, body) = (head_and_body(server, target, method, accept) for method in ("GET", "HEAD"))
    names = [line.partition(b":")[0] for line in get]
    assert len(names) == len(set(names))
    assert any(line.startswith(b"vary: accept") for line in get)
    assert (head, body) == (get, b"")


def head_and_body(server: Server, target: str, method: str, accept: str) -> tuple[list[bytes], bytes]:
    """Return the lines of an answer's head, all but the date, in small letters, and its body."""
    with Client(server.port) as client:
        client.say(request(target, method, Accept=accept, Connection="close"))
        head, _, body = client.rest().partition(b"\r\n\r\n")
    return [line for line in head.lower().split(b"\r\n") if not line.startswith(b"date:")], body


def test_document_comes_from_the_cache_the_second_time(server: Server, client: Client) -> None:
    first = client.get("/doc/free-invented-person.jsonld")
    before = server.metrics()
    assert client.get("/doc/free-invented-person.jsonld").body == first.body
    after = server.metrics()
    changed = {name: after[name] - before[name] for name in ("cache_hits_total", "cache_misses_total")}
    assert changed == {"cache_hits_total": 1, "cache_misses_total": 0}


# Where else to go.


@pytest.mark.parametrize("accept", [JSONLD, "text/turtle", "text/html"])
def test_document_says_what_it_is_and_where_its_forms_are(accept: str, client: Client) -> None:
    link = client.get(ENTRY, Accept=accept).headers["link"]
    kinds = {"jsonld": JSONLD, "ttl": "text/turtle", "nt": "application/n-triples", "rdf": "application/rdf+xml"}
    assert link.split(", ") == [
        f'<{ID}invented-person>; rel="cite-as"',
        f'<{LICENCE}>; rel="license"',
        '<https://schema.org/AboutPage>; rel="type"',
        *(f'<{ENTRY}.{name}>; rel="describedby"; type="{kind}"' for name, kind in kinds.items()),
    ]


@pytest.mark.parametrize(
    ("target", "status", "location"),
    [
        ("/doc/invented-misspelt", 308, "/doc/invented-group"),
        ("/doc/invented-misspelt.jsonld", 308, "/doc/invented-group.jsonld"),
        ("/doc/invented-leaver", 410, None),
        ("/doc/invented-leaver.jsonld", 410, None),
        ("/doc/nobody.jsonld", 404, None),
        ("/doc/invented-person.custody-1", 404, None),
        ("/id/invented-person", 303, "/doc/invented-person"),
        ("/id/invented-person.custody-1", 303, "/doc/invented-person#invented-person.custody-1"),
        ("/id/invented-person.status", 303, "/doc/invented-person#invented-person.status"),
        ("/id/invented-person.custody-99", 308, "/id/invented-person"),
        ("/id/invented-group.status", 308, "/id/invented-group"),
        ("/id/invented-misspelt.former-name-1", 308, "/id/invented-group"),
        ("/id/nobody.custody-1", 404, None),
        ("/id/nobody.status", 404, None),
        ("/id/invented-leaver.former-name-1", 410, None),
        ("/id/invented-leaver.status", 410, None),
        ("/id/invented-person.custody-0", 404, None),
        ("/id/invented-person.", 404, None),
    ],
)
def test_address_answers_wherever_its_entry_has_gone(
    target: str, status: int, location: str | None, client: Client, flask: Caller
) -> None:
    for method in ("GET", "HEAD"):
        for answer in (client.get(target, method, Accept=JSONLD), in_flask(flask, target, method, Accept=JSONLD)):
            assert (answer.status, answer.headers.get("location")) == (status, location)


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "..%2f..", ".jsonld", "a.jsonld.jsonld", "invented-person.jsonld.", "invented-person.JSONLD",
     "invented-person%0A", "%00", "invented-person%00.jsonld", "%FF", "%F0%9F%92%A9.jsonld", "a%3Eb", "-", "a" * 10_000,
     "a" * 10_000 + ".jsonld", "a-" * 5_000 + ".", "." * 10_000, "invented-person/x"],
)  # fmt: skip
def test_odd_name_is_not_found(name: str, server: Server) -> None:
    for place in ("doc", "id"):
        with Client(server.port) as client:
            answer = client.get(f"/{place}/{name}", Accept=JSONLD)
        assert answer.status in {404, 406}
        assert answer.problem["status"] == answer.status


def test_server_did_not_fail(server: Server) -> None:
    assert not [name for name in server.metrics() if 'status="500"' in name or "failure" in name]


# What goes wrong on the way.


class Listening:
    """A client that hears what is said to it."""

    def __init__(self) -> None:
        self.status, self.headers, self.body = 0, dict[str, str](), b""

    async def client_disconnect(self) -> None:
        await asyncio.sleep(60)

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, dict(headers), body


class Slow:
    """A pool that takes too long for any question."""

    async def run(self, *_: object) -> None:
        raise LimitReached("time", "The query ran longer than 10 seconds: ask for less.")


def hear(method: str, cache: Cache) -> Listening:
    """Return what is said of an entry that takes too long."""
    current: Any = SimpleNamespace(cache=cache, pool=Slow(), app=None, snapshot="invented", max_age=60)
    scope = SimpleNamespace(
        path=f"{ENTRY}.jsonld", method=method, query_string="", headers={}, client="192.0.2.1:5", scheme="http",
        authority="",
    )  # fmt: skip
    requests = Requests(lambda: cast("Current", current), Observer(Log()), 0)
    asyncio.run(requests.answer(scope, heard := Listening()))
    return heard


def test_document_that_takes_too_long_is_a_problem_which_nobody_keeps() -> None:
    cache = Cache(2**20)
    heard = hear("GET", cache)
    assert (heard.status, heard.headers["Content-Type"]) == (503, "application/problem+json")
    assert json.loads(heard.body)["limit"] == "time"
    assert (heard.headers["Cache-Control"], "ETag" in heard.headers, cache.used_bytes) == ("no-store", False, 0)
    assert "Retry-After" in heard.headers
    head = hear("HEAD", cache)
    assert (head.status, head.body) == (503, b"")
