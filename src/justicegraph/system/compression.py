"""Gzip and zstd: files without a name or a time in them, so that equal input gives equal bytes."""

import gzip
import shutil
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Protocol, cast

import zstandard

CODINGS = {"gz": "gzip", "zst": "zstd"}
"""By the extension of a compressed file, the content coding (RFC 9110, section 8.4.1; RFC 8878)."""

_GZIP_LEVEL, _ZSTD_LEVEL = 6, 6
_BUFFER = 1_048_576
_SWELLS = 500
"""How many times larger a decompressed file may be: RDF stays far below, and a decompression bomb is far above."""


class Writes(Protocol):
    """A file to write to."""

    def write(self, data: bytes, /) -> int:
        """Write bytes, and return how many."""


@contextmanager
def compressed_files(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file to write to, whose content becomes `path`.gz and `path`.zst."""
    with ExitStack() as stack:
        files = [stack.enter_context(path.with_name(f"{path.name}.{extension}").open("wb")) for extension in CODINGS]
        gzipped = gzip.GzipFile(filename="", fileobj=files[0], mode="wb", compresslevel=_GZIP_LEVEL, mtime=0)
        zstandard_ = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).stream_writer(files[1], closefd=False)
        both = _Tee(path, gzipped, cast("Writes", zstandard_))
        yield cast("IO[bytes]", both)
        both.flush()
        gzipped.close()
        zstandard_.close()  # type: ignore[no-untyped-call]


class _Tee:
    """Writes the same bytes to several files, in large blocks; temporary files belong beside `name`."""

    def __init__(self, path: Path, *files: Writes) -> None:
        self.name, self._files = str(path), files
        self._waiting: list[bytes] = []
        self._length = 0

    def write(self, data: bytes) -> int:
        self._waiting.append(data)
        self._length += len(data)
        if self._length > _BUFFER:
            self.flush()
        return len(data)

    def writelines(self, lines: Iterator[bytes]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        data, self._waiting, self._length = b"".join(self._waiting), [], 0
        for file in self._files:
            file.write(data)


def copy_encoded(source: IO[bytes], target: Writes, coding: str, length: int) -> None:
    """Copy `length` bytes, compressed with a content coding, zstd or gzip, at a level for replies on the fly."""
    if coding == "zstd":
        zstandard.ZstdCompressor(level=3).copy_stream(source, cast("IO[bytes]", target), size=length)
        return
    with gzip.GzipFile(fileobj=cast("IO[bytes]", target), mode="wb", compresslevel=5, mtime=0) as file:
        shutil.copyfileobj(source, file)


def encode_bytes(data: bytes, coding: str) -> bytes:
    """Return bytes compressed with a content coding, zstd or gzip."""
    out = BytesIO()
    copy_encoded(BytesIO(data), out, coding, len(data))
    return out.getvalue()


def read_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a .zst file that `compressed_files` has written."""
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as plain:
        rest = b""
        while chunk := plain.read(_BUFFER):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from (line + b"\n" for line in whole)
        if rest:
            yield rest


@contextmanager
def open_gzip(path: Path) -> Iterator[IO[bytes]]:
    """Yield a gzip file to read; reading raises OSError if it is damaged, cut, or grows beyond the limit."""
    with gzip.open(path, "rb") as file:
        yield cast("IO[bytes]", _LimitedReader(file, _BUFFER + _SWELLS * path.stat().st_size))


class _LimitedReader:
    """Reads from a file up to a limit in bytes."""

    def __init__(self, file: gzip.GzipFile, most: int) -> None:
        self._file, self._left = file, most

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._file.read(size)
        except (EOFError, zlib.error) as error:
            raise OSError(f"it is broken or cut ({error})") from error
        self._left -= len(data)
        if self._left < 0:
            raise OSError(f"it has more than {_SWELLS} times its size when decompressed")
        return data
