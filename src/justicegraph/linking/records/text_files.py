"""Read text files, compressed or not; the limit is on their decompressed size."""

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from justicegraph.errors import BrokenFile

MAX_BYTES = 1 << 30
"""Bytes that a file may have when decompressed."""
_CHUNK = 1 << 20
_UTF_16 = codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+\Z")
_REMEDY = "save the file as UTF-8 (in a spreadsheet program: CSV UTF-8)"


def read_text(path: Path, limit: int = MAX_BYTES) -> str:
    """Return the text of a file, decompressed if its name ends in .gz; raise BrokenFile if it is not UTF-8."""
    return _decode(path, _read_bytes(path, limit)).removeprefix("\ufeff")


def iter_lines(text: str) -> Iterator[str]:
    """Yield the lines of a text one by one, each with its end: a list of them could take many times the memory."""
    return (line[0] for line in _LINE.finditer(text))


def uncompressed_name(path: Path) -> str:
    """Return the name of a file in lower case, without .gz."""
    return path.name.lower().removesuffix(".gz")


@contextmanager
def open_limited(path: Path, limit: int) -> Iterator["LimitedFile"]:
    """Open a file to read, decompressed if its name ends in .gz; raise BrokenFile if it cannot be read."""
    try:
        with gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb") as file:
            yield LimitedFile(path, file, limit)
    except (gzip.BadGzipFile, zlib.error) as error:
        raise BrokenFile(f"{path} is not a complete gzip file: compress it again, or name it without .gz.") from error
    except EOFError as error:
        raise BrokenFile(f"{path} is cut off: compress or download it again.") from error
    except OSError as error:
        raise BrokenFile(f"{path} cannot be read: {error.strerror or error}.") from error


class LimitedFile:
    """A file that may be read up to a number of bytes."""

    def __init__(self, path: Path, file: IO[bytes] | gzip.GzipFile, limit: int) -> None:
        self._path, self._file, self._limit, self._left = path, file, limit, limit

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raise BrokenFile as soon as there are more in all than the limit."""
        data = self._file.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise BrokenFile(
                f"{self._path} has more than {self._limit:,} bytes, decompressed: split it, or raise --max-bytes."
            )
        return data


def _read_bytes(path: Path, limit: int) -> bytearray:
    data = bytearray()
    with open_limited(path, limit) as file:
        while chunk := file.read(_CHUNK):
            data += chunk
    return data


def _decode(path: Path, data: bytearray) -> str:
    if data.startswith(_UTF_16):
        raise BrokenFile(f"{path} is UTF-16: {_REMEDY}.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise broken_line(path, line, f"this is not UTF-8: {_REMEDY}") from error


def broken_line(path: Path, number: int, problem: str) -> BrokenFile:
    """Return the error that a line of a file has a problem; lines are numbered from 1."""
    error = BrokenFile(f"{path}, line {number}: {problem}.")
    error.line = number
    return error
