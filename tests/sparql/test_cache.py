"""The cache: which results it holds, how many bytes, and that no result is mistaken for another."""

import io
from dataclasses import fields, replace
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from justicegraph.rdf.formats import GRAPHS, SOLUTIONS
from justicegraph.sparql.cache import MAX_LENGTH, PARTS, Cache, is_volatile, key_of, tag_of
from justicegraph.sparql.query import Query, Result

SIZE = 64 * 2_048
QUERY = Query("SELECT * {}", SOLUTIONS[0], GRAPHS[0])
OTHERS: dict[str, list[Any]] = {
    "text": ["SELECT * { }", "select * {}"],
    "solutions": [SOLUTIONS[1], None],
    "graph": [GRAPHS[1], None],
    "default_graphs": [("a:b",), ("a:b", "a:c"), ("a:c", "a:b")],
    "named_graphs": [("a:b",), ("a:c",)],
    "bindings": [{"a": NamedNode("a:b")}, {"a": Literal("a:b")}, {"b": NamedNode("a:b")}, {"a": Literal("1")}, {"a": Literal(1)}],
    "encoding": ["gzip", "zstd"],
}  # fmt: skip
"""For each thing that makes another result, some values."""


def result_of(body: bytes) -> Result:
    return Result(SOLUTIONS[0], io.BytesIO(body), len(body))


def keep(cache: Cache, query: Query, body: bytes = b"result") -> bytes:
    """Cache a result, and return its bytes as the caller gets them."""
    return cache.put_result(query, key_of(query), result_of(body)).read()


def find(cache: Cache, query: Query) -> bytes | None:
    found = cache.get_result(key_of(query))
    return found.read() if found else None


def asking(number: int) -> Query:
    return replace(QUERY, text=f"SELECT * {{}} # {number}")


def test_cached_result_can_be_read_again_and_again() -> None:
    cache = Cache(SIZE)
    assert [keep(cache, QUERY), find(cache, QUERY), find(cache, QUERY)] == [b"result"] * 3
    assert (cache.hits, cache.misses) == (2, 0)


def test_what_was_never_kept_is_not_found() -> None:
    cache = Cache(SIZE)
    assert find(cache, QUERY) is None
    assert (cache.hits, cache.misses) == (0, 1)


def test_key_covers_all_that_a_query_says() -> None:
    assert {field.name for field in fields(Query)} == {*OTHERS}
    queries = [QUERY, *(replace(QUERY, **{name: value}) for name in OTHERS for value in OTHERS[name])]
    keys = [key_of(query) for query in queries]
    assert len({*keys}) == len({tag_of("a", key) for key in keys}) == len(queries)


def test_default_graphs_are_not_taken_for_named_ones() -> None:
    default, named = replace(QUERY, default_graphs=("a:b",)), replace(QUERY, named_graphs=("a:b",))
    assert key_of(default) != key_of(named)


def test_tag_names_snapshot_and_query() -> None:
    key = key_of(QUERY)
    assert tag_of("a", key) == tag_of("a", key_of(replace(QUERY)))
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
def test_memory_that_a_query_takes_is_counted(more: str) -> None:
    cache, text = Cache(2**24), "\N{GRINNING FACE}" * 10_000  # 4 bytes each
    value: Any = {"text": f"SELECT * {{}} # {text}", "bindings": {"a": Literal(text)}}.get(more, (f"a:{text}",))
    keep(cache, replace(QUERY, **{more: value}))
    assert 40_000 < cache.used_bytes < 200_000


def test_least_recently_used_result_goes_first() -> None:
    cache = Cache(SIZE)
    keep(cache, QUERY)
    for number in range(500):
        assert find(cache, QUERY) == b"result"
        keep(cache, asking(number), bytes(1_000))
    assert find(cache, asking(0)) is None


def test_same_result_twice_is_counted_once() -> None:
    cache = Cache(SIZE)
    keep(cache, QUERY)
    taken = cache.used_bytes
    keep(cache, QUERY, b"longer than before")
    assert (cache.used_bytes, find(cache, QUERY)) == (taken, b"result")


@pytest.mark.parametrize(("size", "length"), [(SIZE, SIZE // PARTS), (2**30, MAX_LENGTH + 1)])
def test_long_result_is_not_cached_and_still_read(size: int, length: int) -> None:
    cache, body = Cache(size), bytes(length)
    assert keep(cache, QUERY, body) == body
    assert (find(cache, QUERY), cache.used_bytes) == (None, 0)


def test_cache_of_no_size_keeps_nothing() -> None:
    cache = Cache(0)
    assert keep(cache, QUERY) == b"result"
    assert find(cache, QUERY) is None


@pytest.mark.parametrize(
    "query",
    ["SELECT (NOW() AS ?x) {}", "SELECT (rand() AS ?x) {}", "SELECT * { BIND(StrUUID() AS ?x) }", "ASK { FILTER(1=1&&UUID()!=?a) }",
     "CONSTRUCT { ?a ?b ?c } { BIND(BNODE() AS ?a) }", "SELECT (NOW\n#\n() AS ?x) {}", "SELECT (1+RAND() AS ?x) {}"],
)  # fmt: skip
def test_result_that_changes_by_itself_is_not_cached(query: str) -> None:
    cache = Cache(SIZE)
    volatile = replace(QUERY, text=query)
    assert keep(cache, volatile) == b"result"
    assert (is_volatile(query), find(cache, volatile)) == (True, None)


@pytest.mark.parametrize("query", ["SELECT ?now { ?rand ?p ?uuid }", "SELECT * { ?s a <a:known> , ex:brand , $now }"])
def test_names_that_look_like_those_functions_do_no_harm(query: str) -> None:
    assert not is_volatile(query)


def test_query_that_is_asked_again_runs_once() -> None:
    cache, key, runs = Cache(SIZE), key_of(QUERY), 0
    for _ in range(3):
        result = cache.get_result(key)
        if result is None:
            runs, result = runs + 1, cache.put_result(QUERY, key, result_of(b"result"))
        assert result.read() == b"result"
    assert runs == 1
