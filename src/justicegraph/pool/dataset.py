"""A graph as a source of workers: RDF files to load, or a store on the disk to open."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pyoxigraph import Store

from justicegraph.pool.jobs import Reply
from justicegraph.pool.queries import query_handler
from justicegraph.project.snapshot import Snapshot, store_of_snapshot
from justicegraph.rdf.files import load_store
from justicegraph.sparql.evaluate import evaluate
from justicegraph.sparql.query import Query, RunQuery


@dataclass(frozen=True)
class Dataset:
    """RDF files, or the folder of an on-disk store. With `union`, the default graph is the union of all graphs."""

    files: tuple[Path, ...] = ()
    directory: Path | None = None
    union: bool = True

    def load(self) -> "Graph":
        """Return the graph with the files' quads in memory; raise BrokenFile if a file cannot be read."""
        return Graph(load_store(list(self.files)) if self.directory is None else None, self.directory, self.union)


@dataclass(frozen=True)
class Graph:
    """A graph in memory, or an on-disk store, which each process opens for itself."""

    store: Store | None
    directory: Path | None
    union: bool

    def describe(self) -> Mapping[str, int]:
        """Return the number of quads in memory."""
        return {"quads": len(self.store) if self.store is not None else 0}

    def handler(self, limit: int) -> Callable[[Query], Reply]:
        """Return a handler of queries."""
        return query_handler(self.run_query(limit))

    def run_query(self, limit: int) -> RunQuery:
        """Return the function that runs queries on the graph. This opens an on-disk store."""
        store = self.store if self.store is not None else Store.read_only(str(self.directory))
        return partial(evaluate, store, union=self.union, limit=limit)


def dataset_of_snapshot(snapshot: Snapshot) -> Dataset:
    """Return the dataset of a snapshot: its on-disk store if it has one, else its dump."""
    return Dataset(*store_of_snapshot(snapshot))
