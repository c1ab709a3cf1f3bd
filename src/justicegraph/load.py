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


_TOKEN = re.compile(
    r"""(?P<skip>[ \t\r\n]+|\#[^\r\n]*)
    |(?P<directive>@(?:prefix|base)\b[^<]*<[^>]*>[ \t\r\n]*\.|(?i:prefix|base)\s[^<]*<[^>]*>)
    |(?P<term>(?:\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
        (?:@[A-Za-z0-9-]+|\^\^(?:<[^>]*>|[^\s;,.]+(?:\.[^\s;,.]+)*))?
    |<[^>]*>|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|(?!\.)[^\s;,\"'<\#]+?(?=[\s;,\"'<\#]|\.(?:\s|$)|$))
    |(?P<sign>[;,.])""",
    re.VERBOSE | re.DOTALL,
)


def fact_lines(path: Path) -> dict[Triple, int]:
    """Return the line, from 1, on which each triple of a readable Turtle file ends.

    The parser gives triples in the order of the text and no places, so the objects are counted in the text.
    """
    triples = read_turtle(path)
    return dict(zip(triples, _object_lines(path.read_text(encoding="utf-8")), strict=False))


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
