"""An entry to its pictures: what it is linked with, its timeline; of a place the map, of a cause its tree."""

from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode

from justicegraph.entity.model import Dossier, Statement, Value
from justicegraph.entity.phrases import DATED, PHRASES, SECTIONS
from justicegraph.linking.records import country_code
from justicegraph.namespaces import ID, JGT
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
from justicegraph.web.i18n import in_language, language
from justicegraph.web.paths import local_address
from justicegraph.web.pictures import atlas, words
from justicegraph.web.site import QUERIES, site

_LASTS = frozenset({"custody", "tenure"})
_BEGINS = ("startedOn", "decidedOn", "filedOn", "claimedOn", "measuredOn")
_POINTS = ("bornOn", "foundedOn", "openedOn", "enactedOn", "happenedOn", "dissolvedOn", "closedOn", "diedOn")
_EVENTFUL = 2
"""Dated things from which on a timeline tells more than a list."""


def pictures_of(entry: Dossier) -> dict[str, Picture]:
    """Return the pictures of an entry by their names, those with something to see."""
    say = words()
    found = {"neighbours": _neighbours(entry, say), "timeline": _timeline(entry, say)}
    if "Place" in entry.classes:
        found["map"] = _map(entry, say)
    if "Cause" in entry.classes:
        found["tree"] = _tree(entry, say)
    return {name: picture for name, picture in found.items() if picture}


def _path(iri: str) -> str:
    return in_language(local_address(iri))


def _neighbours(entry: Dossier, say: Words) -> Picture:
    from_here = [
        _relation(fact.label, fact.values, outgoing=True)
        for fact in entry.facts.values() if all(each.iri.startswith(ID) for each in fact.values)
    ]  # fmt: skip
    to_here = [_relation(fact.label, fact.values, outgoing=False) for fact in entry.linked]
    return neighbourhood(entry.name.text, [*from_here, *to_here], words=say)


def _relation(label: str, others: Sequence[Value], *, outgoing: bool) -> Relation:
    """Return how an entry is linked with others: no more of them by name than a picture can show."""
    label = language().text(label)
    shown = tuple(Neighbour(each.text, _path(each.iri)) for each in others[:MOST])
    return Relation(label, outgoing, shown, max(len(others) - MOST, 0))


def _timeline(entry: Dossier, say: Words) -> Picture | None:
    happened = [*_own(entry), *(each for parts in entry.parts.values() for part in parts for each in _part(part))]
    dated = [each for each in happened if each.starts or each.ends]
    return timeline(happened, words=say) if len(dated) >= _EVENTFUL else None


def _own(entry: Dossier) -> Iterator[Event]:
    dates = language().text(DATED)
    for name in _POINTS:
        if fact := entry.facts.get(name):
            yield from (Event(dates, language().text(fact.label), each.text) for each in fact.values)
    if "startedOn" in entry.facts or "endedOn" in entry.facts:
        starts, ends = (_first(entry, name) for name in ("startedOn", "endedOn"))
        yield Event(dates, entry.name.text, starts, ends, lasts=bool(ends))


def _first(entry: Dossier, name: str) -> str:
    return entry.facts[name].values[0].text if name in entry.facts else ""


def _part(part: Statement) -> Iterator[Event]:
    """Yield a part as something that happened, where it is of a kind that has a date."""
    track = SECTIONS.get(part.kind)
    starts = next((said for name in _BEGINS if (said := part.text(name))), "")
    ends = part.text("endedOn")
    lasts = part.kind in _LASTS
    if track and (lasts or starts):
        first = next((part.text(name) for name in PHRASES.get(part.kind, {}) if part.text(name)), "")
        over = bool(ends or part.text("endedBy"))
        yield Event(
            language().text(track), first, starts, ends, lasts, over, part.text("confirmedOn"), f"#{part.anchor}"
        )


def _map(entry: Dossier, say: Words) -> Picture | None:
    found = atlas()
    wider = QUERIES.rows(site().run_query, "places_around_a_place", {"entity": NamedNode(entry.iri)}) if found else []
    levels = {row["level"].removeprefix(JGT): row["name"] for row in wider}
    if found and "state" in levels and country_code(levels.get("country", "")) == "US":
        return place_map(found.us, [Place(levels["state"])], words=say)
    if found and "country" in levels:
        return place_map(found.world, [Place(levels["country"], country_code(levels["country"]))], words=say)
    return None


def _tree(entry: Dossier, say: Words) -> Picture | None:
    branches: dict[str, Branch] = {}
    for row in site().causes:
        wider = (row["wider"],) if "wider" in row else ()
        known = branches.get(row["entry"])
        above = (*known.broader, *wider) if known else wider
        branches[row["entry"]] = Branch(row["name"], above, _path(row["entry"]), int(row["entries"]))
    return tree(branches, entry.iri, words=say)
