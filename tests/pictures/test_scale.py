"""A time scale has a few round ticks, wherever its dates are."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from justicegraph.pictures.scale import Interval, interval_of, time_scale


@given(st.dates(), st.integers(0, 400_000))
def test_scale_has_some_round_ticks_wherever_it_is(first: object, days: int) -> None:
    start = min(max(interval_of(str(first)) or Interval(600_000, 600_001), Interval(365_000, 365_001), key=lambda e: e.first), Interval(1_000_000, 1_000_001), key=lambda e: e.first)  # fmt: skip
    last = min(start.first + days, 1_090_000)
    scale = time_scale([start, Interval(last, last + 1)], 50, 600)
    xs = [mark.x for mark in scale.ticks]
    assert 2 <= len(xs) <= 13
    assert min(b - a for a, b in pairwise(xs)) > 40
    assert (scale.first <= start.first, scale.last >= last + 1) == (True, True)
