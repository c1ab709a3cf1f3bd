"""What is said of an entry where another one links to it: its id, type and label."""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from justicegraph.jsonld.keys import Keys, Known
from justicegraph.jsonld.nodes import node_of
from justicegraph.namespaces import DERIVED_GRAPH, SKOS, TYPE
from justicegraph.rdf.nquads import Lines, Quad, quads_of

REMEMBERED = 16_384
"""Neighbours that are kept in memory: some 5 MB."""

_NAMING = re.compile(rf"\S++ <(?:{re.escape(SKOS)}prefLabel|{re.escape(TYPE)})> ".encode())
_DERIVED = f"<{DERIVED_GRAPH}> .\n".encode()
_LABEL, _TYPE = f"<{SKOS}prefLabel>", f"<{TYPE}>"


def neighbour(subject: str, quads: Iterable[Quad], keys: Keys) -> orjson.Fragment | None:
    """Return what is said of the thing that is written so, from the quads on it; None where it has no label."""
    said = [quad for quad in quads if quad[1] in {_LABEL, _TYPE}]
    if not any(quad[1] == _LABEL for quad in said):
        return None
    return orjson.Fragment(orjson.dumps(node_of(subject, said, keys, _nothing)))


@contextmanager
def neighbours(lines: Lines, keys: Keys, place: Path) -> Iterator[Known]:
    """Give what is known of all that canonical N-Quads tell of, kept in a file in this folder: there may be millions.

    What the build has derived of their types is left out: one tells what they are.
    """
    with TemporaryDirectory(dir=place) as folder, closing(sqlite3.connect(Path(folder) / "neighbours")) as kept:
        kept.execute("PRAGMA journal_mode = OFF")
        kept.execute("PRAGMA synchronous = OFF")
        kept.execute("CREATE TABLE neighbour (subject TEXT PRIMARY KEY, said BLOB) WITHOUT ROWID")
        kept.executemany("INSERT INTO neighbour VALUES (?, ?)", _rows(lines, keys))

        @lru_cache(REMEMBERED)
        def known(subject: str) -> orjson.Fragment | None:
            row = kept.execute("SELECT said FROM neighbour WHERE subject = ?", (subject,)).fetchone()
            return row and orjson.Fragment(row[0])

        yield known


def _rows(lines: Lines, keys: Keys) -> Iterator[tuple[str, bytes]]:
    asserted = (line for line in filter(_NAMING.match, lines) if not line.endswith(_DERIVED))
    for subject, quads in groupby(quads_of(asserted), itemgetter(0)):
        said = neighbour(subject, quads, keys)
        if said:
            yield subject, orjson.dumps(said)


def _nothing(_subject: str) -> None:
    """Say nothing of any neighbour."""
