"""A busy server gets the request again: after the time that it names, or after longer and longer pauses."""

import time
from email.utils import formatdate

import pytest

from justicegraph.errors import RemoteFailed
from justicegraph.rdf.formats import SOLUTIONS
from justicegraph.remote import Client, remote_endpoint
from justicegraph.remote.retry import retry_after
from justicegraph.sparql.query import Query
from tests.support.wikidata import Reply, endpoint

pytestmark = pytest.mark.quiet

RESULT = b'{"head":{},"boolean":true}'
KIND = "application/sparql-results+json"
OK: Reply = (200, {"Content-Type": KIND}, RESULT)
ASK = Query("ASK {}", SOLUTIONS[0])


def test_busy_server_gets_the_time_that_it_asks_for() -> None:
    waits: list[float] = []
    soon = formatdate(time.time() + 20, usegmt=True)
    busy = [(429, {"Retry-After": "3"}, b""), (503, {"Retry-After": "0"}, b""), (429, {"Retry-After": soon}, b"")]
    with endpoint(*busy, OK) as (address, _):
        assert remote_endpoint(address, sleep=waits.append)(ASK).read() == RESULT
    assert (waits[:2], 15 < waits[2] <= 20) == ([3.0, 1.0], True)


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "soon"}, {"Retry-After": "-5"}, {"Retry-After": "\xb2"}])
def test_pauses_get_longer_if_the_server_names_no_time(headers: dict[str, str]) -> None:
    waits: list[float] = []
    with endpoint(*[(503, headers, b"")] * 6, OK) as (address, _):
        remote_endpoint(address, 1000, waits.append)(ASK).read()
    assert waits == [4, 8, 16, 32, 64, 64]


def test_pauses_end_before_the_deadline() -> None:
    now = [0.0]
    with endpoint((503, {}, b"")) as (address, seen), pytest.raises(RemoteFailed, match="answered 503"):
        Client(60, lambda seconds: now.append(now[-1] + seconds), lambda: now[-1]).get(address)
    assert (now, len(seen)) == ([0, 4, 12, 28], 4)


@pytest.mark.parametrize("header", [None, "", "soon", "1e3", "9" * 5_000, "Fri, 31 Dec 99999 23:59:59 GMT"])
def test_header_without_a_time_names_none(header: str | None) -> None:
    assert retry_after(header) is None
