"""The matcher on the dev split of ../shared/linking: the table of its figures, `python -m benchmarks.linking`."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.linking_data import Query, noised_queries, real_queries, targets
from benchmarks.run import table
from justicegraph.match.matcher import Match, Matcher


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
    found = [matcher.match(query.record) for query in queries]
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


def index_size(matcher: Matcher) -> int:
    """Return the bytes of an index on disk of the matcher's targets."""
    with tempfile.TemporaryDirectory() as folder:
        Matcher(matcher.index.targets, folder=Path(folder))
        return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())


def without(queries: Sequence[Query], *fields: str) -> list[Query]:
    """Return the queries without what some fields tell."""
    return [replace(query, record=replace(query.record, **dict.fromkeys(fields, ""))) for query in queries]  # type: ignore[arg-type]


def main() -> None:
    start = time.perf_counter()
    matcher = Matcher(targets())
    built = time.perf_counter() - start
    real = real_queries("dev")
    held = [query for query in real if query.held_out]
    sets = {
        "noised names": noised_queries("dev", 6000),
        "real names, held out": held,
        "real names, all": real,
        "held out, without city": without(held, "city"),
        "held out, name alone": without(held, "city", "country"),
    }
    rows = [_row(name, figures(matcher, queries)) for name, queries in sets.items()]
    print(table(_HEAD, rows))
    names = sum(map(len, matcher.index.folded))
    size = index_size(matcher)
    print(f"\n{len(matcher.index.targets):,} targets with {names:,} names; built in {built:.1f} s;")
    print(f"index {size:,} bytes, {size / names / 10:.2f} MB for 100,000 names; threshold {matcher.model.threshold}.")


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
