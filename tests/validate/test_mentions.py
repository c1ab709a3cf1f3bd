"""A mention's words stand in its lines, in the very text that was read."""

import hashlib
from pathlib import Path

import pytest

from justicegraph.project.folder import load_folder
from justicegraph.validate import check_mentions
from tests.support.project import INVENTED, ROOT, write_entity

TEXT = "A list\n\nInvented\u00a0  Person, and\nthe Invented\r Group\nend"


def sourced(project: Path, text: str) -> Path:
    """Give the invented list a text; return the folder that it is in."""
    folder = project / "texts"
    folder.mkdir(exist_ok=True)
    (folder / "list.txt").write_bytes(text.encode())
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    write_entity(
        project,
        "sources/invented-list",
        INVENTED["sources/invented-list"].replace("jg:author", f'jg:sha256 "{digest}" ; jg:author'),
    )
    return folder


def sentences(project: Path, folder: Path) -> list[str]:
    findings, _ = check_mentions(load_folder(project).files.values(), folder)
    return [str(finding).partition("graph/")[2] for finding in findings]


def with_mention(project: Path, old: str, new: str) -> None:
    assert old in INVENTED["people/invented-person"]
    write_entity(project, "people/invented-person", INVENTED["people/invented-person"].replace(old, new))


def test_right_mention_has_no_finding(project: Path) -> None:
    assert sentences(project, sourced(project, TEXT)) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "jg:firstLine 2 ; jg:lastLine 3",
            "jg:firstLine 1 ; jg:lastLine 2",
            '"Invented Person" is not in lines 1 to 2',
        ),
        (
            'jg:exact "Invented Person"',
            'jg:exact "Invented person"',
            '"Invented person" is not in lines 2 to 3',
        ),
        ("jg:firstLine 2 ; jg:lastLine 3", "jg:firstLine 3 ; jg:lastLine 9", "the source has only 5 lines"),
    ],
)
def test_wrong_mention_is_told(old: str, new: str, said: str, project: Path) -> None:
    folder = sourced(project, TEXT)
    with_mention(project, old, new)
    (sentence,) = sentences(project, folder)
    assert said in sentence
    assert sentence.startswith("people/invented-person.ttl, line ")


def test_words_over_two_lines_compare_as_one_text(project: Path) -> None:
    folder = sourced(project, TEXT)
    with_mention(
        project,
        '"Invented Person"@en ; jg:firstLine 2 ; jg:lastLine 3',
        '"Invented Person, and the Invented Group"@en ; jg:firstLine 3 ; jg:lastLine 4',
    )
    assert sentences(project, folder) == []


def test_altered_text_is_told(project: Path) -> None:
    (sentence,) = sentences(project, sourced(project, TEXT + " "))
    assert "no text in" in sentence
    assert "unchanged since it was read" in sentence


def test_untouched_lines_are_listed(project: Path) -> None:
    folder = sourced(project, TEXT)
    _, (text,) = check_mentions(load_folder(project).files.values(), folder)
    assert text.untouched() == [(1, "A list"), (4, "the Invented\r Group"), (5, "end")]


def test_every_mention_of_this_graph_stands_in_its_text(texts: Path) -> None:
    findings, found = check_mentions(load_folder(ROOT).files.values(), texts)
    assert [str(finding) for finding in findings] == []
    assert len(found) == 4
