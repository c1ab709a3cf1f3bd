"""What a file must be, each rule with a file that breaks it."""

from pathlib import Path

import pytest

from justicegraph.namespaces import PREFIXES
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.rdf.document import read_document
from justicegraph.validate.files import check_files
from tests.support.turtle import read_turtle

HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())


def sentences(folder: Path, files: dict[str, str], *, canonical: bool = True) -> list[str]:
    for name, turtle in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(HEAD + turtle)
        if canonical:
            path.write_text(canonical_turtle(read_turtle(path)))
    documents = [read_document(path) for path in sorted(folder.rglob("*.ttl"))]
    return [str(finding).replace(str(folder), "") for finding in check_files(documents)]


def test_right_file_has_no_finding(tmp_path: Path) -> None:
    turtle = "id:a a jg:Person . id:a.custody-1 jg:isCustodyOf id:a ."
    assert sentences(tmp_path, {"people/a.ttl": turtle}) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"people/A_b.ttl": "<https://w3id.org/justicegraph/id/A_b> a jg:Person ."},
            '/people/A_b.ttl, line 1: the file name "A_b.ttl" is not a slug',
        ),
        ({"people/b.ttl": "id:a a jg:Person ."}, "/people/b.ttl, line 1: the file does not describe id:b"),
        (
            {"people/a.ttl": "id:a a jg:Person .", "groups/a.ttl": "id:a a jg:Group ."},
            "the id id:a is already used by /groups/a.ttl",
        ),
        (
            {"people/a.ttl": "id:a a jg:Person . id:b.custody-1 jg:isCustodyOf id:a ."},
            "line 9: id:b.custody-1: id:b.custody-1 does not belong",
        ),
        (
            {"people/a.ttl": "id:a a jg:Person . id:a.custody-1 jg:position 1 ."},
            "line 9: id:a.custody-1: the part does not link to its owner",
        ),
        (
            {"people/a.ttl": "id:a a jg:Person .", "people/b.ttl": "id:a a jg:Person . id:b a jg:Person ."},
            "/people/b.ttl, line 5: the same triple is in /people/a.ttl",
        ),
        ({"people/a.ttl": "id:a jg:worksOn [] ."}, "/people/a.ttl, line 1: there is a blank node here"),
    ],
)
def test_each_rule_has_a_file_that_breaks_it(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    canonical = "[]" not in str(files)
    assert any(expected in sentence for sentence in sentences(tmp_path, files, canonical=canonical))


def test_file_out_of_form_names_the_first_line_that_differs(tmp_path: Path) -> None:
    (found,) = sentences(tmp_path, {"people/a.ttl": "id:a a jg:Person ."}, canonical=False)
    assert found == "/people/a.ttl, line 1: the file is not in canonical form. Run `justicegraph format`."
