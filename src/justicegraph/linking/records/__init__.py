"""Things to be matched, from wherever they are told of: a table, a list of entities, our own graph."""

from justicegraph.linking.records.countries import country_code
from justicegraph.linking.records.entries import entries
from justicegraph.linking.records.files import read_targets
from justicegraph.linking.records.reading import LIMIT
from justicegraph.linking.records.record import Record
from justicegraph.linking.records.rows import PROPERTIES, records_of
from justicegraph.linking.records.tables import Table, read_table

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
