"""Clues to a probability and its reasons: a logit over the candidates and "none of them", then one that calibrates.

The first is McFadden's conditional logit (1974); the second is Platt's scaling (1999), with the gap to the runner-up.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from justicegraph.linking.match.features import KINDS, NAMES, NIL, Candidate
from justicegraph.linking.records import Record

SURE = (
    "constant", "odds", "gap", "small_gap", "place", "asked_words_found", "its_words_found", "both_found",
    "odds_unfound", "odds_other_script", "odds_same", "no_city",
    "same_words", "same_text", "ratio", "token_ratio", "rare_words_both", "only_one_so_close", "initials",
    "short_for", "short_for_query", "city_agrees", "city_is_rare", "city_contradicts", "in_city_name", "other_script",
    "number_contradicts", "kind_contradicts", "close", "very_close", "token_close", "one_in_the_other",
    "rare_words_query", "rare_words_target",
)  # fmt: skip
"""What the calibration looks at, of the first candidate alone."""
ALIKE = "alike"
"""Of each kind there are two calibrations: for names as if misspelt, and for others."""
_CLOSE = NAMES.index("close")
_FILE = Path(__file__).with_name("model.json")


@dataclass(frozen=True)
class Model:
    """Weights by clue as model.json has them; `threshold` is the probability whose precision was at least .99."""

    weights: Mapping[str, Sequence[float]]
    nil: Mapping[str, Sequence[float]]
    given: Mapping[str, float]
    sure: Mapping[str, Sequence[float]]
    said: Mapping[str, str]
    threshold: float


@cache
def read_model(path: Path = _FILE) -> Model:
    """Return the model that a file holds: by default the one that ships."""
    return model_of(json.loads(path.read_text(encoding="utf-8")))


def model_of(said: Mapping[str, Any]) -> Model:
    """Return the model that model.json tells of."""
    return Model(
        {kind: [said["weights"][kind][name] for name in NAMES] for kind in KINDS},
        {kind: [said["none_of_them"][kind][name] for name in NIL] for kind in KINDS},
        said["given"],
        {kind: [told[name] for name in SURE] for kind, told in said["sure"].items()},
        said["words"],
        said["threshold"],
    )


def sure_kind(kind: str, best: Candidate) -> str:
    """Return the name of the calibration for a kind of query and its best candidate."""
    return f"{kind} {ALIKE}" if best.clues[_CLOSE] > 0 else kind


def product(weights: Sequence[float], figures: Sequence[float]) -> float:
    """Return the sum of the products."""
    return sum(map(float.__mul__, weights, figures))


def facts(record: Record, target: Record) -> list[str]:
    """Return what is known on both sides beside names and places, as names of given weights."""
    if not (record.identifiers or record.domain or record.types or record.began or record.ended):
        return []
    found = []
    shared = record.identifiers.keys() & target.identifiers.keys()
    if shared:
        same = all(record.identifiers[scheme] == target.identifiers[scheme] for scheme in shared)
        found.append("identifier_agrees" if same else "identifier_contradicts")
    if record.domain and target.domain:
        found.append("domain_agrees" if record.domain == target.domain else "domain_contradicts")
    if record.types and target.types:
        found.append("type_agrees" if record.types & target.types else "type_contradicts")
    dates = [(record.began, target.began), (record.ended, target.ended)]
    gaps = [abs(one - other) for one, other in dates if one is not None and other is not None]
    if gaps:
        found.append("dates_agree" if max(gaps) <= 1 else "dates_contradict" if max(gaps) > 2 else "dates_near")
    return found


def sure_clues(
    nil: Sequence[float], best: Candidate, scores: Sequence[float], none: float, found: tuple[float, float]
) -> list[float]:
    """Return the figures of SURE.

    `scores` are of the candidates, the best first, `none` is that of no match, `found` what `covered` says of the best.
    """
    top = scores[0]
    others = sum(math.exp(min(score - top, 0)) for score in scores[1:])
    odds = max(-9.0, min(9.0, -math.log(math.exp(min(none - top, 50)) + others)))
    gap = max(0.0, min(9.0, top - scores[1])) if len(scores) > 1 else 9.0
    clue = dict(zip(NAMES, best.clues, strict=True))
    asked, its = found
    named = [clue[name] for name in SURE[12:]]
    return [
        1.0, odds, gap, math.exp(-gap), nil[1], asked, its, asked * its, odds * (1 - asked * its),
        odds * clue["other_script"], odds * clue["same_words"], nil[3], *named,
    ]  # fmt: skip


def logistic(odds: float) -> float:
    """Return the probability of logarithmic odds."""
    return 1 / (1 + math.exp(-odds)) if odds > -700 else 0.0
