"""A reviewer is a name or an ORCID iD, and is saved."""

from pathlib import Path

import pytest

from justicegraph.errors import UnknownAuthor
from justicegraph.linking.wikidata.reviewer import parse_reviewer, read_reviewer, save_reviewer


@pytest.mark.parametrize(
    ("said", "author_id"),
    [
        ("orcid:0000-0000-0000-0001", "https://orcid.org/0000-0000-0000-0001"),
        ("https://orcid.org/0000-0000-0000-0001", "https://orcid.org/0000-0000-0000-0001"),
        (" Nobody ", ""),
    ],
)
def test_reviewer_is_a_name_or_an_id(said: str, author_id: str, tmp_path: Path) -> None:
    reviewer = parse_reviewer(said)
    assert (reviewer.author_id, reviewer.author_label) == (author_id, "" if author_id else "Nobody")
    assert read_reviewer(tmp_path) is None
    save_reviewer(tmp_path, reviewer)
    assert read_reviewer(tmp_path) == reviewer


@pytest.mark.parametrize(
    "said",
    ["", " ", "a\tb", "a\x1bb", "x" * 101, "=cmd", "nobody@invented.example", "orcid:1", "orcid:0000-0000-0000-0002"],
)
def test_invalid_reviewer_is_reported(said: str) -> None:
    with pytest.raises(UnknownAuthor):
        parse_reviewer(said)
