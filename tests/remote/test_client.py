"""A service's JSON is parsed; anything else is explained in one sentence."""

from typing import Any

import pytest

from justicegraph.errors import RemoteFailed
from justicegraph.remote import Client, ServiceError, user_agent
from tests.support.wikidata import JSON, Answering, Reply, endpoint, name_of, trickle

pytestmark = pytest.mark.quiet


def test_json_is_asked_for_and_parsed() -> None:
    with endpoint((200, JSON, b'{"a": [1]}')) as (address, seen):
        client = Client(agent=user_agent("somebody@example.org\r\nX: y"))
        assert client.get(address + "?x=1", {"search": "a&b é"}) == {"a": [1]}
        assert client.post(address, {"queries": "{}"}) == {"a": [1]}
    assert [request.path for request in seen] == ["/sparql?x=1&search=a%26b+%C3%A9", "/sparql"]
    assert seen[0].headers["User-Agent"] == "JusticeGraph/0.1 (somebody@example.org X: y)"
    assert getattr(seen[1], "form") == "queries=%7B%7D"  # noqa: B009
    assert seen[1].headers["Content-Type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ((200, {"Content-Type": "text/html"}, b"<p>Welcome"), 'sent "text/html" instead of JSON'),
        ((200, {}, b"{}"), 'sent "no media type"'),
        ((200, JSON, b'{"a": '), "broken or incomplete"),
        ((200, JSON, b"[" * 100_000), "broken or incomplete"),
        ((200, JSON, b"NaN"), "broken or incomplete"),
        ((200, JSON | {"Content-Length": "9"}, b"{}"), "broke off after 2 of 9 bytes"),
        ((200, JSON | {"Content-Length": "1000000000000"}, b"{}"), "broke off"),
        ((301, {"Location": "http://example.org/"}, b""), "has moved. Use http://example.org/"),
        ((418, {}, b"tea"), "answered 418"),
    ],
    ids=name_of,
)
def test_response_without_json_is_explained(reply: Reply, said: str) -> None:
    with endpoint(reply) as (address, _), pytest.raises(RemoteFailed, match=said):
        Client(seconds=5).post(address, {})


def test_response_without_end_is_cut_off() -> None:
    flood: Answering = trickle(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", b"[" * 2**20, pause=0)
    with endpoint(flood) as (address, _), pytest.raises(RemoteFailed, match="sent more than 16,777,216 bytes"):
        Client().get(address)


def test_error_in_a_response_is_waited_out_or_explained() -> None:
    def find_error(said: Any) -> ServiceError | None:
        return ServiceError(said["error"], said["error"] == "lag") if "error" in said else None

    waits: list[float] = []
    lag, bad = (200, JSON | {"Retry-After": "5"}, b'{"error": "lag"}'), (200, JSON, b'{"error": "bad"}')
    with endpoint(lag, (200, JSON, b"{}"), bad) as (address, _):
        client = Client(sleep=waits.append, find_error=find_error)
        assert (client.get(address), waits) == ({}, [5.0])
        with pytest.raises(RemoteFailed, match="answered: bad"):
            client.get(address)
