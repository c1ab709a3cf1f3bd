"""Learn which words translate which, and write match/lexicon.json: `python -m benchmarks.linking.lexicon`.

The translations are learned from targets that have names in several languages: each other name is taken as a
translation of the first one (IBM model 1, Brown and others 1993). The result is the same each time.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from benchmarks.linking.data import targets
from justicegraph.linking.match.names import split_tokens
from justicegraph.linking.records import Record
from justicegraph.text import normalize_name

FILE = Path(__file__).parents[2] / "src" / "justicegraph" / "linking" / "match" / "lexicon.json"
Tokens = tuple[str, ...]
_ROUNDS = 8
_LEAST, _SHARE, _ABSENT = 4, 0.2, 0.4
"""How often a token must translate the other; in which share of the names that lack the other; and in which share of
all names the other must be absent. A token that both names mostly have, such as a place, needs no translation."""


def pairs_of(records: Sequence[Record]) -> list[tuple[Tokens, Tokens]]:
    """Return the tokens of first names paired with those of other names, in both directions."""
    pairs = []
    for record in records:
        first = split_tokens(normalize_name(record.name))
        for name in record.aliases:
            other = split_tokens(normalize_name(name))
            if len(other) > 1 and len(first) > 1:
                pairs += [(first, other), (other, first)]
    return pairs


def expected_counts(pairs: Sequence[tuple[Tokens, Tokens]]) -> dict[tuple[str, str], float]:
    """Return how often the model expects a token of one name to translate a token of the other."""
    unshared = [
        (tuple(token for token in ones if token not in others), tuple(token for token in others if token not in ones))
        for ones, others in pairs
    ]
    probability: dict[tuple[str, str], float] = {}
    counts: defaultdict[tuple[str, str], float] = defaultdict(float)
    for _ in range(_ROUNDS):
        counts = defaultdict(float)
        totals: defaultdict[str, float] = defaultdict(float)
        for ones, others in unshared:
            for one in ones if others else ():
                shares = [probability.get((one, other), 1.0) for other in others]
                total = sum(shares)
                for other, share in zip(others, shares, strict=True):
                    counts[one, other] += share / total
                    totals[other] += share / total
        probability = {pair: count / totals[pair[1]] for pair, count in counts.items()}
    return counts


def translations(records: Sequence[Record]) -> dict[str, str]:
    """Return the more common token that a token translates to, where that is clear."""
    pairs = pairs_of(records)
    frequency = Counter(token for tokens, _ in pairs for token in tokens)
    counts: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for (token, other), count in expected_counts(pairs).items():
        counts[token].append((count, other))
    best = {token: sorted(others, reverse=True)[:2] for token, others in counts.items()}
    totals = {token: sum(count for count, _ in others) for token, others in counts.items()}
    clear = {
        token: other
        for token, [(count, other), *second] in best.items()
        if count >= max(_LEAST, _SHARE * totals[token], *(1.5 * less for less, _ in second))
        and frequency[other] > frequency[token]
        and totals[token] > _ABSENT * frequency[token]
    }
    return {token: _last(clear, other) for token, other in sorted(clear.items())}


def _last(translation: dict[str, str], token: str) -> str:
    """Return the end of a chain of translations; each token is more common than the one before, so there is an end."""
    while token in translation:
        token = translation[token]
    return token


def main() -> None:
    """Run the command."""
    lexicon = translations(targets())
    FILE.write_text(json.dumps(lexicon, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(lexicon):,} words")


if __name__ == "__main__":
    main()
