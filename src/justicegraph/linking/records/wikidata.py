"""Read triples in Wikidata's form as items: a record of each, and what a reviewer reads besides.

Only truthy statements are read (https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format). Names, websites and
places in other vocabularies are read too, so that any store can be queried.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from justicegraph.dates import year_of
from justicegraph.errors import BrokenFile
from justicegraph.linking.records.classes import INTERNAL, classes_of
from justicegraph.linking.records.countries import country_code
from justicegraph.linking.records.identifiers import domain_of, normalize_identifier, split_iri
from justicegraph.linking.records.record import Record
from justicegraph.linking.records.text_files import MAX_BYTES, broken_line, open_limited
from justicegraph.namespaces import RDFS, SKOS

WDT = "http://www.wikidata.org/prop/direct/"
PROPERTIES = {
    "P31": "instance of", "P17": "country", "P27": "country of citizenship", "P159": "headquarters location",
    "P131": "located in the administrative territorial entity", "P297": "ISO 3166-1 alpha-2 code",
    "P571": "inception", "P576": "dissolved, abolished or demolished date", "P569": "date of birth",
    "P570": "date of death", "P856": "official website", "P213": "ISNI", "P214": "VIAF cluster ID", "P227": "GND ID",
    "P1566": "GeoNames ID", "P6782": "ROR ID",
}  # fmt: skip
"""Wikidata's labels of the properties that are read here."""
IDENTIFIERS = {"isni": "P213", "viaf": "P214", "gnd": "P227", "geonames": "P1566", "ror": "P6782"}
"""Databases, by their names in SPACES, to the property with the identifier there."""

_SCHEMA = "http://schema.org/", "https://schema.org/"
_NAME = RDFS + "label", SKOS + "prefLabel", *(space + "name" for space in _SCHEMA)
_ALIAS = SKOS + "altLabel", *(space + "alternateName" for space in _SCHEMA)
_DESCRIPTION = tuple(space + "description" for space in _SCHEMA)
_WEBSITE = WDT + "P856", *(space + "url" for space in _SCHEMA)
_COUNTRY = tuple(space + "addressCountry" for space in _SCHEMA)
_CITY = tuple(space + "addressLocality" for space in _SCHEMA)
_READ = frozenset(
    (*_NAME, *_ALIAS, *_DESCRIPTION, *_WEBSITE, *_COUNTRY, *_CITY, *(WDT + property_ for property_ in PROPERTIES))
)
_LANGUAGES = ("en", "mul", "")
"""Languages of the first name: English, Wikidata's code for many languages at once, and none."""
_NAMES = 64
"""Aliases of an item that are read at most."""
_STATEMENTS = 20_000_000
"""Statements that are read at once: a small compressed file can have more than memory holds."""
_LARGER = re.compile(
    r"\b(county|state|province|region|district|department|oblast|prefecture|country|republic|parish|governorate|"
    r"canton|territory)\b",
    re.IGNORECASE,
)
"""Words in the names of places that are larger than a city."""

_Values = Mapping[str, list[NamedNode | Literal]]
"""The values of one item by property."""
_Graph = Mapping[str, _Values]
"""The values of all items by IRI."""


@dataclass(frozen=True, slots=True)
class Item:
    """A thing elsewhere: its record, whose id is its whole IRI, and what a reviewer reads besides."""

    record: Record
    classes: tuple[str, ...] = ()
    description: str = ""
    websites: tuple[str, ...] = ()


def read_items(path: Path, limit: int = MAX_BYTES) -> list[Item]:
    """Return the items with a name in a file of N-Triples, compressed or not; raise BrokenFile with the line."""
    try:
        with open_limited(path, limit) as file:
            source = cast("IO[bytes]", file)
            return items_of(quad.triple for quad in parse(source, format=RdfFormat.N_TRIPLES, lenient=True))
    except SyntaxError as error:
        line = error.lineno or 1
        raise broken_line(path, line, f"this is not a line of N-Triples: {error.msg[:200]}") from error


def items_of(triples: Iterable[Triple], wanted: Collection[str] | None = None) -> list[Item]:
    """Return the items that have a name, or those of them that are wanted, in the order of their IRIs.

    Wikidata's own pages, such as disambiguation pages, are left out.
    """
    graph = _values_by_item(triples)
    iris = sorted(graph.keys() if wanted is None else graph.keys() & set(wanted))
    return [_item(iri, graph) for iri in iris if _names(graph[iri]) and not _is_internal(graph[iri], graph)]


def _values_by_item(triples: Iterable[Triple]) -> _Graph:
    graph: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    left = _STATEMENTS
    for subject, predicate, value in triples:
        if predicate.value in _READ and isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
            graph[subject.value][predicate.value].append(value)
            left -= 1
            if left < 0:
                raise BrokenFile(f"There are more than {_STATEMENTS:,} statements on items: read fewer at once.")
    return {iri: dict(values) for iri, values in graph.items()}


def _item(iri: str, graph: _Graph) -> Item:
    values = graph[iri]
    name, *aliases = _names(values)
    labels = _class_labels(values, graph)
    classes, websites = classes_of(labels), _texts(values, *_WEBSITE)
    record = Record(
        iri, name, tuple(aliases[:_NAMES]), _country(values, graph),
        "" if classes == {"person"} else _city(values, graph), classes,
        _year(values, min, "P571", "P569"), _year(values, max, "P576", "P570"),
        next(filter(None, map(domain_of, websites)), ""), _identifiers(iri, values),
    )  # fmt: skip
    return Item(record, labels, _first_name(values, *_DESCRIPTION), tuple(websites))


def _values_of(values: _Values, *properties: str) -> Iterator[NamedNode | Literal]:
    return (value for name in properties for value in values.get(name, ()))


def _texts(values: _Values, *properties: str) -> list[str]:
    """Return the distinct values of properties, the shortest first."""
    return sorted({value.value for value in _values_of(values, *properties)}, key=lambda text: (len(text), text))


def _names(values: _Values) -> list[str]:
    """Return the distinct names of an item, the first one first."""
    return list(dict.fromkeys([*_by_language(_values_of(values, *_NAME)), *_by_language(_values_of(values, *_ALIAS))]))


def _by_language(values: Iterable[NamedNode | Literal]) -> list[str]:
    """Return the texts of literals in the order of their languages: English first."""
    literals = {(_rank(value.language or ""), value.value.strip()) for value in values if isinstance(value, Literal)}
    return [text for _, text in sorted(literals) if text]


def _rank(language: str) -> tuple[int, str]:
    return (_LANGUAGES.index(language) if language in _LANGUAGES else len(_LANGUAGES)), language


def _first_name(values: _Values, *properties: str) -> str:
    return next(iter(_by_language(_values_of(values, *properties))), "")


def _labels(values: _Values, graph: _Graph, *properties: str) -> list[str]:
    """Return the labels of the items that properties link to."""
    labels = (_first_name(graph.get(value.value, {}), *_NAME) for value in _values_of(values, *properties))
    return sorted({label for label in labels if label})


def _class_labels(values: _Values, graph: _Graph) -> tuple[str, ...]:
    return tuple(_labels(values, graph, WDT + "P31"))


def _is_internal(values: _Values, graph: _Graph) -> bool:
    """Return whether an item is a page of Wikimedia's own, by its classes."""
    classes = {value.value for value in _values_of(values, WDT + "P31")}
    labels = _class_labels(values, graph)
    return not INTERNAL.isdisjoint(classes) or any(label.startswith("Wikimedia ") for label in labels)


def _country(values: _Values, graph: _Graph) -> str:
    """Return the code of the only country; nothing if there are several, or none is known."""
    codes = {country_code(text) for text in _texts(values, *_COUNTRY)}
    for name in ("P17", "P27", "P159", "P131"):
        if not codes:
            places = [graph.get(value.value, {}) for value in _values_of(values, WDT + name)]
            countries = [graph.get(value.value, {}) for place in places for value in _values_of(place, WDT + "P17")]
            codes = {code for place in (*places, *countries) for code in _texts(place, WDT + "P297")}
    return codes.pop() if len(codes) == 1 else ""


def _city(values: _Values, graph: _Graph) -> str:
    """Return the city of the headquarters, else the place where an item is, unless that is larger than a city."""
    cities = _texts(values, *_CITY) or _labels(values, graph, WDT + "P159")
    if not cities:
        cities = [label for label in _labels(values, graph, WDT + "P131") if not _LARGER.search(label)]
    return cities[0].partition(",")[0] if len(cities) == 1 else ""


def _year(values: _Values, choose: Callable[[list[int]], int], *properties: str) -> int | None:
    dates = _texts(values, *(WDT + name for name in properties))
    years = [year for date in dates if (year := year_of(date))]
    return choose(years) if years else None


def _identifiers(iri: str, values: _Values) -> dict[str, str]:
    first = {database: _texts(values, WDT + name)[:1] for database, name in IDENTIFIERS.items()}
    known = {database: normalize_identifier(text) for database, texts in first.items() for text in texts}
    return dict([split_iri(iri)]) | known
