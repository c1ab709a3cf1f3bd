"""Matches to the candidates of an answer (Reconciliation Service API 0.2, 4.2): scores, and what they come from."""

from collections.abc import Iterator, Sequence
from typing import Any

from justicegraph.linking.match import Match
from justicegraph.linking.reconcile.entries import Known, Shown
from justicegraph.linking.records import Record
from justicegraph.namespaces import ID

LONGEST = 200
"""Characters of a description."""

LEAST = 0.001
"""The probability from which on a candidate is shown: what is less likely only hides that there is none."""

Candidate = dict[str, Any]


def candidates_of(known: Known, record: Record, matches: Sequence[Match]) -> list[Candidate]:
    """Return a candidate for each match, the likeliest first, by scores that never rise."""
    found: list[Candidate] = []
    for match in (each for each in matches if each.probability >= LEAST):
        score = round(100 * match.probability, 2)
        score = min(score, found[-1]["score"]) if found else score
        features = [
            {"id": "probability", "value": round(match.probability, 4)},
            *({"id": name, "value": value} for name, value in _compared(record, match.target)),
            *({"id": reason, "value": True} for reason in dict.fromkeys(match.reasons)),
        ]
        found.append({**described(known, match.target), "score": score, "match": match.is_match, "features": features})
    return found


def certain(known: Known, target: Record) -> Candidate:
    """Return the candidate for a query that names the entry by its id."""
    features = [{"id": "probability", "value": 1.0}, {"id": "for: this is its id", "value": True}]
    return {**described(known, target), "score": 100.0, "match": True, "features": features}


def described(known: Known, target: Record, types: str = "type") -> Candidate:
    """Return what tells an entry apart: its slug, name, description and classes."""
    shown = known.shown.get(target.id, Shown())
    kinds = [{"id": kind, "name": known.kinds[kind].label} for kind in shown.kinds if kind in known.kinds]
    seat = ", ".join(filter(None, (target.city, target.country)))
    told = _cut(" · ".join(filter(None, (seat, shown.status, shown.definition))))
    return {"id": target.id.removeprefix(ID), "name": target.name, "description": told, types: kinds}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] + " …"


def _compared(record: Record, target: Record) -> Iterator[tuple[str, bool | float]]:
    """Yield what is known on both sides, and whether it agrees."""
    if record.name:
        yield "name_similarity", max(_alike(record.name, name) for name in target.names)
    pairs = {
        "same_country": (record.country, target.country),
        "same_city": (record.city.casefold(), target.city.casefold()),
        "same_website": (record.domain, target.domain),
        "same_beginning": (record.began, target.began),
        "same_end": (record.ended, target.ended),
    }
    yield from ((name, mine == its) for name, (mine, its) in pairs.items() if mine and its)
    if record.types and target.types:
        yield "same_type", bool(record.types & target.types)
    shared = record.identifiers.keys() & target.identifiers.keys()
    if shared:
        yield "same_identifier", all(record.identifiers[scheme] == target.identifiers[scheme] for scheme in shared)


def _alike(one: str, other: str) -> float:
    """Return how alike two names look, from 0 to 1: the share of their pairs of letters that both have (Dice)."""
    mine, its = _pairs(one), _pairs(other)
    return round(2 * len(mine & its) / (len(mine) + len(its)), 3) if mine and its else float(one == other)


def _pairs(name: str) -> set[str]:
    text = name.casefold()
    return {text[place : place + 2] for place in range(len(text) - 1)}
