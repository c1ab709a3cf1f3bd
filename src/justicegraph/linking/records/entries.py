"""The entries of our own graph to records: names, kinds, the place as city and country, years, links elsewhere."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode

from justicegraph.linking.records.countries import country_code
from justicegraph.linking.records.record import Record
from justicegraph.linking.records.rows import domain_of
from justicegraph.namespaces import ID, JG, JGT, PREFIXES, SKOS, TYPE
from justicegraph.project.sssom import SPACES
from justicegraph.sparql.named import NamedQueries
from justicegraph.sparql.query import RunQuery

_QUERIES = NamedQueries.beside(__file__)
_BEGAN = tuple(JG + name for name in ("bornOn", "foundedOn", "startedOn", "openedOn"))
_ENDED = tuple(JG + name for name in ("diedOn", "dissolvedOn", "endedOn", "closedOn"))
_SEATS = JG + "isLocatedIn", JG + "isWithin", JG + "isActiveIn"
_SAME = PREFIXES["schema"] + "sameAs", SKOS + "exactMatch"
_COLLECTIONS = {space: "wikidata" if prefix == "wd" else prefix for prefix, space in SPACES.items()}
_YEAR = re.compile(r"\d{4}(?!\d)")
_SHARED = frozenset({"entity", "record", "agent"})
"""Classes that tell nothing, since people and organizations alike have them."""
_STEPS = 9
"""Places within one another that are followed: a circle of them has no end."""

_Told = Mapping[str, list[NamedNode | Literal]]
"""What is told of an entry, by property."""


def entries(run_query: RunQuery) -> list[Record]:
    """Return a record for each entry of a graph, sources left out, in the order of their ids, which are whole IRIs.

    `identifiers` has by collection, as in `wikidata`, what an entry was found to be elsewhere.
    """
    told = _told(run_query)
    return [_record(iri, said, told) for iri, said in sorted(told.items()) if _is_entry(iri, said)]


def _told(run_query: RunQuery) -> dict[str, _Told]:
    """Return what the graph tells of its entries, by IRI and property."""
    found: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for subject, property_, value in _QUERIES.iter_triples(run_query, "identifying_facts_of_entries"):
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
            found[subject.value][property_.value].append(value)
    return {iri: {name: sorted(values, key=str) for name, values in said.items()} for iri, said in found.items()}


def _is_entry(iri: str, said: _Told) -> bool:
    return iri.startswith(ID) and bool(said.get(SKOS + "prefLabel")) and JG + "Source" not in _values(said, TYPE)


def _record(iri: str, said: _Told, told: Mapping[str, _Told]) -> Record:
    name, *others = _names(said)
    city, country = _place(iri, said, told)
    return Record(
        iri, name, tuple(others), country, city, frozenset(_kinds(said)), _year(said, _BEGAN), _year(said, _ENDED),
        next(filter(None, map(domain_of, _values(said, JG + "website"))), ""),
        {space: known for name in _SAME for space, known in map(identifier_of, _values(said, name)) if space},
    )  # fmt: skip


def _values(said: _Told, name: str) -> Iterator[str]:
    return (value.value for value in said.get(name, ()))


def _names(said: _Told) -> list[str]:
    """Return the names, each once: the English one first, as the pages have it."""
    labels = said.get(SKOS + "prefLabel", [])
    first = sorted(labels, key=lambda label: (getattr(label, "language", "") != "en", str(label)))
    return list(dict.fromkeys(label.value for label in (*first, *said.get(SKOS + "altLabel", ()))))


def _kinds(said: _Told) -> Iterator[str]:
    kinds = (kind.removeprefix(JG).casefold() for kind in _values(said, TYPE) if kind.startswith(JG))
    return (kind for kind in kinds if kind not in _SHARED)


def _place(iri: str, said: _Told, told: Mapping[str, _Told]) -> tuple[str, str]:
    """Return the city and the country of an entry; where it works in several countries, none."""
    for name in _SEATS:
        seats = [_wider(place, told) for place in _values(said, name)]
        cities, countries = ({seat[level] for seat in seats if level in seat} for level in ("city", "country"))
        if cities or countries:
            only = [names.pop() if len(names) == 1 else "" for names in (cities, countries)]
            return ("" if name == JG + "isActiveIn" else only[0]), country_code(only[1])
    own = _wider(iri, told)
    return "", country_code(own.get("country", ""))


def _wider(place: str, told: Mapping[str, _Told]) -> dict[str, str]:
    """Return the name of a place and of those that it is within, by their levels."""
    found: dict[str, str] = {}
    for _ in range(_STEPS):
        said = told.get(place, {})
        for level in _values(said, JG + "level"):
            found.setdefault(level.removeprefix(JGT), next(iter(_names(said)), ""))
        place = next(_values(said, JG + "isWithin"), "")
    return {level: name.partition(",")[0] for level, name in found.items() if name}


def _year(said: _Told, names: tuple[str, ...]) -> int | None:
    years = [_YEAR.match(value) for name in names for value in _values(said, name)]
    return next((int(year[0]) for year in years if year), None)


def identifier_of(iri: str) -> tuple[str, str]:
    """Return the collection that an IRI elsewhere is of, and its identifier there: ("wikidata", "Q42")."""
    at = max(iri.rfind("/"), iri.rfind("#")) + 1
    return _COLLECTIONS.get(iri[:at], iri[:at]), iri[at:]
