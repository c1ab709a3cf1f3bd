"""Entries to the values of a spreadsheet's new columns: what their pages show (Reconciliation Service API 0.2, 7)."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from pyoxigraph import NamedNode

from justicegraph.dates import FORMS
from justicegraph.errors import BadQuery, QueryTooLong
from justicegraph.linking.reconcile.batch import decode
from justicegraph.linking.reconcile.properties import PROPERTIES, Property, property_iri
from justicegraph.linking.records.identifiers import split_iri
from justicegraph.namespaces import ID, JG, JGT, SKOS, SLUG, TYPE, XSD, document_of
from justicegraph.sparql.named import NamedQueries, Row
from justicegraph.sparql.query import RunQuery

_QUERIES = NamedQueries.beside(__file__)

MOST_IDS, MOST_PROPERTIES = 100, 50
"""Entries and columns that are asked for at a time."""

_DECODER = msgspec.json.Decoder(dict[str, Any])
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
"""What can be set for a column (data extension property settings)."""

_MORE = (
    Property("name", "name", "The name, in each language that it is known in.", (SKOS + "prefLabel",)),
    Property("description", "description", "What it is, in a sentence or two.", (SKOS + "definition",)),
    Property("type", "type", "The classes that its entry names.", (TYPE,)),
    Property("status", "status, as of its date", "Where somebody is held, or that they are free, and as of when."),
    Property("sameAs", "the same elsewhere", "Its addresses in other collections.", PROPERTIES[-1].paths),
    Property("source", "source", "The sources of its entry.", (JG + "source",)),
)  # fmt: skip
_OFFERED = (*PROPERTIES, *_MORE)
_BY_ID = {each.id: each for each in _OFFERED}
_TAKEN = {path for each in _OFFERED if len(each.paths) == 1 for path in each.paths}
_LEVELS = ("country", "city")
_INTEGER = re.compile(r"[+-]?\d{1,15}")

Value = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A property that is asked for: how it was named, what it is, and what is set for it."""

    id: str
    limit: int = 0
    language: str = ""


@dataclass
class Offered:
    """A property as it is proposed, and the class of the entries that are its values, if it links any."""

    id: str
    name: str
    description: str
    range: str = ""
    classes: set[str] = field(default_factory=set)

    def said(self) -> dict[str, str]:
        """Return it as an answer has it."""
        return {"id": self.id, "name": self.name, "description": self.description}


def read_extension(text: str) -> tuple[list[str], list[Column]]:
    """Return the ids and the columns that a data extension query asks for; raise BadQuery or QueryTooLong."""
    said = decode(_DECODER, text, "extend", EXAMPLE)
    ids, columns = said.get("ids"), said.get("properties")
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids) or not isinstance(columns, list):
        raise BadQuery(f"`extend` has `ids`, a list of texts, and `properties`, a list of objects, as in {EXAMPLE}.")
    if len(ids) > MOST_IDS or len(columns) > MOST_PROPERTIES:
        raise QueryTooLong(f"Ask for {MOST_IDS} entries and {MOST_PROPERTIES} properties at most at a time.")
    return ids, [_column(each) for each in columns]


def _column(said: object) -> Column:
    if not isinstance(said, dict) or not isinstance(said.get("id"), str):
        raise BadQuery(f"A property is an object with `id`, a text, as in {EXAMPLE}.")
    settings = said.get("settings") or {}
    if not isinstance(settings, dict):
        raise BadQuery('`settings` is an object, as in {"limit": 1}.')
    limit, language = settings.get("limit") or 0, settings.get("language") or ""
    if isinstance(limit, bool) or not re.fullmatch(r"\d{1,9}(\.0)?", str(limit)) or not isinstance(language, str):
        raise BadQuery("In `settings`, `limit` is a number, 0 or more, and `language` a code such as en.")
    return Column(said["id"], int(float(limit)), language.strip().casefold())


def extended(run_query: RunQuery, ids: Iterable[str], columns: list[Column]) -> dict[str, Any]:
    """Return the rows of a data extension; what is unknown has no values."""
    offered = {each.id: each for each in offers(run_query)}
    found = {iri: values_of(run_query, iri, columns) for iri in dict.fromkeys(ids)}
    return {"meta": [_meta(column, offered) for column in columns], "rows": found}


def _meta(column: Column, offered: Mapping[str, Offered]) -> dict[str, Any]:
    known = offered.get(_name_of(column.id))
    said: dict[str, Any] = {"id": column.id, "name": known.name if known else column.id[:100]}
    if known and known.range:
        said |= {"type": {"id": known.range, "name": known.range}}
    return said


def values_of(run_query: RunQuery, name: str, columns: list[Column]) -> dict[str, list[Value]]:
    """Return an entry's values by column, as its page shows them; no values where there is no such entry."""
    slug = name.removeprefix(ID).removeprefix("id:")
    if not SLUG.fullmatch(slug):
        return {column.id: [] for column in columns}
    facts = facts_of(run_query, slug)
    seats = (
        _QUERIES.rows(run_query, "places_of_an_entry", {"entity": NamedNode(ID + slug)})
        if facts and any(column.id in _LEVELS for column in columns)
        else []
    )
    return {column.id: _cut(column, list(_values(column, facts, seats))) for column in columns}


def facts_of(run_query: RunQuery, slug: str) -> list[Row]:
    """Return the facts of an entry that a spreadsheet can have; no rows where there is no entry with this slug."""
    entry, document = NamedNode(ID + slug), NamedNode(document_of(slug))
    return _QUERIES.rows(run_query, "facts_for_a_spreadsheet", {"entity": entry, "doc": document})


def _cut(column: Column, values: list[Value]) -> list[Value]:
    return values[: column.limit] if column.limit else values


def _values(column: Column, facts: list[Row], seats: list[Row]) -> Iterator[Value]:
    if column.id in _LEVELS:
        yield from (_of_entry(row["place"], row["name"]) for row in seats if row["level"] == JGT + column.id)
    elif column.id == "status":
        yield from _status(facts)
    elif column.id.startswith("id:"):
        collection = column.id.removeprefix("id:").casefold()
        known = (split_iri(row["value"]) for row in facts if row["property"] in _BY_ID["sameAs"].paths)
        yield from ({"str": local} for scheme, local in known if scheme == collection)
    else:
        paths = _paths(column.id)
        wanted = (row for row in facts if row["property"] in paths)
        yield from (
            value_of(row) for row in wanted if not column.language or row.get("language", "") == column.language
        )


def _status(facts: list[Row]) -> Iterator[Value]:
    """Yield the status with its date: it is never told without."""
    said = {row["property"].removeprefix(JG): row.get("name") or row["value"] for row in facts}
    if "currentStatus" in said and "asOf" in said:
        yield {"str": f"{said['currentStatus']} as of {said['asOf']}"}


def value_of(row: Row) -> Value:
    """Return a value as a spreadsheet has it: a day as a date, a month or a year as it is known, as a text."""
    text, kind = row["value"], row.get("datatype", "").removeprefix(XSD)
    if row["value.type"] == "uri":
        slug = text.removeprefix(ID)
        is_entry = text.startswith(ID) and SLUG.fullmatch(slug)
        return _of_entry(text, row.get("name", slug)) if is_entry else {"str": row.get("name", text)}
    if kind == "date" and FORMS[XSD + "date"].fullmatch(text):
        return {"date": f"{text}T00:00:00"}
    if kind == "integer" and _INTEGER.fullmatch(text):
        return {"int": int(text)}
    if kind in {"decimal", "double", "float"} and math.isfinite(number := _number(text)):
        return {"float": number}
    return {"str": text}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _of_entry(iri: str, name: str) -> Value:
    return {"id": iri.removeprefix(ID), "name": name}


def _name_of(column: str) -> str:
    """Return by which name a property is offered that may be named whole or with its prefix."""
    path = property_iri(column)
    own = next((each.id for each in _OFFERED if path in each.paths and path in _TAKEN), "")
    return column if column in _BY_ID else own or path.removeprefix(JG).removeprefix(SKOS)


def _paths(column: str) -> tuple[str, ...]:
    """Return the properties whose values a column has."""
    if column in _BY_ID:
        return _BY_ID[column].paths
    return (property_iri(column), JG + column, SKOS + column)


def offers(run_query: RunQuery) -> list[Offered]:
    """Return what can be asked for: first what is evidence too, then what the shapes allow that is not told by that."""
    found = {each.id: Offered(each.id, each.name, each.description) for each in _OFFERED}
    for name in _LEVELS:
        found[name].range = "Place"
    for row in _QUERIES.rows(run_query, "properties_of_each_class"):
        path = row["property"]
        name = path.rpartition("#")[2]
        if path in _TAKEN or "#" not in path or path == SKOS + "editorialNote":
            continue
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
        each = found.setdefault(name, Offered(name, row.get("label", words), row.get("comment", "")))
        each.range = each.range or row.get("range", "").removeprefix(JG) * row.get("range", "").startswith(JG)
        each.classes.add(row["class"].removeprefix(JG))
    return list(found.values())


def proposed(run_query: RunQuery, kind: str, limit: int) -> list[Offered]:
    """Return what entries of a class can have; for no class, or an unknown one, everything."""
    name = kind.removeprefix(JG).removeprefix("jg:")
    known = (
        _QUERIES.rows(run_query, "classes_above_a_class", {"class": NamedNode(JG + name)})
        if name.isascii() and name.isalnum()
        else []
    )
    classes = {row["wider"].removeprefix(JG) for row in known}
    found = [each for each in offers(run_query) if not classes or not each.classes or each.classes & classes]
    return found[:limit] if limit else found
