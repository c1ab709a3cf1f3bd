"""A real server: what it does when it is killed, stopped, left, attacked, and given another snapshot."""

import asyncio
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace
from typing import cast
from urllib.parse import quote

import pytest

from justicegraph.server import exchange as exchange_module
from justicegraph.server.current import Current
from justicegraph.server.log import Log
from justicegraph.server.metrics import Observer
from justicegraph.server.requests import Requests
from tests.support.processes import children, descriptors, family, is_gone, memory_of
from tests.support.project import INVENTED, write_entity
from tests.support.servers import Client, Response, Server, request, sparql, started, until

pytestmark = pytest.mark.quiet

TRIPLES = 300
LONG = f"SELECT * {{ ?a ?b ?c . ?d ?e ?f }} LIMIT {TRIPLES**2}"
LENGTH = 9_000_000
"""Bytes of the answer to LONG, at least."""


def endless(number: int = 0) -> str:
    """Return a query that outlasts every limit, another one for each number."""
    return f"SELECT (COUNT(*) AS ?n{number}) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }}"


def lasting(number: int = 0) -> str:
    """Return a query that takes longer than the quick limit, and ends; another one for each number."""
    return f"SELECT (COUNT(*) AS ?n{number}) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?i < 60) }}"


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file with as many triples as there are numbers in it."""
    path = tmp_path_factory.mktemp("server") / "numbers.ttl"
    invented = "https://invented.example/"
    path.write_text("".join(f"<{invented}{n}> <{invented}p> {n} .\n" for n in range(TRIPLES)))
    return str(path)


@pytest.fixture(scope="module")
def server(shared_project: Path, numbers: str) -> Iterator[Server]:
    """A server that outlives what is done to it here."""
    with started(
        shared_project, numbers, "--time-limit", "2", "--answer-limit", "20", "--slow-per-client", "4"
    ) as made:
        yield made


@pytest.fixture(scope="module")
def dumped(shared_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of a project's snapshot, with dumps."""
    with started(shared_project, "--build-dir", str(tmp_path_factory.mktemp("dumped")), "--matchers", "0") as made:
        yield made


# Deaths.


@pytest.mark.parametrize("victim", ["worker", "supervisor", "web"])
def test_server_gets_over_the_death_of_any_process_but_the_first(victim: str, server: Server) -> None:
    killed = server.workers[0] if victim == "worker" else getattr(server, victim)
    lost, idle = family(killed), server.metrics()["workers_idle"]
    os.kill(killed, signal.SIGKILL)
    if victim != "web":
        assert server.run_query(lasting(killed)).body.splitlines()[1:] == [str(60 * TRIPLES**2).encode()]
    until(lambda: all(map(is_gone, lost)))
    until(lambda: _answers(server, f"ASK {{}} # {killed}"))
    until(lambda: server.metrics()["workers_idle"] == idle)


def test_kill_of_the_first_process_leaves_nothing_and_no_answer_that_looks_whole(
    shared_project: Path, numbers: str
) -> None:
    with started(shared_project, numbers) as server, Client(server.port, receives=65_536) as client:
        everyone = family(server.process.pid)
        client.say(request(sparql(LONG)))
        status, headers = client.hear_head()
        server.process.kill()
        assert len(client.rest()) < int(headers["content-length"]) > LENGTH
        until(lambda: all(map(is_gone, everyone)))
        assert (status, len(everyone), list(server.temporary.iterdir())) == (200, 3 + len(everyone[3:]), [])


def test_answer_under_way_when_the_web_process_is_killed_does_not_look_whole(
    shared_project: Path, numbers: str
) -> None:
    with started(shared_project, numbers) as server, Client(server.port, receives=65_536) as client:
        client.say(request(sparql(LONG)))
        _, headers = client.hear_head()
        os.kill(server.web, signal.SIGKILL)
        assert len(client.rest()) < int(headers["content-length"])


def test_server_that_is_told_to_end_answers_first(shared_project: Path, numbers: str) -> None:
    with started(shared_project, numbers) as server, Client(server.port) as client:
        everyone = family(server.process.pid)
        client.say(request(sparql(lasting())))
        until(lambda: server.metrics()["slow_queries"] == 1)
        server.process.terminate()
        assert client.hear().status == 200
        assert server.process.wait(20) in {0, 1}
        assert all(map(is_gone, everyone))
        assert list(server.temporary.iterdir()) == []


def test_server_that_is_told_to_end_waits_for_no_page_whose_client_has_left(shared_project: Path, numbers: str) -> None:
    with started(shared_project, numbers, "--time-limit", "3") as server:
        with Client(server.port) as client:
            client.say(request(f"/query?query={quote(endless())}"))
            until(lambda: server.metrics()["slow_queries"] == 1)
        began = time.monotonic()
        server.process.terminate()
        assert server.process.wait(20) in {0, 1}
        assert time.monotonic() - began < 6


# Answers.


def test_answer_beyond_the_limit_is_a_problem_that_names_the_remedy(server: Server) -> None:
    refused = server.run_query(LONG.replace(str(TRIPLES**2), str(3 * TRIPLES**2)).replace("{ ?a", "{ ?x ?y ?z . ?a"))
    assert (refused.status, refused.problem["limit"]) == (503, "answer")
    assert "LIMIT" in refused.problem["detail"]
    assert b"invented.example/1" not in refused.body


def test_long_answer_comes_whole_and_leaves_no_file_behind(server: Server) -> None:
    before = descriptors(server.web)
    answer = server.run_query(LONG)
    assert (answer.status, answer.body.count(b"\r\n"), len(answer.body) > LENGTH) == (200, TRIPLES**2 + 1, True)
    until(lambda: len(descriptors(server.web)) <= len(before))
    assert list(server.temporary.iterdir()) == []


@pytest.mark.parametrize("target", [sparql("ASK {}"), sparql(LONG), "/", "/sparql", sparql("SELECT")])
def test_head_has_the_headers_of_get_and_no_body(target: str, server: Server) -> None:
    with Client(server.port) as client:
        head, get = client.get(target, "HEAD"), client.get(target)
        assert (head.status, head.body) == (get.status, b"")
        assert {**head.headers, "date": ""} == {**get.headers, "date": ""}


def test_answer_that_a_client_has_is_not_sent_again(shared_project: Path) -> None:
    with started(shared_project, "--build-dir", str(shared_project / "build")) as server, Client(server.port) as client:
        target = sparql("SELECT ?s { ?s ?p ?o } ORDER BY ?s")
        tag = client.get(target).headers["etag"]
        assert client.get(target, If_None_Match=tag).status == 304
        assert client.get(target, If_None_Match=f'"other", {tag.removeprefix("W/")}').status == 304
        assert client.get(target, If_None_Match='"other"').status == 200
        dump = client.get("/data/justicegraph.nq")
        part = client.get("/data/justicegraph.nq", Range="bytes=10-99")
        assert (part.status, part.body, part.headers["content-range"]) == (
            206, dump.body[10:100], f"bytes 10-99/{len(dump.body)}",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=10-99", 206, slice(10, 100)), ("bytes=0-0", 206, slice(0, 1)), ("bytes=-5", 206, slice(-5, None)),
        ("bytes=300000-", 206, slice(300_000, None)), ("bytes=5-1,7-", 200, slice(None)), ("lines=1-2", 200, slice(None)),
        ("bytes=99999999-", 416, None),
    ],
)  # fmt: skip
def test_part_of_a_file_comes_through_a_worker(asked: str, status: int, part: slice | None, dumped: Server) -> None:
    with Client(dumped.port) as client:
        whole, got = client.get("/data/justicegraph.nq"), client.get("/data/justicegraph.nq", Range=asked)
        assert (got.status, len(whole.body) > 300_000) == (status, True)
        if part is not None:
            assert got.body == whole.body[part]
            head = client.get("/data/justicegraph.nq", "HEAD", Range=asked)
            assert (head.status, head.headers["content-length"]) == (200, str(len(whole.body)))
        tag = whole.headers["etag"]
        assert client.get("/data/justicegraph.nq", If_None_Match=tag, Range=asked).status == 304


def test_files_leave_nothing_open_and_fill_no_memory(dumped: Server) -> None:
    with Client(dumped.port) as client:
        client.get("/data/justicegraph.nq")
        before, memory = descriptors(dumped.web), memory_of(dumped.web)
        for _ in range(20):
            assert client.get("/data/justicegraph.nq").status == 200
        assert memory_of(dumped.web) < memory + 5_000_000
        until(lambda: len(descriptors(dumped.web)) <= len(before))


# Clients that leave, read slowly, or ask for much.


def test_client_that_leaves_frees_its_place(server: Server) -> None:
    before = server.metrics().get('limits_total{limit="left"}', 0)
    with ExitStack() as stack:
        for number in range(3):
            stack.enter_context(Client(server.port)).say(request(sparql(endless(100 + number))))
        until(lambda: server.metrics()["slow_queries"] == 3)
    until(lambda: server.metrics()["slow_queries"] == 0, 1.5)
    assert server.metrics()['limits_total{limit="left"}'] == before + 3


def test_slow_readers_of_long_answers_hold_up_nobody_and_fill_no_memory(server: Server) -> None:
    server.run_query(LONG)
    before = memory_of(server.web)
    with ExitStack() as stack:
        readers = [stack.enter_context(Client(server.port, receives=4_096)) for _ in range(12)]
        for reader in readers:
            reader.say(request(sparql(LONG)))
        assert [reader.hear_head()[0] for reader in readers] == [200] * 12
        began = time.monotonic()
        assert server.run_query("ASK {} # beside slow readers").status == 200
        assert time.monotonic() - began < 1
        assert memory_of(server.web) < before + 4 * LENGTH


def test_pages_wait_for_no_slow_questions_of_other_pages(server: Server) -> None:
    with ExitStack() as stack:
        for number in range(24):
            client = stack.enter_context(Client(server.port))
            client.say(request(f"/query?query={quote(endless(200 + number))}"))
        for _ in range(20):
            began = time.monotonic()
            server.metrics()
            assert time.monotonic() - began < 0.5
            time.sleep(0.05)
    until(lambda: server.metrics()["waiting_queries"] == 0)


def test_page_shows_no_answer_that_is_too_long_for_it(server: Server) -> None:
    before = memory_of(server.web)
    with Client(server.port) as client:
        page = client.get(f"/query?query={quote(LONG.replace('LIMIT 90', 'LIMIT 20'))}", Accept="text/html")
    assert (page.status, b"too long for a page" in page.body) == (503, True)
    assert memory_of(server.web) < before + 2 * LENGTH


def test_long_headers_hold_up_nobody_and_are_not_remembered(server: Server) -> None:
    before, long = memory_of(server.web), 300_000
    with Client(server.port) as client:
        began = time.monotonic()
        assert client.get("/sparql?query=ASK%7B%7D", Accept="a" * long).status == 406
        assert time.monotonic() - began < 1
        for number in range(200):
            assert client.get("/sparql?query=ASK%7B%7D", Accept=f"*/*;n={number}{'a' * long}").status == 200
    assert memory_of(server.web) < before + 100 * long


def test_more_connections_than_files_may_be_open_do_no_lasting_harm(shared_project: Path, numbers: str) -> None:
    with started(
        shared_project, numbers, before=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
    ) as server:
        with ExitStack() as stack:
            for _ in range(120):
                stack.enter_context(Client(server.port)).say(b"GET ")
        until(lambda: _answers(server, "ASK {} # later"))
        assert len(server.run_query(LONG).body) > LENGTH


def test_client_behind_a_proxy_is_whom_the_proxy_names_in_a_line_of_its_own(shared_project: Path, numbers: str) -> None:
    limits = ("--trusted-proxies", "1", "--slow-per-client", "1")
    with started(shared_project, numbers, *limits) as server, ExitStack() as stack:
        for number in range(2):
            asked = request(sparql(endless(number)), X_Forwarded_For=f"192.0.2.{number}")[:-2]
            stack.enter_context(Client(server.port)).say(asked + b"X-Forwarded-For: 192.0.2.9\r\n\r\n")
        until(lambda: server.metrics()["waiting_queries"] == 1)
        assert server.metrics()["slow_queries"] == 1


class Late:
    """A client that begins to send a body, and goes on after a minute; what is said to it."""

    def __init__(self) -> None:
        self.status = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"ASK"
        await asyncio.sleep(60)

    def response_bytes(self, status: int, _headers: object, _body: bytes) -> None:
        self.status = status


def answer(client: Late, file: BytesIO) -> None:
    """Have a POST answered, where nothing is served yet; what is logged goes to the file."""
    scope = SimpleNamespace(
        path="/sparql", method="POST", query_string="", headers={}, client="192.0.2.1:5", scheme="http", authority=""
    )
    asked = SimpleNamespace(known={}, endpoint=None)
    asyncio.run(Requests(lambda: cast("Current", asked), Observer(Log(file=file)), 0).answer(scope, client))


def test_body_that_comes_too_late_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_module, "BODY_TIMEOUT", 0.01)
    answer(client := Late(), BytesIO())
    assert client.status == 408


def test_failure_of_ours_is_logged_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Late, "__aiter__", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        answer(Late(), log := BytesIO())
    assert (b'"event":"failure"' in log.getvalue(), b"ZeroDivisionError" in log.getvalue()) == (True, True)


# Another snapshot.


# Slow: the project is built again while requests go on, and an old pool lives on for 5 seconds.
def test_new_snapshot_is_taken_up_without_a_failed_request(project: Path) -> None:
    with started(project) as server, Client(server.port) as late:
        asked: list[Response] = []
        body = b"SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        late.say(request("/sparql", "POST", Content_Type="application/sparql-query", Content_Length=str(len(body))))
        old, over = family(server.supervisor), Event()
        threads = [Thread(target=_ask_on, args=(server, over, asked)) for _ in range(2)]
        for thread in threads:
            thread.start()
        _rename(project)
        until(lambda: all(map(is_gone, old)), 40)
        late.say(body)
        over.set()
        for thread in threads:
            thread.join()
        assert {answer.status for answer in [*asked, late.hear()]} == {200}
        assert [len({answer.headers["etag"] for answer in asked}), len({answer.body for answer in asked})] == [2, 2]
        assert b"Renamed Group" in asked[-1].body


def _ask_on(server: Server, over: Event, answers: list[Response]) -> None:
    """Ask the same question all the time; the server may end a connection between two questions only."""
    with Client(server.port) as client:
        while not over.is_set():
            label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
            answers.append(client.get(sparql(f"SELECT ?n {{ ?s {label} ?n }} ORDER BY ?n")))


def _rename(project: Path) -> None:
    """Change a name in a project, and build it."""
    group = INVENTED["organizations/invented-group"].replace("Invented Group", "Renamed Group")
    write_entity(project, "organizations/invented-group", group)
    program = Path(sys.executable).with_name("justicegraph")
    subprocess.run([program, "build"], cwd=project, check=True, capture_output=True)


def _answers(server: Server, query: str) -> bool:
    try:
        return server.run_query(query).status == 200
    except (OSError, EOFError):
        return False


def test_server_is_the_one_it_was(server: Server) -> None:
    assert children(server.process.pid) == [server.web]
    assert 'events_total{event="worker lost"}' not in server.metrics()
