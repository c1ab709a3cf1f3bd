"""The one way to write: to a temporary name, through to the disk, then renamed. What stood there stands until then."""

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
    """Turn what the disk refuses meanwhile into CannotWrite, in one sentence."""
    try:
        yield
    except OSError as error:
        where = error.filename or path
        raise CannotWrite(f"{where} cannot be written: {error.strerror or error}. Nothing was changed.") from error
    except sqlite3.OperationalError as error:  # what it says of a full disk
        raise CannotWrite(f"{path} cannot be written: {error}. Nothing was changed.") from error


@contextmanager
def atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write to, which takes the place of `path` once all of it is on the disk; raise CannotWrite."""
    path = path.resolve()  # a link stays a link
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
    """Wait until a file, or a folder's list of names, is on the disk."""
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
    """Hold the lock that lets one process at a time write here; the kernel lets go of it if we die.

    Raise CannotWrite, which tells of the `other`, where somebody holds it.
    """
    with write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotWrite(f"{folder}: {other} is at work. Wait until it has ended.") from error
        yield


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
