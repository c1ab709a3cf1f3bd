"""Other servers are asked with patience and suspicion: one deadline, waits as told, answers checked."""

import threading
import time
from email.utils import formatdate
from typing import Any

import pytest

from justicegraph.errors import BadQuery, JusticeGraphError, RemoteFailed
from justicegraph.rdf.formats import GRAPHS, SOLUTIONS, named_format
from justicegraph.remote import AGENT, Client, Trouble, agent_of, remote_store
from justicegraph.sparql.query import Query
from tests.support.wikidata import JSON, TRACE, Answering, Reply, endpoint, name_of, trickle

pytestmark = pytest.mark.alone

RESULT = b'{"head":{},"boolean":true}'
KIND = "application/sparql-results+json"
OK: Reply = (200, {"Content-Type": KIND}, RESULT)
ASK = Query("ASK {}", SOLUTIONS[0])
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
TRICKLES = [
    pytest.param(HEAD + b"\r\n", b" ", id="body"),
    pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", id="chunks"),
    pytest.param(HEAD + b"X-Slow: ", b"x", id="header"),
    pytest.param(b"HTTP/1.1 200 ", b"O", id="status"),
    pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", id="continue"),
]


def test_answer_is_handed_on_whole_and_we_say_who_we_are() -> None:
    with endpoint((200, {"Content-Type": f"{KIND}; charset=utf-8"}, RESULT)) as (address, seen):
        assert remote_store(address)(ASK).read() == RESULT
    assert seen[0].headers["User-Agent"] == AGENT
    assert seen[0].headers["Accept"] == KIND
    assert seen[0].headers["Accept-Encoding"] == "identity"


def test_long_query_is_posted() -> None:
    with endpoint(OK) as (address, seen):
        remote_store(address)(Query("ASK {}" + " " * 3000, SOLUTIONS[0])).read()
    assert seen[0].command == "POST"


def test_busy_server_is_given_the_time_it_asks_for() -> None:
    waits: list[float] = []
    soon = formatdate(time.time() + 20, usegmt=True)
    busy = [(429, {"Retry-After": "3"}, b""), (503, {"Retry-After": "0"}, b""), (429, {"Retry-After": soon}, b"")]
    with endpoint(*busy, OK) as (address, _):
        assert remote_store(address, sleep=waits.append)(ASK).read() == RESULT
    assert (waits[:2], 15 < waits[2] <= 20) == ([3.0, 1.0], True)


@pytest.mark.parametrize("said", [{}, {"Retry-After": "soon"}, {"Retry-After": "-5"}, {"Retry-After": "\xb2"}])
def test_busy_server_that_does_not_say_is_left_alone_longer_and_longer(said: dict[str, str]) -> None:
    waits: list[float] = []
    with endpoint(*[(503, said, b"")] * 6, OK) as (address, _):
        remote_store(address, 1000, waits.append)(ASK).read()
    assert waits == [4, 8, 16, 32, 64, 64]


def test_waiting_ends_before_the_deadline() -> None:
    now = [0.0]
    with endpoint((503, {}, b"")) as (address, seen), pytest.raises(RemoteFailed, match="answered 503"):
        Client(60, lambda seconds: now.append(now[-1] + seconds), lambda: now[-1]).get(address)
    assert (now, len(seen)) == ([0, 4, 12, 28], 4)


@pytest.mark.parametrize(
    ("reply", "error", "said"),
    [
        ((429, {"Retry-After": "3600"}, b""), RemoteFailed, "answered 429 .* asks to wait 3600 seconds"),
        ((429, {"Retry-After": "Fri, 31 Dec 2199 23:59:59 GMT"}, b""), RemoteFailed, "asks to wait [0-9]{10} seconds"),
        ((404, {}, b""), RemoteFailed, "answered 404"),
        ((500, {}, b"oh"), RemoteFailed, "answered 500 .* It says: oh"),
        ((400, {}, b"line 1: what is SELEC?"), BadQuery, "refused the query: line 1: what is SELEC"),
        ((400, {}, b"\x1b[31mred\r\n"), BadQuery, "refused the query: \\[31mred"),
        ((200, {"Content-Type": "text/html"}, b"<p>Welcome"), RemoteFailed, 'sent "text/html" where an answer'),
        ((200, {"Content-Type": KIND, "Content-Length": "99"}, RESULT), RemoteFailed, "broke off after 26 of 99 bytes"),
        ((200, {"Content-Type": KIND}, RESULT[:9]), RemoteFailed, "broke off within its answer"),
        ((200, {"Content-Type": KIND}, b""), RemoteFailed, "broke off within its answer"),
        ((200, {"Content-Type": KIND}, RESULT[:9] + TRACE), RemoteFailed, "broke off within its answer"),
        ((200, {"Content-Type": KIND, "Content-Encoding": "gzip"}, RESULT), RemoteFailed, 'sent its answer as "gzip"'),
        ((302, {"Location": "file:///etc/passwd"}, b""), RemoteFailed, "has moved: ask file:///etc/passwd"),
        ((302, {"Location": "/sparql"}, b""), RemoteFailed, "without end"),
        (lambda handler: handler.wfile.write(b"SSH-2.0-hello\r\n"), RemoteFailed, "speaks no HTTP"),
        (lambda _: None, RemoteFailed, "cannot be reached|speaks no HTTP"),
        (
            lambda handler: handler.wfile.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n"),
            RemoteFailed, "broke off",
        ),
    ],
    ids=name_of,
)  # fmt: skip
def test_failing_server_is_told_in_a_sentence(reply: Reply, error: type[JusticeGraphError], said: str) -> None:
    with endpoint(reply) as (address, _), pytest.raises(error, match=said):
        remote_store(address, seconds=5)(ASK)


@pytest.mark.parametrize(("start", "drop"), TRICKLES)
def test_deadline_is_for_everything(start: bytes, drop: bytes) -> None:
    started = time.monotonic()
    with endpoint(trickle(start, drop)) as (address, _):
        with pytest.raises(RemoteFailed, match="did not answer in time"):
            remote_store(address, seconds=0.5)(ASK)
        with pytest.raises(RemoteFailed, match="did not answer in time"):
            Client(seconds=0.5).get(address)
        assert time.monotonic() - started < 5
        assert not [thread for thread in threading.enumerate() if thread.name == "remote"]


def test_cut_lines_are_told_and_nothing_found_is_no_cut() -> None:
    graph = Query("CONSTRUCT {} WHERE {}", graph=named_format("nt", GRAPHS))
    kind = {"Content-Type": "application/n-triples"}
    with endpoint((200, kind, b""), (200, kind, b'<a:a> <a:b> "c" .\n'), (200, kind, b"<a:a> <a:b> <a:")) as (
        address,
        _,
    ):
        run_query = remote_store(address)
        assert (run_query(graph).read(), run_query(graph).read()) == (b"", b'<a:a> <a:b> "c" .\n')
        with pytest.raises(RemoteFailed, match="broke off within"):
            run_query(graph)


def test_server_that_is_not_there_is_said() -> None:
    for run_query in (lambda: remote_store("http://127.0.0.1:9/")(ASK), lambda: Client().get("http://127.0.0.1:9/")):
        with pytest.raises(RemoteFailed, match="cannot be reached"):
            run_query()


@pytest.mark.parametrize(
    "address", ["ftp://a/", "file:///etc/passwd", "http://[::1", "http://a b/", "http://a..b/", "x"]
)
def test_what_is_no_address_is_said(address: str) -> None:
    for run_query in (lambda: remote_store(address)(ASK), lambda: Client().get(address)):
        with pytest.raises(RemoteFailed, match=r"address|begins with http"):
            run_query()


# JSON.


def test_json_is_asked_for_and_parsed() -> None:
    with endpoint((200, JSON, b'{"a": [1]}')) as (address, seen):
        client = Client(agent=agent_of("somebody@example.org\r\nX: y"))
        assert client.get(address + "?x=1", {"search": "a&b é"}) == {"a": [1]}
        assert client.post(address, {"queries": "{}"}) == {"a": [1]}
    assert [each.path for each in seen] == ["/sparql?x=1&search=a%26b+%C3%A9", "/sparql"]
    assert seen[0].headers["User-Agent"] == "JusticeGraph/0.1 (somebody@example.org X: y)"
    assert getattr(seen[1], "form") == "queries=%7B%7D"  # noqa: B009
    assert seen[1].headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_proxy_that_cannot_be_reached_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "spared.invalid")
    with pytest.raises(RemoteFailed, match=r"service\.invalid/ cannot be reached by the proxy that the environment"):
        Client().get("http://service.invalid/")
    with endpoint((200, JSON, b"1")) as (address, seen):
        monkeypatch.setenv("http_proxy", address)
        assert Client().get("http://service.invalid/x") == 1
    assert seen[0].path == "http://service.invalid/x"


def test_address_that_moved_is_followed() -> None:
    there: Reply = (200, JSON, b"1")
    with endpoint((301, {"Location": "/new?x=1"}, b""), there, (307, {"Location": "/new"}, b""), there) as (
        address,
        seen,
    ):
        client = Client()
        assert (client.get(address), client.post(address, {"a": "b"})) == (1, 1)
    assert [(each.command, each.path) for each in seen[1::2]] == [("GET", "/new?x=1"), ("POST", "/new")]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ((200, {"Content-Type": "text/html"}, b"<p>Welcome"), 'sent "text/html" where JSON was asked for'),
        ((200, {}, b"{}"), 'sent "nothing that it names"'),
        ((200, JSON, b'{"a": '), "broken or cut"),
        ((200, JSON, b"[" * 100_000), "broken or cut"),
        ((200, JSON, b"NaN"), "broken or cut"),
        ((200, JSON | {"Content-Length": "9"}, b"{}"), "broke off after 2 of 9 bytes"),
        ((200, JSON | {"Content-Length": "1000000000000"}, b"{}"), "broke off"),
        ((301, {"Location": "http://example.org/"}, b""), "has moved: ask http://example.org/"),
        ((418, {}, b"tea"), "answered 418"),
    ],
    ids=name_of,
)
def test_what_is_no_json_is_told(reply: Reply, said: str) -> None:
    with endpoint(reply) as (address, _), pytest.raises(RemoteFailed, match=said):
        Client(seconds=5).post(address, {})


def test_answer_without_end_is_cut_off() -> None:
    flood: Answering = trickle(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", b"[" * 2**20, pause=0)
    with endpoint(flood) as (address, _), pytest.raises(RemoteFailed, match="sent more than 16,777,216 bytes"):
        Client().get(address)


def test_trouble_inside_an_answer_is_waited_out_or_told() -> None:
    def trouble(said: Any) -> Trouble | None:
        return Trouble(said["error"], said["error"] == "lag") if "error" in said else None

    waits: list[float] = []
    lag, bad = (200, JSON | {"Retry-After": "5"}, b'{"error": "lag"}'), (200, JSON, b'{"error": "bad"}')
    with endpoint(lag, (200, JSON, b"{}"), bad) as (address, _):
        client = Client(sleep=waits.append, trouble=trouble)
        assert (client.get(address), waits) == ({}, [5.0])
        with pytest.raises(RemoteFailed, match="answered: bad"):
            client.get(address)
