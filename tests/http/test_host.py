"""The address of this server comes from the Host header, and is checked once before it is written into anything."""

import pytest

from justicegraph.errors import BadQuery
from justicegraph.http.host import address_with_host


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "https://graph.example/sparql", "http://[::1]:80"])
def test_address_with_a_host_stays_as_it_is(address: str) -> None:
    assert address_with_host(address) == address


@pytest.mark.parametrize(
    "address", ["http://", "http:///sparql", "http://a b", "http://a<b", "http://{host}", "", "http://["]
)
def test_address_without_a_host_is_refused(address: str) -> None:
    with pytest.raises(BadQuery, match="Correct the Host header"):
        address_with_host(address)
