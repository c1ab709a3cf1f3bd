"""Candidates have scores that never rise, and short descriptions."""

from typing import Any

from justicegraph.linking.match import Match
from justicegraph.linking.reconcile.candidates import candidates_of
from justicegraph.linking.reconcile.entries import Description, Entries
from justicegraph.linking.records import Record
from justicegraph.namespaces import ID

RECORD = Record(ID + "invented", "Invented")


def features(candidate: dict[str, Any]) -> dict[str, Any]:
    return {feature["id"]: feature["value"] for feature in candidate["features"]}


def test_scores_never_rise_though_probabilities_do() -> None:
    known = Entries([RECORD], {RECORD.id: Description(definition="word " * 100)})
    matches = [Match(RECORD, share, False, ()) for share in (0.2, 0.5, 0.0001)]
    found = candidates_of(known, RECORD, matches)
    assert [each["score"] for each in found] == [20.0, 20.0]
    assert [features(each)["probability"] for each in found] == [0.2, 0.5]
    assert (len(found[0]["description"]) <= 202, found[0]["description"].endswith("word …")) == (True, True)
