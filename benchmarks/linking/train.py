"""Train the matcher on the train split of ../shared/linking and write model.json: `python -m benchmarks.linking.train`.

The result is the same each time. The places of some queries are removed or changed, since those of the data come from
the very record that is looked for. The weights of facts that the data do not have are set by hand.
"""

import json
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.linking.data import FEW, MANY, LabelledQuery, noised_queries, real_queries, targets
from benchmarks.linking.set_by_hand import EXPLANATIONS, FACT_WEIGHTS
from justicegraph.linking.match.calibration import CALIBRATION_FEATURES, SIMILAR, Ranking, calibration_features, score
from justicegraph.linking.match.features import (
    FEATURES,
    NAME_KINDS,
    NO_MATCH_FEATURES,
    Candidate,
    find_candidates,
    kind_of_name,
    no_match_features,
    token_coverage,
)
from justicegraph.linking.match.index import Index

FILE = Path(__file__).parents[2] / "src" / "justicegraph" / "linking" / "match" / "model.json"
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """A query with its candidates, and the position of the right one among them, -1 if there is none."""

    query: LabelledQuery
    kind: str
    no_match: list[float]
    candidates: list[Candidate]
    right: int
    fold: int


FOLDS = 3
SAME_NAME, NOISED = 0.1, 2700
"""The share used of queries whose very name the target has, and how many noised names, with few typos and with many.

With all of the former, the model would learn that the same name is always the right one.
"""
PRECISION, FALSE = 0.993, 0.007
"""What the threshold reaches on the part held out of training, a little better than the .99 and .01 required elsewhere:
the share of its matches that are right, and the share of queries without a right answer that it matches."""
MOST = {"other_country": -1.5, "other_city": -0.5, "other_number": -1.0}
MOST_CALIBRATED = -1.5
"""The largest weights that these features may have in the choice, and another number in the calibration.

Too few rows have them to learn from.
"""

_OTHER_NUMBER = CALIBRATION_FEATURES.index("other_number")
_RATIO_ABOVE_75 = CALIBRATION_FEATURES.index("ratio_above_75")
_SAME_CITY = CALIBRATION_FEATURES.index("same_city")


def disturb_places(queries: Sequence[LabelledQuery], seed: int = 6) -> list[LabelledQuery]:
    """Return the queries with the city of one in ten removed, of one in fifty replaced, and some countries removed."""
    rng = random.Random(seed)
    disturbed = []
    for query in queries:
        draw, record = rng.random(), query.record
        if draw < 0.07:
            record = replace(record, city="")
        elif draw < 0.10:
            record = replace(record, city="", country="")
        elif draw < 0.12:
            record = replace(record, city=rng.choice(queries).record.city)
        disturbed.append(replace(query, record=record))
    return disturbed


def rows_of(index: Index, queries: Sequence[LabelledQuery]) -> list[Row]:
    """Return the queries that have candidates, with these; all queries for one organization are in one fold."""
    rows = []
    for query in queries:
        candidates = find_candidates(index, query.record)
        right = [at for at, each in enumerate(candidates) if index.targets[each.position].id == query.gold]
        fold = int(sha256((query.gold or query.record.id).encode()).hexdigest(), 16) % FOLDS
        no_match = no_match_features(index, query.record)
        rows.append(Row(query, kind_of_name(query.record), no_match, candidates, right[0] if right else -1, fold))
    return [row for row in rows if row.candidates]


def choice_weights(rows: Sequence[Row], left_out: Collection[str], steps: int) -> Array:
    """Return the weights of a conditional logit over candidates and none, by Adam (Kingma and Ba 2015) on all rows."""
    width, most = len(FEATURES) + len(NO_MATCH_FEATURES), max(len(row.candidates) for row in rows) + 1
    values = np.zeros((len(rows), most, width), dtype=np.float32)
    exists = np.zeros((len(rows), most), dtype=bool)
    right = np.array([row.right + 1 for row in rows])
    for at, row in enumerate(rows):
        values[at, 0, len(FEATURES) :] = row.no_match
        values[at, 1 : len(row.candidates) + 1, : len(FEATURES)] = [each.features for each in row.candidates]
        exists[at, : len(row.candidates) + 1] = True
    values[:, :, [at for at, name in enumerate(FEATURES) if name in left_out]] = 0
    weights = np.zeros(width)
    first, second = np.zeros(width), np.zeros(width)
    gold = values[np.arange(len(rows)), right].mean(axis=0)
    for step in range(1, steps + 1):
        scores = np.where(exists, values @ weights.astype(np.float32), -1e9)
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        slope = np.einsum("rc,rcw->w", shares, values) / len(rows) - gold + 2e-4 * weights
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        rate = 0.1 if step < steps * 0.7 else 0.02
        weights -= rate * first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return weights


def weights_by_kind(rows: Sequence[Row], left_out: Collection[str], steps: int) -> dict[str, Array]:
    """Return the weights for each kind of name; another place counts, though no right answer of the data has one."""
    by_kind = {kind: choice_weights([row for row in rows if row.kind == kind], left_out, steps) for kind in NAME_KINDS}
    for weights in by_kind.values():
        for name, most in MOST.items():
            if name not in left_out:
                weights[FEATURES.index(name)] = min(weights[FEATURES.index(name)], most)
    return by_kind


def calibration_row(index: Index, weights: Array, row: Row) -> tuple[list[float], bool]:
    """Return the calibration features of a row, and whether its best candidate is the right one."""
    of_features, of_no_match = weights[: len(FEATURES)].tolist(), weights[len(FEATURES) :].tolist()
    scores = [score(of_features, candidate.features) for candidate in row.candidates]
    order = sorted(range(len(scores)), key=lambda at: (-scores[at], row.candidates[at].position))
    best = row.candidates[order[0]]
    ranking = Ranking([scores[at] for at in order], score(of_no_match, row.no_match))
    coverage = token_coverage(index, row.query.record, best.position)
    return calibration_features(ranking, best, row.no_match, coverage), order[0] == row.right


def logistic_weights(values: Array, truth: Array, steps: int = 30) -> Array:
    """Return the weights of a logistic regression, by Newton's method with a small ridge."""
    weights = np.zeros(values.shape[1])
    ridge = np.eye(values.shape[1]) * 1.0
    for _ in range(steps):
        share = 1 / (1 + np.exp(-np.clip(values @ weights, -30, 30)))
        curve = values.T @ (values * (share * (1 - share))[:, None]) + ridge
        weights += np.linalg.solve(curve, values.T @ (truth - share) - ridge @ weights)
    return weights


def threshold(probabilities: Array, truth: Array, unanswerable: Array) -> float:
    """Return the lowest probability from which matches have PRECISION and at most FALSE of the unanswerable match."""
    order = np.argsort(-probabilities, kind="stable")
    precise = np.cumsum(truth[order]) / np.arange(1, len(order) + 1) >= PRECISION
    false = np.cumsum(unanswerable[order]) <= FALSE * unanswerable.sum()
    enough = np.flatnonzero(precise & false)
    return float(probabilities[order[enough[-1]]]) if len(enough) else 1.0


def training_queries(seed: int = 6) -> list[LabelledQuery]:
    """Return the queries to learn from: held-out names, some whose name the target has, and noised ones."""
    rng = random.Random(seed)
    real = [query for query in real_queries("train") if query.held_out or rng.random() < SAME_NAME]
    noised = [*noised_queries("train", NOISED, FEW), *noised_queries("train", NOISED, MANY, seed=7)]
    return disturb_places([*real, *noised])


def train(rows: Sequence[Row], index: Index, left_out: Collection[str] = (), steps: int = 500) -> dict[str, object]:
    """Return the content of model.json; the calibration and the threshold see only rows not trained on.

    Features that are left out have no weight, and the others make up for them as far as they can.
    """
    is_used = np.array([name not in left_out for name in CALIBRATION_FEATURES])
    calibrated: list[tuple[Row, Array, bool]] = []
    is_similar = []
    for fold in range(FOLDS):
        weights = weights_by_kind([row for row in rows if row.fold != fold], left_out, steps)
        for row in [row for row in rows if row.fold == fold]:
            features, right = calibration_row(index, weights[row.kind], row)
            calibrated.append((row, np.array(features) * is_used, right))
            is_similar.append(features[_RATIO_ABOVE_75] > 0)
    truth = np.array([float(right) for _, _, right in calibrated])
    values = np.array([features for _, features, _ in calibrated])
    similar = np.array(is_similar)
    calibration, probabilities = {}, np.zeros(len(calibrated))
    for kind in NAME_KINDS:
        of_kind = np.array([row.kind == kind for row, _, _ in calibrated])
        for name, part in ((kind, of_kind & ~similar), (f"{kind}{SIMILAR}", of_kind & similar)):
            calibration[name] = logistic_weights(values[part], truth[part])
            number = min(calibration[name][_OTHER_NUMBER], MOST_CALIBRATED)
            calibration[name][_OTHER_NUMBER] = number * is_used[_OTHER_NUMBER]
            probabilities[part] = 1 / (1 + np.exp(-values[part] @ calibration[name]))
    limit = _threshold(calibrated, probabilities, truth)
    return model(weights_by_kind(rows, left_out, steps), calibration, limit)


def _threshold(calibrated: Sequence[tuple[Row, Array, bool]], probabilities: Array, truth: Array) -> float:
    """Return the threshold that holds for real and for noised names, of those in the same city: only they can match.

    Names that the target has are left out, because they are the easy ones.
    """
    unanswerable = np.array([not row.query.gold for row, _, _ in calibrated])
    same_city = np.array([features[_SAME_CITY] > 0 for _, features, _ in calibrated])
    noised = np.array([row.query.kind == "noised" for row, _, _ in calibrated])
    held_out = np.array([row.query.held_out for row, _, _ in calibrated])
    probabilities = np.where(same_city, probabilities, 0.0)
    parts = (noised, held_out & ~noised)
    return max(threshold(probabilities[part], truth[part], unanswerable[part]) for part in parts)


def model(weights: dict[str, Array], calibration: dict[str, Array], limit: float) -> dict[str, object]:
    """Return the content of model.json."""
    return {
        "about": "Written by benchmarks/linking/train.py. The weights of `facts` are set by hand.",
        "threshold": round(limit, 4),
        "weights": {kind: _named(FEATURES, weights[kind][: len(FEATURES)]) for kind in NAME_KINDS},
        "no_match": {kind: _named(NO_MATCH_FEATURES, weights[kind][len(FEATURES) :]) for kind in NAME_KINDS},
        "facts": FACT_WEIGHTS,
        "calibration": {name: _named(CALIBRATION_FEATURES, weights) for name, weights in calibration.items()},
        "explanations": EXPLANATIONS,
    }


def _named(names: Sequence[str], weights: Array) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


def main() -> None:
    """Run the command."""
    index = Index(targets())
    rows = rows_of(index, training_queries())
    FILE.write_text(json.dumps(train(rows, index), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(rows):,} rows")


if __name__ == "__main__":
    main()
