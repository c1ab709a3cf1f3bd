"""Files become quads, and what cannot be read is said with its place."""

from pathlib import Path

import pytest

from justicegraph.errors import BrokenFile
from justicegraph.load import fact_lines, load_file, read_turtle


def test_file_is_the_named_graph_of_its_entity(tmp_path: Path) -> None:
    path = tmp_path / "invented-group.ttl"
    path.write_text("<https://example.org/s> <https://example.org/p> 1 .")
    assert [str(quad.graph_name) for quad in load_file(path)] == ["<https://w3id.org/justicegraph/doc/invented-group>"]


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
