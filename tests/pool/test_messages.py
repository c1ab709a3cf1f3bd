"""Messages come as they were sent, however large they are, and files come with them."""

import os
from pathlib import Path

import pytest

from justicegraph.pool.messages import MAX_MESSAGE_BYTES, pair, receive, send
from tests.support.processes import descriptors


@pytest.mark.parametrize("length", [0, 1, MAX_MESSAGE_BYTES - 1, MAX_MESSAGE_BYTES, 4 * MAX_MESSAGE_BYTES])
def test_object_arrives_whole_and_leaves_nothing_open(length: int) -> None:
    here, there = pair()
    with here, there:
        before = descriptors()
        send(here, b"x" * length)
        assert receive(there) == (b"x" * length, None)
        assert descriptors() == before


def test_file_comes_with_its_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    here, there = pair()
    with here, there, (tmp_path / "file").open("rb") as file:
        send(here, ("a", 1), file)
        message, descriptor = receive(there)
    assert descriptor is not None
    with os.fdopen(descriptor, "rb") as received:
        assert (message, received.read()) == (("a", 1), b"content")


def test_closed_end_is_told_to_both_sides() -> None:
    here, there = pair()
    there.close()
    with here, pytest.raises(OSError, match="Broken pipe"):
        send(here, 1)
    here, there = pair()
    here.close()
    with there, pytest.raises(EOFError):
        receive(there)
