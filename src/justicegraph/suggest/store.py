"""Stores suggestions in an SQLite file: a suggestion is on the disk before the sender gets a receipt.

The store has no address and no name of a sender. Once a suggestion is accepted, declined or withdrawn, its content is
deleted. The fact and the reviewer's reason stay until they are old.
"""

import os
import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from justicegraph.errors import CannotWrite
from justicegraph.project.removal import IsRemoved
from justicegraph.system.files import sync, write_errors

WAITING, ACCEPTED, DECLINED, WITHDRAWN = "held", "accepted", "declined", "withdrawn"
"""States of a suggestion. In the file, a waiting one has the state "held"."""

DAY = 86_400
"""Seconds."""

_BUSY_TIMEOUT = 10.0
"""Seconds to wait while another process writes."""
_DISK_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_TOOBIG)
_MIN_FREE = 65_536
"""Bytes that SQLite needs for its own files besides the database."""
_VERSION = 1
_TABLES = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS key (only INTEGER PRIMARY KEY CHECK (only = 1), bytes BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS suggestion (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    receipt BLOB NOT NULL UNIQUE,
    state TEXT NOT NULL,
    slug TEXT NOT NULL,
    content BLOB NOT NULL,
    made INTEGER NOT NULL,
    decided INTEGER NOT NULL DEFAULT 0,
    reviewer TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS by_state ON suggestion (state, number);
PRAGMA user_version = {_VERSION};
COMMIT;
"""


class NotSaved(CannotWrite):
    """Nothing was saved; `is_full` tells whether the disk is full."""

    is_full = False


class TooManyWaiting(NotSaved):
    """No more suggestions may wait."""


class NotWaiting(CannotWrite):
    """A suggestion does not wait any more: it was accepted, declined, withdrawn, or deleted because it was old."""

    def __init__(self) -> None:
        super().__init__(
            "This suggestion does not wait any more. It was decided, withdrawn, or deleted because it was old."
        )


@dataclass(frozen=True)
class Suggestion:
    """A stored suggestion; `content` is empty once it does not wait any more. Times are Unix times, 0 for never."""

    number: int
    state: str
    slug: str
    content: bytes
    received_at: int
    decided_at: int
    reviewer: str
    reason: str


_SELECT = "SELECT number, state, slug, content, made, decided, reviewer, reason FROM suggestion"


class Store:
    """The suggestions in one file. Each call opens the file again, so any thread or process may use it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def secret(self) -> bytes:
        """Return the secret that signs forms and receipts; it is made once, so that they survive a restart."""
        with self._connected() as db:
            db.execute("INSERT OR IGNORE INTO key VALUES (1, ?)", (secrets.token_bytes(32),))
            return bytes(db.execute("SELECT bytes FROM key").fetchone()[0])

    def add(self, receipt: bytes, slug: str, content: bytes, max_waiting: int) -> None:
        """Add a suggestion, unless one with this receipt exists; raise TooManyWaiting if so many wait already."""
        with self._connected() as db, _transaction(db):
            if db.execute("SELECT 1 FROM suggestion WHERE receipt = ?", (receipt,)).fetchone():
                return
            if db.execute("SELECT count(*) FROM suggestion WHERE state = ?", (WAITING,)).fetchone()[0] >= max_waiting:
                raise TooManyWaiting(f"{max_waiting:,} suggestions wait for review. Send yours later.")
            db.execute(
                "INSERT INTO suggestion (receipt, state, slug, content, made) VALUES (?, ?, ?, ?, ?)",
                (receipt, WAITING, slug, content, int(time.time())),
            )

    def by_receipt(self, receipt: bytes) -> Suggestion | None:
        """Return the suggestion with this receipt."""
        return self._find("WHERE receipt = ?", receipt)

    def by_number(self, number: int) -> Suggestion | None:
        """Return the suggestion with this number."""
        return self._find("WHERE number = ?", number)

    def waiting(self) -> list[Suggestion]:
        """Return the suggestions that wait, the oldest first."""
        if not self.path.exists():
            return []
        with self._connected() as db:
            rows = db.execute(f"{_SELECT} WHERE state = ? ORDER BY number", (WAITING,))
            return [Suggestion(*row) for row in rows]

    def withdraw(self, receipt: bytes) -> bool:
        """Delete the content of a suggestion, if it waits; return whether it did."""
        with self._connected() as db, _transaction(db):
            number = db.execute(
                "UPDATE suggestion SET state = ?, content = x'', slug = '', decided = ? "
                "WHERE receipt = ? AND state = ?",
                (WITHDRAWN, int(time.time()), receipt, WAITING),
            ).rowcount
        return number > 0

    @contextmanager
    def decide(self, number: int, state: str, reviewer: str, reason: str = "", slug: str = "") -> Iterator[None]:
        """Accept or decline a suggestion, if the block of the `with` statement succeeds; raise NotWaiting.

        While the block runs, nobody else can decide on the suggestion or withdraw it.
        """
        with self._connected() as db, _transaction(db):
            changed = db.execute(
                "UPDATE suggestion SET state = ?, content = x'', slug = ?, decided = ?, reviewer = ?, reason = ? "
                "WHERE number = ? AND state = ?",
                (state, slug, int(time.time()), reviewer, reason, number, WAITING),
            ).rowcount
            if not changed:
                raise NotWaiting
            yield

    def purge(self, waiting_days: float, decided_days: float, is_removed: IsRemoved) -> int:
        """Delete suggestions that wait or are decided for longer than this, or whose entry was removed.

        Return how many were deleted.
        """
        if not self.path.exists():
            return 0
        now = int(time.time())
        with self._connected() as db:
            with _transaction(db):
                removed = [
                    number for number, slug in db.execute("SELECT number, slug FROM suggestion")
                    if slug and is_removed(slug)
                ]  # fmt: skip
                db.executemany("DELETE FROM suggestion WHERE number = ?", [(number,) for number in removed])
                old = db.execute(
                    "DELETE FROM suggestion WHERE (state = ? AND made < ?) OR (state <> ? AND decided < ?)",
                    (WAITING, now - waiting_days * DAY, WAITING, now - decided_days * DAY),
                ).rowcount
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # the log must not contain it any longer
        return old + len(removed)

    def _find(self, condition: str, value: bytes | int) -> Suggestion | None:
        if not self.path.exists():
            return None
        with self._connected() as db:
            row = db.execute(f"{_SELECT} {condition}", (value,)).fetchone()
            return Suggestion(*row) if row else None

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with _explained(self.path):
            self._create()
            with closing(sqlite3.connect(self.path, timeout=_BUSY_TIMEOUT, isolation_level=None)) as db:
                db.execute("PRAGMA journal_mode = WAL").fetchall()
                db.execute("PRAGMA synchronous = FULL")
                db.execute("PRAGMA secure_delete = ON").fetchall()
                if db.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
                    db.executescript(_TABLES)
                yield db

    def _create(self) -> None:
        """Create the file if it is missing; only its owner can read it."""
        if self.path.exists():
            return
        with write_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            sync(self.path.parent)


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Commit all statements of the block, or none if it fails."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _is_disk_full(folder: Path) -> bool:
    """Tell whether the disk has less room than SQLite needs for its own files."""
    try:
        return shutil.disk_usage(folder).free < _MIN_FREE
    except OSError:
        return False


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn an error of SQLite into NotSaved, with one sentence."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        refused = NotSaved(f"{path} cannot be written or read: {error}. Nothing was changed.")
        refused.is_full = code in _DISK_FULL or _is_disk_full(path.parent)
        raise refused from error
