"""Scores become probabilities that never sum to more than one."""

import pytest

from justicegraph.linking.match.calibration import (
    CALIBRATION_FEATURES,
    Ranking,
    calibration_features,
    logistic,
    probabilities,
    score,
)
from justicegraph.linking.match.features import FEATURES, Candidate

BEST = Candidate(0, [0.0] * len(FEATURES))
NO_MATCH = [1.0, 0.3, 0.0, 1.0, 0.0]


def test_probabilities_share_what_the_best_one_leaves_with_no_match() -> None:
    best, second, third = probabilities(0.6, Ranking([3.0, 1.0, 1.0], 1.0))
    assert best == 0.6
    assert second == third == pytest.approx(0.4 / 3)


def test_logistic_of_no_evidence_is_a_half_and_extremes_do_not_overflow() -> None:
    assert (logistic(0.0), logistic(-10_000.0), logistic(10_000.0)) == (0.5, 0.0, 1.0)


def test_score_is_the_weighted_sum() -> None:
    assert score([2.0, -1.0], [0.5, 3.0]) == -2.0


def test_margin_and_coverage_are_features_of_the_calibration() -> None:
    values = calibration_features(Ranking([3.0, 1.0], 0.0), BEST, NO_MATCH, (0.5, 0.8))
    named = dict(zip(CALIBRATION_FEATURES, values, strict=True))
    expected = {"margin": 2.0, "query_coverage": 0.5, "target_coverage": 0.8, "targets_in_place": 0.3, "no_city": 1.0}
    assert {name: named[name] for name in expected} == expected


def test_candidate_without_rivals_has_the_largest_margin() -> None:
    assert calibration_features(Ranking([3.0], 0.0), BEST, NO_MATCH, (1.0, 1.0))[2] == 9.0
