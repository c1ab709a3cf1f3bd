"""What is asked: a graph in files, to be loaded, or in a store on the disk."""

from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Store

from justicegraph.snapshot import Snapshot, load_store, store_of_snapshot


@dataclass(frozen=True)
class Dataset:
    """RDF files, or the snapshot that they are the dump of; with `union` the default graph is that of all graphs."""

    files: tuple[Path, ...] = ()
    directory: Path | None = None
    union: bool = True

    def load(self) -> Store:
        """Return the files' quads in memory; raise BrokenFile where one cannot be read."""
        return load_store(list(self.files))

    def open(self) -> Store:
        """Return the store on the disk, which many processes may read at once; each opens its own."""
        return Store.read_only(str(self.directory))


def dataset_of(snapshot: Snapshot) -> Dataset:
    """Return how a snapshot is asked: its store on the disk where it has one, else its dump."""
    return Dataset(*store_of_snapshot(snapshot))
