"""Nothing that calls out, changes data or ends the parser's process passes, in whatever spelling."""

import pytest

from justicegraph.errors import BadQuery, QueryTooLong, RefusedQuery
from justicegraph.guard import MAX_BYTES, MAX_DEPTH, guard

CALLS = [
    "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }",
    "SELECT * {sErViCe<http://e/>{}}",
    "SELECT * {SERVICE#a remark\nSILENT\t<http://e/>#another\n{}}",
    "SELECT * {SERVICESILENT<http://e/>{}}",
    "PREFIX ex: <http://e/> SELECT * {SERVICEex:a{}}",
    "PREFIX ex: <http://e/> SELECT * {SERVICE:a{}}",
    "SELECT * {?s ?p 1SERVICE<http://e/>{}}",
    "SELECT * {?s ?p trueSERVICE<http://e/>{}}",
    "SELECT * {?s ?p 'a'@en.SERVICE<http://e/>{}}",
    "SELECT * {?s a<x:>SERVICE<http://e/>{}}",
    "SELECT * {?s ?p ?x SERVICE ?x {}}",
    "SELECT * {?s <x'> ?a FILTER(?a<'x>y') SERVICE <http://e/> {} FILTER(?a!='z')}",
    "SELECT * {?s ?p '''a'b''' SERVICE <http://e/> {}}",
    "SELECT * {?s ?p 'a\\'b' SERVICE <http://e/> {} ?s ?p 'c'}",
]
HARMLESS = [
    "SELECT ?service { ?service ?p ?o }",
    "PREFIX schema: <https://schema.org/> SELECT * { ?s schema:serviceType ?o . { ?s ?p ?o } }",
    "SELECT * { ?s ?p 'SERVICE <http://e/> {' }",
    "SELECT * { ?s ?p '''it's a SERVICE <http://e/> {''' }",
    "SELECT * { ?s ?p ?o # SERVICE <http://e/> {\n}",
    "SELECT * { ?s <http://e/service> { } }",
    "SELECT * { GRAPH ?service { ?s ?p ?o } }",
]


@pytest.mark.parametrize("query", CALLS)
def test_service_is_refused_in_every_spelling(query: str) -> None:
    with pytest.raises(RefusedQuery, match="calls no other server"):
        guard(query)


@pytest.mark.parametrize("query", HARMLESS)
def test_the_word_service_elsewhere_is_harmless(query: str) -> None:
    guard(query)


def test_deep_nesting_is_refused() -> None:
    guard("SELECT * " + "{" * MAX_DEPTH + "}" * MAX_DEPTH)
    with pytest.raises(BadQuery, match="deeper than 256"):
        guard("SELECT * " + "{" * (MAX_DEPTH + 1))


def test_closing_brackets_in_strings_and_remarks_hide_no_depth() -> None:
    for closer in ["')'", "#)\n", "<http://e/)>"]:
        with pytest.raises(BadQuery, match="deeper than 256"):
            guard("ASK {" + f"({closer}" * (MAX_DEPTH + 1))


def test_long_query_is_refused() -> None:
    with pytest.raises(QueryTooLong, match="65,536 bytes"):
        guard("#" + "é" * (MAX_BYTES // 2))
