"""The server takes suggestions for a project that it can write to, and loses none that it has answered when it is killed."""

import os
import re
import signal
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from justicegraph.cli.suggestions import suggestions_of
from justicegraph.errors import CannotWrite
from justicegraph.project import locate
from justicegraph.suggest.intake import suggestions_file
from justicegraph.suggest.store import Store
from tests.support.servers import Client, Response, Server, is_answering, request, started, until

pytestmark = pytest.mark.quiet

SAID: dict[str, Any] = {
    "suggestions": None, "no_suggestions": False, "suggestion_retention_days": 180, "suggestions_decided": 30,
    "suggestions_waiting": 1_000, "suggestions_per_client": 30, "suggestions_per_hour": 300,
}  # fmt: skip
NEW = "/suggest/new/Organization"


def test_suggestions_wait_beside_the_project_and_not_in_its_build(project: Path) -> None:
    file, limits = suggestions_of(project, SAID)
    assert file == project / "suggestions" / "suggestions.sqlite" == suggestions_file(project)
    assert (limits.waiting_days, limits.decided_days, limits.per_client, limits.per_hour) == (180, 30, 30, 300)
    assert not file.parent.exists()


def test_suggestions_are_not_taken_where_nobody_wants_them_or_nothing_can_be_written(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert suggestions_of(project, SAID | {"no_suggestions": True})[0] is None
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert suggestions_of(project, SAID)[0] is None
    monkeypatch.undo()
    monkeypatch.setattr(locate, "PACKAGE", project)
    (project / "data").mkdir()
    assert suggestions_of(project / "data", SAID)[0] is None


def test_file_that_cannot_be_written_is_told_of_at_once(project: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(CannotWrite, match="cannot be written"):
        suggestions_of(project, SAID | {"suggestions": tmp_path / "file" / "s.sqlite"})


def post(server: Server, target: str, fields: dict[str, str]) -> Response:
    """Send a form, and return the answer."""
    body = urlencode(fields).encode()
    with Client(server.port) as client:
        kind = "application/x-www-form-urlencoded"
        client.say(request(target, "POST", Content_Type=kind, Content_Length=str(len(body))) + body)
        return client.hear()


def get(server: Server, target: str) -> str:
    with Client(server.port) as client:
        return client.get(target, Accept="text/html").body.decode()


def form_of(server: Server, name: str) -> dict[str, str]:
    """Return a form that is filled in with an entry of this name."""
    token = re.findall(r'name="form" value="([^"]+)"', get(server, NEW))[0]
    return {
        "form": token, "base": "", "parts": "", "do": "send", "entry.skos-prefLabel.0": name,
        "entry.skos-definition.0": "It does not exist.", "entry.jg-source.0": "invented-list",
    }  # fmt: skip


# Slow: the server is started again after each kill.
def test_server_that_is_killed_has_what_it_answered_and_logs_no_receipt(project: Path) -> None:
    with started(project, "--matchers", "0", "--log-requests") as server:
        forms = [form_of(server, f"Suggested {number}") for number in range(3)]
        time.sleep(3.1)  # as long as a person takes at least
        places = [post(server, NEW, form).headers["location"] for form in forms]
        old = server.web
        os.kill(old, signal.SIGKILL)
        until(lambda: server.web != old and is_answering(server))
        assert all("Saved, waiting for review." in get(server, place) for place in places)
        assert post(server, NEW, forms[0]).headers["location"] == places[0]
        assert "/suggest/receipt/" in server.log.read_text()
        assert not any(place.rpartition("/")[2] in server.log.read_text() for place in places)
    assert [kept.slug for kept in Store(suggestions_file(project)).waiting()] == [
        "suggested-0",
        "suggested-1",
        "suggested-2",
    ]


def test_long_body_is_refused_by_the_server_and_a_short_one_read(project: Path) -> None:
    with started(project, "--matchers", "0") as server:
        assert post(server, NEW, {"comment": "x" * 70_000}).status == 413
        assert post(server, NEW, {"comment": "x"}).status == 422


def test_rate_limit_is_that_of_all_workers_together_and_counts_only_what_could_be_taken(project: Path) -> None:
    with started(project, "--matchers", "0", "--suggestions-per-client", "2") as server:
        forms = [form_of(server, f"Suggested {number}") for number in range(3)]
        quick = [post(server, NEW, form_of(server, "Too quick")).status for _ in range(4)]
        time.sleep(3.1)
        answers = []
        for form in forms:
            for worker in server.workers[:1]:
                os.kill(worker, signal.SIGKILL)  # another one has counted nothing
            answers.append(post(server, NEW, form))
        assert (quick, [answer.status for answer in answers]) == ([422] * 4, [303, 303, 429])
        assert 0 < int(answers[2].headers["retry-after"]) <= 3_601
        assert b'value="Suggested 2"' in answers[2].body
