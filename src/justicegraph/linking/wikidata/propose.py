"""Propose items for entries: match each entry with the items, and describe both in words for a reviewer."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from justicegraph.linking.match import Match, Matcher
from justicegraph.linking.records import Record
from justicegraph.linking.records.wikidata import Item
from justicegraph.linking.wikidata.entries import OwnEntry
from justicegraph.linking.wikidata.proposals import Candidate, Details, Proposal
from justicegraph.validate import private_data_in
from justicegraph.validate.privacy import OF_PEOPLE

CANDIDATES = 8
"""Candidates that a reviewer sees at most."""

_COMPARED = 30
"""Matches from which those are taken that were found for an entry."""
_LEAST = 0.02
"""The probability from which a candidate is worth a reviewer's time."""
_NAMES = 12
"""Other names that are shown at most."""
_WORD_BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PRIVATE = re.compile("|".join(rf"\b(?:{form})\b" for _, form in OF_PEOPLE.values()))

IrisByEntry = Mapping[str, Collection[str]]
"""The IRIs of the items that were found for an entry, by the entry's IRI."""


def propose(
    entries: Sequence[OwnEntry], items: Sequence[Item], source: str, day: str, found: IrisByEntry | None = None
) -> Iterator[Proposal]:
    """Yield a proposal for each entry; without candidates, it proposes that there is no such item.

    The matcher compares an entry with all items, and its candidates are those of them that were `found` for it. If it
    compared only these few, it would take any of them for likely.
    """
    items_by_iri = {item.record.id: item for item in items}
    matcher = Matcher([item.record for item in items]) if items else None
    for entry in entries:
        matches = matcher.match(entry.record, _COMPARED) if matcher else []
        candidates = [
            _candidate(match, items_by_iri[match.target.id])
            for match in matches
            if match.probability >= _LEAST and (found is None or match.target.id in found[entry.record.id])
        ]
        yield Proposal(
            entry=entry.record.id, name=entry.record.name, kind=entry.kind, source=source, found_on=day,
            details=_describe_entry(entry), candidates=tuple(candidates[:CANDIDATES]),
        )  # fmt: skip


def _candidate(match: Match, item: Item) -> Candidate:
    return Candidate(
        id=match.target.id, name=match.target.name, probability=round(match.probability, 4),
        is_match=match.is_match, reasons=match.reasons, details=_describe_item(item),
    )  # fmt: skip


def _describe_entry(entry: OwnEntry) -> Details:
    kind = _WORD_BOUNDARY.sub(" ", entry.kind).lower()
    return _describe(entry.record, [kind], entry.definition, entry.websites, entry.kind == "Person")


def _describe_item(item: Item) -> Details:
    """Return what is known of an item, without what the graph would not say of a living person (docs/model.md).

    Of a birth only the year is known here, of a person's whereabouts only the country.
    """
    record, description = item.record, item.description
    may_be_alive = ("person" in record.types or not record.types) and record.ended is None
    if any(private_data_in(description)) or (may_be_alive and _PRIVATE.search(description)):
        description = ""
    return _describe(record, item.classes, description, item.websites, record.types == {"person"})


def _describe(
    record: Record, kinds: Iterable[str], description: str, websites: Iterable[str], is_person: bool
) -> Details:
    began, ended = ("born", "died") if is_person else ("began", "ended")
    described = {
        "kind": kinds, "description": [description], "other names": record.aliases[:_NAMES],
        "country": [record.country], "city": [record.city],
        began: [str(record.began or "")], ended: [str(record.ended or "")],
        "website": [site for site in websites if urlsplit(site).scheme in {"http", "https"}] or [record.domain],
        "identifiers": [f"{name} {value}" for name, value in sorted(record.identifiers.items())],
    }  # fmt: skip
    public = {
        heading: [value for value in values if value and not any(private_data_in(value))]
        for heading, values in described.items()
    }
    return {heading: values for heading, values in public.items() if values}
