"""Correct the spelling of a token, or complete it, with tokens that targets have."""

from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process

_END = 3
"""Letters at either end by which tokens are found: a typo mostly leaves one of the two ends whole."""
_MOST, _SIMILARITY = 4, 75
"""How many corrections there are at most, and how similar they must be, from 0 to 100."""
_COMPARED = 400
"""How many tokens with the same end are compared at most, the most common ones."""


class Spelling:
    """The tokens of the targets, most common first; read-only once made."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        """Take the inverse document frequency of each token."""
        self._weights = weights
        self.correct = lru_cache(maxsize=1 << 12)(self._correct)
        self._by_end: dict[str, list[str]] = {}
        for token in sorted(weights, key=weights.__getitem__):
            if len(token) > _END:
                self._by_end.setdefault(token[:_END], []).append(token)
                self._by_end.setdefault(f"-{token[-_END:]}", []).append(token)

    def is_unknown(self, token: str) -> bool:
        """Return whether no target has a token, so that it may be misspelled."""
        return token not in self._weights and len(token) > 2

    def _correct(self, token: str) -> list[str]:
        """Return the tokens that may be meant: those that begin with this one, then the most similar ones."""
        same_start = self._by_end.get(token[:_END], [])
        longer = [other for other in same_start if other.startswith(token)][:_MOST] if len(token) < 6 else []
        same_ends = [*same_start[:_COMPARED], *self._by_end.get(f"-{token[-_END:]}", [])[:_COMPARED]]
        similar = process.extract(token, same_ends, scorer=fuzz.ratio, score_cutoff=_SIMILARITY, limit=_MOST)
        return list(dict.fromkeys([*longer, *(other for other, _, _ in similar)]))
