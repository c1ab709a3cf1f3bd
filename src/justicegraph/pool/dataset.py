"""What is asked: a graph in files, to be loaded, or in a store on the disk; and what else workers can be made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from pyoxigraph import Store

from justicegraph.project.snapshot import Snapshot, store_of_snapshot
from justicegraph.rdf.files import load_store
from justicegraph.sparql.evaluate import evaluate
from justicegraph.sparql.query import RunQuery


class Loaded(Protocol):
    """What the supervisor has in memory when it forks."""

    def told(self) -> Mapping[str, int]:
        """Return how much was loaded, for the log."""

    def run_query(self, limit: int) -> RunQuery:
        """Return what answers in a worker, after the fork; an answer of more than `limit` bytes is refused."""


class Source(Protocol):
    """What a pool is made of. It travels to the supervisor, which loads it in a thread that ends before the fork."""

    def load(self) -> Loaded:
        """Return what workers share; raise an error of ours where it cannot be read."""


@dataclass(frozen=True)
class Dataset:
    """RDF files, or the snapshot that they are the dump of; with `union` the default graph is that of all graphs."""

    files: tuple[Path, ...] = ()
    directory: Path | None = None
    union: bool = True

    def load(self) -> "Graph":
        """Return the files' quads in memory, or the store on the disk; raise BrokenFile where one cannot be read."""
        return Graph(load_store(list(self.files)) if self.directory is None else None, self.directory, self.union)


@dataclass(frozen=True)
class Graph:
    """A graph in memory, or on the disk: many processes may read that at once, and each opens it for itself."""

    store: Store | None
    directory: Path | None
    union: bool

    def told(self) -> Mapping[str, int]:
        """Return how many quads are in memory."""
        return {"quads": len(self.store) if self.store is not None else 0}

    def run_query(self, limit: int) -> RunQuery:
        """Return what answers from it."""
        store = self.store if self.store is not None else Store.read_only(str(self.directory))
        return partial(evaluate, store, union=self.union, limit=limit)


def dataset_of(snapshot: Snapshot) -> Dataset:
    """Return how a snapshot is asked: its store on the disk where it has one, else its dump."""
    return Dataset(*store_of_snapshot(snapshot))
