"""Turn scores into probabilities.

Scores are logarithmic odds of a conditional logit over the candidates and "none of them" (McFadden 1974). The best
candidate's probability is calibrated by a logistic regression on its score, its margin and its features (Platt 1999).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from justicegraph.linking.match.features import FEATURES, Candidate

_OF_BEST = (
    "same_tokens", "same_text", "ratio", "token_sort_ratio", "shared_idf_of_both", "name_margin", "is_initials",
    "abbreviates_target", "abbreviated_by_target", "same_city", "city_rarity", "other_city", "city_in_name",
    "other_script", "other_number", "lacks_common_tokens", "ratio_above_75", "ratio_above_90",
    "token_sort_ratio_above_80", "contains", "shared_idf_of_query", "shared_idf_of_target",
)  # fmt: skip
"""Features of the best candidate that the calibration uses again."""
CALIBRATION_FEATURES = (
    "constant", "log_odds", "margin", "margin_decay", "targets_in_place", "query_coverage", "target_coverage",
    "coverage_of_both", "log_odds_uncovered", "log_odds_other_script", "log_odds_same_tokens", "no_city", *_OF_BEST,
)  # fmt: skip
"""The features of the calibration, all of the best candidate."""
SIMILAR = "_similar"
"""The end of the name of a calibration for similar names, such as misspelled ones. Other names have their own."""
_RATIO_ABOVE_75 = FEATURES.index("ratio_above_75")
_MOST = 9.0
"""The cap on log-odds and margin: a larger value counts as this."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The scores of the candidates, best first, and the score of the choice that none of them is right."""

    scores: Sequence[float]
    no_match: float


def score(weights: Sequence[float], features: Sequence[float]) -> float:
    """Return the weighted sum of features."""
    return sum(map(float.__mul__, weights, features))


def calibration_name(kind: str, best: Candidate) -> str:
    """Return which calibration is for a kind of name and its best candidate."""
    return f"{kind}{SIMILAR}" if best.features[_RATIO_ABOVE_75] > 0 else kind


def calibration_features(
    ranking: Ranking, best: Candidate, no_match_features: Sequence[float], coverage: tuple[float, float]
) -> list[float]:
    """Return the values of CALIBRATION_FEATURES; `coverage` is what `token_coverage` returns for the best candidate."""
    top, scores = ranking.scores[0], ranking.scores
    others = sum(math.exp(min(score - top, 0)) for score in scores[1:])
    log_odds = max(-_MOST, min(_MOST, -math.log(math.exp(min(ranking.no_match - top, 50)) + others)))
    margin = max(0.0, min(_MOST, top - scores[1])) if len(scores) > 1 else _MOST
    value = dict(zip(FEATURES, best.features, strict=True))
    query, target = coverage
    _, targets_in_place, _, no_city, _ = no_match_features
    return [
        1.0, log_odds, margin, math.exp(-margin), targets_in_place, query, target, query * target,
        log_odds * (1 - query * target), log_odds * value["other_script"], log_odds * value["same_tokens"], no_city,
        *[value[name] for name in _OF_BEST],
    ]  # fmt: skip


def logistic(log_odds: float) -> float:
    """Return the probability of logarithmic odds."""
    return 1 / (1 + math.exp(-log_odds)) if log_odds > -700 else 0.0


def probabilities(best: float, ranking: Ranking) -> list[float]:
    """Return the probability of each candidate: the best one's as given, and shares of the rest for the others.

    "None of them" has a share too, so the sum may be below 1.
    """
    top = ranking.scores[0]
    others = [math.exp(min(score - top, 0)) for score in ranking.scores[1:]]
    total = sum(others) + math.exp(min(ranking.no_match - top, 50))
    return [best, *((1 - best) * other / total for other in others)]
