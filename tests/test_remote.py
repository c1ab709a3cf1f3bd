"""Another endpoint is asked with patience and suspicion: one deadline, waits as told, answers checked."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from justicegraph.errors import BadQuery, JusticeGraphError, RemoteFailed
from justicegraph.evaluate import Question
from justicegraph.formats import SOLUTIONS
from justicegraph.remote import AGENT, remote_store

RESULT = b'{"head":{},"boolean":true}'
KIND = "application/sparql-results+json"
ASK = Question("ASK {}", SOLUTIONS[0])
Reply = tuple[int, dict[str, str], bytes]


@contextmanager
def endpoint(
    *replies: Reply | Callable[[BaseHTTPRequestHandler], None],
) -> Iterator[tuple[str, list[BaseHTTPRequestHandler]]]:
    """Run a server that gives these replies in turn; give its address and the requests that it got."""
    seen: list[BaseHTTPRequestHandler] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply = replies[min(len(seen), len(replies) - 1)]
            seen.append(self)
            if callable(reply):
                reply(self)
                return
            status, headers, body = reply
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815  # the name that http.server calls

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql", seen
    finally:
        server.shutdown()
        server.server_close()


def test_answer_is_handed_on_whole_and_we_say_who_we_are() -> None:
    with endpoint((200, {"Content-Type": f"{KIND}; charset=utf-8"}, RESULT)) as (address, seen):
        assert remote_store(address)(ASK).read() == RESULT
    assert seen[0].headers["User-Agent"] == AGENT
    assert seen[0].headers["Accept"] == KIND


def test_long_query_is_posted() -> None:
    with endpoint((200, {"Content-Type": KIND}, RESULT)) as (address, seen):
        remote_store(address)(Question("ASK {}" + " " * 3000, SOLUTIONS[0])).read()
    assert seen[0].command == "POST"


def test_busy_server_is_given_the_time_it_asks_for() -> None:
    waits: list[float] = []
    with endpoint(
        (429, {"Retry-After": "3"}, b""), (503, {"Retry-After": "2"}, b""), (200, {"Content-Type": KIND}, RESULT)
    ) as (address, _):
        assert remote_store(address, sleep=waits.append)(ASK).read() == RESULT
    assert waits == [3.0, 2.0]


@pytest.mark.parametrize(
    ("reply", "error", "said"),
    [
        ((429, {"Retry-After": "3600"}, b""), RemoteFailed, "answered 429 .* asks to wait 3600 seconds"),
        ((503, {}, b""), RemoteFailed, "answered 503"),
        ((404, {}, b""), RemoteFailed, "failed: |answered 404"),
        ((500, {}, b"oh"), RemoteFailed, "failed: "),
        ((400, {}, b"line 1: what is SELEC?"), BadQuery, "refused the query: line 1: what is SELEC"),
        ((200, {"Content-Type": "text/html"}, b"<p>Welcome"), RemoteFailed, 'sent "text/html" where an answer'),
        ((200, {"Content-Type": KIND, "Content-Length": "99"}, RESULT), RemoteFailed, "broke off|cannot be reached"),
    ],
    ids=str,
)
def test_failing_server_is_told_in_a_sentence(reply: Reply, error: type[JusticeGraphError], said: str) -> None:
    with endpoint(reply) as (address, _), pytest.raises(error, match=said):
        remote_store(address, seconds=5)(ASK)


def test_deadline_is_for_everything() -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", KIND)
        handler.end_headers()
        for _ in range(100):
            try:
                handler.wfile.write(b" " * 70_000)
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    started = time.monotonic()
    with endpoint(drip) as (address, _), pytest.raises(RemoteFailed, match="did not answer in time"):
        remote_store(address, seconds=1)(ASK)
    assert time.monotonic() - started < 5


def test_server_that_is_not_there_is_said() -> None:
    with pytest.raises(RemoteFailed, match="cannot be reached"):
        remote_store("http://127.0.0.1:9/")(ASK)
