"""Read the organizations and queries of ../shared/linking, and make queries with typos from them."""

import csv
import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from justicegraph.linking.records import Record

FOLDER = Path(__file__).parents[3] / "shared" / "linking"
_ORGANIZATIONS = FOLDER / "organizations.jsonl.gz"
_QUERIES = FOLDER / "organization_queries.csv.gz"


@dataclass(frozen=True)
class LabelledQuery:
    """A record to look for, and the id of the right target, empty if there is none."""

    record: Record
    gold: str
    kind: str
    held_out: bool


def targets() -> list[Record]:
    """Return the targets, without those whose `in_kb` is false, and without domains, which the queries have too."""
    return [_target(organization) for organization in _organizations() if organization["in_kb"]]


def _organizations() -> list[dict[str, Any]]:
    with gzip.open(_ORGANIZATIONS, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _target(organization: dict[str, Any]) -> Record:
    return Record(
        organization["id"],
        organization["name"],
        tuple(name["value"] for name in organization["names"]),
        organization["country"] or "",
        organization["city"] or "",
    )


def real_queries(split: str) -> list[LabelledQuery]:
    """Return the queries of a split: names that other people wrote, with country and city."""
    with gzip.open(_QUERIES, "rt", encoding="utf-8", newline="") as lines:
        return [
            LabelledQuery(
                Record(row["qid"], row["query"], (), row["country"], row["city"]),
                "" if row["nil"] == "1" else row["gold_ror"],
                row["kind"],
                row["heldout"] == "1",
            )
            for row in csv.DictReader(lines)
            if row["split"] == split
        ]


def without(queries: Sequence[LabelledQuery], *fields: str) -> list[LabelledQuery]:
    """Return the queries with some fields of their records emptied."""
    return [replace(query, record=replace(query.record, **dict.fromkeys(fields, ""))) for query in queries]  # type: ignore[arg-type]


FEW, MANY = (0, 0, 1, 1, 1, 2), (1, 1, 2, 3)
"""How many typos a name has, each number equally likely.

A plain comparison of names finds .39 of the names with few typos, and .06 of those with many.
"""


def noised_queries(split: str, count: int, typos: Sequence[int] = FEW, seed: int = 6) -> list[LabelledQuery]:
    """Return names of a split's organizations with typos; organizations outside the index have no right answer."""
    organizations = [organization for organization in _organizations() if organization["split"] == split]
    rng = random.Random(seed)
    outside, inside = ([each for each in organizations if bool(each["in_kb"]) is known] for known in (False, True))
    chosen = rng.sample(outside, min(len(outside), count // 10))
    chosen += rng.sample(inside, min(len(inside), count - len(chosen)))
    return [
        LabelledQuery(
            Record(each["id"], noised(each["name"], rng, typos), (), each["country"] or "", each["city"] or ""),
            each["id"] if each["in_kb"] else "",
            "noised",
            True,
        )
        for each in chosen
    ]


def noised(name: str, rng: random.Random, typos: Sequence[int]) -> str:
    """Return a name with typos: letters lost, doubled, swapped, replaced; words dropped, swapped, abbreviated."""
    for _ in range(rng.choice(typos)):
        name = rng.choice((_letter, _letter, _swap_letters, _drop_word, _swap_words, _abbreviate))(name, rng)
    return name


def _letter(name: str, rng: random.Random) -> str:
    at = rng.randrange(len(name))
    return name[:at] + rng.choice(("", name[at] * 2, rng.choice("aeinorst"))) + name[at + 1 :] or name


def _swap_letters(name: str, rng: random.Random) -> str:
    at = rng.randrange(max(len(name) - 1, 1))
    return name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]


def _drop_word(name: str, rng: random.Random) -> str:
    words = name.split()
    if len(words) > 2:
        words.pop(rng.randrange(len(words)))
    return " ".join(words)


def _swap_words(name: str, rng: random.Random) -> str:
    words = name.split()
    at = rng.randrange(max(len(words) - 1, 1))
    return " ".join([*words[:at], *words[at : at + 2][::-1], *words[at + 2 :]])


def _abbreviate(name: str, rng: random.Random) -> str:
    words = name.split()
    at = rng.randrange(len(words)) if words else 0
    if words and len(words[at]) > 5:
        words[at] = words[at][: rng.randint(3, 5)] + "."
    return " ".join(words)
