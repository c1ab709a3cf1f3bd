"""A Turtle document: its path, its text, its triples in the order of the text, and the line of each."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from justicegraph.errors import BrokenFile
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.text import first_line

_TOKEN = re.compile(
    r"""(?P<skip>[ \t\r\n]+|\#[^\r\n]*)
    |(?P<directive>@(?:prefix|base)\b[^<]*<[^>]*>[ \t\r\n]*\.|(?i:prefix|base)\s[^<]*<[^>]*>)
    |(?P<term>(?:\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
        (?:@[A-Za-z0-9-]+|\^\^(?:<[^>]*>|[^\s;,.]+(?:\.[^\s;,.]+)*))?
    |<[^>]*>|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|(?!\.)(?:\\.|[^\s;,\"'<\#\\])+?(?=[\s;,\"'<\#]|\.(?:\s|$)|$))
    |(?P<sign>[;,.])""",
    re.VERBOSE | re.DOTALL,
)
"""A token of Turtle (RDF 1.1 Turtle, 6.5), as far as counting terms needs."""


class Document:
    """A Turtle document, read from a file or not written yet.

    Without `data`, its bytes, its text is the canonical form of its triples.
    """

    __slots__ = ("_data", "path", "triples")

    def __init__(self, path: Path, triples: list[Triple], data: bytes | None = None) -> None:
        self.path, self.triples, self._data = path, triples, data

    def __repr__(self) -> str:
        return f"<Document {self.path}, {len(self.triples)} triples>"

    @property
    def text(self) -> str:
        """The text; raise BrokenFile if it must be made and a triple has a blank node."""
        return canonical_turtle(self.triples) if self._data is None else self._data.decode()

    @property
    def lines(self) -> dict[Triple, int]:
        """The line, from 1, on which each triple ends.

        The parser gives triples in the order of the text, but no positions. So the objects are counted in the text.
        """
        if self._data is None:
            triples = list(parse(self.text, format=RdfFormat.TURTLE))
            return dict(zip((quad.triple for quad in triples), _object_lines(self.text), strict=False))
        return dict(zip(self.triples, _object_lines(self.text), strict=False))

    @property
    def comments(self) -> list[int]:
        """The lines, from 1, on which a comment begins: the canonical form has none."""
        text = self.text
        return [text.count("\n", 0, match.start()) + 1 for match in _TOKEN.finditer(text) if match.group()[0] == "#"]

    def line_of(self, subject: str, predicate: str | None = None, value: NamedNode | Literal | None = None) -> int:
        """Return the line of a triple; if it is missing, that of the property's last value, else of its subject."""
        node = NamedNode(subject)
        own = [(triple, line) for triple, line in _lines(self).items() if triple.subject == node]
        same = [line for triple, line in own if triple.predicate.value == predicate]
        exact = [line for triple, line in own if triple.predicate.value == predicate and triple.object == value]
        return max(exact or same, default=min((line for _, line in own), default=1))

    def first_line_out_of_form(self) -> int | None:
        """Return the first line that the canonical form would change; None for a canonical text.

        Raise BrokenFile for a blank node, which the canonical form cannot have. A canonical text is not held in memory
        any longer: it can be made again.
        """
        canonical = canonical_turtle(self.triples)
        if self._data is None or self._data == canonical.encode():
            self._data = None
            return None
        pairs = enumerate(zip(self.text.split("\n"), expected := canonical.split("\n"), strict=False), 1)
        return next((number for number, (line, other) in pairs if line != other), len(expected))


@lru_cache(maxsize=32)
def _lines(document: Document) -> dict[Triple, int]:
    return document.lines


def read_document(path: Path) -> Document:
    """Return the document in a Turtle file; raise BrokenFile, with line and column, if it cannot be read."""
    try:
        data = path.read_bytes()
        return Document(path, [quad.triple for quad in parse(data, format=RdfFormat.TURTLE)], data)
    except SyntaxError as error:
        broken = BrokenFile(f"{path}, line {error.lineno}, column {error.offset}: {_reason(error)}")
        broken.line = error.lineno or 1
        raise broken from error
    except UnicodeDecodeError as error:
        raise BrokenFile(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except OSError as error:
        raise BrokenFile(f"{path}: cannot be read: {error.strerror}") from error


def _reason(error: SyntaxError) -> str:
    """Return a parser's message without its position, which our sentence has, and at a readable length."""
    message = re.sub(r"^Parser error at line \d+ (?:between )?columns? [\d and]*:? ?", "", str(error.args[0]))
    return first_line(message)


def _object_lines(text: str) -> Iterator[int]:
    """Yield the line of each object: the third term of a statement, and each one after a comma."""
    position, line = 0, 1
    for match in _TOKEN.finditer(text):
        line += match.group().count("\n")
        if match.lastgroup == "term":
            position += 1
            if position >= 3:
                yield line
        elif match.group() == ".":
            position = 0
        elif match.group() == ";":
            position = 1
