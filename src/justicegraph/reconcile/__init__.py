"""A table and targets to the same table with its matches."""

from justicegraph.reconcile.answers import ADDED, reconciled

__all__ = ["ADDED", "reconciled"]
