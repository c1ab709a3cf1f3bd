"""A worker that has ended at a limit: its job gets a message that says what to do."""

import pytest

from justicegraph.errors import LimitReached
from justicegraph.pool import Limits
from justicegraph.pool.handle import death_error


@pytest.mark.parametrize(("is_query", "noun"), [(True, "query"), (False, "request")])
@pytest.mark.parametrize("cause", ["time", "memory", "depth", "crashed"])
def test_message_about_a_limit_suits_the_job(cause: str, is_query: bool, noun: str) -> None:
    error = death_error(cause, Limits(), is_query=is_query)
    assert isinstance(error, LimitReached)
    assert error.sentence.startswith(f"The {noun} ")
    assert is_query or "LIMIT" not in error.sentence
