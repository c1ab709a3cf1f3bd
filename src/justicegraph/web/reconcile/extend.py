"""Extend a spreadsheet with values of entries, as their pages show them (Reconciliation Service API 0.2, 7)."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from pyoxigraph import NamedNode

from justicegraph.dates import PATTERNS
from justicegraph.errors import BadQuery, QueryTooLong
from justicegraph.linking.reconcile.batch import decode
from justicegraph.linking.reconcile.properties import slug_of
from justicegraph.linking.records.identifiers import split_iri
from justicegraph.namespaces import ID, JG, JGT, SLUG, XSD, document_of
from justicegraph.sparql.named import Row
from justicegraph.sparql.query import RunQuery
from justicegraph.web.reconcile.properties import (
    BY_ID,
    LEVELS,
    QUERIES,
    OfferedProperty,
    offered_name,
    offered_properties,
    paths_of,
)

MOST_IDS, MOST_PROPERTIES = 100, 50
"""Entries and columns of a request at most."""

EXAMPLE = '{"ids": ["an-id"], "properties": [{"id": "country"}]}'
SETTINGS = [
    {
        "name": "limit", "label": "How many values at most", "type": "number", "default": 0,
        "help_text": "0 gives all; each gets a row of its own.",
    },
    {
        "name": "language", "label": "Language", "type": "text", "default": "",
        "help_text": 'A code such as "en" or "es", for texts in this language only; empty gives all.',
    },
]  # fmt: skip
"""The settings of a column (data extension property settings)."""

_INTEGER = re.compile(r"[+-]?\d{1,15}")
_LIMIT = re.compile(r"\d{1,9}(\.0)?")

Cell = dict[str, Any]
"""The JSON object of a value."""


class _Property(msgspec.Struct):
    id: str
    settings: Any = None


class _Extension(msgspec.Struct):
    ids: list[str]
    properties: list[_Property]


_DECODER = msgspec.json.Decoder(_Extension)


@dataclass(frozen=True)
class Column:
    """A column to add: the id of its property, how many values it has at most (0 for all), and their language."""

    id: str
    limit: int = 0
    language: str = ""


def read_extension(text: str) -> tuple[list[str], list[Column]]:
    """Return the ids and the columns of a data extension query; raise BadQuery or QueryTooLong."""
    extension = decode(_DECODER, text, "extend", EXAMPLE)
    if len(extension.ids) > MOST_IDS or len(extension.properties) > MOST_PROPERTIES:
        raise QueryTooLong(f"Ask for {MOST_IDS} entries and {MOST_PROPERTIES} properties at most at a time.")
    return extension.ids, [_column(property_) for property_ in extension.properties]


def _column(property_: _Property) -> Column:
    settings = property_.settings or {}
    if not isinstance(settings, dict):
        raise BadQuery('`settings` is an object, as in {"limit": 1}.')
    limit, language = settings.get("limit") or 0, settings.get("language") or ""
    if isinstance(limit, bool) or not _LIMIT.fullmatch(str(limit)) or not isinstance(language, str):
        raise BadQuery("In `settings`, `limit` is a number, 0 or more, and `language` a code such as en.")
    return Column(property_.id, int(float(limit)), language.strip().casefold())


def extend(run_query: RunQuery, ids: Iterable[str], columns: list[Column]) -> dict[str, Any]:
    """Return the response to a data extension query; unknown entries and properties have no values."""
    offered = {offer.id: offer for offer in offered_properties(run_query)}
    rows = {entry_id: cells_of_entry(run_query, entry_id, columns) for entry_id in dict.fromkeys(ids)}
    return {"meta": [_meta(column, offered) for column in columns], "rows": rows}


def _meta(column: Column, offered: Mapping[str, OfferedProperty]) -> dict[str, Any]:
    known = offered.get(offered_name(column.id))
    meta: dict[str, Any] = {"id": column.id, "name": known.name if known else column.id[:100]}
    if known and known.range:
        meta["type"] = {"id": known.range, "name": known.range}
    return meta


def cells_of_entry(run_query: RunQuery, entry_id: str, columns: list[Column]) -> dict[str, list[Cell]]:
    """Return the values of an entry by column, as its page shows them; none if there is no such entry."""
    slug = slug_of(entry_id)
    if not SLUG.fullmatch(slug):
        return {column.id: [] for column in columns}
    facts = facts_of(run_query, slug)
    places = (
        QUERIES.rows(run_query, "places_of_an_entry", {"entity": NamedNode(ID + slug)})
        if facts and any(column.id in LEVELS for column in columns)
        else []
    )
    return {column.id: _limit(column, list(_cells(column, facts, places))) for column in columns}


def facts_of(run_query: RunQuery, slug: str) -> list[Row]:
    """Return the facts of an entry that a spreadsheet can have; no rows if there is no entry with this slug."""
    entry, document = NamedNode(ID + slug), NamedNode(document_of(slug))
    return QUERIES.rows(run_query, "facts_for_a_spreadsheet", {"entity": entry, "doc": document})


def _limit(column: Column, cells: list[Cell]) -> list[Cell]:
    return cells[: column.limit] if column.limit else cells


def _cells(column: Column, facts: list[Row], places: list[Row]) -> Iterator[Cell]:
    if column.id in LEVELS:
        yield from (_entry_cell(row["place"], row["name"]) for row in places if row["level"] == JGT + column.id)
    elif column.id == "status":
        yield from _status(facts)
    elif column.id.startswith("id:"):
        database = column.id.removeprefix("id:").casefold()
        identifiers = (split_iri(row["value"]) for row in facts if row["property"] in BY_ID["sameAs"].paths)
        yield from ({"str": local} for name, local in identifiers if name == database)
    else:
        paths = paths_of(column.id)
        rows = (row for row in facts if row["property"] in paths)
        yield from (cell_of(row) for row in rows if not column.language or row.get("language", "") == column.language)


def _status(facts: list[Row]) -> Iterator[Cell]:
    """Yield the status with its date; a status without a date is not shown."""
    values = {row["property"].removeprefix(JG): row.get("name") or row["value"] for row in facts}
    if "currentStatus" in values and "asOf" in values:
        yield {"str": f"{values['currentStatus']} as of {values['asOf']}"}


def cell_of(row: Row) -> Cell:
    """Return a value for a spreadsheet: a day becomes a date; a month or a year, as precise as it is known, a text."""
    text, datatype = row["value"], row.get("datatype", "").removeprefix(XSD)
    if row["value.type"] == "uri":
        slug = text.removeprefix(ID)
        is_entry = text.startswith(ID) and SLUG.fullmatch(slug)
        return _entry_cell(text, row.get("name", slug)) if is_entry else {"str": row.get("name", text)}
    if datatype == "date" and PATTERNS[XSD + "date"].fullmatch(text):
        return {"date": f"{text}T00:00:00"}
    if datatype == "integer" and _INTEGER.fullmatch(text):
        return {"int": int(text)}
    if datatype in {"decimal", "double", "float"} and math.isfinite(number := _number(text)):
        return {"float": number}
    return {"str": text}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _entry_cell(iri: str, name: str) -> Cell:
    return {"id": iri.removeprefix(ID), "name": name}
