"""Nothing that calls out, changes data or ends the parser's process passes, in whatever spelling."""

import subprocess
import sys

import pytest

from justicegraph.errors import BadQuery, QueryTooLong, RefusedQuery
from justicegraph.sparql.guard import MAX_BYTES, MAX_DEPTH, guard

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


@pytest.mark.parametrize(
    "query",
    [
        r"PREFIX a: <http://127.0.0.1:9/> SELECT * { SERVICE a:x\(y {?s ?p ?o} }",
        r"PREFIX a: <http://127.0.0.1:9/> SELECT * { SERVICE a:x\#y {?s ?p ?o} }",
        "SELECT * { BIND(<http://127.0.0.1:9/X> AS ?a·b) LATERAL { SERVICE ?a\u00b7b {?s ?p ?o} } }",
        "SELECT * { FILTER EXISTS { SERVICE ?a\u0300 {?s ?p ?o} } }",
        "PREFIX : <http://127.0.0.1:9/> SELECT * {SERVICE:x{?s ?p ?o}}",
        "SELECT * { ?s ?p trueSERVICE<http://127.0.0.1:9/>{?s ?p ?o} }",
    ],
)
def test_call_in_an_odd_spelling_is_refused(query: str) -> None:
    with pytest.raises(RefusedQuery):
        guard(query)


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX ex: <http://invented.example/service/> SELECT * { ?s ex:service ?service . ?s ex:has-service <http://invented.example/service/1> }",
        "SELECT * { ?s ?p 'the service <a:b>' . ?s ?p <http://invented.example/services> } # SERVICE <a:b> {}",
    ],
)
def test_word_in_a_name_is_no_call(query: str) -> None:
    guard(query)


N = 3_500
CHAINS = {
    "!": "ASK{FILTER(" + "!" * N + "1)}",
    "+": "ASK{FILTER(1" + "+1" * N + ")}",
    "||": "ASK{FILTER(1" + "||1" * N + ")}",
    "projection": "SELECT " + "".join(f"(1 AS ?a{n})" for n in range(N)) + "{}",
    "GRAPH": "ASK{" + "GRAPH<a:a>{}" * N + "}",
    "MINUS": "ASK{" + "MINUS{}" * N + "}",
    "BIND": "ASK{" + "".join(f"BIND(1 AS ?a{n})" for n in range(N)) + "}",
    "UNION": "ASK{{}" + "UNION{}" * N + "}",
    "path": "ASK{?s a:b" + "/a:b" * N + " ?o}",
    "OPTIONAL": "ASK{" + "OPTIONAL{}" * N + "}",
    "quoted": "ASK{" + "<<" * N + "}",
    "hidden": "ASK{FILTER(?a<" + "!" * N + "1>2)}",
}


@pytest.mark.parametrize("name", CHAINS)
def test_chain_that_would_end_the_process_is_refused(name: str) -> None:
    with pytest.raises(BadQuery, match=r"smaller queries|deeper than"):
        guard(CHAINS[name])


def test_many_values_are_let_through() -> None:
    guard(
        "SELECT * { VALUES ?x { "
        + " ".join(f"<https://invented.example/a/b-c/{n}>" for n in range(1_000))
        + " } ?x ?p ?o }"
    )
    guard("SELECT * { VALUES (?x ?y) { " + " ".join(f"('{n}' 1.5)" for n in range(1_000)) + " } }")


@pytest.mark.parametrize("name", CHAINS)
def test_chain_of_a_length_that_is_let_through_ends_no_process(name: str) -> None:
    # At most half of what is refused, and still a thousand times longer than anybody writes.
    unit = {"projection": "(1 AS ?a{n})", "BIND": "BIND(1 AS ?a{n})"}
    shorter = CHAINS[name]
    while True:
        try:
            guard(shorter)
            break
        except BadQuery:
            shorter = _halved(shorter, name, unit)
    code = "import sys; from pyoxigraph import Store\ntry: r = Store().query(sys.stdin.read()); list(r) if not hasattr(r, '__bool__') else bool(r)\nexcept SyntaxError: pass"
    ended = subprocess.run(
        [sys.executable, "-c", code], input=shorter, text=True, capture_output=True, check=False, timeout=60
    )
    assert ended.returncode == 0, ended.stderr[-300:]


def _halved(query: str, name: str, unit: dict[str, str]) -> str:
    """Return the chain at three quarters of its length: the largest that the guard lets through is near its limit."""
    repeated = {"!": "!", "+": "+1", "||": "||1", "GRAPH": "GRAPH<a:a>{}", "MINUS": "MINUS{}", "UNION": "UNION{}",
                "path": "/a:b", "OPTIONAL": "OPTIONAL{}", "quoted": "<<", "hidden": "!"}  # fmt: skip
    if name in unit:
        count = query.count(" AS ?a")
        head, tail = ("SELECT ", "{}") if name == "projection" else ("ASK{", "}")
        return head + "".join(unit[name].replace("{n}", str(n)) for n in range(count * 3 // 4)) + tail
    piece = repeated[name]
    return query.replace(piece, "", query.count(piece) // 4)
