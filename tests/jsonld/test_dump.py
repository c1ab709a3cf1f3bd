"""Dumps have the same triples as the graph, and the same bytes each time."""

import io
import json
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, parse

from justicegraph.jsonld import (
    write_document,
    write_lines,
)
from justicegraph.namespaces import CONTEXT


def test_lines_give_the_same_triples_back(own_lines: list[bytes], own_quads: Path, context: dict[str, Any]) -> None:
    expected = {quad.triple for quad in parse(own_quads.read_bytes(), format=RdfFormat.N_QUADS)}
    inline = b'"@context":' + json.dumps(context).encode()
    address = f'"@context":"{CONTEXT}"'.encode()
    read = {
        quad.triple for line in own_lines for quad in parse(line.replace(address, inline, 1), format=RdfFormat.JSON_LD)
    }
    assert read == expected


def test_one_document_gives_the_same_triples_back(own_quads: Path, context: dict[str, Any]) -> None:
    with (own_quads.parent / "justicegraph.jsonld").open("w+b") as file:
        write_document(own_quads, context, file)
        file.seek(0)
        read = {quad.triple for quad in parse(file, format=RdfFormat.JSON_LD)}
    assert read == {quad.triple for quad in parse(own_quads.read_bytes(), format=RdfFormat.N_QUADS)}


def test_dumps_are_the_same_each_time(own_lines: list[bytes], own_quads: Path, context: dict[str, Any]) -> None:
    again = io.BytesIO()
    again.name = str(own_quads)  # temporary files go beside it
    write_lines(own_quads, context, again)
    assert again.getvalue() == b"".join(own_lines)
