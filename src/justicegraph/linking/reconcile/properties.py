"""Turn a query into a record to match; its properties have the names of a spreadsheet's user, or of our ontology."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from justicegraph.dates import year_within
from justicegraph.linking.reconcile.batch import InvalidQuery, ReconciliationQuery, Value
from justicegraph.linking.records import Record
from justicegraph.linking.records.countries import country_code
from justicegraph.linking.records.identifiers import domain_of, normalize_identifier, split_iri
from justicegraph.namespaces import ID, JG, PREFIXES, SKOS
from justicegraph.rdf.schema import Schema

ALIASES = 10
"""Other names of a query that are compared at most: each is compared with every name of every candidate."""

_CODE = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True)
class Property:
    """A property that can be evidence: its id, its name for people, a description.

    `paths` are the IRIs of the graph's properties with its values; an identifier elsewhere has none.
    """

    id: str
    name: str
    description: str
    paths: tuple[str, ...] = ()


def _paths(*names: str) -> tuple[str, ...]:
    return tuple(JG + name for name in names)


BEGAN, ENDED, LOCATED = (_paths(name) for name in ("beganOn", "ceasedOn", "isAt"))
"""The build concludes these from every narrower property."""
_SAME = (PREFIXES["schema"] + "sameAs", SKOS + "exactMatch")

PROPERTIES = (
    Property("alias", "other name", "Another name of the same thing.", (SKOS + "altLabel",)),
    Property("country", "country", 'The country, by its name or its code of two letters ("US").', LOCATED),
    Property("city", "city", "The city or town.", LOCATED),
    Property(
        "founded", "founded, born or begun", "The date of founding, birth or beginning; the year is enough.", BEGAN
    ),
    Property("ended", "ended or died", "The date of the end or of death; the year is enough.", ENDED),
    Property("website", "website", "The address of its site.", _paths("website")),
    Property("id:wikidata", "Wikidata id", 'Its item on Wikidata, as in "Q42".', _SAME),
    Property("id:isni", "ISNI", "Its International Standard Name Identifier.", _SAME),
    Property("id:viaf", "VIAF id", "Its number in the Virtual International Authority File.", _SAME),
)
"""The properties that can be evidence, in the order in which they are suggested."""

_ROLES: Mapping[str, str] = {
    **dict.fromkeys(BEGAN, "began"),
    **dict.fromkeys(ENDED, "ended"),
    **dict.fromkeys(LOCATED, "place"),
    **dict.fromkeys(_SAME, "same"),
    JG + "website": "website", SKOS + "altLabel": "alias", SKOS + "prefLabel": "name",
    "founded": "began", "ended": "ended", "country": "country", "city": "city", "place": "place",
    "website": "website", "alias": "alias", "name": "name", "type": "type", "id": "id",
}  # fmt: skip
"""Which part of a record each property is evidence of; `roles_of` adds the narrower properties of a graph."""

_Evidence = Mapping[str, Sequence[Value]]
"""Values by role."""
FindEntry = Callable[[str], Record | None]
"""Returns the entry with a slug, if there is one."""


def roles_of(schema: Schema) -> dict[str, str]:
    """Return which part of a record each property of a graph is evidence of, by its ontology."""
    wide = {"beganOn": "began", "ceasedOn": "ended", "isAt": "place"}
    return {**_ROLES, **{iri: role for name, role in wide.items() for iri in schema.narrower(name)}}


def property_iri(name: str, roles: Mapping[str, str] = _ROLES) -> str:
    """Return the IRI of a property that is named by its IRI, prefix or local name; return any other name unchanged."""
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    iris = (JG + name, SKOS + name, PREFIXES["schema"] + name)
    return name if name in roles else next((iri for iri in iris if iri in roles), name)


def slug_in_query(query: ReconciliationQuery, is_entry: Callable[[str], bool]) -> str:
    """Return the slug of the entry that a query names by its id or IRI; nothing if it names none.

    A slug of one word may also be a name, and counts only if the query says that it is an id.
    """
    values = [value for name, some in query.properties if name == "id" for value in some]
    texts = [value.id or value.text for value in values] or [query.name]
    for text in texts:
        slug = slug_of(text)
        if (slug != text or values or "-" in slug) and is_entry(slug):
            return slug
    return ""


def slug_of(text: str) -> str:
    """Return the slug of an entry that is named by its IRI, by its prefix, or by its slug."""
    return text.removeprefix(ID).removeprefix("id:")


def class_name(name: str) -> str:
    """Return the local name of a class that is named by its IRI, by its prefix, or by its local name."""
    return name.removeprefix(JG).removeprefix("jg:")


def record_of(query: ReconciliationQuery, find_entry: FindEntry, roles: Mapping[str, str] = _ROLES) -> Record:
    """Return the record of a query; properties that are not evidence, by these roles, are ignored.

    Raise InvalidQuery for a date without a year.
    """
    evidence: dict[str, list[Value]] = {}
    identifiers: dict[str, str] = {}
    for name, values in query.properties:
        if name.startswith("id:") and name.removeprefix("id:"):
            text = values[0].id or values[0].text
            identifiers[name.removeprefix("id:").casefold()] = normalize_identifier(text)
        elif role := roles.get(property_iri(name, roles)):
            evidence.setdefault(role, []).extend(values)
    identifiers.update(split_iri(value.id or value.text) for value in evidence.get("same", ()))
    record = _record(query, evidence, identifiers, find_entry)
    return _add_places(record, evidence.get("place", ()), find_entry)


def _record(
    query: ReconciliationQuery, evidence: _Evidence, identifiers: Mapping[str, str], find_entry: FindEntry
) -> Record:
    def texts(*roles: str) -> list[str]:
        return [_text(value, find_entry) for role in roles for value in evidence.get(role, ())]

    names = [name for name in dict.fromkeys([query.name, *texts("name", "alias")]) if name]
    classes = map(class_name, (*query.types, *texts("type")))
    websites = (value.text or value.id for value in evidence.get("website", ()))
    return Record(
        "", names[0] if names else "", tuple(names[1 : ALIASES + 1]),
        country_code(next(iter(texts("country")), "")), next(iter(texts("city")), "").partition(",")[0],
        frozenset(name.casefold() for name in classes), _year(evidence, "began"), _year(evidence, "ended"),
        domain_of(next(websites, "")), identifiers,
    )  # fmt: skip


def _text(value: Value, find_entry: FindEntry) -> str:
    """Return the name of the entry that a value is, else the value's text."""
    entry = find_entry(slug_of(value.id)) if value.id else None
    return entry.name if entry else value.text or value.id


def _add_places(record: Record, places: Sequence[Value], find_entry: FindEntry) -> Record:
    """Return a record with places that may be a city or a country: the query does not say."""
    for value in places:
        name, _, larger = _text(value, find_entry).partition(",")
        entry = find_entry(slug_of(value.id)) if value.id else None
        code = country_code(name)
        is_country = bool(_CODE.fullmatch(code))
        country = entry.country if entry and entry.country else code if is_country else country_code(larger)
        record = replace(
            record,
            country=record.country or (country if _CODE.fullmatch(country) else ""),
            city=record.city or ("" if is_country else name),
        )
    return record


def _year(evidence: _Evidence, role: str) -> int | None:
    for value in evidence.get(role, ()):
        year = year_within(value.text)
        if year is None:
            raise InvalidQuery(f'"{value.text[:40]}" is not a date: write 2018-07-20, 2018-07 or 2018.')
        return year
    return None
