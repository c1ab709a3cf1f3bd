"""A word with a slip of the pen, or cut short, to the words of the targets that it may be."""

from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process

_END = 3
"""Letters at either end by which words are found: a slip leaves one of the ends whole, mostly."""
_MOST, _LIKE = 4, 75
"""How many words to return, and how like they must be, of 100."""
_SEEN = 400
"""How many words of one end are compared at most, the commonest ones."""


class Spelling:
    """The words of the targets, each with how much it tells; read-only once made."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights
        self.near = lru_cache(maxsize=1 << 12)(self._near)
        self._ends: dict[str, list[str]] = {}
        for word in sorted(weights, key=weights.__getitem__):
            if len(word) > _END:
                self._ends.setdefault(word[:_END], []).append(word)
                self._ends.setdefault(f"-{word[-_END:]}", []).append(word)

    def is_odd(self, word: str) -> bool:
        """Say whether no target has a word, so that it may be a slip."""
        return word not in self._weights and len(word) > 2

    def _near(self, word: str) -> list[str]:
        """Return the words that this one may be: those it is the beginning of, or the likest, the commonest first."""
        first = self._ends.get(word[:_END], [])
        longer = [other for other in first if other.startswith(word)][:_MOST] if len(word) < 6 else []
        ends = [*first[:_SEEN], *self._ends.get(f"-{word[-_END:]}", [])[:_SEEN]]
        like = process.extract(word, ends, scorer=fuzz.ratio, score_cutoff=_LIKE, limit=_MOST)
        return list(dict.fromkeys([*longer, *(other for other, _, _ in like)]))
