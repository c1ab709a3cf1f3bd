"""The client for whom requests to the endpoint are limited."""

import pytest

from justicegraph.sparql.protocol import client_of


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:0:7::1", "20010db800000007::/64"),
        ("2001:db8:0:7:ffff::2", "20010db800000007::/64"),
        ("unknown", "unknown"),
    ],
)
def test_client_is_an_address_or_the_network_that_one_person_has(address: str, client: str) -> None:
    assert client_of(address) == client
