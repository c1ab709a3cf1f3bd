"""Classes of a query weigh, or rule out candidates."""

import json
from types import SimpleNamespace

import pytest

from justicegraph.linking.match import Match
from justicegraph.linking.reconcile.entries import Description, Entries, EntryClass
from justicegraph.linking.reconcile.jobs import Batch
from justicegraph.linking.reconcile.service import Reconciler
from justicegraph.linking.records import Record
from justicegraph.namespaces import ID, JG


@pytest.mark.parametrize(
    ("said", "ids_and_scores"),
    [
        ({}, {"a": 80, "b": 15, "c": 4}),
        ({"type": "Campaign", "type_strict": "should"}, {"a": 80, "b": 15, "c": 4}),
        ({"type": "Campaign", "type_strict": "any"}, {"b": 75, "c": 20}),
        ({"type": ["jg:Campaign", "Person"], "type_strict": "any"}, {"a": 80, "b": 15, "c": 4}),
        ({"type": [f"{JG}Campaign", "strike"], "type_strict": "all"}, {"c": 80}),
        ({"type": ["Campaign", "Person"], "type_strict": "all"}, {}),
    ],
)
def test_types_weigh_or_rule_out_and_what_is_ruled_out_leaves_its_probability_to_the_others(
    said: dict[str, object], ids_and_scores: dict[str, float]
) -> None:
    classes = {"a": ("Person",), "b": ("Campaign",), "c": ("Strike", "Campaign")}
    records = [Record(ID + name, name) for name in classes]
    shown = {ID + name: Description(kinds) for name, kinds in classes.items()}
    kinds = {name: EntryClass(name, name) for name in ("Person", "Campaign", "Strike")}
    reconciler = Reconciler(Entries(records, shown, kinds))
    matches = [Match(each, share, False, ()) for each, share in zip(records, (0.8, 0.15, 0.04), strict=True)]
    reconciler._matcher = SimpleNamespace(match=lambda _record, limit: matches[:limit])  # type: ignore[assignment]
    results = reconciler.handler(10_000)(Batch(json.dumps({"q": {"query": "x", **said}}))).read()
    assert {each["id"]: each["score"] for each in json.loads(results)["q"]["result"]} == ids_and_scores
