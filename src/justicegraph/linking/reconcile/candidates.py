"""Turn matches into the candidates of a response (Reconciliation Service API 0.2, 4.2), with scores and features."""

from collections.abc import Iterator, Sequence
from typing import Any

from justicegraph.linking.match import Match
from justicegraph.linking.reconcile.entries import Description, Entries
from justicegraph.linking.records import Record
from justicegraph.namespaces import ID

LONGEST = 200
"""Characters of a description at most."""

LEAST = 0.001
"""The probability from which a candidate is shown: less likely ones only hide that there is no match."""

Candidate = dict[str, Any]
"""The JSON object of a candidate."""


def candidates_of(entries: Entries, record: Record, matches: Sequence[Match]) -> list[Candidate]:
    """Return a candidate for each match, the likeliest first, with scores that never rise."""
    candidates: list[Candidate] = []
    for match in matches:
        if match.probability < LEAST:
            continue
        score = round(100 * match.probability, 2)
        score = min(score, candidates[-1]["score"]) if candidates else score
        features = [
            {"id": "probability", "value": round(match.probability, 4)},
            *({"id": name, "value": value} for name, value in _compare(record, match.target)),
            *({"id": reason, "value": True} for reason in dict.fromkeys(match.reasons)),
        ]
        entry = describe(entries, match.target)
        candidates.append({**entry, "score": score, "match": match.is_match, "features": features})
    return candidates


def candidate_by_id(entries: Entries, target: Record) -> Candidate:
    """Return the candidate for a query that names the entry by its id."""
    features = [{"id": "probability", "value": 1.0}, {"id": "for: this is its id", "value": True}]
    return {**describe(entries, target), "score": 100.0, "match": True, "features": features}


def describe(entries: Entries, target: Record, types: str = "type") -> Candidate:
    """Return the slug, name and description of an entry, and its classes under the key `types`."""
    known = entries.descriptions.get(target.id, Description())
    classes = [{"id": name, "name": entries.classes[name].label} for name in known.classes if name in entries.classes]
    place = ", ".join(filter(None, (target.city, target.country)))
    text = _shorten(" · ".join(filter(None, (place, known.status, known.definition))))
    return {"id": target.id.removeprefix(ID), "name": target.name, "description": text, types: classes}


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] + " …"


def _compare(record: Record, target: Record) -> Iterator[tuple[str, bool | float]]:
    """Yield a feature for each thing that is known on both sides: whether it agrees."""
    if record.name:
        yield "name_similarity", max(_similarity(record.name, name) for name in target.names)
    pairs = {
        "same_country": (record.country, target.country),
        "same_city": (record.city.casefold(), target.city.casefold()),
        "same_website": (record.domain, target.domain),
        "same_beginning": (record.began, target.began),
        "same_end": (record.ended, target.ended),
    }
    yield from ((name, one == other) for name, (one, other) in pairs.items() if one and other)
    if record.types and target.types:
        yield "same_type", bool(record.types & target.types)
    shared = record.identifiers.keys() & target.identifiers.keys()
    if shared:
        yield "same_identifier", all(record.identifiers[scheme] == target.identifiers[scheme] for scheme in shared)


def _similarity(one: str, other: str) -> float:
    """Return how similar two names look, from 0 to 1: Dice's coefficient of their pairs of letters."""
    ours, theirs = _pairs(one), _pairs(other)
    return round(2 * len(ours & theirs) / (len(ours) + len(theirs)), 3) if ours and theirs else float(one == other)


def _pairs(name: str) -> set[str]:
    text = name.casefold()
    return {text[at : at + 2] for at in range(len(text) - 1)}
