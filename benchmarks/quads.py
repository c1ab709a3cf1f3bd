"""A graph of so many quads as `justicegraph build` would write it, for servers to be measured with.

    python -m benchmarks.quads 1000000 FILE.nq

It has the project's own ontology, shapes and causes, invented entries, and what the rules conclude from them. Equal
counts and seeds give equal graphs.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from benchmarks.generate import PROJECT, copy_causes, entries
from justicegraph.namespaces import document_of
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason

FEWEST = 10_000
BASE, PER_ENTRY = 1_480, 56.1
"""Quads of the ontology and the like, and those of an entry with what is concluded from it; both as counted."""


def invented_store(quads: int, seed: int = 1) -> Store:
    """Return a store with about so many quads."""
    with TemporaryDirectory(prefix="justicegraph-bench-") as name:
        folder = Path(name)
        for part in ("ontology", "shapes"):
            (folder / part).symlink_to(PROJECT / part)
        copy_causes(folder / "graph" / "causes")
        project = load_folder(folder)
    store = store_of(project)
    for _, slug, said in entries(project, int((quads - BASE) / PER_ENTRY), seed):
        graph = NamedNode(document_of(slug))
        store.extend(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in said)
    reason(store, PROJECT / "ontology" / "rules")
    return store


def write_quads(quads: int, file: Path, seed: int = 1) -> Path:
    """Write a graph of about so many quads as N-Quads, and return the file."""
    invented_store(quads, seed).dump(str(file), RdfFormat.N_QUADS)
    return file


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Write a graph of about so many quads as N-Quads.")
    parser.add_argument("quads", type=int, help=f"from {FEWEST:,}")
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1, help="another seed gives another graph of the same kind")
    asked = parser.parse_args()
    if asked.quads < FEWEST:
        parser.error(f"{asked.quads} quads are too few: ask for {FEWEST:,} or more")
    if asked.file.exists():
        sys.exit(f"{asked.file} is there already: name a new file")
    store = invented_store(asked.quads, asked.seed)
    store.dump(str(asked.file), RdfFormat.N_QUADS)
    print(f"{len(store):,} quads")


if __name__ == "__main__":
    main()
