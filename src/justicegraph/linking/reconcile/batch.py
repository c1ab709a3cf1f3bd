"""The JSON of a batch to the queries in it, read strictly (Reconciliation Service API 0.2, 4.1).

A query that cannot be read does not take the others with it: it is told apart, with a sentence that says why.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from justicegraph.errors import BadQuery, QueryTooLong

BATCH = 50
"""Queries that a batch may have: the manifest's batchSize."""

MAX_BYTES = 131_072
"""Bytes of a batch: it must fit into one message between processes (pool.wire)."""

CANDIDATES = 5
"""Candidates that a query without a limit gets."""
MOST = 50
"""Candidates that any query gets at most."""

LONGEST = 1_000
"""Characters of a name or a value."""
PROPERTIES, VALUES = 50, 20
"""Properties of a query, and values of a property."""

_FIELDS = ("query", "type", "limit", "properties", "type_strict")
_STRICT = ("should", "any", "all")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Value(NamedTuple):
    """A value of a property: what it says, and the id of an entry where it was reconciled before."""

    text: str
    id: str = ""


@dataclass(frozen=True)
class ReconciliationQuery:
    """What is looked for: a name, classes and how strictly they are meant, how many candidates, what else is known."""

    name: str
    types: tuple[str, ...] = ()
    strict: str = "should"
    limit: int = CANDIDATES
    properties: tuple[tuple[str, tuple[Value, ...]], ...] = ()


class Unreadable(Exception):
    """One query cannot be read: the text says why."""


def read_batch(text: str) -> tuple[dict[str, ReconciliationQuery], dict[str, str]]:
    """Return the queries by their names, and by name why others cannot be read.

    Raise BadQuery where the whole is no batch, or none of its queries can be read; QueryTooLong where it is too large.
    """
    said = read_object(text, "queries", '{"q0": {"query": "a name"}}')
    if len(said) > BATCH:
        raise QueryTooLong(f"The batch has {len(said):,} queries: send {BATCH} at most at a time.")
    queries, failed = {}, {}
    for name, each in said.items():
        try:
            queries[name] = _query(each)
        except Unreadable as error:
            failed[name] = str(error)
    return queries, failed


def read_object(text: str, name: str, example: str) -> Mapping[str, Any]:
    """Return the object that a parameter's JSON holds; raise BadQuery or QueryTooLong."""
    if len(text.encode()) > MAX_BYTES:
        raise QueryTooLong(f"`{name}` is longer than {MAX_BYTES:,} bytes: send less at a time.")
    try:
        said = orjson.loads(text)
    except ValueError as error:
        raise BadQuery(f"`{name}` is no JSON: {str(error)[:100]}. It looks like {example}.") from error
    if not isinstance(said, dict):
        raise BadQuery(f"`{name}` must be a JSON object, as in {example}.")
    return said


def _query(said: object) -> ReconciliationQuery:
    if not isinstance(said, dict):
        raise Unreadable("A query is a JSON object.")
    if other := next((key for key in said if key not in _FIELDS), None):
        raise Unreadable(f'"{other[:40]}" is no part of a query; its parts are {", ".join(_FIELDS)}.')
    name, strict = said.get("query", ""), said.get("type_strict", "should")
    if not isinstance(name, str):
        raise Unreadable("`query` must be a text.")
    if strict not in _STRICT:
        raise Unreadable(f"`type_strict` must be one of {', '.join(_STRICT)}.")
    found = ReconciliationQuery(
        _plain(name), _types(said.get("type", ())), strict, _limit(said), tuple(_properties(said))
    )
    if not found.name and not found.properties:
        raise Unreadable("A query has a name in `query`, or `properties`; this one has neither.")
    return found


def _types(said: object) -> tuple[str, ...]:
    kinds = [said] if isinstance(said, str) else said
    if not isinstance(kinds, list | tuple) or not all(isinstance(kind, str) for kind in kinds):
        raise Unreadable("`type` must be a text or a list of texts.")
    if len(kinds) > VALUES:
        raise Unreadable(f"`type` names more than {VALUES} classes: name fewer.")
    return tuple(_plain(kind) for kind in kinds if kind.strip())


def _limit(said: Mapping[str, object]) -> int:
    limit = said.get("limit", CANDIDATES)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit < 1:
        raise Unreadable("`limit` must be a number, 1 or more.")
    return int(min(limit, MOST))


def _properties(said: Mapping[str, object]) -> Iterator[tuple[str, tuple[Value, ...]]]:
    told = said.get("properties", [])
    if not isinstance(told, list):
        raise Unreadable("`properties` must be a list.")
    if len(told) > PROPERTIES:
        raise Unreadable(f"There are more than {PROPERTIES} properties: send fewer.")
    for each in told:
        if not isinstance(each, dict) or not isinstance(each.get("pid"), str) or "v" not in each:
            raise Unreadable(
                'A property is an object with `pid`, a text, and `v`, as in {"pid": "city", "v": "Oakland"}.'
            )
        values = each["v"] if isinstance(each["v"], list) else [each["v"]]
        if len(values) > VALUES:
            raise Unreadable(f'"{each["pid"][:40]}" has more than {VALUES} values: send fewer.')
        read = tuple(value for value in map(_value, values) if value.text or value.id)
        if read:
            yield _plain(each["pid"]), read


def _value(said: object) -> Value:
    """Return a value; a truth value is written as in JSON."""
    if isinstance(said, str):
        return Value(_plain(said))
    if isinstance(said, bool | int | float):
        return Value(str(said).lower())
    if isinstance(said, dict) and isinstance(said.get("id"), str) and isinstance(said.get("name", ""), str):
        return Value(_plain(said.get("name", "")), _plain(said["id"]))
    raise Unreadable("`v` must be a text, a number, true, false, an object with `id` and `name`, or a list of these.")


def _plain(text: str) -> str:
    """Return a text on one line, without control characters; raise Unreadable where it is too long."""
    if len(text) > LONGEST:
        raise Unreadable(f'"{text[:20]}…" is longer than {LONGEST:,} characters: shorten it.')
    return " ".join(_CONTROLS.sub(" ", text).split())
