"""The entries of a dataset, as a pool takes them up."""

from dataclasses import dataclass

from justicegraph.pool import Dataset, Loaded


@dataclass(frozen=True)
class Targets:
    """The entries of a dataset, for a pool that reconciles (pool.Source)."""

    dataset: Dataset

    def load(self) -> Loaded:
        """Return what answers; raise BrokenFile where the dataset cannot be read."""
        from justicegraph.linking.reconcile.service import (
            load,  # what matches is large, and the web process does not need it
        )

        return load(self.dataset)
