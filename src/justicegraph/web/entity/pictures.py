"""An entry to its pictures: what it is linked with, its timeline; of a place the map, of a cause its tree."""

from collections.abc import Iterator

from pyoxigraph import NamedNode

from justicegraph.entity.model import EntityView, Fact, Section, Statement
from justicegraph.linking.records import country_code
from justicegraph.namespaces import ID, JG, JGT
from justicegraph.pictures import (
    Branch,
    Event,
    Neighbour,
    Picture,
    Place,
    Relation,
    Words,
    neighbourhood,
    place_map,
    timeline,
    tree,
)
from justicegraph.pictures.neighbourhood import MOST
from justicegraph.text import mark as _
from justicegraph.web.i18n import in_language, language
from justicegraph.web.paths import local_address
from justicegraph.web.pictures import atlas, words
from justicegraph.web.site import QUERIES, site

_STRETCH = ("startedOn", "endedOn")
"""The dates of an entry between which it lasts; its others are points in time."""
_EVENTFUL = 2
"""Dated things from which on a timeline tells more than a list."""


def pictures_of(entry: EntityView) -> dict[str, Picture]:
    """Return the pictures of an entry by their names, those with something to see."""
    labels = words()
    pictures = {"neighbours": _neighbours(entry, labels), "timeline": _timeline(entry, labels)}
    if entry.is_a(JG + "Place"):
        pictures["map"] = _map(entry, labels)
    if entry.is_a(JG + "Cause"):
        pictures["tree"] = _tree(entry, labels)
    return {name: picture for name, picture in pictures.items() if picture}


def _path(iri: str) -> str:
    return in_language(local_address(iri))


def _neighbours(entry: EntityView, labels: Words) -> Picture:
    from_here = [
        _relation(fact, outgoing=True)
        for fact in entry.facts.values() if all(value.iri.startswith(ID) for value in fact.values)
    ]  # fmt: skip
    to_here = [_relation(backlinks.fact, outgoing=False) for backlinks in entry.backlinks]
    return neighbourhood(entry.name.text, [*from_here, *to_here], words=labels)


def _relation(fact: Fact, *, outgoing: bool) -> Relation:
    """Return how an entry is linked with others: no more of them by name than a picture can show."""
    neighbours = tuple(Neighbour(value.text, _path(value.iri)) for value in fact.values[:MOST])
    return Relation(fact.label.text, outgoing, neighbours, max(len(fact.values) - MOST, 0))


def _timeline(entry: EntityView, labels: Words) -> Picture | None:
    parts = (event for section in entry.sections for part in section.statements for event in _part(part, section))
    happened = [*_own(entry), *parts]
    dated = [event for event in happened if event.starts or event.ends]
    return timeline(happened, words=labels) if len(dated) >= _EVENTFUL else None


def _own(entry: EntityView) -> Iterator[Event]:
    """Yield the beginnings and ends of the entry itself, and the stretch of time in which it lasted."""
    dates = language().text(_("Dates"))
    for name, fact in entry.facts.items():
        if fact.role and name not in _STRETCH:
            yield from (Event(dates, fact.label.text, value.text) for value in fact.values)
    if any(name in entry.facts for name in _STRETCH):
        starts, ends = (_first(entry, name) for name in _STRETCH)
        yield Event(dates, entry.name.text, starts, ends, lasts=bool(ends))


def _first(entry: EntityView, name: str) -> str:
    return entry.facts[name].values[0].text if name in entry.facts else ""


def _part(part: Statement, section: Section) -> Iterator[Event]:
    """Yield a part as something that happened, if it has a date, or a number that orders it in time."""
    other = () if section.lasts else part.dates()
    starts, ends = next(iter([*part.dates("began"), *other]), ""), next(part.dates("ceased"), "")
    if section.heading.text and (starts or (section.lasts and (ends or section.is_ordered))):
        first = part.clauses[0].values[0].text if part.clauses else ""
        over = bool(ends or part.text("endedBy"))
        yield Event(
            section.heading.text, first, starts, ends, section.lasts, over, part.text("confirmedOn"), f"#{part.anchor}"
        )


def _map(entry: EntityView, labels: Words) -> Picture | None:
    maps = atlas()
    wider = QUERIES.rows(site().run_query, "places_around_a_place", {"entity": NamedNode(entry.iri)}) if maps else []
    levels = {row["level"].removeprefix(JGT): row["name"] for row in wider}
    if maps and "state" in levels and country_code(levels.get("country", "")) == "US":
        return place_map(maps.us, [Place(levels["state"])], words=labels)
    if maps and "country" in levels:
        return place_map(maps.world, [Place(levels["country"], country_code(levels["country"]))], words=labels)
    return None


def _tree(entry: EntityView, labels: Words) -> Picture | None:
    branches: dict[str, Branch] = {}
    for row in site().causes:
        wider = (row["wider"],) if "wider" in row else ()
        known = branches.get(row["entry"])
        above = (*known.broader, *wider) if known else wider
        branches[row["entry"]] = Branch(row["name"], above, _path(row["entry"]), int(row["entries"]))
    return tree(branches, entry.iri, words=labels)
