"""Where suggestions wait: an SQLite file, in which a suggestion is on the disk before anybody is told so.

It keeps no address and no name of a sender. Once a suggestion is decided on or withdrawn, what it said is deleted; that
it was, and what came of it, stays until it is old.
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

HELD, ACCEPTED, DECLINED, WITHDRAWN = "held", "accepted", "declined", "withdrawn"
DAY = 86_400
"""Seconds."""

_WAIT = 10.0
"""Seconds in which another one must have written."""
_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_TOOBIG)
_ROOM = 65_536
"""Bytes."""
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


class NotKept(CannotWrite):
    """A suggestion could not be saved, and nothing of it was; `is_full` tells whether the disk is."""

    is_full = False


class TooMany(NotKept):
    """As many suggestions wait as may."""


class NotHeld(CannotWrite):
    """A suggestion does not wait any more: somebody has decided on it, or its sender has withdrawn it."""


@dataclass(frozen=True)
class Kept:
    """A suggestion as it is kept; `content` is empty once it is decided on. `made` and `decided` are Unix times."""

    number: int
    state: str
    slug: str
    content: bytes
    made: int
    decided: int
    reviewer: str
    reason: str


_SELECT = "SELECT number, state, slug, content, made, decided, reviewer, reason FROM suggestion"


class Store:
    """The file; each call opens it anew, so that any thread or process may."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def secret(self) -> bytes:
        """Return the secret that signs forms and receipts; it is made once, so that they survive a restart."""
        with self._connected() as db:
            db.execute("INSERT OR IGNORE INTO key VALUES (1, ?)", (secrets.token_bytes(32),))
            return bytes(db.execute("SELECT bytes FROM key").fetchone()[0])

    def hold(self, receipt: bytes, slug: str, content: bytes, most: int) -> None:
        """Keep a suggestion unless one with this receipt is there; raise TooMany where so many wait already."""
        with self._connected() as db, _transaction(db):
            if db.execute("SELECT 1 FROM suggestion WHERE receipt = ?", (receipt,)).fetchone():
                return
            if db.execute("SELECT count(*) FROM suggestion WHERE state = ?", (HELD,)).fetchone()[0] >= most:
                raise TooMany(f"{most:,} suggestions wait to be looked at, and no more are taken now. Come back later.")
            db.execute(
                "INSERT INTO suggestion (receipt, state, slug, content, made) VALUES (?, ?, ?, ?, ?)",
                (receipt, HELD, slug, content, int(time.time())),
            )

    def by_receipt(self, receipt: bytes) -> Kept | None:
        """Return the suggestion with this receipt."""
        return self._one("WHERE receipt = ?", receipt)

    def by_number(self, number: int) -> Kept | None:
        """Return the suggestion with this number."""
        return self._one("WHERE number = ?", number)

    def waiting(self) -> list[Kept]:
        """Return what waits, the oldest first."""
        if not self.path.exists():
            return []
        with self._connected() as db:
            rows = db.execute(f"{_SELECT} WHERE state = ? ORDER BY number", (HELD,))
            return [Kept(*row) for row in rows]

    def withdraw(self, receipt: bytes) -> bool:
        """Forget what a suggestion says, if it waits; return whether it did."""
        with self._connected() as db, _transaction(db):
            number = db.execute(
                "UPDATE suggestion SET state = ?, content = x'', slug = '', decided = ? "
                "WHERE receipt = ? AND state = ?",
                (WITHDRAWN, int(time.time()), receipt, HELD),
            ).rowcount
        return number > 0

    @contextmanager
    def deciding(self, number: int, state: str, reviewer: str, reason: str = "", slug: str = "") -> Iterator[None]:
        """Decide on a suggestion once what is done meanwhile has been done; raise NotHeld where it does not wait.

        Nobody else can decide on it or withdraw it meanwhile. If what is done fails, nothing is decided.
        """
        with self._connected() as db, _transaction(db):
            changed = db.execute(
                "UPDATE suggestion SET state = ?, content = x'', slug = ?, decided = ?, reviewer = ?, reason = ? "
                "WHERE number = ? AND state = ?",
                (state, slug, int(time.time()), reviewer, reason, number, HELD),
            ).rowcount
            if not changed:
                raise NotHeld("This suggestion does not wait any more: it was decided on, withdrawn, or grew too old.")
            yield

    def purge(self, held: float, decided: float, is_removed: IsRemoved) -> int:
        """Delete what waits for more days than `held`, was decided on before `decided` days, or was removed.

        Return how many there were.
        """
        if not self.path.exists():
            return 0
        now = int(time.time())
        with self._connected() as db:
            with _transaction(db):
                gone = [
                    number for number, slug in db.execute("SELECT number, slug FROM suggestion")
                    if slug and is_removed(slug)
                ]  # fmt: skip
                db.executemany("DELETE FROM suggestion WHERE number = ?", [(number,) for number in gone])
                found = db.execute(
                    "DELETE FROM suggestion WHERE (state = ? AND made < ?) OR (state <> ? AND decided < ?)",
                    (HELD, now - held * DAY, HELD, now - decided * DAY),
                ).rowcount
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # so that the log does not tell it any longer
        return found + len(gone)

    def _one(self, condition: str, value: bytes | int) -> Kept | None:
        if not self.path.exists():
            return None
        with self._connected() as db:
            row = db.execute(f"{_SELECT} {condition}", (value,)).fetchone()
            return Kept(*row) if row else None

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with _told(self.path):
            self._make()
            with closing(sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None)) as db:
                db.execute("PRAGMA journal_mode = WAL").fetchall()
                db.execute("PRAGMA synchronous = FULL")
                db.execute("PRAGMA secure_delete = ON").fetchall()
                if db.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
                    db.executescript(_TABLES)
                yield db

    def _make(self) -> None:
        """Make the file, for its owner's eyes only, where it is missing."""
        if self.path.exists():
            return
        with write_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            sync(self.path.parent)


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Do it all or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _has_no_room(folder: Path) -> bool:
    """Tell whether there is less room on a disk than what SQLite opens for itself, besides the file."""
    try:
        return shutil.disk_usage(folder).free < _ROOM
    except OSError:
        return False


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what SQLite refuses into NotKept, in one sentence."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        refused = NotKept(f"{path} cannot be written or read: {error}. Nothing was changed.")
        refused.is_full = code in _FULL or _has_no_room(path.parent)
        raise refused from error
