"""Dumps of the whole graph as JSON-LD: a document a line, or one document of all."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import orjson

from justicegraph.jsonld.embedding import embedded_nodes
from justicegraph.jsonld.inverse_context import InverseContext
from justicegraph.jsonld.nodes import node_object
from justicegraph.namespaces import CONTEXT
from justicegraph.rdf.nquads import groups_of, quads_of
from justicegraph.system.processes import without_collection


def write_lines(quads: Path, context: Mapping[str, Any], file: IO[bytes]) -> None:
    """Write a file of canonical N-Quads as lines of JSON-LD, each a document with the address of the context.

    The lines have the triples of all graphs. The names of an entry are repeated if another entry links to it.
    """
    file.writelines(_LINE_START + node[1:] + b"\n" for node in _nodes(quads, context, Path(file.name).parent))


def write_document(quads: Path, context: Mapping[str, Any], file: IO[bytes]) -> None:
    """Write the same node objects, a line each, as one document that carries its context."""
    file.write(_opening(context))
    separator = b"\n"
    for node in _nodes(quads, context, Path(file.name).parent):
        file.write(separator + node)
        separator = b",\n"
    file.write(_END)


def write_both(quads: Path, context: Mapping[str, Any], lines: IO[bytes], document: IO[bytes]) -> None:
    """Write both files at once, which takes little longer than writing one of them."""
    document.write(_opening(context))
    separator = b"\n"
    for node in _nodes(quads, context, Path(lines.name).parent):
        lines.write(_LINE_START + node[1:] + b"\n")
        document.write(separator + node)
        separator = b",\n"
    document.write(_END)


_LINE_START, _END = b'{"@context":' + orjson.dumps(CONTEXT) + b",", b"\n]}\n"


def _opening(context: Mapping[str, Any]) -> bytes:
    return b'{"@context":' + orjson.dumps(context) + b',"@graph":['


def _nodes(quads: Path, context: Mapping[str, Any], place: Path) -> Iterator[bytes]:
    inverse = InverseContext(context)
    with (
        without_collection(),
        quads.open("rb") as lines,
        quads.open("rb") as again,
        embedded_nodes(lines, inverse, place) as embed,
    ):
        for subject, own in groups_of(quads_of(again)):
            yield orjson.dumps(node_object(subject, own, inverse, embed))
