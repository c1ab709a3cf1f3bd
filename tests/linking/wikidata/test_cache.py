"""Responses of other servers are cached for some days, within a limit."""

import os
import time
from pathlib import Path

import pytest

from justicegraph.errors import CannotWrite, RemoteFailed
from justicegraph.linking.wikidata.cache import Cache
from justicegraph.system.files import exclusive_lock


def fetched(cache: Cache, about: str, answer: bytes = b"answer") -> bool:
    """Tell whether an answer had to be fetched."""
    before = cache.asked
    cache.kept([about], lambda: answer, bytes)
    return cache.asked > before


def test_old_answer_is_asked_for_anew(tmp_path: Path) -> None:
    assert [fetched(Cache(tmp_path, days), "a") for days in (1, 1, 0, 1)] == [True, False, True, False]


def test_what_a_killed_run_left_is_swept_and_what_it_knew_is_kept(tmp_path: Path) -> None:
    fetched(Cache(tmp_path), "a")
    (tmp_path / ".half.written").write_bytes(b"x")
    assert (fetched(Cache(tmp_path), "a"), len(list(tmp_path.iterdir()))) == (False, 1)


def test_oldest_answers_make_room(tmp_path: Path) -> None:
    cache = Cache(tmp_path, largest=1000)
    for number in range(20):
        fetched(cache, str(number), b"x" * 100)
        for path in tmp_path.iterdir():
            os.utime(path, (time.time() - 60, path.stat().st_mtime - 1))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 1000
    assert (fetched(cache, "19"), fetched(cache, "0")) == (False, True)


def test_answer_that_cannot_be_read_is_not_kept(tmp_path: Path) -> None:
    def broken(_: bytes) -> None:
        raise RemoteFailed("broken")

    cache = Cache(tmp_path)
    with pytest.raises(RemoteFailed):
        cache.kept(["a"], lambda: b"x", broken)
    assert list(tmp_path.iterdir()) == []


def test_two_runs_do_not_write_at_once(tmp_path: Path) -> None:
    with (
        exclusive_lock(tmp_path, "another"),
        pytest.raises(CannotWrite, match="another is at work"),
        exclusive_lock(tmp_path, "another"),
    ):
        pass
    assert fetched(Cache(tmp_path), "a")
    assert (tmp_path / ".lock").exists()
