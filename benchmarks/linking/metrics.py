"""Metrics of a matcher on queries whose right answer is known: recall at a precision, calibration error, and others."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.linking.data import LabelledQuery
from justicegraph.linking.match import Match, Matcher


@dataclass(frozen=True)
class Prediction:
    """The right id, empty if there is none; the id and probability of the first match; whether it was accepted."""

    gold: str
    predicted: str
    probability: float
    is_accepted: bool

    @property
    def is_right(self) -> bool:
        """Whether there is a right id, and it was predicted."""
        return bool(self.gold) and self.gold == self.predicted


@dataclass(frozen=True)
class Metrics:
    """What a matcher reached on a set of queries."""

    queries: int
    top: float
    recall_95: float
    recall_99: float
    candidates: float
    calibration: float
    false: float
    precision: float
    recall: float
    rate: float


def measure(matcher: Matcher, queries: Sequence[LabelledQuery]) -> Metrics:
    """Return the metrics of a matcher on queries; shares are of the queries that have a right answer."""
    start = time.process_time()
    found = [matcher.match(query.record, limit=1) for query in queries]
    seconds = time.process_time() - start
    predictions = [_prediction(query, matches) for query, matches in zip(queries, found, strict=True)]
    answerable = [prediction for prediction in predictions if prediction.gold]
    unanswerable = [prediction for prediction in predictions if not prediction.gold]
    accepted = [prediction for prediction in predictions if prediction.is_accepted]
    right = sum(prediction.gold == prediction.predicted for prediction in accepted)
    in_candidates = sum(query.gold in _candidate_ids(matcher, query) for query in queries if query.gold)
    return Metrics(
        len(queries),
        sum(prediction.is_right for prediction in answerable) / len(answerable),
        recall_at(predictions, 0.95),
        recall_at(predictions, 0.99),
        in_candidates / len(answerable),
        calibration_error(predictions),
        sum(prediction.is_accepted for prediction in unanswerable) / max(len(unanswerable), 1),
        right / max(len(accepted), 1),
        right / len(answerable),
        len(queries) / seconds,
    )


def predict(matcher: Matcher, queries: Sequence[LabelledQuery]) -> list[Prediction]:
    """Return the predictions of a matcher for queries."""
    return [_prediction(query, matcher.match(query.record, limit=1)) for query in queries]


def _prediction(query: LabelledQuery, matches: Sequence[Match]) -> Prediction:
    if not matches:
        return Prediction(query.gold, "", 0.0, False)
    return Prediction(query.gold, matches[0].target.id, matches[0].probability, matches[0].is_match)


def _candidate_ids(matcher: Matcher, query: LabelledQuery) -> set[str]:
    return {matcher.index.targets[position].id for position, _ in matcher.index.search(query.record)}


def recall_at(predictions: Sequence[Prediction], precision: float) -> float:
    """Return the largest recall that any threshold on the probability reaches with at least this precision."""
    best, right = 0, 0
    ranked = sorted((each for each in predictions if each.predicted), key=lambda each: -each.probability)
    for accepted, prediction in enumerate(ranked, 1):
        right += prediction.gold == prediction.predicted
        is_last = accepted == len(ranked) or ranked[accepted].probability < prediction.probability
        if is_last and right >= precision * accepted:
            best = right
    return best / sum(bool(prediction.gold) for prediction in predictions)


def calibration_error(predictions: Sequence[Prediction], bins: int = 10) -> float:
    """Return the expected calibration error of the first matches, in bins of equal width (Naeini and others 2015)."""
    by_bin: dict[int, list[Prediction]] = {}
    for prediction in predictions:
        by_bin.setdefault(min(int(prediction.probability * bins), bins - 1), []).append(prediction)
    return sum(
        abs(sum(prediction.probability - prediction.is_right for prediction in group)) for group in by_bin.values()
    ) / len(predictions)
