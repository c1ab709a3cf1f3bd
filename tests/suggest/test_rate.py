"""One client and all clients together may send so many suggestions an hour, and no address is stored."""

import time

import pytest

from justicegraph.suggest.rate import RateLimit


def test_clients_have_to_wait_and_their_addresses_are_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    limit = RateLimit(2, 3)
    assert [limit.seconds_to_wait("192.0.2.1") for _ in range(3)] == [0, 0, 3_601]
    assert [limit.seconds_to_wait("192.0.2.2") for _ in range(2)] == [0, 3_601]
    assert "192.0.2.1" not in repr(vars(limit))
    now = 3_600.0
    assert limit.seconds_to_wait("192.0.2.1") == 0


def test_request_that_is_given_back_does_not_count() -> None:
    limit = RateLimit(per_client=2, in_total=3)
    for _ in range(10):
        assert limit.seconds_to_wait("a") == 0
        limit.give_back("a")
    assert [limit.seconds_to_wait(client) == 0 for client in "aaab"] == [True, True, False, True]
    assert limit.seconds_to_wait("c") > 0
    limit.give_back("b")
    assert limit.seconds_to_wait("c") == 0


def test_giving_back_what_was_never_counted_changes_nothing() -> None:
    limit = RateLimit(per_client=1, in_total=1)
    limit.give_back("a")
    assert limit.seconds_to_wait("b") == 0
    limit.give_back("a")
    assert limit.seconds_to_wait("a") > 0
