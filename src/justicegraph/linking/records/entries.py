"""Read the entries of our own graph as records: names, classes, city and country, years, and matches elsewhere."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode

from justicegraph.dates import year_of
from justicegraph.linking.records.countries import country_code
from justicegraph.linking.records.identifiers import domain_of, split_iri
from justicegraph.linking.records.record import Record
from justicegraph.namespaces import ID, JG, JGT, PREFIXES, SKOS, TYPE
from justicegraph.sparql.named import NamedQueries
from justicegraph.sparql.query import RunQuery

_QUERIES = NamedQueries.beside(__file__)
_LOCATED = JG + "isLocatedIn", JG + "isAt"
"""A seat comes before every other place of an entry."""
_SAME = PREFIXES["schema"] + "sameAs", SKOS + "exactMatch"
_SHARED = frozenset({"entity", "record", "agent"})
"""Classes that say nothing, because people and organizations alike have them."""
_STEPS = 9
"""Levels of places that are followed upwards: places that are within one another have no end."""

_Values = Mapping[str, list[NamedNode | Literal]]
"""The values of an entry by property."""
_Graph = Mapping[str, _Values]
"""The values of all entries by IRI."""


def entries(run_query: RunQuery) -> list[Record]:
    """Return a record for each entry of a graph except sources, in the order of their ids, which are whole IRIs.

    `identifiers` has the matches of an entry elsewhere by database, such as `wikidata`.
    """
    graph = _values_by_entry(run_query)
    return [_record(iri, graph) for iri, values in sorted(graph.items()) if _is_entry(iri, values)]


def _values_by_entry(run_query: RunQuery) -> _Graph:
    graph: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for subject, property_, value in _QUERIES.iter_triples(run_query, "identifying_facts_of_entries"):
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
            graph[subject.value][property_.value].append(value)
    return {iri: {name: sorted(values, key=str) for name, values in known.items()} for iri, known in graph.items()}


def _is_entry(iri: str, values: _Values) -> bool:
    return iri.startswith(ID) and bool(values.get(SKOS + "prefLabel")) and JG + "Source" not in _texts(values, TYPE)


def _record(iri: str, graph: _Graph) -> Record:
    values = graph[iri]
    name, *aliases = _names(values)
    city, country = _place(iri, graph)
    return Record(
        iri, name, tuple(aliases), country, city, frozenset(_classes(values)),
        _year(values, JG + "beganOn"), _year(values, JG + "ceasedOn"),
        next(filter(None, map(domain_of, _texts(values, JG + "website"))), ""),
        {database: local for name in _SAME for database, local in map(split_iri, _texts(values, name)) if database},
    )  # fmt: skip


def _texts(values: _Values, name: str) -> Iterator[str]:
    return (value.value for value in values.get(name, ()))


def _names(values: _Values) -> list[str]:
    """Return the distinct names, the English one first, as on the pages."""
    labels = values.get(SKOS + "prefLabel", [])
    english_first = sorted(labels, key=lambda label: (getattr(label, "language", "") != "en", str(label)))
    return list(dict.fromkeys(label.value for label in (*english_first, *values.get(SKOS + "altLabel", ()))))


def _classes(values: _Values) -> Iterator[str]:
    names = (iri.removeprefix(JG).casefold() for iri in _texts(values, TYPE) if iri.startswith(JG))
    return (name for name in names if name not in _SHARED)


def _place(iri: str, graph: _Graph) -> tuple[str, str]:
    """Return the city and the country of an entry; nothing if it has several."""
    for name in _LOCATED:
        places = [_names_by_level(place, graph) for place in _texts(graph[iri], name)]
        cities, countries = ({place[level] for place in places if level in place} for level in ("city", "country"))
        if cities or countries:
            city, country = (names.pop() if len(names) == 1 else "" for names in (cities, countries))
            return (city if name == _LOCATED[0] else ""), country_code(country)
    return "", country_code(_names_by_level(iri, graph).get("country", ""))


def _names_by_level(place: str, graph: _Graph) -> dict[str, str]:
    """Return the name of a place and of those that it is within, by their levels, such as city."""
    names: dict[str, str] = {}
    for _ in range(_STEPS):
        values = graph.get(place, {})
        for level in _texts(values, JG + "level"):
            names.setdefault(level.removeprefix(JGT), next(iter(_names(values)), ""))
        place = next(_texts(values, JG + "isWithin"), "")
    return {level: name.partition(",")[0] for level, name in names.items() if name}


def _year(values: _Values, name: str) -> int | None:
    years = (year_of(date) for date in _texts(values, name))
    return next((year for year in years if year), None)
