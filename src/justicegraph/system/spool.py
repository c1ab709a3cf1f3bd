"""A size-limited spooled temporary file for results: in memory while small, then on the disk."""

import io
from tempfile import TemporaryFile
from typing import IO

from justicegraph.errors import LimitReached
from justicegraph.system.compression import copy_encoded

IN_MEMORY = 131_072
"""Bytes of a result up to which it is in memory, and goes between processes in one message; beyond, it is a file."""

SMALL = 1_024
"""Bytes up to which a result is not compressed: it would hardly get smaller."""


class Spool:
    """A file that is written once: in memory at first, then a temporary file without a name."""

    def __init__(self, limit: int | None = None) -> None:
        self._file: IO[bytes] = io.BytesIO()
        self._limit = limit
        self.length = 0

    def write(self, data: bytes) -> int:
        """Append bytes; raise LimitReached beyond the limit, OSError if the disk is full."""
        self.length += len(data)
        if self._limit is not None and self.length > self._limit:
            raise LimitReached("answer", _too_long(self._limit))
        if self.length > IN_MEMORY and isinstance(self._file, io.BytesIO):
            file: IO[bytes] = TemporaryFile()  # noqa: SIM115  # the reader of the result closes it
            file.write(self._file.getbuffer())
            self._file = file
        return self._file.write(data)

    def flush(self) -> None:
        """Do nothing: `whole` flushes."""

    def whole(self) -> IO[bytes]:
        """Return the file at its first byte; nothing is written after that."""
        self._file.flush()
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Release the memory or the file."""
        self._file.close()


def compress(plain: Spool, encoding: str) -> Spool:
    """Return the content compressed with a content coding, and release the plain bytes."""
    coded = Spool()
    with plain.whole() as body:
        copy_encoded(body, coded, encoding, plain.length)
    return coded


def _too_long(limit: int) -> str:
    size = f"{limit / 2**20:g} MiB" if limit >= 2**20 else f"{limit:,} bytes"
    return f"The answer is longer than {size}: ask for less with LIMIT and OFFSET, or take a dump from /data/."
