"""What is compressed comes out as it went in, and is the same bytes each time."""

import gzip
import io
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from justicegraph.system.compression import compressed_files, copy_encoded, read_lines


def test_file_is_compressed_twice_and_the_same_each_time(tmp_path: Path) -> None:
    lines = [f"line {number}\n".encode() * 40 for number in range(9_000)]
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        with compressed_files(tmp_path / folder / "said.txt") as file:
            file.write(lines[0])
            file.writelines(lines[1:])
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert set(one) == {"said.txt.gz", "said.txt.zst"}
    assert one == two
    assert gzip.decompress(one["said.txt.gz"]) == b"".join(lines)
    assert b"".join(read_lines(tmp_path / "one" / "said.txt.zst")) == b"".join(lines)
    assert one["said.txt.gz"][3:9] == bytes(6), "a name or a time is in it"


@given(st.lists(st.binary(max_size=5).map(lambda each: each.replace(b"\n", b"")), max_size=9), st.booleans())
def test_lines_come_back_whole(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], ends: bool) -> None:
    path = tmp_path_factory.getbasetemp() / "lines.txt"
    said = b"\n".join(lines) + (b"\n" if ends else b"")
    with compressed_files(path) as file:
        file.write(said)
    assert list(read_lines(path.with_name("lines.txt.zst"))) == said.splitlines(keepends=True) or b"\r" in said


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_answer_is_coded_as_it_is_sent(coding: str) -> None:
    said, coded = b"an answer " * 1_000, io.BytesIO()
    copy_encoded(io.BytesIO(said), coded, coding, len(said))
    plain = gzip.decompress(coded.getvalue()) if coding == "gzip" else zstandard.decompress(coded.getvalue())
    assert plain == said
    assert len(coded.getvalue()) < len(said) / 10
