"""A file, compressed or not, to its text; the limit is on what it is when decompressed."""

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from justicegraph.errors import BrokenFile

LIMIT = 1 << 30
"""Bytes that a file may have when decompressed."""
_PIECE = 1 << 20
_UTF_16 = codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+\Z")
_SAVE = "save the file as UTF-8 (in a spreadsheet program: CSV UTF-8)."


def read_text(path: Path, limit: int = LIMIT) -> str:
    """Return a file's text, decompressed where its name ends in .gz; raise BrokenFile where it is not UTF-8."""
    return _decoded(path, _bytes(path, limit)).removeprefix("\ufeff")


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines of a text one by one, each with its end: a list of them all could be many times as large."""
    return (found[0] for found in _LINE.finditer(text))


def plain_name(path: Path) -> str:
    """Return the lower-case name of a file without .gz."""
    return path.name.lower().removesuffix(".gz")


@contextmanager
def opened(path: Path, limit: int) -> Iterator["Limited"]:
    """Give a file to read from, decompressed where its name ends in .gz; raise BrokenFile where it cannot be read."""
    try:
        with gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb") as file:
            yield Limited(path, file, limit)
    except (gzip.BadGzipFile, zlib.error) as error:
        raise BrokenFile(f"{path} is not a whole gzip file: compress it anew, or name it without .gz.") from error
    except EOFError as error:
        raise BrokenFile(f"{path} breaks off before its end: compress or fetch it anew.") from error
    except OSError as error:
        raise BrokenFile(f"{path} cannot be read: {error.strerror or error}.") from error


class Limited:
    """A file that ends in BrokenFile after so many bytes."""

    def __init__(self, path: Path, file: IO[bytes] | gzip.GzipFile, limit: int) -> None:
        self._path, self._file, self._limit, self._left = path, file, limit, limit

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raise BrokenFile where there are more in all than the limit."""
        found = self._file.read(size)
        self._left -= len(found)
        if self._left < 0:
            raise BrokenFile(
                f"{self._path} has more than {self._limit:,} bytes, decompressed: split it, or raise --max-bytes."
            )
        return found


def _bytes(path: Path, limit: int) -> bytearray:
    found = bytearray()
    with opened(path, limit) as file:
        while piece := file.read(_PIECE):
            found += piece
    return found


def _decoded(path: Path, found: bytearray) -> str:
    if found.startswith(_UTF_16):
        raise BrokenFile(f"{path} is UTF-16; {_SAVE}")
    try:
        return found.decode("utf-8")
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        broken = BrokenFile(f"{path}, line {line}: this is not UTF-8; {_SAVE}")
        broken.line = line
        raise broken from error
