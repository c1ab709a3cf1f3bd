"""The whole graph as JSON-LD, one entry a line: each line a document, or all of them in one."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import orjson

from justicegraph.jsonld.keys import Keys
from justicegraph.jsonld.neighbours import neighbours
from justicegraph.jsonld.nodes import node_of
from justicegraph.namespaces import CONTEXT
from justicegraph.rdf.nquads import groups_of, quads_of
from justicegraph.system.processes import no_collection


def write_lines(quads: Path, context: Mapping[str, Any], file: IO[bytes]) -> None:
    """Write a file of canonical N-Quads as lines of JSON-LD, each a document that names the context by its address.

    All triples are told, whatever graph they are in, and those that name an entry again where another links to it.
    """
    file.writelines(_ADDRESSED + node[1:] + b"\n" for node in _nodes(quads, context, Path(file.name).parent))


def write_document(quads: Path, context: Mapping[str, Any], file: IO[bytes]) -> None:
    """Write the same nodes, a line each, as one document that carries the context: it is read without a connection."""
    file.write(_opening(context))
    between = b"\n"
    for node in _nodes(quads, context, Path(file.name).parent):
        file.write(between + node)
        between = b",\n"
    file.write(_END)


def write_both(quads: Path, context: Mapping[str, Any], lines: IO[bytes], document: IO[bytes]) -> None:
    """Write both in one go, which takes little longer than one of them."""
    document.write(_opening(context))
    between = b"\n"
    for node in _nodes(quads, context, Path(lines.name).parent):
        lines.write(_ADDRESSED + node[1:] + b"\n")
        document.write(between + node)
        between = b",\n"
    document.write(_END)


_ADDRESSED, _END = b'{"@context":' + orjson.dumps(CONTEXT) + b",", b"\n]}\n"


def _opening(context: Mapping[str, Any]) -> bytes:
    return b'{"@context":' + orjson.dumps(context) + b',"@graph":['


def _nodes(quads: Path, context: Mapping[str, Any], place: Path) -> Iterator[bytes]:
    keys = Keys(context)
    with (
        no_collection(),
        quads.open("rb") as lines,
        quads.open("rb") as again,
        neighbours(lines, keys, place) as known,
    ):
        for subject, said in groups_of(quads_of(again)):
            yield orjson.dumps(node_of(subject, said, keys, known))
