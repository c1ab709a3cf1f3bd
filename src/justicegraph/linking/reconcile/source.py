"""The source of a pool that reconciles: the entries of a dataset."""

from dataclasses import dataclass

from justicegraph.pool import Dataset, Loaded


@dataclass(frozen=True)
class EntrySource:
    """A dataset whose entries the workers of a pool match with queries (pool.Source)."""

    dataset: Dataset

    def load(self) -> Loaded:
        """Return the reconciler of the entries; raise BrokenFile if the dataset cannot be read."""
        # The matcher is large, and the web process does not need it.
        from justicegraph.linking.reconcile.service import load

        return load(self.dataset)
