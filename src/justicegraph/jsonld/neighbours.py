"""What is said of an entry where another one links to it: its id, type and label."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from justicegraph.jsonld.keys import Keys, Known
from justicegraph.jsonld.nodes import Fact, node_of
from justicegraph.names import DERIVED_GRAPH, SKOS, TYPE
from justicegraph.nquads import Group

REMEMBERED = 16_384
"""Neighbours that are kept in memory: some 5 MB."""

_LABEL, _TYPE, _DERIVED = f"<{SKOS}prefLabel>", f"<{TYPE}>", f"<{DERIVED_GRAPH}>"


def neighbour(subject: str, facts: Iterable[Fact], keys: Keys) -> orjson.Fragment | None:
    """Return what is said of the thing that is written so, from the facts on it; None where it has no label."""
    said = [fact for fact in facts if fact[0] == subject and fact[1] in {_LABEL, _TYPE}]
    if not any(fact[1] == _LABEL for fact in said):
        return None
    return orjson.Fragment(orjson.dumps(node_of(subject, said, keys, _nothing)))


@contextmanager
def neighbours(groups: Iterable[Group], keys: Keys, place: Path) -> Iterator[Known]:
    """Give what is known of all these, kept in a file in this folder meanwhile: there may be millions.

    What the build has derived of their types is left out: one tells what they are.
    """
    with TemporaryDirectory(dir=place) as folder, closing(sqlite3.connect(Path(folder) / "neighbours")) as kept:
        kept.execute("PRAGMA journal_mode = OFF")
        kept.execute("PRAGMA synchronous = OFF")
        kept.execute("CREATE TABLE neighbour (subject TEXT PRIMARY KEY, said BLOB) WITHOUT ROWID")
        kept.executemany("INSERT INTO neighbour VALUES (?, ?)", _rows(groups, keys))

        @lru_cache(REMEMBERED)
        def known(subject: str) -> orjson.Fragment | None:
            row = kept.execute("SELECT said FROM neighbour WHERE subject = ?", (subject,)).fetchone()
            return row and orjson.Fragment(row[0])

        yield known


def _rows(groups: Iterable[Group], keys: Keys) -> Iterator[tuple[str, bytes]]:
    for subject, quads in groups:
        said = neighbour(subject, (quad[:3] for quad in quads if quad.graph != _DERIVED), keys)
        if said:
            yield subject, orjson.dumps(said)


def _nothing(_subject: str) -> None:
    """Say nothing of any neighbour."""
