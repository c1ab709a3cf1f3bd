"""The triples of Turtle files."""

from pathlib import Path

from pyoxigraph import Triple

from justicegraph.rdf.document import read_document


def read_turtle(path: Path) -> list[Triple]:
    """Return the triples of a Turtle file in the order of its text."""
    return read_document(path).triples
