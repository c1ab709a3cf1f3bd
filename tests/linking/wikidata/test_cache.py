"""Responses of other servers are cached for some days, within a limit."""

import os
import time
from pathlib import Path

import pytest

from justicegraph.errors import CannotWrite, RemoteFailed
from justicegraph.linking.wikidata.cache import Cache
from justicegraph.system.files import exclusive_lock


def is_fetched(cache: Cache, about: str, answer: bytes = b"answer") -> bool:
    """Return whether a response had to be fetched."""
    before = cache.fetched
    cache.get([about], lambda: answer, bytes)
    return cache.fetched > before


def test_old_response_is_fetched_again(tmp_path: Path) -> None:
    assert [is_fetched(Cache(tmp_path, days), "a") for days in (1, 1, 0, 1)] == [True, False, True, False]


def test_temporary_files_are_deleted_and_responses_stay(tmp_path: Path) -> None:
    is_fetched(Cache(tmp_path), "a")
    (tmp_path / ".half.written").write_bytes(b"x")
    assert (is_fetched(Cache(tmp_path), "a"), len(list(tmp_path.iterdir()))) == (False, 1)


def test_oldest_responses_make_room(tmp_path: Path) -> None:
    cache = Cache(tmp_path, largest=1000)
    for number in range(20):
        is_fetched(cache, str(number), b"x" * 100)
        for path in tmp_path.iterdir():
            os.utime(path, (time.time() - 60, path.stat().st_mtime - 1))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 1000
    assert (is_fetched(cache, "19"), is_fetched(cache, "0")) == (False, True)


def test_response_that_cannot_be_parsed_is_not_stored(tmp_path: Path) -> None:
    def broken(_: bytes) -> None:
        raise RemoteFailed("broken")

    cache = Cache(tmp_path)
    with pytest.raises(RemoteFailed):
        cache.get(["a"], lambda: b"x", broken)
    assert list(tmp_path.iterdir()) == []


def test_two_runs_do_not_write_at_once(tmp_path: Path) -> None:
    with (
        exclusive_lock(tmp_path, "another"),
        pytest.raises(CannotWrite, match="another is running"),
        exclusive_lock(tmp_path, "another"),
    ):
        pass
    assert is_fetched(Cache(tmp_path), "a")
    assert (tmp_path / ".lock").exists()
