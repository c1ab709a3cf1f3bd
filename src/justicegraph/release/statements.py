"""Every statement as a row: subject, property, value, graph and sources."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO

from justicegraph.namespaces import JG, short
from justicegraph.rdf.nquads import Lines, Quad, groups_of, quads_of
from justicegraph.spreadsheet import safe_cell

Statement = tuple[str, str, str, str, str, str]
"""A row: texts in the order of COLUMNS. The last one is empty if there is no source."""

COLUMNS: Statement = ("subject", "property", "value", "kind", "graph", "source")

IRI = "iri"
"""The kind of a value that is an IRI."""

NUMBERS = frozenset(
    f"xsd:{name}"
    for name in (
        "decimal", "integer", "double", "float", "long", "int", "short", "byte", "nonNegativeInteger",
        "positiveInteger", "nonPositiveInteger", "negativeInteger",
    )
)  # fmt: skip
"""The kinds of values that are numbers."""

_SOURCE = f"<{JG}source>"
_ESCAPE = re.compile(r"\\(?:([tbnrf\"'\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def write_statements(quads: Path, file: IO[bytes]) -> None:
    r"""Write a file of canonical N-Quads as CSV (RFC 4180), a row a quad, in UTF-8 without BOM.

    The columns are those of COLUMNS: IRIs are whole, the kind of a value is "iri", a language as in "@en", or a
    datatype with its prefix as in "xsd:date"; `source` has the IRIs of the subject's sources, or else of its owner's,
    with a space between them. All cells are quoted, and lines end in "\r\n". In a text that a spreadsheet program would
    run, an apostrophe says that it is a text (`safe_cell`). Exact texts are in the N-Quads.
    """
    with quads.open("rb") as lines:
        file.write(_line(COLUMNS))
        file.writelines(map(_line, statements(lines)))


def _line(row: Statement) -> bytes:
    """Return a line of CSV, in half the time of the csv module, because only values can have quotes in them."""
    subject, predicate, value, kind, graph, source = row
    if '"' in value:
        value = value.replace('"', '""')
    return f'"{subject}","{predicate}","{value}","{kind}","{graph}","{source}"\r\n'.encode()


def statements(lines: Lines) -> Iterator[Statement]:
    """Yield a row for each line of canonical N-Quads, with entries and their parts together."""
    for subject, quads in groups_of(quads_of(lines)):
        sources = _sources(quads)
        own = sources.get(subject, "")
        for about, predicate, value, graph in quads:
            text, kind = value_and_kind(value)
            if kind != IRI:
                text = safe_cell(text, is_number=kind in NUMBERS)
            yield about[1:-1], predicate[1:-1], text, kind, graph[1:-1], sources.get(about, own)


def value_and_kind(term: str) -> tuple[str, str]:
    """Return the IRI or the text of a term as N-Quads write it, and its kind: "iri", "@en", "xsd:date"."""
    if term[0] == "<":
        return term[1:-1], IRI
    end = term.rindex('"')
    text = term[1:end]
    return _unescape(text) if "\\" in text else text, _kind(term[end + 1 :])


def is_number(term: str) -> bool:
    """Return whether a term as N-Quads write it is a number by its datatype (XML Schema 1.1, 3.3 and 3.4)."""
    return value_and_kind(term)[1] in NUMBERS


def _sources(quads: Iterable[Quad]) -> dict[str, str]:
    """Return the IRIs of the sources by subject as N-Quads write it, with spaces between them."""
    sources_by_subject: dict[str, dict[str, None]] = defaultdict(dict)
    for subject, predicate, value, _ in quads:
        if predicate == _SOURCE:
            sources_by_subject[subject][value[1:-1]] = None
    return {subject: " ".join(sources) for subject, sources in sources_by_subject.items()}


@lru_cache(1024)
def _kind(suffix: str) -> str:
    """Return the kind of a literal from the suffix after its quotes: nothing, a language tag or a datatype."""
    if suffix.startswith("@"):
        return suffix
    return short(suffix[3:-1]) if suffix else "xsd:string"


def _unescape(text: str) -> str:
    """Return a literal's text without the escapes of N-Quads (section 3, ECHAR and UCHAR)."""
    return _ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    letter = escape[1]
    return _LETTERS.get(letter, letter) if letter else chr(int(escape[2] or escape[3], 16))
