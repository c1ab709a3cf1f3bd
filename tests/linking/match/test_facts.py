"""Facts are compared only if both sides have them."""

from dataclasses import replace
from typing import Any

import pytest

from justicegraph.linking.match.facts import compare_facts
from justicegraph.linking.match.model import read_model
from justicegraph.linking.records import Record

KNOWN = Record("t", "X", types=frozenset({"a"}), began=1990, domain="x.example", identifiers={"isni": "1"})
EMPTY = Record("q", "X")


@pytest.mark.parametrize(
    ("known", "facts"),
    [
        ({}, []),
        ({"identifiers": {"isni": "1"}}, ["same_identifier"]),
        ({"identifiers": {"isni": "2"}}, ["other_identifier"]),
        ({"identifiers": {"viaf": "1"}}, []),
        ({"domain": "x.example"}, ["same_website"]),
        ({"domain": "y.example"}, ["other_website"]),
        ({"types": frozenset({"a", "b"})}, ["same_type"]),
        ({"types": frozenset({"b"})}, ["other_type"]),
        ({"began": 1991}, ["same_dates"]),
        ({"began": 1992}, ["similar_dates"]),
        ({"began": 1993}, ["other_dates"]),
        ({"ended": 1990}, []),
    ],
    ids=str,
)
def test_fact_is_compared(known: dict[str, Any], facts: list[str]) -> None:
    assert compare_facts(replace(EMPTY, **known), KNOWN) == facts


def test_each_fact_has_a_weight_and_an_explanation() -> None:
    model = read_model()
    assert model.facts.keys() <= model.explanations.keys()
    assert set(compare_facts(KNOWN, KNOWN)) <= model.facts.keys()
