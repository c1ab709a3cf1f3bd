"""Compare what is known of a record and a target besides names and places: identifiers, website, types and dates.

Each fact adds a weight to the score. The weights are set by hand, since the training data have no such facts.
"""

from justicegraph.linking.records import Record

SUPPORTING_FACTS = frozenset(("same_identifier", "same_website", "same_dates"))
"""The facts that make a match credible where only names and the country agree."""


def compare_facts(record: Record, target: Record) -> list[str]:
    """Return the facts on which both sides say something, by the names of their weights, such as same_website."""
    if not (record.identifiers or record.domain or record.types or record.began or record.ended):
        return []
    facts = []
    shared = record.identifiers.keys() & target.identifiers.keys()
    if shared:
        same = all(record.identifiers[scheme] == target.identifiers[scheme] for scheme in shared)
        facts.append("same_identifier" if same else "other_identifier")
    if record.domain and target.domain:
        facts.append("same_website" if record.domain == target.domain else "other_website")
    if record.types and target.types:
        facts.append("same_type" if record.types & target.types else "other_type")
    return [*facts, *_compare_dates(record, target)]


def _compare_dates(record: Record, target: Record) -> list[str]:
    pairs = [(record.began, target.began), (record.ended, target.ended)]
    years = [abs(one - other) for one, other in pairs if one is not None and other is not None]
    if not years:
        return []
    return ["same_dates" if max(years) <= 1 else "other_dates" if max(years) > 2 else "similar_dates"]
