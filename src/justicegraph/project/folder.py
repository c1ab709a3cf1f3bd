"""Turtle files to quads: each entity's file is its own named graph; parse errors name file, line and column."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse

from justicegraph.errors import BrokenFile, MissingFolder
from justicegraph.namespaces import MAPPINGS_GRAPH, ONTOLOGY_GRAPH, SHAPES_GRAPH, document_of
from justicegraph.project.sssom import Decision, read_sssom

Track = Callable[[Sequence[Path], str], Iterable[Path]]
"""Gives the files back one by one, and shows somebody how far it has come with what."""


@dataclass(frozen=True)
class Folder:
    """A project folder as read: the triples of each entity's file, of each file of the ontology, and the shapes.

    `broken` are the files of entities and of mappings that could not be read, each with the reason. `shapes` are those
    of entries; `ontology_shapes` those of the ontology itself. `mappings` are the decisions in each file of those.
    """

    root: Path
    files: dict[Path, list[Triple]]
    broken: dict[Path, BrokenFile]
    vocabulary: dict[Path, list[Triple]]
    shapes: list[Triple]
    ontology_shapes: list[Triple]
    mappings: dict[Path, list[Decision]]

    @cached_property
    def ontology(self) -> list[Triple]:
        """The triples of the ontology, its closed lists included."""
        return [triple for triples in self.vocabulary.values() for triple in triples]

    @property
    def rules(self) -> Path:
        """Where the rules of reasoning stand."""
        return self.root / "ontology" / "rules"


def untracked(files: Sequence[Path], _: str) -> Iterable[Path]:
    """Return the files as they are, and show nobody anything."""
    return files


def load_folder(root: Path, track: Track = untracked) -> Folder:
    """Return what a project folder holds; raise MissingFolder without a graph/ in it, BrokenFile for a broken ontology.

    A broken entity file stops nothing here: all of them are told of at once, by the check.
    """
    for name in ("graph", "ontology", "shapes"):
        if not (root / name).is_dir():
            raise MissingFolder(f"{root} has no folder {name}/: name a project's folder with --folder.")
    files: dict[Path, list[Triple]] = {}
    broken: dict[Path, BrokenFile] = {}
    for path in track(list(turtle_files(root / "graph")), "Reading"):
        try:
            files[path] = read_turtle(path)
        except BrokenFile as error:
            broken[path] = error
    mappings: dict[Path, list[Decision]] = {}
    for path in mapping_files(root):
        try:
            mappings[path] = read_sssom(path)
        except BrokenFile as error:
            broken[path] = error
    vocabulary, shapes = _read_all(root / "ontology"), _read_all(root / "shapes")
    own = shapes.pop(root / "shapes" / "ontology.ttl", [])
    demands = [each for triples in shapes.values() for each in triples]
    return Folder(root, files, broken, vocabulary, demands, own, mappings)


def store_of(folder: Folder) -> Store:
    """Return a store in memory: each entity's triples in its document's graph, the others in graphs of their own."""
    store = Store()
    store.bulk_extend(_quads(folder.ontology, ONTOLOGY_GRAPH))
    store.bulk_extend(_quads([*folder.shapes, *folder.ontology_shapes], SHAPES_GRAPH))
    for path, triples in folder.files.items():
        store.extend(_quads(triples, document_of(path.stem)))
    for decisions in folder.mappings.values():
        store.extend(_quads((each.triple for each in decisions if each.is_positive), MAPPINGS_GRAPH))
    return store


def _quads(triples: Iterable[Triple], graph: str) -> Iterator[Quad]:
    name = NamedNode(graph)
    return (Quad(triple.subject, triple.predicate, triple.object, name) for triple in triples)


def _read_all(folder: Path) -> dict[Path, list[Triple]]:
    examples = folder / "examples"
    return {path: read_turtle(path) for path in turtle_files(folder) if examples not in path.parents}


def read_turtle(path: Path) -> list[Triple]:
    """Return a Turtle file's triples in the order in which they stand; raise BrokenFile where it cannot be read."""
    try:
        data = path.read_bytes()
        return [quad.triple for quad in parse(data, format=RdfFormat.TURTLE)]
    except SyntaxError as error:
        broken = BrokenFile(f"{path}, line {error.lineno}, column {error.offset}: {_reason(error)}")
        broken.line = error.lineno or 1
        raise broken from error
    except UnicodeDecodeError as error:
        raise BrokenFile(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except OSError as error:
        raise BrokenFile(f"{path}: cannot be read: {error.strerror}") from error


def turtle_files(folder: Path) -> Iterator[Path]:
    """Yield the Turtle files below a folder in the order of their names."""
    yield from sorted(folder.rglob("*.ttl"))


def mapping_files(root: Path) -> list[Path]:
    """Return the files of a project's mappings in the order of their names."""
    return sorted((root / "graph" / "mappings").glob("*.tsv"))


def _reason(error: SyntaxError) -> str:
    """Return a parser's message without the position, which our sentence names already, and at a readable length."""
    message = re.sub(r"^Parser error at line \d+ (?:between )?columns? [\d and]*:? ?", "", str(error.args[0]))
    return message.splitlines()[0][:200]


_TOKEN = re.compile(
    r"""(?P<skip>[ \t\r\n]+|\#[^\r\n]*)
    |(?P<directive>@(?:prefix|base)\b[^<]*<[^>]*>[ \t\r\n]*\.|(?i:prefix|base)\s[^<]*<[^>]*>)
    |(?P<term>(?:\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
        (?:@[A-Za-z0-9-]+|\^\^(?:<[^>]*>|[^\s;,.]+(?:\.[^\s;,.]+)*))?
    |<[^>]*>|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|(?!\.)(?:\\.|[^\s;,\"'<\#\\])+?(?=[\s;,\"'<\#]|\.(?:\s|$)|$))
    |(?P<sign>[;,.])""",
    re.VERBOSE | re.DOTALL,
)


def fact_lines(path: Path) -> dict[Triple, int]:
    """Return the line, from 1, on which each triple of a readable Turtle file ends.

    The parser gives triples in the order of the text and no places, so the objects are counted in the text.
    """
    triples = read_turtle(path)
    return dict(zip(triples, _object_lines(path.read_bytes().decode()), strict=False))


def comment_lines(path: Path) -> list[int]:
    """Return the lines, from 1, of the comments in a Turtle file: the canonical form has none."""
    text = path.read_bytes().decode()
    return [text.count("\n", 0, match.start()) + 1 for match in _TOKEN.finditer(text) if match.group()[0] == "#"]


def _object_lines(text: str) -> Iterator[int]:
    """Yield the line of each object: the third term of a statement, and each one after a comma."""
    place, line = 0, 1
    for match in _TOKEN.finditer(text):
        line += match.group().count("\n")
        if match.lastgroup == "term":
            place += 1
            if place >= 3:
                yield line
        elif match.group() == ".":
            place = 0
        elif match.group() == ";":
            place = 1
