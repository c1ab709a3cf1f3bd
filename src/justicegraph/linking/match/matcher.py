"""Match a record to the targets that are likely the same, each with a probability and the reasons for it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from justicegraph.linking.match.calibration import (
    Ranking,
    calibration_features,
    calibration_name,
    logistic,
    probabilities,
    score,
)
from justicegraph.linking.match.explain import explain
from justicegraph.linking.match.facts import SUPPORTING_FACTS, compare_facts
from justicegraph.linking.match.features import (
    FEATURES,
    Candidate,
    find_candidates,
    kind_of_name,
    no_match_features,
    token_coverage,
)
from justicegraph.linking.match.index import Index
from justicegraph.linking.match.model import Model, read_model
from justicegraph.linking.records import Record

_SAME_CITY = FEATURES.index("same_city")


@dataclass(frozen=True, slots=True)
class Match:
    """A target, the probability that it is the right one (0 to 1), whether that is enough, and the reasons in words."""

    target: Record
    probability: float
    is_match: bool
    reasons: tuple[str, ...]

    @property
    def reason(self) -> str:
        """The reasons as one text."""
        return "; ".join(self.reasons)


@dataclass(frozen=True, slots=True)
class _Scored:
    """A candidate, the facts on which it and the record both say something, and its score in logarithmic odds."""

    candidate: Candidate
    facts: Sequence[str]
    score: float


class Matcher:
    """The indexed targets and the model; neither changes, so processes can share it."""

    def __init__(self, targets: Iterable[Record], model: Model | None = None, folder: Path | None = None) -> None:
        """Index targets in memory, or in a folder."""
        self.model = model or read_model()
        self.index = Index(targets, folder)

    def match(self, record: Record, limit: int = 5) -> list[Match]:
        """Return up to `limit` likely targets, the likeliest first; only the first one can be a match.

        The first one's probability is calibrated; those of the others are shares of the rest.
        """
        kind = kind_of_name(record)
        ranked = self._rank(record, kind)
        if not ranked:
            return []
        features = no_match_features(self.index, record)
        ranking = Ranking([candidate.score for candidate in ranked], score(self.model.no_match[kind], features))
        best = self._probability(record, kind, ranked[0], ranking, features)
        return [
            Match(
                self.index.targets[scored.candidate.position],
                probability,
                rank == 0 and probability >= self.model.threshold and _is_supported(scored),
                explain(self.model, kind, scored.candidate, scored.facts, _margin(ranking, rank)),
            )
            for rank, (scored, probability) in enumerate(
                zip(ranked[:limit], probabilities(best, ranking), strict=False)
            )
        ]

    def _rank(self, record: Record, kind: str) -> list[_Scored]:
        """Return the candidates with their scores, best first."""
        weights, facts_weights = self.model.weights[kind], self.model.facts
        scored = []
        for candidate in find_candidates(self.index, record):
            facts = compare_facts(record, self.index.targets[candidate.position])
            of_facts = sum(facts_weights[fact] for fact in facts)
            scored.append(_Scored(candidate, facts, score(weights, candidate.features) + of_facts))
        return sorted(scored, key=lambda pair: (-pair.score, pair.candidate.position))

    def _probability(
        self, record: Record, kind: str, best: _Scored, ranking: Ranking, no_match_features: Sequence[float]
    ) -> float:
        """Return the calibrated probability that the best candidate is the right one.

        The calibration was trained without facts, so those against the candidate count in full once more.
        """
        coverage = token_coverage(self.index, record, best.candidate.position)
        features = calibration_features(ranking, best.candidate, no_match_features, coverage)
        against = sum(min(self.model.facts[fact], 0.0) for fact in best.facts)
        weights = self.model.calibration[calibration_name(kind, best.candidate)]
        return logistic(score(weights, features) + against)


def _margin(ranking: Ranking, rank: int) -> float:
    """Return the score of the candidate at a rank minus the best score of another one."""
    if len(ranking.scores) == 1:
        return math.inf
    return ranking.scores[rank] - ranking.scores[1 if rank == 0 else 0]


def _is_supported(scored: _Scored) -> bool:
    """Return whether more than names and a country agrees: without that, no threshold has the precision."""
    return scored.candidate.features[_SAME_CITY] > 0 or not SUPPORTING_FACTS.isdisjoint(scored.facts)
