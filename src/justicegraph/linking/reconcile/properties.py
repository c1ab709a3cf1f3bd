"""A query to a record that can be matched: properties as a spreadsheet's user calls them, and our ontology's own."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from justicegraph.dates import year_within
from justicegraph.linking.reconcile.batch import ReconciliationQuery, Unreadable, Value
from justicegraph.linking.records import Record
from justicegraph.linking.records.countries import country_code
from justicegraph.linking.records.identifiers import domain_of, normalize_identifier, split_iri
from justicegraph.namespaces import ID, JG, PREFIXES, SKOS

ALIASES = 10
"""Other names of a query that are looked at: each is compared with every name of every candidate."""

_CODE = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True)
class Property:
    """What a user may tell of a thing: its name for programs and for people, what it means, whose values it has.

    `paths` are the properties of the graph whose values it has, whole; none for an identifier elsewhere.
    """

    id: str
    name: str
    description: str
    paths: tuple[str, ...] = ()


def _paths(*names: str) -> tuple[str, ...]:
    return tuple(JG + name for name in names)


BEGAN = _paths("foundedOn", "bornOn", "startedOn", "openedOn")
ENDED = _paths("dissolvedOn", "diedOn", "endedOn", "closedOn")
SEATS = _paths("isLocatedIn", "isActiveIn", "isWithin")
_SAME = (PREFIXES["schema"] + "sameAs", SKOS + "exactMatch")

PROPERTIES = (
    Property("alias", "other name", "Another name of the same thing.", (SKOS + "altLabel",)),
    Property("country", "country", 'The country, by its name or its code of two letters ("US").', SEATS),
    Property("city", "city", "The city or town.", SEATS),
    Property(
        "founded", "founded, born or begun", "The date of founding, birth or beginning; the year is enough.", BEGAN
    ),
    Property("ended", "ended or died", "The date of the end or of death; the year is enough.", ENDED),
    Property("website", "website", "The address of its site.", _paths("website")),
    Property("id:wikidata", "Wikidata id", 'Its item on Wikidata, as in "Q42".', _SAME),
    Property("id:isni", "ISNI", "Its International Standard Name Identifier.", _SAME),
    Property("id:viaf", "VIAF id", "Its number in the Virtual International Authority File.", _SAME),
)
"""What is offered as evidence, in the order in which it is suggested."""

_ROLES: Mapping[str, str] = {
    **{JG + path.removeprefix(JG): "began" for path in BEGAN},
    **dict.fromkeys(ENDED, "ended"),
    **dict.fromkeys((*SEATS, JG + "hasJurisdictionIn"), "place"),
    **dict.fromkeys(_SAME, "same"),
    JG + "website": "website", SKOS + "altLabel": "alias", SKOS + "prefLabel": "name",
    "founded": "began", "ended": "ended", "country": "country", "city": "city", "place": "place",
    "website": "website", "alias": "alias", "name": "name", "type": "type", "id": "id",
}  # fmt: skip
"""By a property, what it is evidence of."""

_By = dict[str, list[Value]]


def path_of(pid: str) -> str:
    """Return the whole IRI of a property that is named by it, by its prefix, or by its local name; else the name."""
    prefix, colon, local = pid.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    known = (JG + pid, SKOS + pid, PREFIXES["schema"] + pid)
    return pid if pid in _ROLES else next((iri for iri in known if iri in _ROLES), pid)


def asked_id(query: ReconciliationQuery, is_entry: Callable[[str], bool]) -> str:
    """Return the slug of the entry that a query names by its id or IRI; nothing where it names none.

    A slug of one word may be a name as well, and counts only where it is told to be an id.
    """
    told = [value for pid, values in query.properties if pid == "id" for value in values]
    texts = [value.id or value.text for value in told] or [query.name]
    for text in texts:
        slug = text.removeprefix(ID).removeprefix("id:")
        if (slug != text or told or "-" in slug) and is_entry(slug):
            return slug
    return ""


def record_of(query: ReconciliationQuery, entry: Callable[[str], Record | None]) -> Record:
    """Return the record that a query tells of; `entry` returns the entry with a slug, if there is one.

    What is no evidence is passed over. Raise Unreadable where a date has no year.
    """
    told: _By = {}
    ids: dict[str, str] = {}
    for pid, values in query.properties:
        if pid.startswith("id:") and pid.removeprefix("id:"):
            ids[pid.removeprefix("id:").casefold()] = normalize_identifier(values[0].id or values[0].text)
        elif role := _ROLES.get(path_of(pid)):
            told.setdefault(role, []).extend(values)
    for value in told.get("same", ()):
        ids.update([split_iri(value.id or value.text)])
    names = [query.name, *(_text(value, entry) for role in ("name", "alias") for value in told.get(role, ()))]
    names = [name for name in dict.fromkeys(names) if name]
    country, city = _country(told, entry), next((_text(value, entry) for value in told.get("city", ())), "")
    kinds = (*query.types, *(_text(value, entry) for value in told.get("type", ())))
    found = Record(
        "", names[0] if names else "", tuple(names[1 : ALIASES + 1]), country, city.partition(",")[0],
        frozenset(kind.casefold() for kind in map(local, kinds)), _year(told, "began"), _year(told, "ended"),
        domain_of(next((value.text or value.id for value in told.get("website", ())), "")), ids,
    )  # fmt: skip
    return _with_place(found, told.get("place", ()), entry)


def local(kind: str) -> str:
    """Return the local name of a class that may be named whole or with its prefix."""
    return kind.removeprefix(JG).removeprefix("jg:")


def _text(value: Value, entry: Callable[[str], Record | None]) -> str:
    """Return what a value says: the name of the entry that it is, else what is told of it."""
    known = entry(value.id.removeprefix(ID).removeprefix("id:")) if value.id else None
    return known.name if known else value.text or value.id


def _country(told: _By, entry: Callable[[str], Record | None]) -> str:
    return next((country_code(_text(value, entry)) for value in told.get("country", ())), "")


def _with_place(
    found: Record, places: "tuple[Value, ...] | list[Value]", entry: Callable[[str], Record | None]
) -> Record:
    """Return a record with the places that are told without saying whether they are a city or a country."""
    for value in places:
        name, _, wider = _text(value, entry).partition(",")
        known = entry(value.id.removeprefix(ID).removeprefix("id:")) if value.id else None
        code = country_code(name)
        country = known.country if known and known.country else code if _CODE.fullmatch(code) else country_code(wider)
        city = "" if _CODE.fullmatch(code) else name
        found = replace(
            found, country=found.country or (country if _CODE.fullmatch(country) else ""), city=found.city or city
        )
    return found


def _year(told: _By, role: str) -> int | None:
    for value in told.get(role, ()):
        year = year_within(value.text)
        if year is None:
            raise Unreadable(f'"{value.text[:40]}" is no date: write the year, in four digits.')
        return year
    return None
