"""Files become quads, and what cannot be read is said with its place."""

from pathlib import Path

import pytest

from justicegraph.errors import BrokenFile, MissingFolder
from justicegraph.project.folder import comment_lines, fact_lines, load_folder, read_turtle, store_of


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


def test_comments_are_told_from_signs_in_texts(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text('# one\n<https://example.org/#s> <https://example.org/p> "# none" . # two\n')
    assert comment_lines(path) == [1, 2]


def test_broken_turtle_names_file_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("@prefix a: <https://example.org/> .\na:s a:p b:o .")
    with pytest.raises(BrokenFile, match=r"broken\.ttl, line 2, column 9: The prefix b: has not been declared"):
        read_turtle(path)


def test_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile, match=r"none\.ttl: cannot be read: No such file"):
        read_turtle(tmp_path / "none.ttl")


def test_each_fact_has_its_line_in_whatever_layout(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(
        "@prefix a: <https://example.org/> . # a 'remark' ; with . signs\n"
        'a:s a:p "one; two. # three"@en, 1.5,\n'
        " <https://example.org/x;y,z.> ; a a:C ;\n"
        "\n"
        ' a:p """long\n'
        'text""", -3 . a:s.part-1 a:p true .\n'
        "a:z a:p 1 ;\n"
        "  .\n"
        "a:y a:p\n"
        " a:o .\n"
    )
    assert list(fact_lines(path).values()) == [2, 2, 3, 3, 6, 6, 6, 7, 10]


def test_lines_are_right_after_names_with_escapes(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("@prefix a: <https://invented.example/> .\na:s a:p a:x\\,y ;\n  a:p a:z\\;z ;\n  a:p 3 .\n")
    assert list(fact_lines(path).values()) == [2, 3, 4]
