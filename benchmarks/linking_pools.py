"""The matcher on few targets, pools of the dev split and our own graph: `python -m benchmarks.linking --pools`."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.linking_data import Query, real_queries, targets
from justicegraph.linking.match.matcher import Matcher
from justicegraph.linking.records import Record, entries
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.sparql.evaluate import evaluate

POOLS = {10: 60, 100: 8, 300: 4, 3_000: 1}
"""How many pools of each size are drawn."""
KNOWN = {"country and city": (), "country": ("city",), "name alone": ("city", "country")}
"""What is asked with, and what is left out for that."""
_EACH = 600
"""Queries with an answer for one size of pools, at most; as many have none."""
_STRANGERS = 2_000

_ROOT = Path(__file__).parents[1]


def pools(size: int, seed: int = 6) -> Iterator[tuple[Matcher, list[Query]]]:
    """Yield matchers of pools of this size, with queries: as many about what is in the pool as about what is not.

    The queries are real names that the matcher was not trained on, of organizations of the dev split on both sides.
    """
    chance = random.Random(seed)
    known = {target.id: target for target in targets()}
    by_target: dict[str, list[Query]] = defaultdict(list)
    for query in real_queries("dev"):
        if query.held_out and query.gold in known:
            by_target[query.gold].append(query)
    for _ in range(POOLS[size]):
        here = chance.sample(sorted(by_target), min(size, len(by_target) // 2))
        more = chance.sample(sorted(known.keys() - by_target.keys()), size - len(here))
        inside = [query for each in here for query in by_target[each]]
        inside = chance.sample(inside, min(len(inside), _EACH // POOLS[size]))
        away = chance.sample(sorted(by_target.keys() - set(here)), len(inside))
        outside = [replace(chance.choice(by_target[each]), gold="") for each in away]
        yield Matcher([known[each] for each in (*here, *more)]), [*inside, *outside]


def strangers(seed: int = 6) -> tuple[Matcher, list[Query]]:
    """Return a matcher of our own entries, and queries by the names of organizations, hardly any of which is there."""
    folder = load_folder(_ROOT)
    store = store_of(folder)
    reason(store, folder.rules)
    ours = entries(partial(evaluate, store, union=True))
    names = {name.casefold() for each in ours for name in each.names}
    asked = [each for each in targets() if names.isdisjoint(name.casefold() for name in each.names)]
    return Matcher(ours), [_stranger(each) for each in random.Random(seed).sample(asked, _STRANGERS)]


def _stranger(target: Record) -> Query:
    return Query(replace(target, aliases=()), "", "stranger", True)


def tenth(queries: Sequence[Query], seed: int = 6) -> list[Query]:
    """Return queries of which a tenth has no answer, as in training."""
    known, none = ([query for query in queries if bool(query.gold) is has] for has in (True, False))
    return [*known, *random.Random(seed).sample(none, len(known) // 9)]
