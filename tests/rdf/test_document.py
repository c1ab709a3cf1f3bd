"""A document knows the line of each triple; a broken file is reported with its place."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.errors import BrokenFile
from justicegraph.rdf.document import Document, read_document
from tests.support.project import HEAD
from tests.support.turtle import read_turtle

_NAMES = [NamedNode(f"https://w3id.org/justicegraph/id/{name}") for name in ("a", "b", "c")]


def test_comments_are_told_from_signs_in_texts(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text('# one\n<https://example.org/#s> <https://example.org/p> "# none" . # two\n')
    assert read_document(path).comments == [1, 2]


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
    assert list(read_document(path).lines.values()) == [2, 2, 3, 3, 6, 6, 6, 7, 10]


def test_lines_are_right_after_names_with_escapes(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("@prefix a: <https://invented.example/> .\na:s a:p a:x\\,y ;\n  a:p a:z\\;z ;\n  a:p 3 .\n")
    assert list(read_document(path).lines.values()) == [2, 3, 4]


def test_line_of_a_triple_or_else_of_its_property_or_else_of_its_subject(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("@prefix a: <https://a.example/> .\na:s a:p 1 ;\n a:p 2 ;\n a:q 3 .\na:other a:p 4 .\n")
    document, base = read_document(path), "https://a.example/"
    one = Literal("1", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    assert document.line_of(base + "s", base + "p", one) == 2
    assert document.line_of(base + "s", base + "p") == 3
    assert document.line_of(base + "s", base + "none") == 2
    assert document.line_of(base + "nobody") == 1


def test_unwritten_document_has_the_canonical_text_and_its_lines(tmp_path: Path) -> None:
    a, b, c = _NAMES
    document = Document(tmp_path / "none.ttl", [Triple(a, b, c), Triple(a, b, a)])
    assert (
        document.text
        == "@prefix id: <https://w3id.org/justicegraph/id/> .\n\nid:a\n    id:b id:a ;\n    id:b id:c ;\n    .\n"
    )
    assert document.lines == {Triple(a, b, a): 4, Triple(a, b, c): 5}
    assert document.first_line_out_of_form() is None


def test_text_that_is_canonical_is_dropped_from_memory_and_made_again(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(Document(path, [Triple(_NAMES[0], _NAMES[1], Literal("é", language="en"))]).text)
    document = read_document(path)
    text, lines = document.text, document.lines
    path.unlink()
    assert document.first_line_out_of_form() is None
    assert document._data is None
    assert (document.text, document.lines) == (text, lines)


def test_text_out_of_form_is_held_and_names_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(HEAD + "id:a jg:position 1 .\n")
    document = read_document(path)
    path.unlink()
    assert document.first_line_out_of_form() == 1
    assert document.text.endswith("position 1 .\n")


def test_document_with_a_blank_node_has_no_canonical_form(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(HEAD + "id:a jg:worksOn [] .")
    with pytest.raises(BrokenFile, match="there is a blank node here"):
        read_document(path).first_line_out_of_form()
