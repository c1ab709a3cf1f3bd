"""The matcher on the dev split of ../shared/linking: the table of its figures, `python -m benchmarks.linking`."""

import argparse
import itertools
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.linking_data import MANY, Query, noised_queries, real_queries, targets
from benchmarks.linking_pools import KNOWN, POOLS, pools, strangers, tenth
from benchmarks.run import table
from benchmarks.train_matcher import chosen, rows_of, train
from justicegraph.linking.match import names
from justicegraph.linking.match.matcher import Match, Matcher
from justicegraph.linking.match.model import model_of
from justicegraph.linking.records import Record


@dataclass(frozen=True)
class Answer:
    """The gold id, empty where there is none; the first match's id and probability; whether it was accepted."""

    gold: str
    said: str
    probability: float
    accepted: bool


@dataclass(frozen=True)
class Figures:
    """What a set of queries came to."""

    queries: int
    top: float
    recall_95: float
    recall_99: float
    candidates: float
    calibration: float
    false: float
    precision: float
    recall: float
    rate: float


def figures(matcher: Matcher, queries: Sequence[Query]) -> Figures:
    """Return the figures of a matcher on queries; shares are of the queries that have a right answer."""
    start = time.process_time()
    found = [matcher.match(query.record, limit=1) for query in queries]
    seconds = time.process_time() - start
    answers = [_answer(query, matches) for query, matches in zip(queries, found, strict=True)]
    known = [answer for answer in answers if answer.gold]
    none = [answer for answer in answers if not answer.gold]
    accepted = [answer for answer in answers if answer.accepted]
    right = sum(answer.gold == answer.said for answer in accepted)
    held = sum(query.gold in _near(matcher, query) for query in queries if query.gold)
    return Figures(
        len(queries),
        sum(answer.gold == answer.said for answer in known) / len(known),
        recall_at(answers, 0.95),
        recall_at(answers, 0.99),
        held / len(known),
        calibration_error(answers),
        sum(answer.accepted for answer in none) / max(len(none), 1),
        right / max(len(accepted), 1),
        right / len(known),
        len(queries) / seconds,
    )


def _answer(query: Query, matches: Sequence[Match]) -> Answer:
    if not matches:
        return Answer(query.gold, "", 0.0, False)
    return Answer(query.gold, matches[0].target.id, matches[0].probability, matches[0].is_match)


def _near(matcher: Matcher, query: Query) -> set[str]:
    return {matcher.index.targets[at].id for at, _ in matcher.index.near(query.record)}


def recall_at(answers: Sequence[Answer], precision: float) -> float:
    """Return the largest share of queries with a right answer that is found where a threshold has this precision."""
    best, right = 0, 0
    ranked = sorted((answer for answer in answers if answer.said), key=lambda answer: -answer.probability)
    for taken, answer in enumerate(ranked, 1):
        right += answer.gold == answer.said
        is_last = taken == len(ranked) or ranked[taken].probability < answer.probability
        if is_last and right >= precision * taken:
            best = right
    return best / sum(bool(answer.gold) for answer in answers)


def calibration_error(answers: Sequence[Answer], parts: int = 10) -> float:
    """Return the expected calibration error of the first matches: parts of equal width (Naeini and others, 2015)."""
    groups: dict[int, list[Answer]] = {}
    for answer in answers:
        groups.setdefault(min(int(answer.probability * parts), parts - 1), []).append(answer)
    return sum(
        abs(sum(each.probability - (bool(each.gold) and each.gold == each.said) for each in group))
        for group in groups.values()
    ) / len(answers)


def without(queries: Sequence[Query], *fields: str) -> list[Query]:
    """Return the queries without what some fields tell."""
    return [replace(query, record=replace(query.record, **dict.fromkeys(fields, ""))) for query in queries]  # type: ignore[arg-type]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ablation", action="store_true", help="leave out one group of clues after the other")
    parser.add_argument("--names", type=int, default=0, help="only build an index of so many invented names")
    parser.add_argument("--pools", action="store_true", help="match against few targets")
    asked = parser.parse_args()
    if asked.names:
        print(built(varied(targets(), asked.names))[1])
    elif asked.pools:
        print(table(_POOLS_HEAD, [*itertools.chain(*map(_pool_rows, POOLS)), *_stranger_rows()]))
    elif asked.ablation:
        print(table(["left out", "top-1", "recall at .95", "at .99"], ablation()))
    else:
        print(reached())


def reached() -> str:
    """Return the table of all figures on the dev split."""
    matcher, told = built(targets())
    real = real_queries("dev")
    held = [query for query in real if query.held_out]
    sets = {
        "noised names": noised_queries("dev", 6000),
        "noised names, many slips": noised_queries("dev", 6000, MANY),
        "real names, held out": held,
        "real names, all": real,
        "held out, without city": without(held, "city"),
        "held out, name alone": without(held, "city", "country"),
    }
    rows = [_row(name, figures(matcher, queries)) for name, queries in sets.items()]
    return f"{table(_HEAD, rows)}\n\n{told} Threshold {matcher.model.threshold}."


def built(records: Sequence[Record]) -> tuple[Matcher, str]:
    """Return a matcher of records, its index on disk for the while, and what that cost."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        matcher = Matcher(records, folder=Path(folder))
        seconds = time.process_time() - start
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    names = sum(map(len, matcher.index.names))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return matcher, (
        f"{len(records):,} targets with {names:,} names; built in {seconds:.1f} s of processor time;"
        f" index {size:,} bytes, {size / names / 10:.2f} MB for 100,000 names; {memory:.1f} GB of memory at most."
    )


def varied(records: Sequence[Record], names: int) -> list[Record]:
    """Return records with so many names in all: those given, and again with one word of each name made another."""
    found: list[Record] = []
    for turn in itertools.count():
        for record in records:
            if names <= 0:
                return found
            names -= len(record.names)
            other = [_varied(name, turn) for name in record.names]
            found.append(replace(record, id=f"{record.id}-{turn}", name=other[0], aliases=tuple(other[1:])))
    raise AssertionError


def _varied(name: str, turn: int) -> str:
    """Return a name with letters put before its longest word: others for each turn, none for the first."""
    longest = max(name.split(), key=len, default="")
    return name.replace(longest, f"{_LETTERS[turn % 20]}{'aeiou'[turn // 20 % 5]}{longest}", 1) if turn else name


_LETTERS = "bcdfghjklmnpqrstvwxz"
_STEPS = 150
"""Fewer than for the model that ships, whose figures are therefore a little better."""
GROUPS = {
    "nothing": (),
    "letters": (
        "ratio", "close", "very_close", "token_ratio", "token_close", "main_name", "first_word", "acronym_near",
    ),
    "words": (
        "same_words", "same_text", "rare_words_query", "rare_words_target", "rare_words_both", "one_in_the_other",
        "number_contradicts", "kind_contradicts", "asked_words_found", "its_words_found", "both_found", "odds_unfound",
        "odds_same",
    ),
    "initials and abbreviations": ("initials", "short_for", "short_for_query"),
    "scripts": ("other_script", "odds_other_script"),
    "gap to the runner-up": ("only_one_so_close", "gap", "small_gap"),
    "rank of the search": ("search", "search_first"),
    "country": ("country_agrees", "country_contradicts"),
    "city": ("city_agrees", "city_is_rare", "city_contradicts", "in_city_name"),
}  # fmt: skip
"""Clues that tell of one thing."""


def ablation() -> list[list[str]]:
    """Return the rows of figures on held-out names, each by a model trained anew without a group, or the lexicon."""
    matcher = Matcher(targets())
    held = [query for query in real_queries("dev") if query.held_out]
    rows = rows_of(matcher.index, chosen())
    found = [_without(name, matcher, train(rows, matcher.index, group, _STEPS), held) for name, group in GROUPS.items()]
    with mock.patch.object(names, "lexicon", dict):
        names.words.cache_clear()
        names.key.cache_clear()
        matcher = Matcher(targets())
        found.append(
            _without("translations", matcher, train(rows_of(matcher.index, chosen()), matcher.index, (), _STEPS), held)
        )
    return found


def _without(name: str, matcher: Matcher, said: Mapping[str, Any], queries: Sequence[Query]) -> list[str]:
    matcher.model = model_of(said)
    answers = answers_of(matcher, queries)
    top = sum(bool(each.gold) and each.gold == each.said for each in answers) / sum(bool(each.gold) for each in answers)
    print(f"without {name}: {top:.3f}", file=sys.stderr)
    return [name, *(f"{share:.3f}" for share in (top, recall_at(answers, 0.95), recall_at(answers, 0.99)))]


def _pool_rows(size: int) -> Iterator[list[str]]:
    """Yield the rows of figures for pools of a size, one for each thing that is asked with."""
    asked = list(pools(size))
    for name, fields in KNOWN.items():
        half, few = (
            [answer for matcher, said in asked for answer in answers_of(matcher, without(some(said), *fields))]
            for some in (list, tenth)
        )
        known, none = ([answer for answer in half if bool(answer.gold) is has] for has in (True, False))
        shares = (
            sum(answer.gold == answer.said for answer in known) / len(known),
            sum(answer.accepted and answer.gold == answer.said for answer in known) / len(known),
            sum(answer.accepted for answer in none) / len(none),
            sum(answer.probability > 0.5 for answer in none) / len(none),
            calibration_error(half), calibration_error(few),
        )  # fmt: skip
        yield [f"{size:,}", name, f"{len(half):,}", *(f"{share:.3f}" for share in shares)]


def _stranger_rows() -> Iterator[list[str]]:
    matcher, queries = strangers()
    for name, fields in KNOWN.items():
        none = answers_of(matcher, without(queries, *fields))
        accepted, likely = sum(each.accepted for each in none), sum(each.probability > 0.5 for each in none)
        shares = [f"{number / len(none):.3f}" for number in (accepted, likely)]
        yield [f"our graph, {len(matcher.index.targets):,}", name, f"{len(none):,}", "", "", *shares, "", ""]


def answers_of(matcher: Matcher, queries: Sequence[Query]) -> list[Answer]:
    """Return the answers to queries."""
    return [_answer(query, matcher.match(query.record, limit=1)) for query in queries]


_POOLS_HEAD = [
    "targets", "asked with", "queries", "top-1", "recall at threshold", "false, no answer", "over .5, no answer",
    "calibration error", "a tenth without answer",
]  # fmt: skip
_HEAD = [
    "dev", "queries", "top-1", "recall at .95", "at .99", "candidates at 50", "calibration error", "false, no answer",
    "precision at threshold", "recall at threshold", "queries/s",
]  # fmt: skip


def _row(name: str, said: Figures) -> list[str]:
    shares = (
        said.top, said.recall_95, said.recall_99, said.candidates, said.calibration, said.false, said.precision,
        said.recall,
    )  # fmt: skip
    return [name, f"{said.queries:,}", *(f"{share:.3f}" for share in shares), f"{said.rate:,.0f}"]


if __name__ == "__main__":
    main()
