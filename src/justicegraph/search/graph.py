"""Data of the whole graph that every document needs: hierarchies, places, dates, statuses, order."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.namespaces import ID, JG, JGT, SKOS, SLUG, TYPE
from justicegraph.search.model import Named, Names
from justicegraph.search.ranks import Ranks, rank_names
from justicegraph.sparql.named import NamedQueries, Values
from justicegraph.sparql.query import RunQuery
from justicegraph.sparql.results import parse_triples
from justicegraph.sparql.schema import schema_of

_QUERIES = NamedQueries.beside(__file__)
_STEPS, _PATHS = 9, 8
"""Steps upwards in a tree that are followed, and ways that lead to one value."""


@dataclass(frozen=True)
class GraphData:
    """Data of all entries, by slug; classes and terms are by local name.

    `order` has every entry, the ones with the most links first and sources last. `wider` has the next wider classes,
    causes and places; `through` has the places of facilities. `began` and `places_by` are the properties that say when
    an entry began and where it is.
    """

    order: Sequence[str]
    ranks: Ranks
    labels: Mapping[str, Names]
    folders: frozenset[str]
    wider: Mapping[str, Sequence[str]]
    through: Mapping[str, Sequence[str]]
    places: Mapping[str, Names]
    dates: Mapping[str, str]
    states: Mapping[str, tuple[str, str]]
    prisoners: frozenset[str]
    began: tuple[str, ...]
    places_by: tuple[str, ...]
    _paths: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def paths(self, name: str) -> tuple[str, ...]:
        """Return the paths to a value from the widest ones down, as in `united-states/alabama`; none for a facility."""
        if name not in self._paths:
            self._paths[name] = tuple(islice(self._ways(name, ()), _PATHS))
        return self._paths[name]

    def _ways(self, name: str, seen: tuple[str, ...]) -> Iterator[str]:
        above = [parent for parent in self.wider.get(name, ()) if parent != name and parent not in seen]
        if not above or len(seen) == _STEPS:
            yield name
            return
        for parent in above:
            yield from (f"{way}/{name}" for way in self._ways(parent, (*seen, name)))

    def named(self, name: str) -> Named:
        """Return a class or a term with its labels."""
        return Named(name, self.labels.get(name, {}))


def read_graph(run_query: RunQuery) -> GraphData:
    """Read the data of all entries from a graph."""
    kinds, tree = triples(run_query, "classes_and_words_for_status"), triples(run_query, "wider_causes_and_places")
    types = {local(triple.subject): local(triple.object) for triple in tree if triple.predicate.value == TYPE}
    above = _links(tree)
    inner = {name: [wider for wider in above.get(name, ()) if wider in types] for name in types}
    schema = schema_of(run_query)
    facilities = {name for name, kind in types.items() if kind == "Facility"}
    return GraphData(
        _order(run_query),
        rank_names(
            (_slug(entry), name, language)
            for entry, name, language in _QUERIES.iter_rows(run_query, "names_of_entries")
        ),
        _labels(kinds),
        frozenset(local(triple.subject) for triple in kinds if triple.predicate.value == JG + "keptIn"),
        {**{name: wider for name, wider in inner.items() if name not in facilities}, **_links(kinds)},
        {name: inner[name] for name in facilities},
        _labels(tree),
        _newest(_QUERIES.iter_rows(run_query, "dates_of_sources")),
        {_slug(row[0]): (_local(row[1]), row[2]) for row in _QUERIES.iter_rows(run_query, "status_of_entries")},
        frozenset(_slug(row[0]) for row in _QUERIES.iter_rows(run_query, "prisoners")),
        schema.narrower("beganOn"), schema.narrower("isAt"),
    )  # fmt: skip


def triples(run_query: RunQuery, name: str, values: Values | None = None) -> list[Triple]:
    """Return the triples of a CONSTRUCT query in a fixed order."""
    lines = _QUERIES.ntriples(run_query, name, values=values).splitlines(keepends=True)
    return parse_triples(b"".join(sorted(lines)))


def local(term: object) -> str:
    """Return the slug or the local name of an IRI in our own namespaces; "" for anything else."""
    return _local(term.value) if isinstance(term, NamedNode) else ""


def named(labels: Sequence[Literal]) -> Names:
    """Return labels by language; the first one of each language."""
    names: dict[str, str] = {}
    for label in sorted(labels, key=str):
        names.setdefault(label.language or "", label.value)
    return names


def _order(run_query: RunQuery) -> list[str]:
    links = {row[0]: int(row[1]) for row in _QUERIES.iter_rows(run_query, "links_to_each_entry")}
    entries = [
        (row[1] == "true", -links.get(row[0], 0), _slug(row[0]))
        for row in _QUERIES.iter_rows(run_query, "entries_with_a_name")
    ]
    return [slug for _, _, slug in sorted(entries) if SLUG.fullmatch(slug)]


def _labels(triples_: Sequence[Triple]) -> dict[str, Names]:
    labels: dict[str, list[Literal]] = defaultdict(list)
    for triple in triples_:
        if triple.predicate.value == SKOS + "prefLabel" and isinstance(triple.object, Literal):
            labels[local(triple.subject)].append(triple.object)
    return {name: named(labels) for name, labels in labels.items()}


def _links(triples_: Sequence[Triple]) -> dict[str, Sequence[str]]:
    wider_by_name: dict[str, set[str]] = defaultdict(set)
    for triple in triples_:
        if triple.predicate.value == SKOS + "broader":
            wider_by_name[local(triple.subject)].add(local(triple.object))
    return {name: sorted(wider) for name, wider in wider_by_name.items()}


def _newest(rows: Iterator[list[str]]) -> dict[str, str]:
    newest: dict[str, str] = {}
    for source, date in rows:
        newest[_slug(source)] = max(date, newest.get(_slug(source), ""))
    return newest


def _slug(iri: str) -> str:
    return iri.removeprefix(ID)


def _local(iri: str) -> str:
    return next((iri.removeprefix(space) for space in (ID, JG, JGT) if iri.startswith(space)), "")
