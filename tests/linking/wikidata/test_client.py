"""Queries to a server cannot be broken out of, and errors inside a response are seen."""

import pytest

from justicegraph.linking.wikidata.client import error_in
from justicegraph.linking.wikidata.entries import QUERIES


def test_terms_cannot_break_out_of_a_query() -> None:
    from pyoxigraph import Literal

    text = QUERIES.text(
        "items_by_name", {"name": [Literal('x" } INSERT DATA { <a:a> <a:b> <a:c> } #\n', language="en")]}
    )
    assert r'VALUES ?name { "x\" } INSERT DATA { <a:a> <a:b> <a:c> } #\n"@en }' in text


@pytest.mark.parametrize(
    ("said", "is_passing"),
    [
        ({"error": {"code": "maxlag", "info": "x"}}, True), ({"error": {"code": "ratelimited"}}, True),
        ({"error": {"code": "internal_api_error_DBQueryError"}}, True), ({"error": {"code": "badvalue"}}, False),
        ({"error": 7}, False), ({"error": {"code": ["maxlag"]}}, False),
    ],
)  # fmt: skip
def test_error_inside_an_answer_is_seen(said: object, is_passing: bool) -> None:
    error = error_in(said)
    assert error
    assert error.is_temporary is is_passing
    assert error_in({"search": []}) is None
