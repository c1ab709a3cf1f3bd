"""A file, compressed or not, to its text; the limit is on what it is when decompressed."""

import codecs
import gzip
import zlib
from pathlib import Path

from justicegraph.errors import BrokenFile

LIMIT = 1 << 30
"""Bytes that a file may have when decompressed."""
_PIECE = 1 << 20
_UTF_16 = codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE
_SAVE = "save the file as UTF-8 (in a spreadsheet program: CSV UTF-8)."


def read_text(path: Path, limit: int = LIMIT) -> str:
    """Return a file's text, decompressed where its name ends in .gz; raise BrokenFile where it is not UTF-8."""
    return _decoded(path, _bytes(path, limit)).removeprefix("\ufeff")


def plain_name(path: Path) -> str:
    """Return the lower-case name of a file without .gz."""
    return path.name.lower().removesuffix(".gz")


def _bytes(path: Path, limit: int) -> bytes:
    try:
        with gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb") as file:
            found = bytearray()
            while piece := file.read(_PIECE):
                found += piece
                if len(found) > limit:
                    raise BrokenFile(
                        f"{path} has more than {limit:,} bytes, decompressed: split it, or raise --max-bytes."
                    )
            return bytes(found)
    except (gzip.BadGzipFile, zlib.error) as error:
        raise BrokenFile(f"{path} is not a whole gzip file: compress it anew, or name it without .gz.") from error
    except EOFError as error:
        raise BrokenFile(f"{path} breaks off before its end: compress or fetch it anew.") from error
    except OSError as error:
        raise BrokenFile(f"{path} cannot be read: {error.strerror or error}.") from error


def _decoded(path: Path, found: bytes) -> str:
    if found.startswith(_UTF_16):
        raise BrokenFile(f"{path} is UTF-16; {_SAVE}")
    try:
        return found.decode("utf-8")
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        broken = BrokenFile(f"{path}, line {line}: this is not UTF-8; {_SAVE}")
        broken.line = line
        raise broken from error
