"""Slots of slow questions: given in the order of asking, so many in all and so many to one client."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from justicegraph.errors import LimitReached
from justicegraph.pool.limits import Limits
from justicegraph.pool.slots import Slots

LIMITS = Limits(time=0.05, slow=3, slow_per_client=2, waiting=2)


def with_slots(check: Callable[[Slots], Coroutine[object, object, None]]) -> Callable[[], None]:
    """Make a test of what is to hold for places with these limits."""
    return lambda: asyncio.run(check(Slots(LIMITS)))


async def begin(slots: Slots, client: str) -> "asyncio.Task[None]":
    """Have a client wait for a place."""
    waiting = asyncio.create_task(slots.wait(client))
    await asyncio.sleep(0)
    return waiting


async def refused(slots: Slots, client: str) -> LimitReached:
    with pytest.raises(LimitReached) as reached:
        await slots.wait(client)
    return reached.value


@with_slots
async def test_there_are_so_many_places_and_no_more(slots: Slots) -> None:
    assert [slots.take(client) for client in "abcd"] == [True, True, True, False]
    assert slots.taken == 3


@with_slots
async def test_place_that_is_left_is_taken_again(slots: Slots) -> None:
    for _ in range(100):
        assert slots.take("a")
        slots.release("a")
    assert slots.taken == 0


@with_slots
async def test_client_has_so_many_places_while_others_find_one(slots: Slots) -> None:
    assert [slots.take("a") for _ in range(3)] == [True, True, False]
    assert slots.take("b")


@with_slots
async def test_client_without_a_name_may_have_all(slots: Slots) -> None:
    assert [slots.take("") for _ in range(4)] == [True, True, True, False]


@with_slots
async def test_places_are_given_in_the_order_of_asking(slots: Slots) -> None:
    for client in "abc":
        slots.take(client)
    first, second = await begin(slots, "d"), await begin(slots, "e")
    slots.release("a")
    await asyncio.sleep(0.01)
    assert (first.done(), second.done(), slots.taken, slots.waiting) == (True, False, 3, 1)
    slots.release("b")
    await second
    assert (slots.taken, slots.waiting) == (3, 0)


@with_slots
async def test_client_that_has_its_places_holds_up_nobody_in_line(slots: Slots) -> None:
    for client in "aab":
        slots.take(client)
    first, second = await begin(slots, "a"), await begin(slots, "c")
    slots.release("b")
    await asyncio.sleep(0.01)
    assert (first.done(), second.done()) == (False, True)
    slots.release("a")
    await first


@with_slots
async def test_client_that_fills_the_line_takes_no_free_place_from_others(slots: Slots) -> None:
    for _ in range(2):
        slots.take("a")
    waiting = [await begin(slots, "a") for _ in range(2)]
    await slots.wait("b")
    assert (slots.taken, slots.waiting) == (3, 2)
    await asyncio.gather(*waiting, return_exceptions=True)


@with_slots
async def test_who_waits_too_long_is_told_why_and_when_to_ask_again(slots: Slots) -> None:
    for client in "aab":
        slots.take(client)
    own, others = await refused(slots, "a"), await refused(slots, "c")
    assert (own.limit, others.limit) == ("client", "busy")
    assert "2 slow requests from your address" in str(own)
    assert own.retry_after > 0 < others.retry_after
    assert (slots.taken, slots.waiting) == (3, 0)


@with_slots
async def test_nobody_more_waits_where_the_line_is_full(slots: Slots) -> None:
    for client in "abc":
        slots.take(client)
    waiting = [await begin(slots, client) for client in "de"]
    assert (await refused(slots, "f")).limit == "busy"
    assert slots.waiting == 2
    await asyncio.gather(*waiting, return_exceptions=True)


@pytest.mark.parametrize("is_given", [False, True], ids=["in line", "just given a place"])
def test_who_stops_waiting_leaves_nothing_taken(is_given: bool) -> None:
    async def check(slots: Slots) -> None:
        for _ in range(2):
            slots.take("a")
        waiting = await begin(slots, "a")
        if is_given:
            slots.release("a")
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert (slots.taken, slots.waiting) == (2 - is_given, 0)

    with_slots(check)()
