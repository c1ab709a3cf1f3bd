"""The statements as Parquet, for queries over millions of rows; needs the extra `parquet`."""

from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import IO

from justicegraph.rdf.nquads import Lines
from justicegraph.release.statements import COLUMNS, Statement, statements

ROW_GROUP = 32_768
"""Rows in a row group: some 10 MB of texts."""

_BATCH = 16_384
"""Rows that are held as Python objects at a time: fewer than a row group, to save memory."""


def has_pyarrow() -> bool:
    """Return whether the library that writes Parquet is installed."""
    return find_spec("pyarrow") is not None


def write_parquet(quads: Path, file: IO[bytes]) -> None:
    """Write a file of canonical N-Quads as Parquet, with the rows and columns of `write_statements`.

    All columns are texts, and no cell is null. One version of pyarrow always writes the same bytes. Raise
    ModuleNotFoundError without pyarrow; `has_pyarrow` checks for it.
    """
    import pyarrow  # type: ignore[import-untyped]
    from pyarrow import parquet

    pyarrow.set_memory_pool(pyarrow.system_memory_pool())  # the other pools never return memory
    schema = pyarrow.schema([pyarrow.field(name, pyarrow.string(), nullable=False) for name in COLUMNS])
    with quads.open("rb") as lines, parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        batches = (
            pyarrow.record_batch([pyarrow.array(column, pyarrow.string()) for column in columns], schema=schema)
            for columns in _columns(lines)
        )
        while group := list(islice(batches, ROW_GROUP // _BATCH)):
            writer.write_table(pyarrow.Table.from_batches(group), row_group_size=ROW_GROUP)


def _columns(lines: Lines) -> Iterator[list[tuple[str, ...]]]:
    """Yield batches of statements as columns."""
    rows: Iterator[Statement] = statements(lines)
    while batch := list(islice(rows, _BATCH)):
        yield list(zip(*batch, strict=True))
