"""Whole graphs as Turtle and TriG (RDF 1.1), written from canonical N-Quads in memory that does not grow.

It reads like the canonical form of an entry's file, but properties come in the order of the quads: nothing is sorted.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import IO

from justicegraph.namespaces import PREFIXES, TYPE, XSD
from justicegraph.rdf.canonical import format_iri
from justicegraph.rdf.nquads import Lines, Quad, groups_of, quads_of

_TYPE = f"<{TYPE}>"
_BARE = {f"^^<{XSD}integer>", f"^^<{XSD}boolean>"}


def write_turtle(lines: Lines, file: IO[bytes]) -> None:
    """Write the triples of canonical N-Quads, whatever graphs they are in."""
    file.write(_head())
    for _, quads in groupby(quads_of(lines), itemgetter(0)):
        file.write(f"\n{_block(quads)}\n".encode())


def write_trig(lines: Lines, file: IO[bytes]) -> None:
    """Write canonical N-Quads with their graphs. A graph comes in as many pieces as there are things in it."""
    file.write(_head())
    for _, said in groups_of(quads_of(lines)):
        for graph, quads in groupby(sorted(said, key=attrgetter("graph")), attrgetter("graph")):
            blocks = "\n\n".join(_block(same) for _, same in groupby(quads, itemgetter(0)))
            file.write(f"\nGRAPH {_spelled(graph)} {{\n{blocks}\n}}\n".encode())


def _head() -> bytes:
    return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items()).encode()


def _block(quads: Iterable[Quad]) -> str:
    """Return all that is said of one subject."""
    return "\n".join(_lines(quads))


def _lines(quads: Iterable[Quad]) -> Iterator[str]:
    subject = ""
    for name, predicate, value, _ in quads:
        if not subject:
            subject = name
            yield _spelled(name)
        said = _spelled(value) if value[0] == "<" else _literal(value)
        yield f"    {'a' if predicate == _TYPE else _spelled(predicate)} {said} ;"
    yield "    ."


@lru_cache(65_536)
def _spelled(term: str) -> str:
    return format_iri(term[1:-1])


def _literal(term: str) -> str:
    end = term.rindex('"') + 1
    suffix = term[end:]
    if suffix in _BARE:
        return term[1 : end - 1]
    return f"{term[:end]}^^{_spelled(suffix[2:])}" if suffix.startswith("^^") else term
