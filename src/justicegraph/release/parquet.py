"""The statements as Parquet, for whoever asks millions of them questions; needs the extra `parquet`."""

from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import IO

from justicegraph.rdf.nquads import Lines
from justicegraph.release.statements import COLUMNS, Statement, statements

ROW_GROUP = 32_768
"""Rows of a row group: some 10 MB of texts."""

_BATCH = 16_384
"""Rows that are Python's at a time, before they are Arrow's: a whole row group never is."""


def parquet_is_here() -> bool:
    """Tell whether the library that writes Parquet is installed."""
    return find_spec("pyarrow") is not None


def write_parquet(quads: Path, file: IO[bytes]) -> None:
    """Write a file of canonical N-Quads as Parquet, with the rows and columns of `write_statements`.

    All columns are texts; none is null. One version of pyarrow writes the same bytes each time. Raise
    ModuleNotFoundError where there is no pyarrow: `parquet_is_here` tells.
    """
    import pyarrow  # type: ignore[import-untyped]
    from pyarrow import parquet

    pyarrow.set_memory_pool(pyarrow.system_memory_pool())  # the others keep what they once had
    schema = pyarrow.schema([pyarrow.field(name, pyarrow.string(), nullable=False) for name in COLUMNS])
    with quads.open("rb") as lines, parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        batches = (
            pyarrow.record_batch([pyarrow.array(column, pyarrow.string()) for column in columns], schema=schema)
            for columns in _columns(lines)
        )
        while group := list(islice(batches, ROW_GROUP // _BATCH)):
            writer.write_table(pyarrow.Table.from_batches(group), row_group_size=ROW_GROUP)


def _columns(lines: Lines) -> Iterator[list[tuple[str, ...]]]:
    """Yield the statements some thousands at a time, by column."""
    rows: Iterator[Statement] = statements(lines)
    while batch := list(islice(rows, _BATCH)):
        yield list(zip(*batch, strict=True))
