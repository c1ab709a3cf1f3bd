"""Entries and what may be the same elsewhere to proposals: how likely, why, and in words what is known of both."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from justicegraph.linking.match import Matcher
from justicegraph.linking.records import Record
from justicegraph.linking.records.wikidata import Item
from justicegraph.linking.wikidata.entries import Ours
from justicegraph.linking.wikidata.proposals import Candidate, Proposal, Told
from justicegraph.validate import private_data_in
from justicegraph.validate.privacy import OF_PEOPLE

CANDIDATES = 8
"""Candidates that a reviewer is shown."""

_COMPARED = 30
"""Candidates of which those are chosen that were found for an entry."""
_LEAST = 0.02
"""The probability from which on a candidate is worth a reviewer's look."""
_MANY = 12
"""Other names that are told."""
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PRIVATE = re.compile("|".join(rf"\b(?:{form})\b" for _, form in OF_PEOPLE.values()))


Found = Mapping[str, Collection[str]]
"""The IRIs of the items that were found for an entry, by its IRI."""


def propose(
    entries: Sequence[Ours], items: Sequence[Item], source: str, day: str, found: Found | None = None
) -> Iterator[Proposal]:
    """Yield a proposal for each entry, also where nothing may be the same: then that is what is proposed.

    All items are compared with each other, and an entry's candidates are of those that were `found` for it: among few
    items, the matcher takes any other for likely.
    """
    by_id = {item.record.id: item for item in items}
    matcher = Matcher([item.record for item in items]) if items else None
    for each in entries:
        matches = matcher.match(each.record, _COMPARED) if matcher else []
        candidates = [
            Candidate(
                id=match.target.id, name=match.target.name, probability=round(match.probability, 4),
                is_match=match.is_match, reasons=match.reasons, told=_told_of_item(by_id[match.target.id]),
            )
            for match in matches
            if match.probability >= _LEAST and (found is None or match.target.id in found[each.record.id])
        ]  # fmt: skip
        yield Proposal(
            entry=each.record.id, name=each.record.name, kind=each.kind, source=source, found_on=day,
            told=_told_of_ours(each), candidates=candidates[:CANDIDATES],
        )  # fmt: skip


def _told_of_ours(each: Ours) -> Told:
    kind = _WORDS.sub(" ", each.kind).lower()
    return _told(each.record, [kind], each.definition, each.websites, each.kind == "Person")


def _told_of_item(item: Item) -> Told:
    """Return what is known of an item, less what the graph keeps to itself of people who may be alive (docs/model.md).

    Of a birth only the year is known here, of a person's whereabouts only the country.
    """
    record, about = item.record, item.description
    is_person = "person" in record.types or not record.types
    if any(private_data_in(about)) or (is_person and record.ended is None and _PRIVATE.search(about)):
        about = ""
    return _told(record, item.classes, about, item.websites, record.types == {"person"})


def _told(record: Record, kinds: Iterable[str], about: str, websites: Iterable[str], is_person: bool) -> Told:
    began, ended = ("born", "died") if is_person else ("began", "ended")
    said = {
        "kind": kinds, "description": [about], "other names": record.aliases[:_MANY], "country": [record.country],
        "city": [record.city], began: [str(record.began or "")], ended: [str(record.ended or "")],
        "website": [each for each in websites if urlsplit(each).scheme in {"http", "https"}] or [record.domain],
        "identifiers": [f"{name} {value}" for name, value in sorted(record.identifiers.items())],
    }  # fmt: skip
    found = {
        heading: [value for value in values if value and not any(private_data_in(value))]
        for heading, values in said.items()
    }
    return {heading: values for heading, values in found.items() if values}
