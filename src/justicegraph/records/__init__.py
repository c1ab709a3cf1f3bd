"""Things to be matched, from wherever they are told of: a table, a list of entities, our own graph."""

from justicegraph.records.countries import country_code
from justicegraph.records.entries import entries
from justicegraph.records.files import read_targets
from justicegraph.records.reading import LIMIT
from justicegraph.records.record import Record
from justicegraph.records.rows import PROPERTIES, records_of
from justicegraph.records.tables import Table, read_table

__all__ = [
    "LIMIT",
    "PROPERTIES",
    "Record",
    "Table",
    "country_code",
    "entries",
    "read_table",
    "read_targets",
    "records_of",
]
