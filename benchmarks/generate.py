"""A project folder with many invented entries, which `justicegraph check` finds nothing wrong with.

    python -m benchmarks.generate 20000 FOLDER

The ontology, the shapes and the names of the causes are the project's own; equal counts and seeds give equal files.
"""

import argparse
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random

from pyoxigraph import NamedNode, Triple

from benchmarks.invent import KINDS, World, entry
from justicegraph.namespaces import ID, JG, TYPE
from justicegraph.project.folder import Folder, load_folder, turtle_files
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.rdf.document import read_document

PROJECT = Path(__file__).parents[1]
FEWEST = 200
"""Files below which the causes, which are real, would outweigh what is invented."""


def generate(count: int, folder: Path, seed: int = 1) -> None:
    """Write so many entity files, the causes among them, below `folder`; raise FileExistsError where it has any."""
    for name in ("ontology", "shapes"):
        shutil.copytree(PROJECT / name, folder / name)
    copy_causes(folder / "graph" / "causes")
    for place, slug, said in entries(load_folder(folder), count, seed):
        path = folder / "graph" / place / f"{slug}.ttl"
        path.parent.mkdir(exist_ok=True)
        path.write_text(canonical_turtle(said), encoding="utf-8")


def entries(project: Folder, count: int, seed: int) -> Iterator[tuple[str, str, Iterator[Triple]]]:
    """Yield the invented entries that fill a project, which has causes only, up to so many: folder, slug and facts."""
    world = _world(project, count, Random(seed))
    for kind, (place, _, invent) in KINDS.items():
        for number in range(1, world.counts[kind] + 1):
            yield place, entry(kind, number).value.removeprefix(ID), invent(world, number)


def copy_causes(home: Path) -> None:
    """Write the causes without their parts and without what they say of entries that are no causes."""
    home.mkdir(parents=True)
    files = {path.stem: read_document(path).triples for path in turtle_files(PROJECT / "graph" / "causes")}
    causes = {NamedNode(ID + slug) for slug in files}
    for slug, triples in files.items():
        own = [triple for triple in triples if triple.subject == NamedNode(ID + slug)]
        said = (triple for triple in own if not _leads_to_entry(triple.object) or triple.object in causes)
        (home / f"{slug}.ttl").write_text(canonical_turtle(said), encoding="utf-8")


def _leads_to_entry(value: object) -> bool:
    return isinstance(value, NamedNode) and value.value.startswith(ID)


def _world(project: Folder, count: int, chance: Random) -> World:
    """Return the world that fills a project, which has causes only, up to this count of files."""
    free = count - len(project.files)
    counts = {kind: int(share * free) for kind, (_, share, _) in KINDS.items()}
    counts["person"] += free - sum(counts.values())
    known: dict[str, list[NamedNode]] = defaultdict(list)
    for triples in (*(document.triples for document in project.files.values()), project.ontology):
        for triple in triples:
            if triple.predicate.value == TYPE and isinstance(triple.subject, NamedNode):
                known[triple.object.value.removeprefix(JG)].append(triple.subject)  # type: ignore[union-attr]
    return World(counts, known["Cause"], known, chance)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Write a project folder with invented entries.")
    parser.add_argument("count", type=int, help=f"how many entity files, from {FEWEST}")
    parser.add_argument("folder", type=Path, help="a folder that is new or empty")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives another graph of the same kind")
    asked = parser.parse_args()
    if asked.count < FEWEST:
        parser.error(f"{asked.count} files are too few: ask for {FEWEST} or more")
    try:
        generate(asked.count, asked.folder, asked.seed)
    except FileExistsError as error:
        sys.exit(f"{error.filename} is there already: name a folder that is new or empty")


if __name__ == "__main__":
    main()
