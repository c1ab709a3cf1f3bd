"""A worker's error reaches the server process as it is; an error that nobody foresaw is a fault of the server."""

import asyncio
from typing import Any

import pytest

from justicegraph.errors import BadQuery, JusticeGraphError
from justicegraph.http.problems import problem_of
from justicegraph.pool import Job, Limits, Pool
from justicegraph.pool.messages import pair, receive, send
from justicegraph.pool.worker import Finished, JobFailed, _reply


class Panic(BaseException):
    """The engine's panics are not Exceptions."""


def error_of(raised: BaseException) -> JusticeGraphError:
    """Return the error of a job as the server process receives it."""

    def handle(_payload: Any) -> Any:
        raise raised

    here, there = pair()
    with here, there:
        error = _reply(handle, "payload")
        assert isinstance(error, JusticeGraphError)
        send(there, Finished(error=error))
        received = receive(here)[0].error
    assert isinstance(received, JusticeGraphError)
    return received


@pytest.mark.parametrize("raised", [KeyError("a secret"), Panic("a secret"), SystemExit(3)], ids=repr)
def test_unforeseen_error_is_a_problem_of_the_server(raised: BaseException) -> None:
    error = error_of(raised)
    assert isinstance(error, JobFailed)
    assert (problem_of(error).kind, problem_of(error).status) == ("internal", 500)
    assert "a secret" not in str(error)
    assert type(raised).__name__ in error.trace


@pytest.mark.parametrize(
    ("raised", "kind"),
    [(BadQuery("Not so."), "bad-query"), (MemoryError(), "memory-limit"), (RecursionError(), "depth-limit")],
    ids=repr,
)
def test_foreseen_error_keeps_its_kind(raised: BaseException, kind: str) -> None:
    assert problem_of(error_of(raised)).kind == kind


def test_pool_reports_the_trace_of_an_unforeseen_error(monkeypatch: pytest.MonkeyPatch) -> None:
    reports: list[tuple[str, Any]] = []

    async def fail(*_: Any) -> Any:
        failed = JobFailed("It has failed.")
        failed.trace = "where it failed"
        raise failed

    async def check() -> None:
        source: Any = None
        pool = Pool(source, Limits(), lambda event, details: reports.append((event, details)))
        monkeypatch.setattr(pool, "_outcome", fail)
        with pytest.raises(JobFailed):
            await pool.run(Job("payload"))
        pool.close()

    asyncio.run(check())
    assert reports == [("failure", {"trace": "where it failed"})]
