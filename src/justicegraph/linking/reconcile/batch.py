"""Read the JSON of a batch of reconciliation queries strictly (Reconciliation Service API 0.2, 4.1).

A query that cannot be read fails alone, with a sentence that says why; the others are answered.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar

import msgspec

from justicegraph.errors import BadQuery, QueryTooLong

BATCH = 50
"""Queries of a batch at most: the manifest's batchSize."""

MAX_BYTES = 131_072
"""Bytes of a batch at most."""

CANDIDATES = 5
"""Candidates for a query without a limit."""
MOST = 50
"""Candidates for any query at most."""

LONGEST = 1_000
"""Characters of a name or a value at most."""
PROPERTIES, VALUES = 50, 20
"""Properties of a query, and values of a property, at most."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_UNKNOWN_FIELD = re.compile(r"Object contains unknown field `(.{1,40})")
_PATH = re.compile(r" - at `\$\.(?P<field>\w+)(?P<value>\[\d+\]\.v\b)?")


class Value(NamedTuple):
    """A value of a property: its text, and the id of an entry if it was reconciled before."""

    text: str
    id: str = ""


@dataclass(frozen=True)
class ReconciliationQuery:
    """A query: a name, classes and how strictly they apply, how many candidates are wanted, and properties."""

    name: str
    types: tuple[str, ...] = ()
    strict: str = "should"
    limit: int = CANDIDATES
    properties: tuple[tuple[str, tuple[Value, ...]], ...] = ()


class InvalidQuery(Exception):
    """One query of a batch cannot be read or answered: the text says why."""


class _Entity(msgspec.Struct):
    id: str
    name: str = ""


_Value = str | bool | int | float | _Entity


class _Property(msgspec.Struct):
    pid: str
    v: _Value | list[_Value]


class _Query(msgspec.Struct, forbid_unknown_fields=True):
    query: str = ""
    type: str | list[str] = ""
    limit: int | float = CANDIDATES
    properties: list[_Property] = []
    type_strict: Literal["should", "any", "all"] = "should"


_RULES = {
    "query": "`query` must be a text.",
    "type": "`type` must be a text or a list of texts.",
    "limit": "`limit` must be a number, 1 or more.",
    "properties": "`properties` must be a list. A property is an object with `pid`, a text, and `v`, as in"
    ' {"pid": "city", "v": "Oakland"}.',
    "type_strict": "`type_strict` must be one of should, any, all.",
}
_RULE_OF_VALUES = "`v` must be a text, a number, true, false, an object with `id` and `name`, or a list of these."

_BATCH = msgspec.json.Decoder(dict[str, msgspec.Raw])
_QUERY = msgspec.json.Decoder(_Query)
_Decoded = TypeVar("_Decoded")


def read_batch(text: str) -> tuple[dict[str, ReconciliationQuery], dict[str, str]]:
    """Return the queries by their names, and the reasons why others cannot be read, by their names.

    Raise BadQuery if the text is not a batch, QueryTooLong if it is too long.
    """
    batch = decode(_BATCH, text, "queries", '{"q0": {"query": "a name"}}')
    if len(batch) > BATCH:
        raise QueryTooLong(f"The batch has {len(batch):,} queries: send {BATCH} at most at a time.")
    queries, failed = {}, {}
    for name, query in batch.items():
        try:
            queries[name] = _read_query(query)
        except InvalidQuery as error:
            failed[name] = str(error)
    return queries, failed


def decode(decoder: msgspec.json.Decoder[_Decoded], text: str, parameter: str, example: str) -> _Decoded:
    """Return the JSON object in a parameter; raise BadQuery or QueryTooLong."""
    if len(text.encode()) > MAX_BYTES:
        raise QueryTooLong(f"`{parameter}` is longer than {MAX_BYTES:,} bytes: send less at a time.")
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as error:
        raise BadQuery(f"`{parameter}` must be a JSON object as in {example} ({error}).") from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadQuery(f"`{parameter}` is not JSON: {str(error)[:100]}. It looks like {example}.") from error


def _read_query(raw: msgspec.Raw) -> ReconciliationQuery:
    try:
        query = _QUERY.decode(raw)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidQuery(_explain(str(error))) from error
    if query.limit < 1:
        raise InvalidQuery(_RULES["limit"])
    read = ReconciliationQuery(
        _one_line(query.query), _types(query.type), query.type_strict, int(min(query.limit, MOST)),
        tuple(_properties(query.properties)),
    )  # fmt: skip
    if not read.name and not read.properties:
        raise InvalidQuery("A query has a name in `query`, or `properties`; this one has neither.")
    return read


def _explain(message: str) -> str:
    """Return a message of the decoder as a sentence about the field that it names."""
    if unknown := _UNKNOWN_FIELD.match(message):
        name = unknown[1].removesuffix("`")
        return f'"{name}" is not a part of a query; its parts are {", ".join(_Query.__struct_fields__)}.'
    path = _PATH.search(message)
    if path is None:
        return "A query is a JSON object."
    return _RULE_OF_VALUES if path["value"] else _RULES[path["field"]]


def _types(types: str | list[str]) -> tuple[str, ...]:
    names = [types] if isinstance(types, str) else types
    if len(names) > VALUES:
        raise InvalidQuery(f"`type` names more than {VALUES} classes: name fewer.")
    return tuple(_one_line(name) for name in names if name.strip())


def _properties(properties: list[_Property]) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """Yield the properties that have values."""
    if len(properties) > PROPERTIES:
        raise InvalidQuery(f"There are more than {PROPERTIES} properties: send fewer.")
    for value in properties:
        values = value.v if isinstance(value.v, list) else [value.v]
        if len(values) > VALUES:
            raise InvalidQuery(f'"{value.pid[:40]}" has more than {VALUES} values: send fewer.')
        read = tuple(value for value in map(_read_value, values) if value.text or value.id)
        if read:
            yield _one_line(value.pid), read


def _read_value(value: _Value) -> Value:
    """Return a value as text; true and false are written as in JSON."""
    if isinstance(value, _Entity):
        return Value(_one_line(value.name), _one_line(value.id))
    return Value(_one_line(value) if isinstance(value, str) else str(value).lower())


def _one_line(text: str) -> str:
    """Return a text on one line, without control characters; raise InvalidQuery if it is too long."""
    if len(text) > LONGEST:
        raise InvalidQuery(f'"{text[:20]}…" is longer than {LONGEST:,} characters: shorten it.')
    return " ".join(_CONTROLS.sub(" ", text).split())
