"""Small pools of targets, drawn from the dev split, and our own graph: how the matcher does on few targets."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.linking.data import LabelledQuery, real_queries, targets
from justicegraph.linking.match import Matcher
from justicegraph.linking.records import Record, entries
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.sparql.evaluate import evaluate

POOLS = {10: 60, 100: 8, 300: 4, 3_000: 1}
"""How many pools of each size are drawn."""
EVIDENCE = {"country and city": (), "country": ("city",), "name alone": ("city", "country")}
"""What queries have besides the name, and the fields that are emptied for that."""
_QUERIES = 600
"""Queries with an answer for one size of pools, at most; as many have none."""
_STRANGERS = 2_000

_ROOT = Path(__file__).parents[2]


def pools(size: int, seed: int = 6) -> Iterator[tuple[Matcher, list[LabelledQuery]]]:
    """Yield matchers of pools of this size, each with as many queries on what is in the pool as on what is not.

    The queries are real names on which the matcher was not trained, of organizations of the dev split.
    """
    rng = random.Random(seed)
    targets_by_id = {target.id: target for target in targets()}
    queries_by_target: dict[str, list[LabelledQuery]] = defaultdict(list)
    for query in real_queries("dev"):
        if query.held_out and query.gold in targets_by_id:
            queries_by_target[query.gold].append(query)
    for _ in range(POOLS[size]):
        asked = rng.sample(sorted(queries_by_target), min(size, len(queries_by_target) // 2))
        others = rng.sample(sorted(targets_by_id.keys() - queries_by_target.keys()), size - len(asked))
        inside = [query for target in asked for query in queries_by_target[target]]
        inside = rng.sample(inside, min(len(inside), _QUERIES // POOLS[size]))
        absent = rng.sample(sorted(queries_by_target.keys() - set(asked)), len(inside))
        outside = [replace(rng.choice(queries_by_target[target]), gold="") for target in absent]
        yield Matcher([targets_by_id[target] for target in (*asked, *others)]), [*inside, *outside]


def strangers(seed: int = 6) -> tuple[Matcher, list[LabelledQuery]]:
    """Return a matcher of our own entries, and queries by the names of organizations that no entry of ours has."""
    folder = load_folder(_ROOT)
    store = store_of(folder)
    reason(store, folder.rules)
    records = entries(partial(evaluate, store, union=True))
    names = {name.casefold() for record in records for name in record.names}
    others = [target for target in targets() if names.isdisjoint(name.casefold() for name in target.names)]
    return Matcher(records), [_stranger(target) for target in random.Random(seed).sample(others, _STRANGERS)]


def _stranger(target: Record) -> LabelledQuery:
    return LabelledQuery(replace(target, aliases=()), "", "stranger", True)


def with_a_tenth_unanswerable(queries: Sequence[LabelledQuery], seed: int = 6) -> list[LabelledQuery]:
    """Return queries of which a tenth has no answer, as in training."""
    answerable, unanswerable = ([query for query in queries if bool(query.gold) is has] for has in (True, False))
    return [*answerable, *random.Random(seed).sample(unanswerable, len(answerable) // 9)]
