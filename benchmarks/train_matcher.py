"""The train split of ../shared/linking to src/justicegraph/match/model.json: `python -m benchmarks.train_matcher`.

Deterministic. Places of some queries are taken away or changed, since those of the data come from the very record that
is looked for. Weights of facts that the data does not tell (GIVEN) are set by hand.
"""

import json
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.linking_data import FEW, MANY, Query, noised_queries, real_queries, targets
from benchmarks.matcher_words import GIVEN, WORDS
from justicegraph.linking.match.features import KINDS, NAMES, NIL, Candidate, candidates, covered, kind_of, nil_clues
from justicegraph.linking.match.index import Index
from justicegraph.linking.match.model import ALIKE, SURE, product, sure_clues

FILE = Path(__file__).parents[1] / "src" / "justicegraph" / "linking" / "match" / "model.json"
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """A query with its candidates and the place of the right one among them, -1 where there is none."""

    query: Query
    kind: str
    nil: list[float]
    near: list[Candidate]
    right: int
    fold: int


FOLDS = 3
KNOWN, NOISED = 0.1, 2700
"""The share taken of queries whose very name the target has (with all of them, whoever has the same name is the one),
and how many noised names, with few slips and with many."""
PRECISION, FALSE = 0.993, 0.007
"""What the threshold has on the part held out of training, a little better than the .99 and .01 it must have elsewhere:
the share of its matches that are right, and the share of queries without a right answer that it matches."""
HARD = {"country_contradicts": -1.5, "city_contradicts": -0.5, "number_contradicts": -1.0}
NUMBER = -1.5
"""The most that these clues may weigh in the choice, and another number in the calibration: few rows have them."""


_NUMBER = SURE.index("number_contradicts")


def disturbed(queries: Sequence[Query], seed: int = 6) -> list[Query]:
    """Return the queries with the city of every tenth gone, every fiftieth another, the country of some gone too."""
    chance = random.Random(seed)
    found = []
    for query in queries:
        draw, record = chance.random(), query.record
        if draw < 0.07:
            record = replace(record, city="")
        elif draw < 0.10:
            record = replace(record, city="", country="")
        elif draw < 0.12:
            record = replace(record, city=chance.choice(queries).record.city)
        found.append(replace(query, record=record))
    return found


def rows_of(index: Index, queries: Sequence[Query]) -> list[Row]:
    """Return the queries with their candidates; all queries for one organization are in one fold."""
    found = []
    for query in queries:
        near = candidates(index, query.record)
        right = [place for place, each in enumerate(near) if index.targets[each.at].id == query.gold]
        fold = int(sha256((query.gold or query.record.id).encode()).hexdigest(), 16) % FOLDS
        place = right[0] if right else -1
        found.append(Row(query, kind_of(query.record), nil_clues(index, query.record), near, place, fold))
    return [row for row in found if row.near]


def choice_weights(rows: Sequence[Row], left_out: Collection[str], steps: int) -> Array:
    """Return the weights of a conditional logit over candidates and none, by Adam (Kingma and Ba 2015) on all rows."""
    width, most = len(NAMES) + len(NIL), max(len(row.near) for row in rows) + 1
    figures = np.zeros((len(rows), most, width), dtype=np.float32)
    there = np.zeros((len(rows), most), dtype=bool)
    right = np.array([row.right + 1 for row in rows])
    for at, row in enumerate(rows):
        figures[at, 0, len(NAMES) :] = row.nil
        figures[at, 1 : len(row.near) + 1, : len(NAMES)] = [each.clues for each in row.near]
        there[at, : len(row.near) + 1] = True
    figures[:, :, [at for at, name in enumerate(NAMES) if name in left_out]] = 0
    weights = np.zeros(width)
    first, second = np.zeros(width), np.zeros(width)
    gold = figures[np.arange(len(rows)), right].mean(axis=0)
    for step in range(1, steps + 1):
        scores = np.where(there, figures @ weights.astype(np.float32), -1e9)
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        slope = np.einsum("rc,rcw->w", shares, figures) / len(rows) - gold + 2e-4 * weights
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        rate = 0.1 if step < steps * 0.7 else 0.02
        weights -= rate * first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return weights


def kind_weights(rows: Sequence[Row], left_out: Collection[str], steps: int) -> dict[str, Array]:
    """Return the weights for each kind; that a place contradicts, which no right answer of the data does, counts."""
    found = {kind: choice_weights([row for row in rows if row.kind == kind], left_out, steps) for kind in KINDS}
    for weights in found.values():
        for name, most in HARD.items():
            if name not in left_out:
                weights[NAMES.index(name)] = min(weights[NAMES.index(name)], most)
    return found


def scored(index: Index, weights: Array, row: Row) -> tuple[list[float], bool]:
    """Return the figures of SURE for a row, and whether its best candidate is the right one."""
    named, none = weights[: len(NAMES)].tolist(), product(weights[len(NAMES) :].tolist(), row.nil)
    scores = [product(named, each.clues) for each in row.near]
    order = sorted(range(len(row.near)), key=lambda place: (-scores[place], row.near[place].at))
    best = row.near[order[0]]
    found = covered(index, row.query.record, best.at)
    return sure_clues(row.nil, best, [scores[place] for place in order], none, found), order[0] == row.right


def logistic_weights(figures: Array, truth: Array, steps: int = 30) -> Array:
    """Return the weights of a logistic regression, by Newton's method with a small ridge."""
    weights = np.zeros(figures.shape[1])
    ridge = np.eye(figures.shape[1]) * 1.0
    for _ in range(steps):
        share = 1 / (1 + np.exp(-np.clip(figures @ weights, -30, 30)))
        curve = figures.T @ (figures * (share * (1 - share))[:, None]) + ridge
        weights += np.linalg.solve(curve, figures.T @ (truth - share) - ridge @ weights)
    return weights


def threshold(chances: Array, truth: Array, none: Array) -> float:
    """Return the lowest probability from which on matches have PRECISION and match no more than FALSE of `none`."""
    order = np.argsort(-chances, kind="stable")
    held = np.cumsum(truth[order]) / np.arange(1, len(order) + 1) >= PRECISION
    false = np.cumsum(none[order]) <= FALSE * none.sum()
    enough = np.flatnonzero(held & false)
    return float(chances[order[enough[-1]]]) if len(enough) else 1.0


def chosen(seed: int = 6) -> list[Query]:
    """Return the queries to learn from: held-out names, some whose name the target has, and noised ones."""
    chance = random.Random(seed)
    real = [query for query in real_queries("train") if query.held_out or chance.random() < KNOWN]
    return disturbed([*real, *noised_queries("train", NOISED, FEW), *noised_queries("train", NOISED, MANY, seed=7)])


def train(rows: Sequence[Row], index: Index, left_out: Collection[str] = (), steps: int = 500) -> dict[str, object]:
    """Return what model.json holds, from rows; the calibration and the threshold see only rows not trained on.

    Clues that are left out have no weight, and the others make up for it as far as they can.
    """
    there = np.array([name not in left_out for name in SURE])
    told: list[tuple[Row, Array, bool]] = []
    is_alike = []
    for fold in range(FOLDS):
        weights = kind_weights([row for row in rows if row.fold != fold], left_out, steps)
        for row in [row for row in rows if row.fold == fold]:
            known, right = scored(index, weights[row.kind], row)
            told.append((row, np.array(known) * there, right))
            is_alike.append(known[SURE.index("close")] > 0)
    truth = np.array([float(right) for _, _, right in told])
    figures = np.array([each for _, each, _ in told])
    alike = np.array(is_alike)
    sure, chances = {}, np.zeros(len(told))
    for kind in KINDS:
        of_kind = np.array([row.kind == kind for row, _, _ in told])
        for name, part in ((kind, of_kind & ~alike), (f"{kind} {ALIKE}", of_kind & alike)):
            sure[name] = logistic_weights(figures[part], truth[part])
            sure[name][_NUMBER] = min(sure[name][_NUMBER], NUMBER) * there[_NUMBER]
            chances[part] = 1 / (1 + np.exp(-figures[part] @ sure[name]))
    return model(kind_weights(rows, left_out, steps), sure, _threshold(told, chances, truth))


def _threshold(told: Sequence[tuple[Row, Array, bool]], chances: Array, truth: Array) -> float:
    """Return the threshold that holds for real and for noised names, of those that a match is allowed for: in a city.

    Names that the target has are left out: they are the easy ones.
    """
    none = np.array([not row.query.gold for row, _, _ in told])
    city = np.array([figures[SURE.index("city_agrees")] > 0 for _, figures, _ in told])
    noised = np.array([row.query.kind == "noised" for row, _, _ in told])
    held = np.array([row.query.held_out for row, _, _ in told])
    chances = np.where(city, chances, 0.0)
    return max(threshold(chances[part], truth[part], none[part]) for part in (noised, held & ~noised))


def main() -> None:
    index = Index(targets())
    rows = rows_of(index, chosen())
    FILE.write_text(json.dumps(train(rows, index), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(rows):,} rows")


def model(weights: dict[str, Array], sure: dict[str, Array], limit: float) -> dict[str, object]:
    """Return what model.json holds."""
    return {
        "about": "Written by benchmarks/train_matcher.py. `given` is set by hand.",
        "threshold": round(limit, 4),
        "weights": {kind: _named(NAMES, weights[kind][: len(NAMES)]) for kind in KINDS},
        "none_of_them": {kind: _named(NIL, weights[kind][len(NAMES) :]) for kind in KINDS},
        "given": GIVEN,
        "sure": {kind: _named(SURE, weights) for kind, weights in sure.items()},
        "words": WORDS,
    }


def _named(names: Sequence[str], weights: Array) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


if __name__ == "__main__":
    main()
