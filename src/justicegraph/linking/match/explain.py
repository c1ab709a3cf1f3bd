"""Explain a candidate: the reasons for and against it, in words, the weightiest first."""

from collections.abc import Sequence

from justicegraph.linking.match.features import FEATURES, Candidate
from justicegraph.linking.match.model import Model

_GROUPS = (
    (
        "same_text", "same_tokens", "ratio_above_90", "ratio_above_75", "token_sort_ratio_above_80", "contains",
        "abbreviated_by_target", "ratio", "token_sort_ratio",
    ),
    ("is_initials", "abbreviates_target"),
    ("same_city", "city_rarity", "same_country"),
)  # fmt: skip
"""Features that say the same: their weights are added up, and the first that applies gives the words."""
_AGAINST = frozenset(("other_country", "other_city", "other_number", "lacks_common_tokens", "other_script"))
"""Features that can only be against a candidate; the others can only be for it.

A weight of the other sign corrects another feature, and is not explained.
"""
_ALWAYS = frozenset(("same_city",))
"""Features that are always explained, whatever their weight: a match may depend on them."""
_LEAST = 0.3
"""The weight, in logarithmic odds, from which a feature is explained."""
_MOST = 6
"""How many reasons there are at most."""
_CLOSE_CALL = 1.0
"""The margin to another candidate below which a person should look."""


def explain(model: Model, kind: str, candidate: Candidate, facts: Sequence[str], margin: float) -> tuple[str, ...]:
    """Return the reasons for a candidate, each beginning with "for:" or "against:".

    `margin` is the difference between its score and the best other one.
    """
    contributions = _contributions(model, kind, candidate)
    weighted = [
        (weight, _words(model, name, weight)) for name, weight in contributions.items() if abs(weight) >= _LEAST
    ]
    weighted += [(model.facts[fact], model.explanations[fact]) for fact in facts]
    weighted = [(weight, words) for weight, words in weighted if words]
    weighted.sort(key=lambda pair: -abs(pair[0]))
    reasons = [f"{'for' if weight > 0 else 'against'}: {words}" for weight, words in weighted[:_MOST]]
    if margin < _CLOSE_CALL:
        reasons.append("against: another candidate is about as likely")
    return tuple(reasons)


def _contributions(model: Model, kind: str, candidate: Candidate) -> dict[str, float]:
    """Return how much each feature of a candidate adds to its score, with groups added up."""
    weights = {
        name: weight * value
        for name, weight, value in zip(FEATURES, model.weights[kind], candidate.features, strict=True)
        if value
    }
    for group in _GROUPS:
        present = [name for name in group if name in weights]
        if present:
            weights[present[0]] = sum(weights.pop(name) for name in present)
    for name in _ALWAYS & weights.keys():
        weights[name] = max(weights[name], _LEAST)
    return weights


def _words(model: Model, name: str, weight: float) -> str:
    """Return a feature in words; nothing if its weight has the sign that it cannot have."""
    if name == "name_margin" and weight < 0:
        return "another name is closer"
    return model.explanations.get(name, "") if (weight < 0) == (name in _AGAINST) else ""
