"""Documents of the index, one for each entry: its text fields, its facets, and the stored hit."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import orjson
from pyoxigraph import Literal, NamedNode

from justicegraph.dates import year_of
from justicegraph.namespaces import ID, JG, SKOS, TYPE, document_of, slug_of
from justicegraph.search.graph import GraphData, local, named, triples
from justicegraph.search.model import Hit, Named, Names
from justicegraph.search.ranks import MAX_NAME_LENGTH
from justicegraph.sparql.query import RunQuery
from justicegraph.text import normalize_for_search

BATCH = 100
"""Entries that are queried at a time."""

_CLAIMS = 50_000
"""The most characters of an entry's claims that are indexed."""

_ALWAYS = (
    TYPE, *(SKOS + name for name in ("prefLabel", "altLabel", "definition")),
    *(JG + name for name in ("name", "slogan", "says", "asksFor", "aimsAt", "worksOn", "concerns", "source")),
)  # fmt: skip
"""Properties that are read beside those of dates and places."""
_BIRTH = JG + "bornOn"
"""A person is filed under the year of a custody or an office, and not of birth."""
_DATE = re.compile(r"[12][0-9]{3}(?:-[0-9]{2}(?:-[0-9]{2})?)?")

_Properties = Mapping[str, Sequence[NamedNode | Literal]]


@dataclass(frozen=True)
class Document:
    """The document of an entry.

    `line` is the stored hit as JSON. By field, `texts` has normalized words and `keys` whole names. `facets` are paths,
    as in `united-states/alabama`, `ranks` are by language, and `newest` is a date as a number, as in 20180720.
    """

    slug: str
    line: bytes
    texts: Mapping[str, Sequence[str]]
    keys: Mapping[str, Sequence[str]]
    facets: Mapping[str, Sequence[str]]
    ranks: Mapping[str, int]
    newest: int
    year: int


def make_documents(run_query: RunQuery, graph: GraphData) -> Iterator[Document]:
    """Yield a document for each entry, in the order of the graph data."""
    order = iter(graph.order)
    with ThreadPoolExecutor(1) as reader:  # the next query runs while we make documents
        coming = reader.submit(_read_documents, run_query, list(islice(order, BATCH)), graph)
        while batch := coming.result():
            coming = reader.submit(_read_documents, run_query, list(islice(order, BATCH)), graph)
            yield from (_make_document(slug, own, parts, graph) for slug, own, parts in batch)


def _read_documents(
    run_query: RunQuery, slugs: Sequence[str], graph: GraphData
) -> list[tuple[str, _Properties, _Properties]]:
    """Return for each slug the values of the entry by property, and those of all its parts."""
    own: dict[str, dict[str, list[NamedNode | Literal]]] = {slug: defaultdict(list) for slug in slugs}
    parts: dict[str, dict[str, list[NamedNode | Literal]]] = {slug: defaultdict(list) for slug in slugs}
    documents = [NamedNode(document_of(slug)) for slug in slugs]
    properties = [NamedNode(name) for name in dict.fromkeys((*_ALWAYS, *graph.began, *graph.places_by))]
    facts = triples(run_query, "facts_in_documents", {"doc": documents, "property": properties}) if slugs else []
    for subject, property_, value in facts:
        name = subject.value if isinstance(subject, NamedNode) else ""
        if (slug := slug_of(name)) in own and isinstance(value, NamedNode | Literal):
            (own if name == ID + slug else parts)[slug][property_.value].append(value)
    return [(slug, own[slug], parts[slug]) for slug in slugs]


def _make_document(slug: str, own: _Properties, parts: _Properties, graph: GraphData) -> Document:
    names = named(_literals(own, SKOS + "prefLabel"))
    facets = _facets(slug, own, parts, graph)
    others = [name.value for name in (*_literals(own, SKOS + "altLabel"), *_literals(parts, JG + "name"))]
    newest = max((graph.dates.get(source, "") for source in (slug, *facets["source"])), default="")
    year = facets["year"][-1].rpartition("/")[2] if facets["year"] else ""
    hit = _hit(slug, own, names, facets, graph, year, newest)
    line = {"hit": hit} | ({"paths": graph.paths(slug)} if slug in graph.wider else {})
    preferred, other = _normalize_all(names.values()), _normalize_all(others)
    claims = " ".join(_values(parts, *(JG + name for name in ("says", "asksFor", "aimsAt"))))[:_CLAIMS]
    texts = {
        "name": preferred,
        "other": other,
        "text": _normalize_all(_values(own, SKOS + "definition", JG + "slogan")),
        "claims": _normalize_all([claims]),
    }
    keys = {"key": preferred, "otherkey": other}
    exact_names = {name: [key[:MAX_NAME_LENGTH] for key in values] for name, values in keys.items()}
    return Document(
        slug, orjson.dumps(line), texts, exact_names,
        facets, {language: places[slug] for language, places in graph.ranks.items()},
        _number(newest), int(year or 0),
    )  # fmt: skip


def _facets(slug: str, own: _Properties, parts: _Properties, graph: GraphData) -> dict[str, list[str]]:
    """Return the paths of an entry's values by facet, wider values included."""
    kinds = [*map(local, own.get(TYPE, ())), *(["Prisoner"] if slug in graph.prisoners else [])]
    causes = _targets(own, JG + "worksOn", JG + "concerns") + _targets(parts, JG + "concerns")
    places = _targets(own, *graph.places_by) + _targets(parts, *graph.places_by)
    if "Cause" in kinds:
        causes.append(slug)
    if "Place" in kinds:
        places.append(slug)
    places = [wider for place in places for wider in graph.through.get(place, (place,))]
    sources = {*_targets(own, JG + "source"), *_targets(parts, JG + "source")}
    state, year = graph.states.get(slug, ("", ""))[0], _year(own, parts, graph)
    return {
        "kind": _with_wider(graph, (kind for kind in kinds if kind in graph.labels)),
        "cause": _with_wider(graph, causes),
        "place": _with_wider(graph, (place for place in places if place in graph.places)),
        "status": [state] if state else [],
        "source": sorted(sources),
        "year": [f"{year[:3]}0s", f"{year[:3]}0s/{year}"] if year else [],
    }


def _with_wider(graph: GraphData, names: Iterable[str]) -> list[str]:
    """Return the paths to values of a hierarchy, and to all wider values."""
    paths: set[str] = set()
    for name in names:
        for path in graph.paths(name) if name in graph.wider or name in graph.labels else ():
            steps = path.split("/")
            paths.update("/".join(steps[:depth]) for depth in range(1, len(steps) + 1))
    return sorted(paths)


def _hit(
    slug: str,
    own: _Properties,
    names: Names,
    facets: Mapping[str, Sequence[str]],
    graph: GraphData,
    year: str,
    newest: str,
) -> Hit:
    # The narrowest class with a folder of its own: a derived class such as Prisoner is not the kind of an entry.
    classes = [path.split("/") for path in facets["kind"]]
    kind = max(classes, key=lambda path: (bool(graph.folders & set(path)), len(path)), default=[""])[-1]
    places = dict.fromkeys(_targets(own, *graph.places_by))
    state, as_of = graph.states.get(slug, ("", ""))
    return Hit(
        slug, names, named(_literals(own, SKOS + "definition")), graph.named(kind),
        graph.named(state) if state else None, as_of,
        tuple(Named(place, graph.places[place]) for place in places if place in graph.places)[:3], year, newest,
    )  # fmt: skip


def _year(own: _Properties, parts: _Properties, graph: GraphData) -> str:
    """Return the year in which an entry began; else that of the earliest of its parts; "" for none."""
    began = [name for name in graph.began if name != _BIRTH]
    for values in (_values(own, *began), _values(parts, *began)):
        years = (year_of(value) for value in sorted(values))
        if first := next((str(year) for year in years if year), ""):
            return first
    return ""


def _number(date: str) -> int:
    """Return a date as a number that sorts: 20180720, and 20180700 for a month; 0 for none."""
    return int(date.replace("-", "").ljust(8, "0")) if _DATE.fullmatch(date) else 0


def _normalize_all(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, map(normalize_for_search, texts))))


def _literals(values: _Properties, name: str) -> list[Literal]:
    return [value for value in values.get(name, ()) if isinstance(value, Literal)]


def _values(values: _Properties, *names: str) -> list[str]:
    return [value.value for name in names for value in values.get(name, ()) if isinstance(value, Literal)]


def _targets(values: _Properties, *names: str) -> list[str]:
    """Return the slugs of the entries that some properties link to."""
    slugs = (local(value) for name in names for value in values.get(name, ()))
    return [slug for slug in slugs if slug]
