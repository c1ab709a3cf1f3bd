"""The cache: what it keeps, how much, and that no answer is taken for another."""

import io
from dataclasses import fields, replace
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from justicegraph.rdf.formats import GRAPHS, SOLUTIONS
from justicegraph.sparql.cache import LARGEST, LONGEST, Cache, is_volatile, key_of, tag_of
from justicegraph.sparql.query import Query, Result

SIZE = 64 * 2_048
QUESTION = Query("SELECT * {}", SOLUTIONS[0], GRAPHS[0])
OTHERS: dict[str, list[Any]] = {
    "text": ["SELECT * { }", "select * {}"],
    "solutions": [SOLUTIONS[1], None],
    "graph": [GRAPHS[1], None],
    "default_graphs": [("a:b",), ("a:b", "a:c"), ("a:c", "a:b")],
    "named_graphs": [("a:b",), ("a:c",)],
    "bindings": [{"a": NamedNode("a:b")}, {"a": Literal("a:b")}, {"b": NamedNode("a:b")}, {"a": Literal("1")}, {"a": Literal(1)}],
    "encoding": ["gzip", "zstd"],
}  # fmt: skip
"""For each thing that makes an answer another one, some values."""


def answer(body: bytes) -> Result:
    return Result(SOLUTIONS[0], io.BytesIO(body), len(body))


def keep(cache: Cache, question: Query, body: bytes = b"answer") -> bytes:
    """Have an answer kept; return what whoever asked gets."""
    return cache.put_result(question, key_of(question), answer(body)).read()


def find(cache: Cache, question: Query) -> bytes | None:
    found = cache.get_result(key_of(question))
    return found.read() if found else None


def asking(number: int) -> Query:
    return replace(QUESTION, text=f"SELECT * {{}} # {number}")


def test_kept_answer_can_be_read_again_and_again() -> None:
    cache = Cache(SIZE)
    assert [keep(cache, QUESTION), find(cache, QUESTION), find(cache, QUESTION)] == [b"answer"] * 3
    assert (cache.hits, cache.misses) == (2, 0)


def test_what_was_never_kept_is_not_found() -> None:
    cache = Cache(SIZE)
    assert find(cache, QUESTION) is None
    assert (cache.hits, cache.misses) == (0, 1)


def test_key_covers_all_that_a_query_says() -> None:
    assert {field.name for field in fields(Query)} == {*OTHERS}
    questions = [QUESTION, *(replace(QUESTION, **{name: value}) for name in OTHERS for value in OTHERS[name])]
    keys = [key_of(question) for question in questions]
    assert len({*keys}) == len({tag_of("a", key) for key in keys}) == len(questions)


def test_default_graphs_are_not_taken_for_named_ones() -> None:
    default, named = replace(QUESTION, default_graphs=("a:b",)), replace(QUESTION, named_graphs=("a:b",))
    assert key_of(default) != key_of(named)


def test_tag_names_snapshot_and_question() -> None:
    key = key_of(QUESTION)
    assert tag_of("a", key) == tag_of("a", key_of(replace(QUESTION)))
    assert len({tag_of("a", key), tag_of("b", key), tag_of("a", key_of(asking(1)))}) == 3


def test_memory_is_bounded() -> None:
    cache = Cache(SIZE)
    for number in range(1_000):
        keep(cache, asking(number), bytes(1_000))
        assert cache.used_bytes <= SIZE
    kept = [number for number in range(1_000) if find(cache, asking(number))]
    assert kept == list(range(1_000 - len(kept), 1_000))
    assert len(kept) > SIZE // 4_096


@pytest.mark.parametrize("more", ["text", "default_graphs", "named_graphs", "bindings"])
def test_memory_that_a_question_takes_is_counted(more: str) -> None:
    cache, text = Cache(2**24), "\N{GRINNING FACE}" * 10_000  # 4 bytes each
    value: Any = {"text": f"SELECT * {{}} # {text}", "bindings": {"a": Literal(text)}}.get(more, (f"a:{text}",))
    keep(cache, replace(QUESTION, **{more: value}))
    assert 40_000 < cache.used_bytes < 200_000


def test_what_was_not_asked_for_the_longest_time_goes_first() -> None:
    cache = Cache(SIZE)
    keep(cache, QUESTION)
    for number in range(500):
        assert find(cache, QUESTION) == b"answer"
        keep(cache, asking(number), bytes(1_000))
    assert find(cache, asking(0)) is None


def test_same_answer_twice_is_counted_once() -> None:
    cache = Cache(SIZE)
    keep(cache, QUESTION)
    taken = cache.used_bytes
    keep(cache, QUESTION, b"longer than before")
    assert (cache.used_bytes, find(cache, QUESTION)) == (taken, b"answer")


@pytest.mark.parametrize(("size", "length"), [(SIZE, SIZE // LARGEST), (2**30, LONGEST + 1)])
def test_long_answer_is_not_kept_and_still_read(size: int, length: int) -> None:
    cache, body = Cache(size), bytes(length)
    assert keep(cache, QUESTION, body) == body
    assert (find(cache, QUESTION), cache.used_bytes) == (None, 0)


def test_cache_of_no_size_keeps_nothing() -> None:
    cache = Cache(0)
    assert keep(cache, QUESTION) == b"answer"
    assert find(cache, QUESTION) is None


@pytest.mark.parametrize(
    "query",
    ["SELECT (NOW() AS ?x) {}", "SELECT (rand() AS ?x) {}", "SELECT * { BIND(StrUUID() AS ?x) }", "ASK { FILTER(1=1&&UUID()!=?a) }",
     "CONSTRUCT { ?a ?b ?c } { BIND(BNODE() AS ?a) }", "SELECT (NOW\n#\n() AS ?x) {}", "SELECT (1+RAND() AS ?x) {}"],
)  # fmt: skip
def test_answer_that_changes_by_itself_is_not_kept(query: str) -> None:
    cache = Cache(SIZE)
    question = replace(QUESTION, text=query)
    assert keep(cache, question) == b"answer"
    assert (is_volatile(query), find(cache, question)) == (True, None)


@pytest.mark.parametrize("query", ["SELECT ?now { ?rand ?p ?uuid }", "SELECT * { ?s a <a:known> , ex:brand , $now }"])
def test_names_that_look_like_those_functions_do_no_harm(query: str) -> None:
    assert not is_volatile(query)


def test_query_that_is_asked_again_runs_once() -> None:
    cache, key, runs = Cache(SIZE), key_of(QUESTION), 0
    for _ in range(3):
        result = cache.get_result(key)
        if result is None:
            runs, result = runs + 1, cache.put_result(QUESTION, key, answer(b"answer"))
        assert result.read() == b"answer"
    assert runs == 1
