"""A record to the targets that are likely the same thing, each with a probability and its reasons."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from justicegraph.linking.match.features import NAMES, Candidate, candidates, covered, kind_of, nil_clues
from justicegraph.linking.match.index import Index
from justicegraph.linking.match.model import Model, facts, logistic, product, read_model, sure_clues, sure_kind
from justicegraph.linking.records import Record

_GROUPS = (
    (
        "same_text", "same_words", "very_close", "close", "token_close", "one_in_the_other", "short_for_query",
        "ratio", "token_ratio",
    ),
    ("initials", "short_for"),
    ("city_agrees", "city_is_rare", "country_agrees"),
)  # fmt: skip
"""Clues that tell of one thing: their weights are told as one sum, in the words of the first that is there."""

_CITY = NAMES.index("city_agrees")
_BACKING = frozenset(("identifier_agrees", "domain_agrees", "dates_agree"))
_AGAINST = frozenset(
    ("country_contradicts", "city_contradicts", "number_contradicts", "kind_contradicts", "other_script")
)
"""Clues that can only speak against a target; the others only for it. Where a weight says otherwise, it corrects."""
_ALWAYS = frozenset(("city_agrees",))
"""What is told whatever it weighs: a match may rest on it."""
_SAID = 0.3
"""The weight, in logarithmic odds, from which on a clue is told."""


@dataclass(frozen=True, slots=True)
class Match:
    """A target, how likely it is the one (from 0 to 1), whether that is enough, and why, in words."""

    target: Record
    probability: float
    is_match: bool
    reasons: tuple[str, ...]

    @property
    def reason(self) -> str:
        """The reasons as one text."""
        return "; ".join(self.reasons)


class Matcher:
    """The targets and the model, ready to be asked; neither changes."""

    def __init__(self, targets: Iterable[Record], model: Model | None = None, folder: Path | None = None) -> None:
        self.model = model or read_model()
        self.index = Index(targets, folder)

    def match(self, record: Record, limit: int = 5) -> list[Match]:
        """Return up to `limit` likely targets, the likeliest first; only the first can be a match.

        The first one's probability is calibrated; those of the others are their share of what it leaves.
        """
        near = candidates(self.index, record)
        if not near:
            return []
        kind, model = kind_of(record), self.model
        told = [facts(record, self.index.targets[each.at]) for each in near]
        weights = model.weights[kind]
        scores = [
            product(weights, each.clues) + sum(model.given[fact] for fact in known)
            for each, known in zip(near, told, strict=True)
        ]
        order = sorted(range(len(near)), key=lambda place: (-scores[place], near[place].at))
        ranked = [scores[place] for place in order]
        nil = nil_clues(self.index, record)
        found = covered(self.index, record, near[order[0]].at)
        figures = sure_clues(nil, near[order[0]], ranked, product(model.nil[kind], nil), found)
        against = sum(min(model.given[fact], 0.0) for fact in told[order[0]])
        first = logistic(product(model.sure[sure_kind(kind, near[order[0]])], figures) + against)
        shares = _shares(first, ranked, product(model.nil[kind], nil))
        return [
            Match(
                self.index.targets[near[place].at],
                share,
                rank == 0 and share >= model.threshold and _is_backed(near[place], told[place]),
                self._reasons(kind, near[place], told[place], scores[place] - ranked[1 if rank == 0 else 0])
                if len(ranked) > 1
                else self._reasons(kind, near[place], told[place], math.inf),
            )
            for rank, (place, share) in enumerate(zip(order[:limit], shares, strict=False))
        ]

    def _reasons(self, kind: str, candidate: Candidate, known: Sequence[str], gap: float) -> tuple[str, ...]:
        """Return the clues that are there, in words, those that weigh most first."""
        told = {
            name: weight * figure
            for name, weight, figure in zip(NAMES, self.model.weights[kind], candidate.clues, strict=True)
            if figure
        }
        for group in _GROUPS:
            there = [name for name in group if name in told]
            if there:
                told[there[0]] = sum(told.pop(name) for name in there)
        for name in _ALWAYS & told.keys():
            told[name] = max(told[name], _SAID)
        weighed = [(weight, self._words(name, weight)) for name, weight in told.items() if abs(weight) >= _SAID]
        weighed += [(self.model.given[fact], self.model.said[fact]) for fact in known]
        weighed = [(weight, words) for weight, words in weighed if words]
        weighed.sort(key=lambda each: -abs(each[0]))
        found = [f"{'for' if weight > 0 else 'against'}: {words}" for weight, words in weighed[:6]]
        if gap < 1:
            found.append("against: another candidate is about as likely")
        return tuple(found)

    def _words(self, name: str, weight: float) -> str:
        """Return a clue in words; nothing where it speaks the other way than it can."""
        if name == "only_one_so_close" and weight < 0:
            return "another name is closer"
        return self.model.said.get(name, "") if (weight < 0) == (name in _AGAINST) else ""


def _is_backed(candidate: Candidate, known: Sequence[str]) -> bool:
    """Say whether more than names and a country agrees: without that, no threshold has the precision."""
    return candidate.clues[_CITY] > 0 or not _BACKING.isdisjoint(known)


def _shares(first: float, ranked: Sequence[float], none: float) -> list[float]:
    """Return the probabilities: of the first as it is, of the others their part of the rest, none of them included."""
    others = [math.exp(min(score - ranked[0], 0)) for score in ranked[1:]]
    whole = sum(others) + math.exp(min(none - ranked[0], 50))
    return [first, *((1 - first) * other / whole for other in others)]
