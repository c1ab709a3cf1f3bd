"""The mix of queries, and a log as many people write it: many queries like those, few of them asked again and again."""

import re
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from pathlib import Path
from random import Random

DISTINCT = 10_000
LENGTH = 500_000
"""Requests in a log, more than any server answers in a run."""

_MIX = Path(__file__).with_name("mix")
_NAMED = re.compile(r'(?:\bid:|/doc/)([a-z0-9-]+)|"(Invented [A-Z][a-z]+ [0-9]+)"')


def mix() -> dict[str, str]:
    """Return the queries of the mix by their names."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(_MIX.glob("*.rq"))}


def variants(query: str, slugs: Iterable[str]) -> list[str]:
    """Return a query for each entry, of these, that is of the kind of the one it names; itself where it names none."""
    found = _NAMED.search(query)
    if not found:
        return [query]
    slug = found[1] or found[2].lower().replace(" ", "-")
    return [_renamed(query, slug, other) for other in slugs if _kind(other) == _kind(slug)]


def distinct(queries: Iterable[str], slugs: Sequence[str], seed: int) -> list[str]:
    """Return up to DISTINCT variants, as many of each query as there are and fit, in an order of chance."""
    chance = Random(seed)
    each = [variants(query, slugs) for query in queries]
    for some in each:
        chance.shuffle(some)
    among = [query for query in chain.from_iterable(zip_longest(*each)) if query is not None][:DISTINCT]
    chance.shuffle(among)
    return among


def turns(count: int, seed: int, length: int = LENGTH) -> list[int]:
    """Return which of so many queries come one after the other, from 1: the nth one n times as rarely as the first."""
    return Random(seed).choices(range(1, count + 1), [1 / rank for rank in range(1, count + 1)], k=length)


def _kind(slug: str) -> str:
    """Return the kind of an entry of an invented graph, where whatever is not invented is a cause."""
    return slug.rpartition("-")[0] if slug.startswith("invented-") else "cause"


def _renamed(query: str, slug: str, other: str) -> str:
    """Return the query with another entry, its id and its name, in the place of one."""
    return query.replace(slug, other).replace(_name(slug), _name(other))


def _name(slug: str) -> str:
    return slug.replace("-", " ").title()
