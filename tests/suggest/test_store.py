"""A suggestion is on the disk before anybody is told so, counts once, and goes when it is old, decided on or withdrawn."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from justicegraph.errors import CannotWrite
from justicegraph.suggest import tokens
from justicegraph.suggest.store import ACCEPTED, DECLINED, WAITING, NotSaved, NotWaiting, Store, TooManyWaiting

MANY = 1_000
SECRET = b"An invented sentence that must go."


def receipt(number: int) -> bytes:
    return tokens.receipt_hash(str(number))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "suggestions" / "suggestions.sqlite")


def everything_in(folder: Path) -> bytes:
    """Return the bytes of every file of a folder."""
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_suggestion_is_there_for_its_receipt_and_for_nobody_else(store: Store) -> None:
    store.add(receipt(1), "invented", b"content", MANY)
    suggestion = store.by_receipt(receipt(1))
    assert suggestion is not None
    assert (suggestion.state, suggestion.slug, suggestion.content) == (WAITING, "invented", b"content")
    assert store.by_receipt(receipt(2)) is None
    assert store.path.stat().st_mode & 0o077 == 0


def test_suggestion_that_is_sent_twice_is_stored_once(store: Store) -> None:
    for _ in range(2):
        store.add(receipt(1), "invented", b"content", MANY)
    assert len(store.waiting()) == 1


def test_no_more_wait_than_may(store: Store) -> None:
    store.add(receipt(1), "invented", b"content", 1)
    store.add(receipt(1), "invented", b"content", 1)
    with pytest.raises(TooManyWaiting, match="Send yours later"):
        store.add(receipt(2), "invented", b"content", 1)


@pytest.mark.parametrize("end", ["withdraw", "decline", "purge"])
def test_nothing_of_what_it_said_is_left_in_any_file(store: Store, end: str) -> None:
    store.add(receipt(1), "invented", SECRET, MANY)
    assert SECRET in everything_in(store.path.parent)
    if end == "withdraw":
        assert store.withdraw(receipt(1))
    elif end == "decline":
        with store.decide(1, DECLINED, "Nobody", "Not public."):
            pass
    else:
        assert store.purge(-1, -1, lambda _: False) == 1
    assert SECRET not in everything_in(store.path.parent)


def test_withdrawn_suggestion_is_not_decided_on_and_decided_one_not_withdrawn(store: Store) -> None:
    store.add(receipt(1), "invented", b"content", MANY)
    assert (store.withdraw(receipt(1)), store.withdraw(receipt(1))) == (True, False)
    with pytest.raises(NotWaiting), store.decide(1, ACCEPTED, "Nobody"):
        pytest.fail("it was decided on")


def test_what_fails_while_deciding_leaves_it_waiting(store: Store) -> None:
    store.add(receipt(1), "invented", b"content", MANY)
    with pytest.raises(CannotWrite), store.decide(1, ACCEPTED, "Nobody"):
        raise CannotWrite("the disk is full")
    assert [suggestion.content for suggestion in store.waiting()] == [b"content"]


def test_two_reviewers_cannot_both_decide(store: Store) -> None:
    store.add(receipt(1), "invented", b"content", MANY)
    won: list[str] = []

    def decide(name: str) -> None:
        try:
            with store.decide(1, ACCEPTED, name):
                time.sleep(0.05)
                won.append(name)
        except NotWaiting:
            pass

    threads = [Thread(target=decide, args=(str(number),)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    suggestion = store.by_number(1)
    assert suggestion is not None
    assert [suggestion.reviewer] == won


def test_old_ones_go_and_those_that_are_not_old_stay(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add(receipt(1), "old", b"content", MANY)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 100 * 86_400)
    store.add(receipt(2), "new", b"content", MANY)
    assert store.purge(180, 30, lambda _: False) == 0
    monkeypatch.setattr(time, "time", lambda: now + 181 * 86_400)
    assert store.purge(180, 30, lambda _: False) == 1
    assert [suggestion.slug for suggestion in store.waiting()] == ["new"]


def test_decided_one_can_be_seen_for_its_days_by_who_and_when(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add(receipt(1), "invented", b"content", MANY)
    with store.decide(1, DECLINED, "Nobody", "Not public."):
        pass
    store.purge(180, 30, lambda _: False)
    suggestion = store.by_receipt(receipt(1))
    assert suggestion is not None
    assert (suggestion.state, suggestion.reviewer, suggestion.reason, suggestion.decided_at > 0) == (
        DECLINED,
        "Nobody",
        "Not public.",
        True,
    )
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 31 * 86_400)
    assert store.purge(180, 30, lambda _: False) == 1


_HOLDS = """
import sys
from pathlib import Path
from justicegraph.suggest import tokens
from justicegraph.suggest.store import NotSaved, Store
store = Store(Path(sys.argv[1]))
for number in range(100_000):
    try:
        store.add(tokens.receipt_hash(str(number)), "invented", b"content" * 100, 1_000_000)
    except NotSaved as error:
        sys.exit(f"full: {error.is_full}")
    print(number, flush=True)
"""


def test_kill_at_any_time_loses_nothing_that_was_answered(store: Store) -> None:
    for _ in range(4):
        words = [sys.executable, "-c", _HOLDS, str(store.path)]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
            assert process.stdout
            told = [int(process.stdout.readline()) for _ in range(15)]
            os.kill(process.pid, signal.SIGKILL)
            told += [int(line) for line in process.stdout if line.endswith(b"\n")]
        assert all(store.by_receipt(receipt(number)) for number in told)
    with sqlite3.connect(store.path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def limited(size: int) -> Callable[[], None]:
    """Return what lets a process write files of so many bytes only."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_full_disk_is_said_and_what_was_answered_is_there(store: Store) -> None:
    store.secret()
    words = [sys.executable, "-c", _HOLDS, str(store.path)]
    ended = subprocess.run(words, preexec_fn=limited(60_000), capture_output=True, text=True, check=False)
    told = [int(line) for line in ended.stdout.splitlines()]
    assert 0 < len(told) < 1_000
    assert ended.stderr == "full: True\n"
    assert [store.by_receipt(receipt(number)) is not None for number in (*told, told[-1] + 1)] == [True] * len(told) + [
        False
    ]


def test_file_that_is_no_database_is_said_in_a_sentence(store: Store) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(NotSaved, match="cannot be written or read: file is not a database"):
        store.secret()


def test_key_outlives_the_process_and_differs_from_others(store: Store, tmp_path: Path) -> None:
    assert store.secret() == Store(store.path).secret()
    assert store.secret() != Store(tmp_path / "other.sqlite").secret()
