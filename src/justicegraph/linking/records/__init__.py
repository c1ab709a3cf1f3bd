"""Read the things to be matched as records: the rows of a table, a file of targets, items of Wikidata, our entries."""

from justicegraph.linking.records.countries import country_code
from justicegraph.linking.records.entries import entries
from justicegraph.linking.records.record import Record
from justicegraph.linking.records.table_records import PROPERTIES, records_of
from justicegraph.linking.records.tables import Table, read_table
from justicegraph.linking.records.targets import read_targets
from justicegraph.linking.records.text_files import MAX_BYTES

__all__ = [
    "MAX_BYTES",
    "PROPERTIES",
    "Record",
    "Table",
    "country_code",
    "entries",
    "read_table",
    "read_targets",
    "records_of",
]
