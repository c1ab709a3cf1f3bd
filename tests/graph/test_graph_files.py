"""What this repository publishes is right: every file in its canonical form, and no findings."""

import difflib
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from justicegraph.namespaces import JG, TYPE
from justicegraph.project.folder import load_folder, store_of, turtle_files
from justicegraph.project.reason import reason
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.rdf.document import Document
from justicegraph.validate import validate
from justicegraph.validate.shapes import check_shapes
from tests.support.project import ROOT
from tests.support.turtle import read_turtle

FILES = [path for name in ("graph", "ontology", "shapes") for path in turtle_files(ROOT / name)]


def test_there_are_files() -> None:
    assert len(FILES) > 100


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_is_canonical(path: Path) -> None:
    text, expected = path.read_text(), canonical_turtle(read_turtle(path))
    assert text == expected, "\n".join(difflib.unified_diff(text.splitlines(), expected.splitlines()))


def test_graph_has_no_findings() -> None:
    folder = load_folder(ROOT)
    assert [str(finding) for finding in validate(folder, store_of(folder))] == []


def test_every_source_is_used() -> None:
    folder = load_folder(ROOT)
    linked = {triple.object for document in folder.files.values() for triple in document.triples}
    own = {document.triples[0].subject for path, document in folder.files.items() if path.parent.name == "sources"}
    assert own <= linked


def test_every_derived_status_is_whole() -> None:
    folder = load_folder(ROOT)
    store = store_of(folder)
    reason(store, folder.rules)
    derived = [quad.triple for quad in store if ".status>" in str(quad.subject) and JG in str(quad.predicate)]
    kinds = [
        quad.triple for quad in store if ".status>" in str(quad.subject) and quad.object == NamedNode(JG + "Status")
    ]
    everything = (triple for document in folder.files.values() for triple in document.triples)
    owners = [triple for triple in everything if triple.predicate.value == TYPE]
    document = Document(ROOT, [*derived, *kinds])
    assert len(kinds) > 20
    assert [str(finding) for finding in check_shapes([document], [*folder.ontology, *owners], folder.shapes)] == []
