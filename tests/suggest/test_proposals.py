"""A proposal is stored as JSON, also for the next version, and can get another id."""

from pathlib import Path

import pytest
from pyoxigraph import Literal

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import ID
from justicegraph.suggest.proposals import proposal_from_json, with_slug
from tests.support.forms import drafts_of


def test_renamed_proposal_has_the_new_id_only() -> None:
    moved = with_slug(drafts_of("An invented name", "x")[0], "other")
    assert {each.subject.value for each in moved.added} == {ID + "other"}  # type: ignore[union-attr]
    assert Path(moved.slug).name == "other"


STORED = (
    '{"slug":"invented-group","kind":"https://w3id.org/justicegraph/ontology#Group","name":"Invented \\"Grüppe\\"\u2028\x7f",'
    '"comment":"why\\t/\\u0001","base":"00ff","added":"<https://w3id.org/justicegraph/id/invented-group> '
    '<http://www.w3.org/2004/02/skos/core#prefLabel> \\"Zwei\\\\nZeilen é\\"@de .\\n",'
    '"removed":"<https://w3id.org/justicegraph/id/invented-group> <https://w3id.org/justicegraph/ontology#website> '
    '<https://invented.example/> .\\n","source":""}'
).encode()
"""A proposal as the first version stored it."""


def test_proposal_of_the_first_version_is_read_and_written_the_same() -> None:
    proposal = proposal_from_json(STORED)
    assert (proposal.slug, proposal.name) == ("invented-group", 'Invented "Grüppe"\u2028\x7f')
    assert [triple.object for triple in proposal.added] == [Literal("Zwei\nZeilen é", language="de")]
    assert proposal.to_json() == STORED


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[1]", STORED[:-5], STORED.replace(b'"base":"00ff"', b'"base":7'), STORED.replace(b"@de", b"@")],
)
def test_damaged_proposal_is_reported(content: bytes) -> None:
    with pytest.raises(BrokenFile, match="damaged"):
        proposal_from_json(content)
