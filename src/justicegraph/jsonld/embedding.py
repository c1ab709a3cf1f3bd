"""Embedded node objects: the id, type and label of an entry where another one links to it."""

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

from justicegraph.jsonld.inverse_context import Embed, InverseContext
from justicegraph.jsonld.nodes import node_object
from justicegraph.namespaces import DERIVED_GRAPH, SKOS, TYPE
from justicegraph.rdf.nquads import Lines, Quad, quads_of

CACHED = 16_384
"""Embedded nodes that are cached in memory: some 5 MB."""

_NAMING = re.compile(rf"\S++ <(?:{re.escape(SKOS)}prefLabel|{re.escape(TYPE)})> ".encode())
_DERIVED = f"<{DERIVED_GRAPH}> .\n".encode()
_LABEL, _TYPE = f"<{SKOS}prefLabel>", f"<{TYPE}>"


def embedded_node(subject: str, quads: Iterable[Quad], context: InverseContext) -> orjson.Fragment | None:
    """Return id, type and label of a subject as N-Quads write it, from its quads; None if it has no label."""
    naming = [quad for quad in quads if quad[1] in {_LABEL, _TYPE}]
    if not any(quad[1] == _LABEL for quad in naming):
        return None
    return orjson.Fragment(orjson.dumps(node_object(subject, naming, context, _embed_nothing)))


@contextmanager
def embedded_nodes(lines: Lines, context: InverseContext, place: Path) -> Iterator[Embed]:
    """Give the embedded nodes of all subjects of canonical N-Quads.

    They are in a temporary database in the folder `place`, since there may be millions. Types that the build derived
    are left out, because the asserted ones are enough to tell what an entry is.
    """
    with TemporaryDirectory(dir=place) as folder, closing(sqlite3.connect(Path(folder) / "nodes")) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("CREATE TABLE node (subject TEXT PRIMARY KEY, json BLOB) WITHOUT ROWID")
        database.executemany("INSERT INTO node VALUES (?, ?)", _rows(lines, context))

        @lru_cache(CACHED)
        def embed(subject: str) -> orjson.Fragment | None:
            row = database.execute("SELECT json FROM node WHERE subject = ?", (subject,)).fetchone()
            return row and orjson.Fragment(row[0])

        yield embed


def _rows(lines: Lines, context: InverseContext) -> Iterator[tuple[str, bytes]]:
    asserted = (line for line in filter(_NAMING.match, lines) if not line.endswith(_DERIVED))
    for subject, quads in groupby(quads_of(asserted), itemgetter(0)):
        node = embedded_node(subject, quads, context)
        if node:
            yield subject, orjson.dumps(node)


def _embed_nothing(_subject: str) -> None:
    """Return None: embedded nodes have no embedded nodes."""
