"""The matcher's metrics are computed right, and the model that ships reaches what its threshold promises."""

import pytest

from benchmarks.linking.data import FOLDER, noised_queries, targets
from benchmarks.linking.metrics import Prediction, calibration_error, measure, recall_at
from benchmarks.linking.set_by_hand import EXPLANATIONS, FACT_WEIGHTS
from justicegraph.linking.match import Matcher
from justicegraph.linking.match.model import read_model


def test_recall_and_calibration_are_counted_right() -> None:
    predictions = [Prediction("a", "a", 0.9, True), Prediction("b", "x", 0.8, True), Prediction("c", "c", 0.7, True)]
    assert recall_at(predictions, 0.99) == pytest.approx(1 / 3)
    assert recall_at(predictions, 0.6) == pytest.approx(2 / 3)
    assert calibration_error(predictions) == pytest.approx((0.1 + 0.8 + 0.3) / 3)


def test_what_is_set_by_hand_is_in_the_model() -> None:
    assert (read_model().facts, read_model().explanations) == (FACT_WEIGHTS, EXPLANATIONS)


# Slow: the matcher is trained.
def test_trained_threshold_holds_on_noised_names() -> None:
    if not (FOLDER / "organizations.jsonl.gz").is_file():
        pytest.skip("../shared/linking is not here")
    metrics = measure(Matcher(targets()), noised_queries("dev", 1500))
    assert metrics.precision >= 0.99
    assert (metrics.top > 0.98, metrics.candidates > 0.99, metrics.false <= 0.02) == (True, True, True)
