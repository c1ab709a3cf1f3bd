"""A project's folder: its files are read once, and each entity's file becomes its own named graph."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store, Triple

from justicegraph.errors import BrokenFile, MissingFolder
from justicegraph.namespaces import MAPPINGS_GRAPH, ONTOLOGY_GRAPH, SHAPES_GRAPH, document_of
from justicegraph.project.sssom import Decision, read_sssom
from justicegraph.rdf.document import Document, read_document

Track = Callable[[Sequence[Path], str], Iterable[Path]]
"""Returns the files one by one and shows the progress of a task, as in "Reading"."""


@dataclass(frozen=True)
class Folder:
    """A project's folder as it was read: the documents of entities and of the ontology, and the shapes.

    `broken` are the files of entities and of mappings that could not be read, each with the reason. `shapes` are those
    of entries; `ontology_shapes` those of the ontology itself. `mappings` are the decisions in each file of mappings.
    """

    root: Path
    files: dict[Path, Document]
    broken: dict[Path, BrokenFile]
    vocabulary: dict[Path, Document]
    shapes: list[Triple]
    ontology_shapes: list[Triple]
    mappings: dict[Path, list[Decision]]

    @cached_property
    def ontology(self) -> list[Triple]:
        """The triples of the ontology, its closed lists included."""
        return [triple for document in self.vocabulary.values() for triple in document.triples]

    @property
    def rules(self) -> Path:
        """The folder with the rules of reasoning."""
        return self.root / "ontology" / "rules"


def untracked(files: Sequence[Path], _: str) -> Iterable[Path]:
    """Return the files, and show no progress."""
    return files


def load_folder(root: Path, track: Track = untracked) -> Folder:
    """Read a project's folder; raise MissingFolder without a graph/ in it, BrokenFile for a broken ontology.

    A broken file of an entity raises nothing here: the check reports all of them at once.
    """
    for name in ("graph", "ontology", "shapes"):
        if not (root / name).is_dir():
            raise MissingFolder(f"{root} has no folder {name}/: name a project's folder with --folder.")
    files: dict[Path, Document] = {}
    broken: dict[Path, BrokenFile] = {}
    for path in track(list(turtle_files(root / "graph")), "Reading"):
        try:
            files[path] = read_document(path)
        except BrokenFile as error:
            broken[path] = error
    mappings: dict[Path, list[Decision]] = {}
    for path in mapping_files(root):
        try:
            mappings[path] = read_sssom(path)
        except BrokenFile as error:
            broken[path] = error
    vocabulary, shapes = _read_all(root / "ontology"), _read_all(root / "shapes")
    of_ontology = shapes.pop(root / "shapes" / "ontology.ttl", None)
    of_entries = [triple for document in shapes.values() for triple in document.triples]
    return Folder(root, files, broken, vocabulary, of_entries, of_ontology.triples if of_ontology else [], mappings)


def store_of(folder: Folder) -> Store:
    """Return a store in memory, with named graphs for each document, the ontology, the shapes and mappings."""
    store = Store()
    store.bulk_extend(_quads(folder.ontology, ONTOLOGY_GRAPH))
    store.bulk_extend(_quads([*folder.shapes, *folder.ontology_shapes], SHAPES_GRAPH))
    for path, document in folder.files.items():
        store.extend(_quads(document.triples, document_of(path.stem)))
    for decisions in folder.mappings.values():
        store.extend(_quads((decision.triple for decision in decisions if decision.is_positive), MAPPINGS_GRAPH))
    return store


def _quads(triples: Iterable[Triple], graph: str) -> Iterator[Quad]:
    name = NamedNode(graph)
    return (Quad(triple.subject, triple.predicate, triple.object, name) for triple in triples)


def _read_all(folder: Path) -> dict[Path, Document]:
    examples = folder / "examples"
    return {path: read_document(path) for path in turtle_files(folder) if examples not in path.parents}


def turtle_files(folder: Path) -> Iterator[Path]:
    """Yield the Turtle files below a folder in the order of their names."""
    yield from sorted(folder.rglob("*.ttl"))


def mapping_files(root: Path) -> list[Path]:
    """Return the files of a project's mappings in the order of their names."""
    return sorted((root / "graph" / "mappings").glob("*.tsv"))
