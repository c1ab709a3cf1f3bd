"""Measure the matcher on the dev split of ../shared/linking and print the table: `python -m benchmarks.linking`."""

import argparse
import itertools
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.linking.ablation import ablation
from benchmarks.linking.data import MANY, LabelledQuery, noised_queries, real_queries, targets, without
from benchmarks.linking.metrics import Metrics, calibration_error, measure, predict
from benchmarks.linking.pools import EVIDENCE, POOLS, pools, strangers, with_a_tenth_unanswerable
from benchmarks.run import table
from justicegraph.linking.match import Matcher
from justicegraph.linking.records import Record

_HEAD = [
    "dev", "queries", "top-1", "recall at .95", "at .99", "candidates at 50", "calibration error", "false, no answer",
    "precision at threshold", "recall at threshold", "queries/s",
]  # fmt: skip
_POOLS_HEAD = [
    "targets", "evidence", "queries", "top-1", "recall at threshold", "false, no answer", "over .5, no answer",
    "calibration error", "a tenth without answer",
]  # fmt: skip


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ablation", action="store_true", help="leave out one group of features after the other")
    parser.add_argument("--names", type=int, default=0, help="only build an index of so many invented names")
    parser.add_argument("--pools", action="store_true", help="match against few targets")
    options = parser.parse_args()
    if options.names:
        print(build(varied(targets(), options.names))[1])
    elif options.pools:
        print(table(_POOLS_HEAD, [*itertools.chain(*map(_pool_rows, POOLS)), *_stranger_rows()]))
    elif options.ablation:
        print(table(["left out", "top-1", "recall at .95", "at .99"], ablation()))
    else:
        print(report())


def report() -> str:
    """Return the table of all metrics on the dev split."""
    matcher, costs = build(targets())
    real = real_queries("dev")
    held_out = [query for query in real if query.held_out]
    queries_by_name = {
        "noised names": noised_queries("dev", 6000),
        "noised names, many typos": noised_queries("dev", 6000, MANY),
        "real names, held out": held_out,
        "real names, all": real,
        "held out, without city": without(held_out, "city"),
        "held out, name alone": without(held_out, "city", "country"),
    }
    rows = [_row(name, measure(matcher, queries)) for name, queries in queries_by_name.items()]
    return f"{table(_HEAD, rows)}\n\n{costs} Threshold {matcher.model.threshold}."


def _row(name: str, metrics: Metrics) -> list[str]:
    shares = (
        metrics.top, metrics.recall_95, metrics.recall_99, metrics.candidates, metrics.calibration, metrics.false,
        metrics.precision, metrics.recall,
    )  # fmt: skip
    return [name, f"{metrics.queries:,}", *(f"{share:.3f}" for share in shares), f"{metrics.rate:,.0f}"]


def build(records: Sequence[Record]) -> tuple[Matcher, str]:
    """Return a matcher of records, and a sentence on what its index costs; for that it is built on disk."""
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
    """Return records with so many names in all: first as they are, then again with one word of each name changed."""
    more: list[Record] = []
    for turn in itertools.count():
        for record in records:
            if names <= 0:
                return more
            names -= len(record.names)
            name, *aliases = [_varied(name, turn) for name in record.names]
            more.append(replace(record, id=f"{record.id}-{turn}", name=name, aliases=tuple(aliases)))
    raise AssertionError


def _varied(name: str, turn: int) -> str:
    """Return a name with letters put before its longest word: others for each turn, none for the first."""
    longest = max(name.split(), key=len, default="")
    return name.replace(longest, f"{_LETTERS[turn % 20]}{'aeiou'[turn // 20 % 5]}{longest}", 1) if turn else name


_LETTERS = "bcdfghjklmnpqrstvwxz"


def _pool_rows(size: int) -> Iterator[list[str]]:
    """Yield the rows of metrics for pools of a size, one for each kind of evidence."""
    drawn = list(pools(size))
    for name, fields in EVIDENCE.items():
        half, few = (
            [
                prediction
                for matcher, queries in drawn
                for prediction in predict(matcher, without(some(queries), *fields))
            ]
            for some in (list[LabelledQuery], with_a_tenth_unanswerable)
        )
        answerable, unanswerable = ([each for each in half if bool(each.gold) is has] for has in (True, False))
        shares = (
            sum(each.is_right for each in answerable) / len(answerable),
            sum(each.is_accepted and each.is_right for each in answerable) / len(answerable),
            sum(each.is_accepted for each in unanswerable) / len(unanswerable),
            sum(each.probability > 0.5 for each in unanswerable) / len(unanswerable),
            calibration_error(half), calibration_error(few),
        )  # fmt: skip
        yield [f"{size:,}", name, f"{len(half):,}", *(f"{share:.3f}" for share in shares)]


def _stranger_rows() -> Iterator[list[str]]:
    matcher, queries = strangers()
    for name, fields in EVIDENCE.items():
        predictions = predict(matcher, without(queries, *fields))
        accepted, likely = (
            sum(each.is_accepted for each in predictions), sum(each.probability > 0.5 for each in predictions)
        )  # fmt: skip
        shares = [f"{number / len(predictions):.3f}" for number in (accepted, likely)]
        yield [f"our graph, {len(matcher.index.targets):,}", name, f"{len(predictions):,}", "", "", *shares, "", ""]


if __name__ == "__main__":
    main()
