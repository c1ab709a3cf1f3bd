"""Places of slow questions: given in the order of asking, so many in all and so many to one client."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from justicegraph.errors import LimitReached
from justicegraph.pool.limits import Limits
from justicegraph.pool.slots import Places
from justicegraph.sparql import client_of

LIMITS = Limits(time=0.05, slow=3, slow_per_client=2, waiting=2)


def with_places(check: Callable[[Places], Coroutine[object, object, None]]) -> Callable[[], None]:
    """Make a test of what is to hold for places with these limits."""
    return lambda: asyncio.run(check(Places(LIMITS)))


async def begin(places: Places, client: str) -> "asyncio.Task[None]":
    """Have a client wait for a place."""
    waiting = asyncio.create_task(places.wait(client))
    await asyncio.sleep(0)
    return waiting


async def refused(places: Places, client: str) -> LimitReached:
    with pytest.raises(LimitReached) as reached:
        await places.wait(client)
    return reached.value


@with_places
async def test_there_are_so_many_places_and_no_more(places: Places) -> None:
    assert [places.take(client) for client in "abcd"] == [True, True, True, False]
    assert places.taken == 3


@with_places
async def test_place_that_is_left_is_taken_again(places: Places) -> None:
    for _ in range(100):
        assert places.take("a")
        places.leave("a")
    assert places.taken == 0


@with_places
async def test_client_has_so_many_places_while_others_find_one(places: Places) -> None:
    assert [places.take("a") for _ in range(3)] == [True, True, False]
    assert places.take("b")


@with_places
async def test_client_without_a_name_may_have_all(places: Places) -> None:
    assert [places.take("") for _ in range(4)] == [True, True, True, False]


@with_places
async def test_places_are_given_in_the_order_of_asking(places: Places) -> None:
    for client in "abc":
        places.take(client)
    first, second = await begin(places, "d"), await begin(places, "e")
    places.leave("a")
    await asyncio.sleep(0.01)
    assert (first.done(), second.done(), places.taken, places.waiting) == (True, False, 3, 1)
    places.leave("b")
    await second
    assert (places.taken, places.waiting) == (3, 0)


@with_places
async def test_client_that_has_its_places_holds_up_nobody_in_line(places: Places) -> None:
    for client in "aab":
        places.take(client)
    first, second = await begin(places, "a"), await begin(places, "c")
    places.leave("b")
    await asyncio.sleep(0.01)
    assert (first.done(), second.done()) == (False, True)
    places.leave("a")
    await first


@with_places
async def test_client_that_fills_the_line_takes_no_free_place_from_others(places: Places) -> None:
    for _ in range(2):
        places.take("a")
    waiting = [await begin(places, "a") for _ in range(2)]
    await places.wait("b")
    assert (places.taken, places.waiting) == (3, 2)
    await asyncio.gather(*waiting, return_exceptions=True)


@with_places
async def test_who_waits_too_long_is_told_why_and_when_to_ask_again(places: Places) -> None:
    for client in "aab":
        places.take(client)
    own, others = await refused(places, "a"), await refused(places, "c")
    assert (own.limit, others.limit) == ("client", "busy")
    assert "2 long questions from your address" in str(own)
    assert own.retry_after > 0 < others.retry_after
    assert (places.taken, places.waiting) == (3, 0)


@with_places
async def test_nobody_more_waits_where_the_line_is_full(places: Places) -> None:
    for client in "abc":
        places.take(client)
    waiting = [await begin(places, client) for client in "de"]
    assert (await refused(places, "f")).limit == "busy"
    assert places.waiting == 2
    await asyncio.gather(*waiting, return_exceptions=True)


@pytest.mark.parametrize("is_given", [False, True], ids=["in line", "just given a place"])
def test_who_stops_waiting_leaves_nothing_taken(is_given: bool) -> None:
    async def check(places: Places) -> None:
        for _ in range(2):
            places.take("a")
        waiting = await begin(places, "a")
        if is_given:
            places.leave("a")
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert (places.taken, places.waiting) == (2 - is_given, 0)

    with_places(check)()


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
