"""Requests reach only what the operator named, and a failure of the network is one sentence."""

import pytest
from urllib3 import HTTPResponse

from justicegraph.errors import RemoteFailed
from justicegraph.rdf.formats import SOLUTIONS
from justicegraph.remote import Client, remote_endpoint
from justicegraph.remote.transport import Request, redirected
from justicegraph.sparql.query import Query
from tests.support.wikidata import JSON, Reply, endpoint

pytestmark = pytest.mark.quiet

ASK = Query("ASK {}", SOLUTIONS[0])


def test_server_that_cannot_be_reached_is_named() -> None:
    for run_query in (lambda: remote_endpoint("http://127.0.0.1:9/")(ASK), lambda: Client().get("http://127.0.0.1:9/")):
        with pytest.raises(RemoteFailed, match="cannot be reached"):
            run_query()


@pytest.mark.parametrize(
    "address",
    ["ftp://a/", "file:///etc/passwd", "http://[::1", "http://a b/", "http://a..b/", "http://a:b@c.example/", "x"],
)
def test_wrong_address_is_named(address: str) -> None:
    for run_query in (lambda: remote_endpoint(address)(ASK), lambda: Client().get(address)):
        with pytest.raises(RemoteFailed, match=r"valid address|begins with http"):
            run_query()


def test_proxy_of_the_environment_is_used_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "spared.invalid")
    with pytest.raises(RemoteFailed, match=r"service\.invalid/ cannot be reached by the proxy that the environment"):
        Client().get("http://service.invalid/")
    with endpoint((200, JSON, b"1")) as (address, seen):
        monkeypatch.setenv("http_proxy", address)
        assert Client().get("http://service.invalid/x") == 1
    assert seen[0].path == "http://service.invalid/x"


def test_proxy_gets_the_password_in_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with endpoint((200, JSON, b"1")) as (address, seen):
        monkeypatch.setenv("http_proxy", address.replace("http://", "somebody:p%40ss@"))
        assert Client().get("http://service.invalid/x") == 1
    assert seen[0].headers["Proxy-Authorization"] == "Basic c29tZWJvZHk6cEBzcw=="


def test_redirect_is_followed() -> None:
    there: Reply = (200, JSON, b"1")
    with endpoint((301, {"Location": "/new?x=1"}, b""), there, (307, {"Location": "/new"}, b""), there) as (
        address,
        seen,
    ):
        client = Client()
        assert (client.get(address), client.post(address, {"a": "b"})) == (1, 1)
    assert [(each.command, each.path) for each in seen[1::2]] == [("GET", "/new?x=1"), ("POST", "/new")]


def test_redirect_to_a_private_network_is_refused() -> None:
    with endpoint((200, JSON, b"1")) as (other, unasked):
        elsewhere = other.replace("127.0.0.1", "localhost")
        with endpoint((301, {"Location": elsewhere}, b"")) as (address, _):
            with pytest.raises(RemoteFailed, match=f"{elsewhere} is in a private network"):
                Client().get(address)
            assert Client().get(elsewhere) == 1
    assert len(unasked) == 1


@pytest.mark.parametrize(
    ("url", "location", "body", "status"),
    [
        ("https://a.example/", "http://a.example/", None, 301),
        ("http://a.example/", "ftp://a.example/", None, 301),
        ("http://a.example/", "https://a.example/", b"form", 303),
    ],
)
def test_redirect_that_is_not_allowed_is_named(url: str, location: str, body: bytes | None, status: int) -> None:
    response = HTTPResponse(headers={"Location": location}, status=status)
    with pytest.raises(RemoteFailed, match=f"{url} has moved. Use {location}"):
        redirected(Request(url, {}, body), response)


def test_redirect_may_lead_from_http_to_https() -> None:
    response = HTTPResponse(headers={"Location": "https://b.example/é?x".encode().decode("iso-8859-1")}, status=308)
    assert redirected(Request("http://a.example/", {}, b"form"), response).url == "https://b.example/%C3%A9?x"
