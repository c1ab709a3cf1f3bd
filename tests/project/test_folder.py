"""Files become quads, and what cannot be read is said with its place."""

from pathlib import Path

import pytest

from justicegraph.errors import MissingFolder
from justicegraph.project.folder import load_folder, store_of


def test_file_is_the_named_graph_of_its_entity(tmp_path: Path) -> None:
    for name in ("graph", "ontology", "shapes"):
        (tmp_path / name).mkdir()
    (tmp_path / "graph/invented-group.ttl").write_text("<https://example.org/s> <https://example.org/p> 1 .")
    quads = list(store_of(load_folder(tmp_path)))
    assert [str(quad.graph_name) for quad in quads] == ["<https://w3id.org/justicegraph/doc/invented-group>"]


def test_folder_without_a_graph_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingFolder, match=r"has no folder graph/: name a project's folder with --folder"):
        load_folder(tmp_path)


def test_broken_file_stops_no_other(tmp_path: Path) -> None:
    for name in ("graph", "ontology", "shapes"):
        (tmp_path / name).mkdir()
    (tmp_path / "graph/a.ttl").write_text("<")
    (tmp_path / "graph/b.ttl").write_text("")
    folder = load_folder(tmp_path)
    assert [path.name for path in folder.broken] == ["a.ttl"]
    assert [path.name for path in folder.files] == ["b.ttl"]
