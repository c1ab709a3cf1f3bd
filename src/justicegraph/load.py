"""Turtle files to quads: each entity's file is its own named graph; parse errors name file, line and column."""

import re
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from justicegraph.errors import BrokenFile
from justicegraph.names import document_of


def read_turtle(path: Path) -> list[Triple]:
    """Return a Turtle file's triples in the order in which they stand; raise BrokenFile where it cannot be read."""
    try:
        data = path.read_bytes()
        return [quad.triple for quad in parse(data, format=RdfFormat.TURTLE)]
    except SyntaxError as error:
        raise BrokenFile(f"{path}, line {error.lineno}, column {error.offset}: {_reason(error)}") from error
    except UnicodeDecodeError as error:
        raise BrokenFile(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except OSError as error:
        raise BrokenFile(f"{path}: cannot be read: {error.strerror}") from error


def entity_files(folder: Path) -> Iterator[Path]:
    """Yield the Turtle files below a graph folder in the order of their names."""
    yield from sorted(path for path in folder.rglob("*.ttl") if path.is_file())


def load_file(path: Path) -> list[Quad]:
    """Return an entity's triples as quads of the graph that its file's name stands for."""
    graph = NamedNode(document_of(path.stem))
    return [Quad(triple.subject, triple.predicate, triple.object, graph) for triple in read_turtle(path)]


def _reason(error: SyntaxError) -> str:
    """Return a parser's message without the position, which our sentence names already, and at a readable length."""
    message = re.sub(r"^Parser error at line \d+ (?:between )?columns? [\d and]*:? ?", "", str(error.args[0]))
    return message.splitlines()[0][:200]
