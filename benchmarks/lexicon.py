"""The names of ../shared/linking's targets to src/justicegraph/match/lexicon.json: `python -m benchmarks.lexicon`.

Which word stands for which in another language is learned from targets that have names in several: each other name is
taken as a translation of the first one (IBM model 1, Brown and others 1993). Deterministic.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from benchmarks.linking_data import targets
from justicegraph.linking.match.names import folded, plain_words
from justicegraph.linking.records import Record

FILE = Path(__file__).parents[1] / "src" / "justicegraph" / "linking" / "match" / "lexicon.json"
Words = tuple[str, ...]
_ROUNDS = 8
_LEAST, _SURE, _APART = 4, 0.2, 0.4
"""How often a word must stand for the other, in which share of the times that the other name lacks it, and how often
the other name lacks it: a word that both names have mostly, as a place is, needs no translation."""


def pairs_of(records: Sequence[Record]) -> list[tuple[Words, Words]]:
    """Return the words of first names with those of other names, either way."""
    found = []
    for record in records:
        first = plain_words(folded(record.name))
        for name in record.aliases:
            other = plain_words(folded(name))
            if len(other) > 1 and len(first) > 1:
                found += [(first, other), (other, first)]
    return found


def counterparts(pairs: Sequence[tuple[Words, Words]]) -> dict[tuple[str, str], float]:
    """Return how often a word of one name stands where another word is in the other, as the model expects."""
    alone = [
        (tuple(word for word in theirs if word not in ours), tuple(word for word in ours if word not in theirs))
        for theirs, ours in pairs
    ]
    chance: dict[tuple[str, str], float] = {}
    counts: defaultdict[tuple[str, str], float] = defaultdict(float)
    for _ in range(_ROUNDS):
        counts = defaultdict(float)
        whole: defaultdict[str, float] = defaultdict(float)
        for theirs, ours in alone:
            for other in theirs if ours else ():
                shares = [chance.get((other, word), 1.0) for word in ours]
                total = sum(shares)
                for word, share in zip(ours, shares, strict=True):
                    counts[other, word] += share / total
                    whole[word] += share / total
        chance = {pair: count / whole[pair[1]] for pair, count in counts.items()}
    return counts


def translations(records: Sequence[Record]) -> dict[str, str]:
    """Return for words the commoner word that they stand for, where that is clear and they stand for one mostly."""
    pairs = pairs_of(records)
    told = Counter(word for theirs, _ in pairs for word in theirs)
    stands: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for (other, word), count in counterparts(pairs).items():
        stands[other].append((count, word))
    best = {other: sorted(each, reverse=True)[:2] for other, each in stands.items()}
    times = {other: sum(count for count, _ in each) for other, each in stands.items()}
    clear = {
        other: word
        for other, [(count, word), *second] in best.items()
        if count >= max(_LEAST, _SURE * times[other], *(1.5 * less for less, _ in second))
        and told[word] > told[other]
        and times[other] > _APART * told[other]
    }
    return {other: _last(clear, word) for other, word in sorted(clear.items())}


def _last(said: dict[str, str], word: str) -> str:
    """Return where a chain of words ends; each word is commoner than the one before, so it does."""
    while word in said:
        word = said[word]
    return word


def main() -> None:
    found = translations(targets())
    FILE.write_text(json.dumps(found, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(found):,} words")


if __name__ == "__main__":
    main()
