"""Triples in Wikidata's shape to items: a record of each, and what a reviewer wants to know beside that.

Only truthy statements are read (https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format). What other
vocabularies say of names, websites and places is read too, so that any store may be asked.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from justicegraph.errors import BrokenFile
from justicegraph.linking.records.countries import country_code
from justicegraph.linking.records.entries import identifier_of
from justicegraph.linking.records.kinds import INTERNAL, kinds_of
from justicegraph.linking.records.reading import LIMIT, opened
from justicegraph.linking.records.record import Record
from justicegraph.linking.records.rows import domain_of, identifier
from justicegraph.namespaces import RDFS, SKOS

WDT = "http://www.wikidata.org/prop/direct/"
PROPERTIES = {
    "P31": "instance of", "P17": "country", "P27": "country of citizenship", "P159": "headquarters location",
    "P131": "located in the administrative territorial entity", "P297": "ISO 3166-1 alpha-2 code",
    "P571": "inception", "P576": "dissolved, abolished or demolished date", "P569": "date of birth",
    "P570": "date of death", "P856": "official website", "P213": "ISNI", "P214": "VIAF cluster ID", "P227": "GND ID",
    "P1566": "GeoNames ID", "P6782": "ROR ID",
}  # fmt: skip
"""What Wikidata calls the properties that are read here."""
IDENTIFIERS = {"isni": "P213", "viaf": "P214", "gnd": "P227", "geonames": "P1566", "ror": "P6782"}
"""Collections, as in SPACES, to the property with the identifier there."""

_SCHEMA = "http://schema.org/", "https://schema.org/"
_NAME = RDFS + "label", SKOS + "prefLabel", *(space + "name" for space in _SCHEMA)
_ALIAS = SKOS + "altLabel", *(space + "alternateName" for space in _SCHEMA)
_ABOUT = tuple(space + "description" for space in _SCHEMA)
_SITE = WDT + "P856", *(space + "url" for space in _SCHEMA)
_COUNTRY = tuple(space + "addressCountry" for space in _SCHEMA)
_CITY = tuple(space + "addressLocality" for space in _SCHEMA)
_KNOWN = frozenset((*_NAME, *_ALIAS, *_ABOUT, *_SITE, *_COUNTRY, *_CITY, *(WDT + each for each in PROPERTIES)))
_LANGUAGES = ("en", "mul", "")
"""Those whose name is the first: English, what Wikidata has for many languages at once, and none."""
_NAMES = 64
"""Names of an item that are kept."""
_STATEMENTS = 20_000_000
"""Statements that are taken at once: a small file, unpacked, can have more than memory holds."""
_YEAR = re.compile(r"[12]\d{3}(?=-|$)")
_LARGER = re.compile(
    r"\b(county|state|province|region|district|department|oblast|prefecture|country|republic|parish|governorate|"
    r"canton|territory)\b",
    re.IGNORECASE,
)
"""Words of places that are wider than a city."""

_Told = Mapping[str, list[NamedNode | Literal]]


@dataclass(frozen=True, slots=True)
class Item:
    """A thing elsewhere: its record, whose id is its whole IRI, and what a reviewer reads beside."""

    record: Record
    kinds: tuple[str, ...] = ()
    description: str = ""
    websites: tuple[str, ...] = ()


def read_items(path: Path, limit: int = LIMIT) -> list[Item]:
    """Return what has a name in a file of N-Triples, compressed or not; raise BrokenFile, with the line."""
    try:
        with opened(path, limit) as file:
            source = cast("IO[bytes]", file)
            return items_of(quad.triple for quad in parse(source, format=RdfFormat.N_TRIPLES, lenient=True))
    except SyntaxError as error:
        told = BrokenFile(f"{path}, line {error.lineno}: this is no line of N-Triples: {error.msg[:200]}.")
        told.line = error.lineno or 1
        raise told from error


def items_of(triples: Iterable[Triple], wanted: Collection[str] | None = None) -> list[Item]:
    """Return the items that have a name, or those of them that are wanted, in the order of their IRIs.

    Pages that Wikidata has for its own ends, as for names of several things, are left out.
    """
    told = _told(triples)
    chosen = sorted(told.keys() if wanted is None else told.keys() & set(wanted))
    return [_item(iri, told[iri], told) for iri in chosen if _names(told[iri]) and not _is_internal(told[iri], told)]


def _told(triples: Iterable[Triple]) -> dict[str, _Told]:
    found: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    left = _STATEMENTS
    for subject, predicate, value in triples:
        if predicate.value in _KNOWN and isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
            found[subject.value][predicate.value].append(value)
            left -= 1
            if left < 0:
                raise BrokenFile(f"There are more than {_STATEMENTS:,} statements on items: take fewer at once.")
    return {iri: dict(said) for iri, said in found.items()}


def _item(iri: str, said: _Told, told: Mapping[str, _Told]) -> Item:
    name, *others = _names(said)
    classes = _classes(said, told)
    sites = _texts(said, *_SITE)
    is_person = kinds_of(classes) == {"person"}
    record = Record(
        iri, name, tuple(others[:_NAMES]), _country(said, told), "" if is_person else _city(said, told),
        kinds_of(classes), _year(said, min, "P571", "P569"), _year(said, max, "P576", "P570"),
        next(filter(None, map(domain_of, sites)), ""), _identifiers(iri, said),
    )  # fmt: skip
    return Item(record, classes, _english(said, *_ABOUT), tuple(sites))


def _values(said: _Told, *names: str) -> Iterator[NamedNode | Literal]:
    return (value for name in names for value in said.get(name, ()))


def _texts(said: _Told, *names: str) -> list[str]:
    return sorted({value.value for value in _values(said, *names)}, key=lambda text: (len(text), text))


def _names(said: _Told) -> list[str]:
    """Return the names, each once, the first one first."""
    return list(dict.fromkeys([*_ranked(_values(said, *_NAME)), *_ranked(_values(said, *_ALIAS))]))


def _ranked(values: Iterable[NamedNode | Literal]) -> list[str]:
    literals = {(_rank(each.language or ""), each.value.strip()) for each in values if isinstance(each, Literal)}
    return [text for _, text in sorted(literals) if text]


def _rank(language: str) -> tuple[int, str]:
    return (_LANGUAGES.index(language) if language in _LANGUAGES else len(_LANGUAGES)), language


def _english(said: _Told, *names: str) -> str:
    return next(iter(_ranked(_values(said, *names))), "")


def _labels(said: _Told, told: Mapping[str, _Told], *names: str) -> list[str]:
    """Return the names of what properties lead to."""
    return sorted({text for each in _values(said, *names) if (text := _english(told.get(each.value, {}), *_NAME))})


def _classes(said: _Told, told: Mapping[str, _Told]) -> tuple[str, ...]:
    return tuple(_labels(said, told, WDT + "P31"))


def _is_internal(said: _Told, told: Mapping[str, _Told]) -> bool:
    classes = {each.value for each in _values(said, WDT + "P31")}
    return not INTERNAL.isdisjoint(classes) or any(each.startswith("Wikimedia ") for each in _classes(said, told))


def _country(said: _Told, told: Mapping[str, _Told]) -> str:
    """Return the code of the only country; where there are several, or none is known, nothing."""
    found = {country_code(value) for value in _texts(said, *_COUNTRY)}
    for name in ("P17", "P27", "P159", "P131"):
        if not found:
            places = [told.get(each.value, {}) for each in _values(said, WDT + name)]
            states = [told.get(each.value, {}) for place in places for each in _values(place, WDT + "P17")]
            found = {code for each in (places, states) for place in each for code in _texts(place, WDT + "P297")}
    return found.pop() if len(found) == 1 else ""


def _city(said: _Told, told: Mapping[str, _Told]) -> str:
    """Return the city of the seat, else the place that it is in, unless that is wider than a city."""
    seats = _texts(said, *_CITY) or _labels(said, told, WDT + "P159")
    if not seats:
        seats = [each for each in _labels(said, told, WDT + "P131") if not _LARGER.search(each)]
    return seats[0].partition(",")[0] if len(seats) == 1 else ""


def _year(said: _Told, choose: Callable[[list[int]], int], *names: str) -> int | None:
    years = [int(found[0]) for text in _texts(said, *(WDT + each for each in names)) if (found := _YEAR.match(text))]
    return choose(years) if years else None


def _identifiers(iri: str, said: _Told) -> dict[str, str]:
    own = [identifier_of(iri)]
    return dict(
        own + [(name, identifier(text)) for name, each in IDENTIFIERS.items() for text in _texts(said, WDT + each)[:1]]
    )
