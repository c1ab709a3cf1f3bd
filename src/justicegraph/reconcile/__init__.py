"""A table and targets to the same table with its matches."""

from justicegraph.reconcile.answers import ADDED, reconciled
from justicegraph.reconcile.reading import LIMIT
from justicegraph.reconcile.records import PROPERTIES, records_of
from justicegraph.reconcile.tables import Table, read_table
from justicegraph.reconcile.targets import read_targets

__all__ = ["ADDED", "LIMIT", "PROPERTIES", "Table", "read_table", "read_targets", "reconciled", "records_of"]
