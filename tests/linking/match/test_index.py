"""The index finds a target by any of its names, its place, its website or an identifier."""

from dataclasses import replace

import pytest

from justicegraph.linking.match.index import Index
from justicegraph.linking.records import Record

TARGET = Record(
    "t", "Invented Lantern Society", ("ILS",), "XA", "Xtown", domain="x.example", identifiers={"isni": "0001"}
)
INDEX = Index([TARGET, Record("other", "Somebody Else", (), "XB", "Ytown"), Record("nowhere", "Nowhere Group")])
QUERY = Record("q", "Qqzyx")


@pytest.mark.parametrize(
    "query",
    [
        replace(QUERY, name="lantern"),
        replace(QUERY, name="Society Lantern Invented"),
        replace(QUERY, name="ILS"),
        replace(QUERY, name="Lanterm"),
        replace(QUERY, country="XA", city="Xtown"),
        replace(QUERY, domain="x.example"),
        replace(QUERY, identifiers={"isni": "0001"}),
    ],
    ids=str,
)
def test_target_is_found_by_each_thing_that_is_known_of_it(query: Record) -> None:
    assert [position for position, _ in INDEX.search(query)] == [0]


def test_query_that_shares_no_term_finds_nothing() -> None:
    assert INDEX.search(QUERY) == []


def test_targets_are_counted_in_the_city_or_else_in_the_country() -> None:
    places = [
        replace(QUERY, country="XA", city="Xtown"),
        replace(QUERY, country="XB"),
        replace(QUERY, country="XC"),
        QUERY,
    ]
    assert [INDEX.count_in_place(record) for record in places] == [1, 1, 0, 0]


def test_rarer_token_weighs_more() -> None:
    index = Index([TARGET, replace(TARGET, name="Invented Group", aliases=())])
    assert index.idf("lantern") > index.idf("invented")
    assert index.idf("unheard") > index.idf("lantern")
