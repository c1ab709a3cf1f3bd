"""The trained model in model.json: weights of the choice between candidates, its calibration, the threshold."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from justicegraph.linking.match.calibration import CALIBRATION_FEATURES
from justicegraph.linking.match.features import FEATURES, NAME_KINDS, NO_MATCH_FEATURES

_FILE = Path(__file__).with_name("model.json")


@dataclass(frozen=True)
class Model:
    """Weights in logarithmic odds; `threshold` is the probability from which matches had a precision of at least .99.

    `weights` and `no_match` are by kind of name, in the order of FEATURES and NO_MATCH_FEATURES; `facts` by fact;
    `calibration` by the name of the calibration, in the order of CALIBRATION_FEATURES. `explanations` are the words
    for each feature and fact.
    """

    weights: Mapping[str, Sequence[float]]
    no_match: Mapping[str, Sequence[float]]
    facts: Mapping[str, float]
    calibration: Mapping[str, Sequence[float]]
    explanations: Mapping[str, str]
    threshold: float


@cache
def read_model(path: Path = _FILE) -> Model:
    """Return the model in a file: by default the one that ships."""
    return parse_model(json.loads(path.read_text(encoding="utf-8")))


def parse_model(document: Mapping[str, Any]) -> Model:
    """Return the model that the JSON of model.json describes."""
    return Model(
        {kind: [document["weights"][kind][name] for name in FEATURES] for kind in NAME_KINDS},
        {kind: [document["no_match"][kind][name] for name in NO_MATCH_FEATURES] for kind in NAME_KINDS},
        document["facts"],
        {kind: [weights[name] for name in CALIBRATION_FEATURES] for kind, weights in document["calibration"].items()},
        document["explanations"],
        document["threshold"],
    )
