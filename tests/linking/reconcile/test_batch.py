"""A query of a batch that cannot be read fails alone, with a sentence that says why."""

import json

import pytest

from justicegraph.errors import BadQuery, QueryTooLong
from justicegraph.linking.reconcile.batch import BATCH, MOST, ReconciliationQuery, Value, read_batch


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"query": "a" * 1_001}, "is longer than 1,000 characters"),
        ({"query": "a", "properties": [{"pid": "city", "v": "b"}] * 51}, "more than 50 properties"),
        ({"query": "a", "properties": [{"pid": "city", "v": ["b"] * 21}]}, "more than 20 values"),
        ({"query": "a", "type": ["b"] * 21}, "more than 20 classes"),
        ({"query": "a", "limit": 0}, "`limit` must be a number"),
        ({"query": "a", "limit": True}, "`limit` must be a number"),
        ({"query": "a", "type_strict": "maybe"}, "`type_strict` must be one of"),
        ({"query": "a", "properties": [{"pid": "city"}]}, "A property is an object"),
        ({"query": "a", "properties": [{"pid": "city", "v": None}]}, "`v` must be"),
        ({"query": 7}, "`query` must be a text"),
        ({"query": " \t\x00 "}, "has a name"),
        ({"query": "a", "properties": {}}, "`properties` must be a list"),
        ({"query": "a", "properties": [{"pid": 7, "v": "b"}]}, "A property is an object"),
        ({"query": "a", "properties": [{"pid": "city", "v": ["b", []]}]}, "`v` must be"),
        ({"query": "a", "properties": [{"pid": "city", "v": {"name": "b"}}]}, "`v` must be"),
        ({"query": "a", "type": None}, "`type` must be a text or a list"),
        ({"query": "a", "x" * 50: 1}, f'"{"x" * 40}" is not a part of a query; its parts are query, type'),
        ([], "is a JSON object"),
    ],
)
def test_query_that_cannot_be_read_fails_alone(query: object, why: str) -> None:
    queries, failed = read_batch(json.dumps({"fine": {"query": "Invented Group"}, "broken": query}))
    assert queries == {"fine": ReconciliationQuery("Invented Group")}
    assert why in failed["broken"]


def test_query_is_read_with_all_its_parts() -> None:
    properties = [
        {"pid": "city", "v": ["Xtown", {"id": "xtown", "name": "X\ttown"}]},
        {"pid": "founded", "v": 1999},
        {"pid": "open", "v": True},
        {"pid": "empty", "v": ""},
    ]
    query = {"query": " A\u0000 name ", "type": "T", "limit": 1e9, "type_strict": "any", "properties": properties}
    queries, failed = read_batch(json.dumps({"q": query}))
    assert failed == {}
    assert queries["q"] == ReconciliationQuery(
        "A name",
        ("T",),
        "any",
        MOST,
        (
            ("city", (Value("Xtown"), Value("X town", "xtown"))),
            ("founded", (Value("1999"),)),
            ("open", (Value("true"),)),
        ),
    )


def test_text_that_is_no_batch_is_refused() -> None:
    for text in ("[]", "{", "null", '{"q": NaN}'):
        with pytest.raises(BadQuery, match="`queries`"):
            read_batch(text)
    with pytest.raises(QueryTooLong):
        read_batch(json.dumps({f"q{number}": {} for number in range(BATCH + 1)}))
