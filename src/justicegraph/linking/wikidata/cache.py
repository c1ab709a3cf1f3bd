"""Answers of other servers, kept on the disk for some days: what was asked once is not asked again after a break."""

import hashlib
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from justicegraph.errors import RemoteFailed
from justicegraph.system.files import atomic_write, write_errors

DAYS = 30.0
LARGEST = 512 * 2**20
"""Bytes of all answers together; the oldest go first."""

_DAY = 86_400
_Read = TypeVar("_Read")


class Cache:
    """A folder with a file for each answer. One process at a time writes there (disk.alone)."""

    def __init__(
        self, folder: Path, days: float = DAYS, largest: int = LARGEST, now: Callable[[], float] = time.time
    ) -> None:
        """Take a folder, and delete in it what is too old, and what a run that was killed has left."""
        self._folder, self._largest = folder, largest
        self.asked = 0
        """How many answers were fetched."""
        with write_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for path in folder.iterdir():
                if path.name != ".lock" and (path.name.startswith(".") or path.stat().st_mtime < now() - days * _DAY):
                    path.unlink()
            self._size = sum(path.stat().st_size for path in folder.iterdir())

    def kept(self, about: Sequence[str], fetch: Callable[[], bytes], read: Callable[[bytes], _Read]) -> _Read:
        """Return what `read` makes of the answer that is kept, else of what is fetched.

        That is kept if it can be read. `about` tells what was asked, and whom.
        """
        path = self._folder / hashlib.sha256("\0".join(about).encode()).hexdigest()
        with suppress(OSError, RemoteFailed):
            return read(path.read_bytes())
        answer = fetch()
        self.asked += 1
        found = read(answer)
        self._keep(path, answer)
        return found

    def _keep(self, path: Path, answer: bytes) -> None:
        if len(answer) > self._largest // 8:
            return
        self._size += len(answer)
        with write_errors(path):
            if self._size > self._largest:
                self._make_room()
        with atomic_write(path) as file:
            file.write(answer)

    def _make_room(self) -> None:
        """Delete the oldest answers, down to half."""
        oldest = sorted(
            (each.stat().st_mtime, each) for each in self._folder.iterdir() if not each.name.startswith(".")
        )
        for _, path in oldest:
            if self._size <= self._largest // 2:
                return
            self._size -= path.stat().st_size
            path.unlink()
