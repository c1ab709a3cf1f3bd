"""Another reconciliation service is asked as it wants to be, and not believed what cannot be so."""

import csv
import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from click.testing import CliRunner, Result

from justicegraph.cli import cli
from justicegraph.errors import RemoteFailed
from tests.support.project import ROOT

MANIFEST = {"versions": ["0.2"], "name": "Invented service", "identifierSpace": "https://ids.invented.example/"}
ONE = {"id": "i1", "name": "Invented Group", "score": 87.5, "match": True}
OTHER = {"id": "i2", "name": "Invented Grouping", "score": 45, "match": False}
EXAMPLES = ROOT.parent / "shared" / "reconciliation" / "0.2" / "examples"

Batch = dict[str, Any]
Reply = Callable[[Batch], Any]
"""What a service says to a batch: an object, or bytes to be sent as they are."""


@contextmanager
def service(reply: Reply, manifest: object = MANIFEST) -> Iterator[tuple[str, list[Batch]]]:
    """Run a service; give its address and the batches that it got."""
    seen: list[Batch] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(manifest)

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            seen.append(json.loads(form["queries"][0]))
            self._say(reply(seen[-1]))

        def _say(self, said: Any) -> None:
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(500 if body == b"broken" else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/reconcile", seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def with_(*candidates: object) -> Reply:
    """Answer every question with these candidates."""
    return lambda batch: {key: {"result": list(candidates)} for key in batch}


def broken(_: Batch) -> bytes:
    return b"broken"


def run(folder: Path, address: str, text: str = "name,land\nInvented Group,XA\n", *more: str) -> Result:
    path = folder / "table.csv"
    path.write_text(text)
    words = ["reconcile", str(path), "--column", "name", "--service", address, "--timeout", "5", *more]
    return CliRunner().invoke(cli, words)


def rows(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_best_candidate_is_told_with_its_score_and_no_probability(tmp_path: Path) -> None:
    with service(with_(OTHER, ONE)) as (address, _):
        result = run(tmp_path, address)
    assert rows(result) == [
        {"name": "Invented Group", "land": "XA", "id": "i1", "match_name": "Invented Group", "probability": "",
         "match": "true", "reason": "score 87.5 of the service; the next is Invented Grouping with 45"}
    ]  # fmt: skip
    assert "Reconciling with Invented service, whose ids are in https://ids.invented.example/" in result.stderr


def test_questions_carry_properties_and_type_and_keep_to_the_batch_size(tmp_path: Path) -> None:
    text = "name,land\nA,XA\nB,\n,XC\nA,XA\nC,XB\n"
    with service(with_(ONE), MANIFEST | {"batchSize": 2}) as (address, seen):
        result = run(tmp_path, address, text, "--property", "P17=land", "--type", "Q43229")
    first = {"query": "A", "limit": 5, "type": "Q43229", "properties": [{"pid": "P17", "v": "XA"}]}
    assert seen[0] == {"q0": first, "q1": {"query": "B", "limit": 5, "type": "Q43229"}}
    assert [len(batch) for batch in seen] == [2, 1]  # the one without a name is not asked, and the double once
    assert [row["reason"] for row in rows(result)][2] == "no name"
    assert rows(result)[0]["id"] == rows(result)[3]["id"] == "i1"


def test_ten_are_asked_at_once_where_nothing_is_said(tmp_path: Path) -> None:
    text = "name\n" + "".join(f"Name {at}\n" for at in range(25))
    with service(with_(ONE), {"name": "Old", "identifierSpace": "urn:old"}) as (address, seen):
        assert run(tmp_path, address, text).exit_code == 0
    assert [len(batch) for batch in seen] == [10, 10, 5]


@pytest.mark.parametrize(
    ("candidates", "found", "match", "reason"),
    [
        ([], "", "false", "no candidate"),
        ([OTHER], "i2", "false", "score 45 of the service"),
        ([OTHER, ONE | {"match": False}], "i1", "false", "score 87.5 of the service; the next is Invented Grouping"),
        ([OTHER | {"match": True}, OTHER | {"match": True}, ONE | {"match": False}], "i1", "false", "sure of 2"),
        ([ONE, OTHER | {"match": True}], "i1", "false", "it is sure of 2"),
        ([ONE | {"match": False}, OTHER | {"match": True}], "i2", "true", "score 45 of the service"),
        ([ONE] * 5 + [OTHER | {"score": 99}], "i1", "false", "score 87.5"),
        ([ONE | {"match": "true"}], "i1", "false", "score 87.5"),
        ([ONE | {"name": "\x1b[31m=Red\n"}], "i1", "true", "score 87.5"),
    ],
)
def test_match_is_what_the_service_is_sure_of_alone(
    tmp_path: Path, candidates: list[object], found: str, match: str, reason: str
) -> None:
    with service(with_(*candidates)) as (address, _):
        [row] = rows(run(tmp_path, address))
    assert (row["id"], row["match"], reason in row["reason"]) == (found, match, True)
    assert row["match_name"].isprintable()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (None, "the service sent no result"),
        ([], "the service sent no result"),
        ({"result": {}}, "the service sent no result"),
        ({"error": "too \x1b[31m slow"}, "too [31m slow"),
        ({"result": [], "error": "too slow"}, "too slow"),
        ({"result": [7]}, "a candidate of the service is not an object"),
        ({"result": [{"name": "X", "score": 1}]}, "a candidate of the service has no id"),
        ({"result": [ONE | {"id": "i\n1"}]}, "a candidate of the service has no id"),
        ({"result": [ONE | {"name": None}]}, "a candidate of the service has no name"),
        ({"result": [ONE | {"score": "87"}]}, "a score that is not a number"),
        ({"result": [ONE | {"score": True}]}, "a score that is not a number"),
    ],
)  # fmt: skip
def test_question_that_failed_is_told_apart_from_no_match(tmp_path: Path, said: object, reason: str) -> None:
    with service(lambda _: {"q1": {"result": [ONE]}, "q0": said, "unasked": {"result": [ONE]}}) as (address, _):
        result = run(tmp_path, address, "name\nFirst\nSecond\n")
    first, second = rows(result)
    assert (first["id"], first["match"], first["reason"].startswith("failed: ")) == ("", "false", True)
    assert reason in " ".join(first["reason"].split())
    assert second["id"] == "i1"
    assert isinstance(result.exception, RemoteFailed)
    assert "1 row got no result" in str(result.exception)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"[]", "JSON that is not an object"),
        (b'{"status": "error", "message": "invalid query"}', "answered: invalid query"),
        (b'{"q0": {"result": [{"id": "i1", "name": "X", "score": NaN}]}}', "broken or incomplete"),
        (b'{"q0": {"result": [{"id": "i1", "na', "broken or incomplete"),
        (b'{"q0":' * 3000 + b"1" + b"}" * 3000, "broken or incomplete"),
        (b"broken", "answered 500"),
    ],
    ids=str,
)
def test_service_that_fails_at_once_is_told_and_nothing_is_written(tmp_path: Path, body: bytes, said: str) -> None:
    with service(lambda _: body) as (address, _):
        result = run(tmp_path, address)
    assert (result.stdout, isinstance(result.exception, RemoteFailed)) == ("", True)
    assert said in str(result.exception)


def test_what_was_answered_is_not_lost_when_the_service_breaks_down(tmp_path: Path) -> None:
    text = "name\n" + "".join(f"Name {at}\n" for at in range(6))
    replies = iter([with_(ONE), broken, with_(ONE), *[broken] * 3])
    with service(lambda batch: next(replies)(batch), MANIFEST | {"batchSize": 1}) as (address, seen):
        result = run(tmp_path, address, text)
    assert [row["id"] for row in rows(result)] == ["i1", "", "i1", "", "", ""]
    assert "answered 500" in rows(result)[1]["reason"]
    assert isinstance(result.exception, RemoteFailed)
    assert len(seen) == 6


def test_service_that_fails_three_times_in_a_row_is_left_alone(tmp_path: Path) -> None:
    text = "name\n" + "".join(f"Name {at}\n" for at in range(9))
    replies = iter([with_(ONE), *[broken] * 8])
    with service(lambda batch: next(replies)(batch), MANIFEST | {"batchSize": 1}) as (address, seen):
        assert len(rows(run(tmp_path, address, text))) == 9
    assert len(seen) == 4


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ([], "JSON that is not an object"),
        ({"name": "A web site"}, "is not a reconciliation service"),
        (MANIFEST | {"versions": ["1.0-draft"]}, "supports 1.0-draft of the API; 0.2 or 0.1 is needed"),
        (b"<html>", "broken or incomplete"),
    ],
)
def test_what_is_no_service_is_asked_nothing(tmp_path: Path, manifest: object, said: str) -> None:
    with service(with_(ONE), manifest) as (address, seen):
        result = run(tmp_path, address)
    assert (said in str(result.exception), seen) == (True, [])


@pytest.mark.parametrize("size", [0, -1, True, "50", 1e9, None])
def test_batch_size_that_is_none_is_not_taken(tmp_path: Path, size: object) -> None:
    text = "name\n" + "".join(f"Name {at}\n" for at in range(12))
    with service(with_(ONE), MANIFEST | {"batchSize": size}) as (address, seen):
        run(tmp_path, address, text)
    assert [len(batch) for batch in seen] == [10, 2]


def test_no_more_than_a_hundred_are_asked_at_once(tmp_path: Path) -> None:
    text = "name\n" + "".join(f"Name {at}\n" for at in range(120))
    with service(with_(ONE), MANIFEST | {"batchSize": 10**9}) as (address, seen):
        run(tmp_path, address, text)
    assert [len(batch) for batch in seen] == [100, 20]


def test_manifests_of_services_that_there_are_are_understood(tmp_path: Path) -> None:
    folder = EXAMPLES / "manifest" / "valid"
    if not folder.is_dir():
        pytest.skip("the examples of the API are not beside this checkout")
    for path in sorted(folder.glob("*.json")):
        with service(with_(ONE), json.loads(path.read_text())) as (address, _):
            assert run(tmp_path, address).exit_code == 0, path.name


def test_service_is_asked_only_at_an_address_of_the_web(tmp_path: Path) -> None:
    result = run(tmp_path, "file:///etc/hostname")
    assert "begins with http:// or https://" in str(result.exception)
