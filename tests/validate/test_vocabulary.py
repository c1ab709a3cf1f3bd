"""Every word is declared, stands where it may, and leads somewhere."""

from pathlib import Path

import pytest

from justicegraph.namespaces import PREFIXES
from justicegraph.project.folder import load_folder
from justicegraph.rdf.document import read_document
from justicegraph.validate.vocabulary import Vocabulary, check_vocabulary, read_vocabulary
from tests.support.project import ROOT

HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    folder = load_folder(ROOT)
    return read_vocabulary(folder.ontology, folder.shapes)


def sentences(turtle: str, folder: Path, vocabulary: Vocabulary) -> list[str]:
    path = folder / "organizations" / "a.ttl"
    path.parent.mkdir()
    path.write_text(HEAD + turtle)
    return [str(finding).partition("line ")[2] for finding in check_vocabulary([read_document(path)], vocabulary)]


def test_right_words_have_no_finding(tmp_path: Path, vocabulary: Vocabulary) -> None:
    turtle = 'id:a a jg:NewsOutlet; skos:prefLabel "A"@en; jg:foundedOn "1987"^^xsd:gYear; jg:isPartOf id:a .'
    assert sentences(turtle, tmp_path, vocabulary) == []


@pytest.mark.parametrize(
    ("turtle", "expected"),
    [
        (
            "id:a a jg:Organisation .",
            "17: id:a: jg:Organisation is not a class for entries. Did you mean jg:Organization?",
        ),
        (
            "id:a a jg:Prisoner, jg:Term .",
            "17: id:a: jg:Term is not a class for entries. Correct the name, or define it first.",
        ),
        (
            "id:a a jg:Organization ;\n jg:foundedIn id:a .",
            "18: id:a: jg:foundedIn is not a property of the ontology. Did you mean jg:foundedOn?",
        ),
        ("id:a a jg:Person ; jg:foundedOn 1 .", "17: id:a: jg:foundedOn is not allowed for jg:Person. Use one of: "),
        ("id:a jg:foundedOn 1 .", "17: id:a: the entry has no class. Add its class"),
        ("id:a a jg:Campaign ; jg:worksOn id:b .", "17: id:a: id:b does not exist. "),
        ("id:a-long-name a jg:Campaign ; jg:isPartOf id:a-long-nam .", "Did you mean id:a-long-name?"),
        (
            "id:a a jg:Custody ; jg:regime jgt:prisons .",
            "17: id:a: jgt:prisons is not in the ontology. Did you mean jgt:prison?",
        ),
    ],
)
def test_wrong_word_is_named_with_what_to_do(
    turtle: str, expected: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    assert any(expected in sentence for sentence in sentences(turtle, tmp_path, vocabulary))
