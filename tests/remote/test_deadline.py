"""One deadline holds for all of an exchange, however slowly bytes come in."""

import threading
import time

import pytest

from justicegraph.errors import RemoteFailed
from justicegraph.rdf.formats import SOLUTIONS
from justicegraph.remote import Client, remote_endpoint
from justicegraph.sparql.query import Query
from tests.support.wikidata import endpoint, trickle

pytestmark = pytest.mark.quiet

ASK = Query("ASK {}", SOLUTIONS[0])
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
TRICKLES = [
    pytest.param(HEAD + b"\r\n", b" ", id="body"),
    pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", id="chunks"),
    pytest.param(HEAD + b"X-Slow: ", b"x", id="header"),
    pytest.param(b"HTTP/1.1 200 ", b"O", id="status"),
    pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", id="continue"),
]


@pytest.mark.parametrize(("start", "drop"), TRICKLES)
def test_deadline_holds_for_everything(start: bytes, drop: bytes) -> None:
    started = time.monotonic()
    with endpoint(trickle(start, drop)) as (address, _):
        with pytest.raises(RemoteFailed, match="did not answer in time"):
            remote_endpoint(address, seconds=0.5)(ASK)
        with pytest.raises(RemoteFailed, match="did not answer in time"):
            Client(seconds=0.5).get(address)
        assert time.monotonic() - started < 5
        assert not [thread for thread in threading.enumerate() if thread.name == "remote"]
