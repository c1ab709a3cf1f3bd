"""Entries to what the index holds of each: its words, what it is filed under, and the line that lists show."""

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
from justicegraph.search.graph import Known, local, named, triples
from justicegraph.search.model import Hit, Named, Names
from justicegraph.search.ranks import LONGEST
from justicegraph.search.text import folded
from justicegraph.sparql.query import RunQuery

BATCH = 100
"""Documents that are asked for at a time."""

_CLAIMS = 50_000
"""Characters of an entry's claims that are searched."""

_SEATS = tuple(JG + name for name in ("isLocatedIn", "happenedAt", "isActiveIn", "appliesIn", "hasJurisdictionIn"))
_BEGAN = tuple(
    JG + name
    for name in ("foundedOn", "startedOn", "openedOn", "happenedOn", "enactedOn", "filedOn", "issuedOn")
)  # fmt: skip
_DATE = re.compile(r"[12][0-9]{3}(?:-[0-9]{2}(?:-[0-9]{2})?)?")

_Told = Mapping[str, Sequence[NamedNode | Literal]]


@dataclass(frozen=True)
class Draft:
    """What the index holds of an entry.

    `texts` are folded words and `keys` whole names, by field; `facets` are paths, as in `united-states/alabama`;
    `ranks` has its place by language, and `newest` a date as a number, as in 20180720.
    """

    slug: str
    line: bytes
    texts: Mapping[str, Sequence[str]]
    keys: Mapping[str, Sequence[str]]
    facets: Mapping[str, Sequence[str]]
    ranks: Mapping[str, int]
    newest: int
    year: int


def drafts(run_query: RunQuery, known: Known) -> Iterator[Draft]:
    """Yield a draft for each entry, in the order in which they are known."""
    order = iter(known.order)
    with ThreadPoolExecutor(1) as reader:  # the engine answers the next question while we write down the last answer
        coming = reader.submit(_told, run_query, list(islice(order, BATCH)))
        while told := coming.result():
            coming = reader.submit(_told, run_query, list(islice(order, BATCH)))
            yield from (_draft(slug, own, parts, known) for slug, own, parts in told)


def _told(run_query: RunQuery, slugs: Sequence[str]) -> list[tuple[str, _Told, _Told]]:
    """Return what the documents of entries say, by property: each slug, what is said of it, and of all its parts."""
    own: dict[str, dict[str, list[NamedNode | Literal]]] = {slug: defaultdict(list) for slug in slugs}
    parts: dict[str, dict[str, list[NamedNode | Literal]]] = {slug: defaultdict(list) for slug in slugs}
    documents = [NamedNode(document_of(slug)) for slug in slugs]
    facts = triples(run_query, "facts_in_documents", {"doc": documents}) if slugs else []
    for subject, property_, value in facts:
        name = subject.value if isinstance(subject, NamedNode) else ""
        if (slug := slug_of(name)) in own and isinstance(value, NamedNode | Literal):
            (own if name == ID + slug else parts)[slug][property_.value].append(value)
    return [(slug, own[slug], parts[slug]) for slug in slugs]


def _draft(slug: str, own: _Told, parts: _Told, known: Known) -> Draft:
    names = named(_literals(own, SKOS + "prefLabel"))
    facets = _facets(slug, own, parts, known)
    others = [name.value for name in (*_literals(own, SKOS + "altLabel"), *_literals(parts, JG + "name"))]
    newest = max((known.dates.get(each, "") for each in (slug, *facets["source"])), default="")
    year = facets["year"][-1].rpartition("/")[2] if facets["year"] else ""
    hit = _hit(slug, own, names, facets, known, year, newest)
    said = {"hit": hit} | ({"paths": known.paths(slug)} if slug in known.wider else {})
    preferred, other = _folded(names.values()), _folded(others)
    claims = " ".join(_values(parts, *(JG + name for name in ("says", "asksFor", "aimsAt"))))[:_CLAIMS]
    texts = {
        "name": preferred,
        "other": other,
        "text": _folded(_values(own, SKOS + "definition", JG + "slogan")),
        "claims": _folded([claims]),
    }
    keys = {"key": preferred, "otherkey": other}
    return Draft(
        slug, orjson.dumps(said), texts, {name: [key[:LONGEST] for key in said_] for name, said_ in keys.items()},
        facets, {language: places[slug] for language, places in known.ranks.items()},
        _number(newest), int(year or 0),
    )  # fmt: skip


def _facets(slug: str, own: _Told, parts: _Told, known: Known) -> dict[str, list[str]]:
    """Return the paths of all that an entry is filed under, wider values included."""
    kinds = [*map(local, own.get(TYPE, ())), *(["Prisoner"] if slug in known.prisoners else [])]
    causes = _targets(own, JG + "worksOn", JG + "concerns") + _targets(parts, JG + "concerns")
    places = _targets(own, *_SEATS) + _targets(parts, JG + "isHeldAt")
    if "Cause" in kinds:
        causes.append(slug)
    if "Place" in kinds:
        places.append(slug)
    places = [each for place in places for each in known.through.get(place, (place,))]
    sources = {*_targets(own, JG + "source"), *_targets(parts, JG + "source")}
    state, year = known.states.get(slug, ("", ""))[0], _year(own, parts)
    return {
        "kind": _with_wider(known, (kind for kind in kinds if kind in known.labels)),
        "cause": _with_wider(known, causes),
        "place": _with_wider(known, (place for place in places if place in known.places)),
        "status": [state] if state else [],
        "source": sorted(sources),
        "year": [f"{year[:3]}0s", f"{year[:3]}0s/{year}"] if year else [],
    }


def _with_wider(known: Known, names: Iterable[str]) -> list[str]:
    """Return the paths to values that are in a tree, and to all that they are under."""
    found: set[str] = set()
    for name in names:
        for path in known.paths(name) if name in known.wider or name in known.labels else ():
            steps = path.split("/")
            found.update("/".join(steps[:depth]) for depth in range(1, len(steps) + 1))
    return sorted(found)


def _hit(
    slug: str, own: _Told, names: Names, facets: Mapping[str, Sequence[str]], known: Known, year: str, newest: str
) -> Hit:
    # The narrowest class with a folder: what is only concluded, as that somebody was held, is not what an entry is.
    classes = [path.split("/") for path in facets["kind"]]
    kind = max(classes, key=lambda path: (bool(known.folders & set(path)), len(path)), default=[""])[-1]
    places = dict.fromkeys(_targets(own, *_SEATS, JG + "isWithin"))
    state, as_of = known.states.get(slug, ("", ""))
    return Hit(
        slug, names, named(_literals(own, SKOS + "definition")), known.named(kind),
        known.named(state) if state else None, as_of,
        tuple(Named(place, known.places[place]) for place in places if place in known.places)[:3], year, newest,
    )  # fmt: skip


def _year(own: _Told, parts: _Told) -> str:
    """Return the year in which an entry began, as it says; else that of the earliest of its parts; "" for none."""
    for values in (_values(own, *_BEGAN), sorted(_values(parts, JG + "startedOn"))):
        years = (year_of(value) for value in values)
        if found := next((str(year) for year in years if year), ""):
            return found
    return ""


def _number(date: str) -> int:
    """Return a date as a number that sorts: 20180720, and 20180700 for a month; 0 for none."""
    return int(date.replace("-", "").ljust(8, "0")) if _DATE.fullmatch(date) else 0


def _folded(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, map(folded, texts))))


def _literals(said: _Told, name: str) -> list[Literal]:
    return [value for value in said.get(name, ()) if isinstance(value, Literal)]


def _values(said: _Told, *names: str) -> list[str]:
    return [value.value for name in names for value in said.get(name, ()) if isinstance(value, Literal)]


def _targets(said: _Told, *names: str) -> list[str]:
    """Return the slugs of the entries that some properties lead to."""
    found = (local(value) for name in names for value in said.get(name, ()))
    return [slug for slug in found if slug]
