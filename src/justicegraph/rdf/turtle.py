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
    """Write the triples of canonical N-Quads, without their graphs, as Turtle."""
    file.write(_head())
    for _, quads in groupby(quads_of(lines), itemgetter(0)):
        file.write(f"\n{_block(quads)}\n".encode())


def write_trig(lines: Lines, file: IO[bytes]) -> None:
    """Write canonical N-Quads as TriG. A graph comes in one block for each of its entries."""
    file.write(_head())
    for _, quads in groups_of(quads_of(lines)):
        for graph, part in groupby(sorted(quads, key=attrgetter("graph")), attrgetter("graph")):
            blocks = "\n\n".join(_block(same) for _, same in groupby(part, itemgetter(0)))
            file.write(f"\nGRAPH {_format_term(graph)} {{\n{blocks}\n}}\n".encode())


def _head() -> bytes:
    return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items()).encode()


def _block(quads: Iterable[Quad]) -> str:
    """Return the block of one subject."""
    return "\n".join(_lines(quads))


def _lines(quads: Iterable[Quad]) -> Iterator[str]:
    subject = ""
    for name, predicate, value, _ in quads:
        if not subject:
            subject = name
            yield _format_term(name)
        term = _format_term(value) if value[0] == "<" else _literal(value)
        yield f"    {'a' if predicate == _TYPE else _format_term(predicate)} {term} ;"
    yield "    ."


@lru_cache(65_536)
def _format_term(term: str) -> str:
    return format_iri(term[1:-1])


def _literal(term: str) -> str:
    end = term.rindex('"') + 1
    suffix = term[end:]
    if suffix in _BARE:
        return term[1 : end - 1]
    return f"{term[:end]}^^{_format_term(suffix[2:])}" if suffix.startswith("^^") else term
