"""The organizations of ../shared/linking to records, queries with their answers, and names with slips of the pen."""

import csv
import gzip
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from justicegraph.linking.records import Record

FOLDER = Path(__file__).parents[2] / "shared" / "linking"


@dataclass(frozen=True)
class Query:
    """A record to look for and the id of its target, empty where there is none."""

    record: Record
    gold: str
    kind: str
    held_out: bool


def targets() -> list[Record]:
    """Return the targets; those with `in_kb` false are left out, and so are domains (a column of the queries too)."""
    with gzip.open(FOLDER / "organizations.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [_target(said) for said in map(json.loads, lines) if said["in_kb"]]


def _target(said: dict[str, object]) -> Record:
    names = said["names"]
    assert isinstance(names, list)
    return Record(
        str(said["id"]),
        str(said["name"]),
        tuple(name["value"] for name in names),
        str(said["country"] or ""),
        str(said["city"] or ""),
    )


def real_queries(split: str) -> list[Query]:
    """Return the queries of a split: names that somebody else wrote, with country and city."""
    with gzip.open(FOLDER / "organization_queries.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        return [
            Query(
                Record(row["qid"], row["query"], (), row["country"], row["city"]),
                "" if row["nil"] == "1" else row["gold_ror"],
                row["kind"],
                row["heldout"] == "1",
            )
            for row in csv.DictReader(lines)
            if row["split"] == split
        ]


FEW, MANY = (0, 0, 1, 1, 1, 2), (1, 1, 2, 3)
"""How many slips a name has, each number as likely. A plain comparison of names finds .39 of those with few, about
as many as in ../shared/design/MEASURED.md (.41), and .06 of those with many."""


def noised_queries(split: str, count: int, slips: Sequence[int] = FEW, seed: int = 6) -> list[Query]:
    """Return names of a split's organizations with slips of the pen; those outside the index have no right answer."""
    with gzip.open(FOLDER / "organizations.jsonl.gz", "rt", encoding="utf-8") as lines:
        every = [said for said in map(json.loads, lines) if said["split"] == split]
    chance = random.Random(seed)
    outside, inside = ([said for said in every if bool(said["in_kb"]) is known] for known in (False, True))
    chosen = chance.sample(outside, min(len(outside), count // 10))
    chosen += chance.sample(inside, min(len(inside), count - len(chosen)))
    return [
        Query(
            Record(said["id"], noised(said["name"], chance, slips), (), said["country"] or "", said["city"] or ""),
            said["id"] if said["in_kb"] else "",
            "noised",
            True,
        )
        for said in chosen
    ]


def noised(name: str, chance: random.Random, slips: Sequence[int]) -> str:
    """Return a name with slips: letters lost, doubled, swapped, replaced; words dropped, swapped, abbreviated."""
    for _ in range(chance.choice(slips)):
        name = chance.choice((_letter, _letter, _swap_letters, _drop_word, _swap_words, _abbreviate))(name, chance)
    return name


def _letter(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name))
    return name[:at] + chance.choice(("", name[at] * 2, chance.choice("aeinorst"))) + name[at + 1 :] or name


def _swap_letters(name: str, chance: random.Random) -> str:
    at = chance.randrange(max(len(name) - 1, 1))
    return name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]


def _drop_word(name: str, chance: random.Random) -> str:
    told = name.split()
    if len(told) > 2:
        told.pop(chance.randrange(len(told)))
    return " ".join(told)


def _swap_words(name: str, chance: random.Random) -> str:
    told = name.split()
    at = chance.randrange(max(len(told) - 1, 1))
    return " ".join([*told[:at], *told[at : at + 2][::-1], *told[at + 2 :]])


def _abbreviate(name: str, chance: random.Random) -> str:
    told = name.split()
    at = chance.randrange(len(told)) if told else 0
    if told and len(told[at]) > 5:
        told[at] = told[at][: chance.randint(3, 5)] + "."
    return " ".join(told)


def sample(queries: Sequence[Query], count: int, seed: int = 6) -> Iterable[Query]:
    """Return so many of the queries, chosen by chance but always the same."""
    return random.Random(seed).sample(list(queries), min(count, len(queries)))
