"""A cache of other servers' responses on disk, so that a run that was interrupted need not fetch them again."""

import hashlib
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from justicegraph.errors import RemoteFailed
from justicegraph.system.files import atomic_write, write_errors

DAYS = 30.0
"""Days for which a response is used."""
LARGEST = 512 * 2**20
"""Bytes of all responses together; the oldest are deleted first."""

_DAY = 86_400
_Parsed = TypeVar("_Parsed")


class Cache:
    """A folder with a file for each response. One process at a time may write there (system.files.exclusive_lock)."""

    def __init__(
        self, folder: Path, days: float = DAYS, largest: int = LARGEST, now: Callable[[], float] = time.time
    ) -> None:
        """Use a folder; delete old responses, and temporary files of a run that was killed."""
        self._folder, self._largest = folder, largest
        self.fetched = 0
        """How many responses were fetched."""
        with write_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for path in folder.iterdir():
                if path.name != ".lock" and (path.name.startswith(".") or path.stat().st_mtime < now() - days * _DAY):
                    path.unlink()
            self._size = sum(path.stat().st_size for path in folder.iterdir())

    def get(self, key: Sequence[str], fetch: Callable[[], bytes], parse: Callable[[bytes], _Parsed]) -> _Parsed:
        """Return the parsed response from the cache; if there is none that can be parsed, fetch and store it.

        `key` has the address of the server and the request. Raise what fetching or parsing raises.
        """
        path = self._folder / hashlib.sha256("\0".join(key).encode()).hexdigest()
        with suppress(OSError, RemoteFailed):
            return parse(path.read_bytes())
        response = fetch()
        self.fetched += 1
        parsed = parse(response)
        self._store(path, response)
        return parsed

    def _store(self, path: Path, response: bytes) -> None:
        if len(response) > self._largest // 8:
            return
        self._size += len(response)
        with write_errors(path):
            if self._size > self._largest:
                self._make_room()
        with atomic_write(path) as file:
            file.write(response)

    def _make_room(self) -> None:
        """Delete the oldest responses until half of the space is free."""
        paths = (path for path in self._folder.iterdir() if not path.name.startswith("."))
        for _, path in sorted((path.stat().st_mtime, path) for path in paths):
            if self._size <= self._largest // 2:
                return
            self._size -= path.stat().st_size
            path.unlink()
