"""Atomic writes: to a temporary name, through to the disk, then renamed. Until then the old file remains."""

import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from justicegraph.errors import CannotWrite


@contextmanager
def write_errors(path: Path) -> Iterator[None]:
    """Turn errors of the disk into CannotWrite."""
    try:
        yield
    except OSError as error:
        where = error.filename or path
        raise CannotWrite(f"{where} cannot be written: {error.strerror or error}. Nothing was changed.") from error
    except sqlite3.OperationalError as error:  # SQLite on a full disk
        raise CannotWrite(f"{path} cannot be written: {error}. Nothing was changed.") from error


@contextmanager
def atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file that replaces `path` once all of it is on the disk; raise CannotWrite."""
    path = path.resolve()  # a link remains a link
    with write_errors(path):
        file = NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False)  # noqa: SIM115
        try:
            with file:
                yield file
                sync(file)
            os.chmod(file.name, path.stat().st_mode & 0o777 if path.exists() else 0o644)
            os.replace(file.name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(file.name)
            raise
        sync(path.parent)


def sync(target: IO[bytes] | Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk (fsync(2))."""
    if isinstance(target, Path):
        handle = os.open(target, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    else:
        target.flush()
        os.fsync(target.fileno())


@contextmanager
def exclusive_lock(folder: Path, other: str) -> Iterator[None]:
    """Hold a lock, so that one process at a time writes here; the kernel releases it if we die.

    Raise CannotWrite if another process holds it; `other` names that one, as in "another build".
    """
    with write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotWrite(f"{folder}: {other} is running. Wait until it has ended.") from error
        yield


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
