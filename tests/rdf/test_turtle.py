"""Whole graphs as Turtle and TriG say the same as the quads."""

import io
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from justicegraph.rdf.turtle import write_trig, write_turtle
from tests.support.project import HEAD


def test_turtle_says_the_same_triples(own_quads: Path) -> None:
    lines, file = own_quads.read_bytes(), io.BytesIO()
    write_turtle(lines.splitlines(keepends=True), file)
    expected = {quad.triple for quad in parse(lines, format=RdfFormat.N_QUADS)}
    assert {quad.triple for quad in parse(file.getvalue(), format=RdfFormat.TURTLE)} == expected


def test_trig_says_the_same_quads(own_quads: Path) -> None:
    lines, file = own_quads.read_bytes(), io.BytesIO()
    write_trig(lines.splitlines(keepends=True), file)
    expected = set(parse(lines, format=RdfFormat.N_QUADS))
    assert set(parse(file.getvalue(), format=RdfFormat.TRIG)) == expected


def test_terms_are_short() -> None:
    graph = "<https://w3id.org/justicegraph/doc/a>"
    line = "<https://w3id.org/justicegraph/id/a> <https://w3id.org/justicegraph/ontology#{}> {} " + graph + " .\n"
    xsd = "http://www.w3.org/2001/XMLSchema#"
    values = {"position": f'"2"^^<{xsd}integer>', "says": '"a \\"b\\"\\n"@en', "startedOn": f'"2001"^^<{xsd}gYear>'}
    file = io.BytesIO()
    write_turtle([line.format(*each).encode() for each in values.items()], file)
    assert file.getvalue().decode() == HEAD + (
        '\nid:a\n    jg:position 2 ;\n    jg:says "a \\"b\\"\\n"@en ;\n    jg:startedOn "2001"^^xsd:gYear ;\n    .\n'
    )
