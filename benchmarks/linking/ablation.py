"""Ablation: the metrics of models that are trained without one group of features, or without the lexicon."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any
from unittest import mock

from benchmarks.linking.data import LabelledQuery, real_queries, targets
from benchmarks.linking.metrics import predict, recall_at
from benchmarks.linking.train import rows_of, train, training_queries
from justicegraph.linking.match import Matcher, names
from justicegraph.linking.match.model import parse_model

_STEPS = 150
"""Fewer steps than for the model that ships, whose metrics are therefore a little better."""
GROUPS = {
    "nothing": (),
    "letters": (
        "ratio", "ratio_above_75", "ratio_above_90", "token_sort_ratio", "token_sort_ratio_above_80",
        "main_name_above_90", "same_prefix", "acronym_ratio",
    ),
    "words": (
        "same_tokens", "same_text", "shared_idf_of_query", "shared_idf_of_target", "shared_idf_of_both", "contains",
        "other_number", "lacks_common_tokens", "query_coverage", "target_coverage", "coverage_of_both",
        "log_odds_uncovered", "log_odds_same_tokens",
    ),
    "initials and abbreviations": ("is_initials", "abbreviates_target", "abbreviated_by_target"),
    "scripts": ("other_script", "log_odds_other_script"),
    "margin to the runner-up": ("name_margin", "margin", "margin_decay"),
    "rank of the search": ("search_score", "search_first"),
    "country": ("same_country", "other_country"),
    "city": ("same_city", "city_rarity", "other_city", "city_in_name"),
}  # fmt: skip
"""Features about one thing, by what to call it."""


def ablation() -> list[list[str]]:
    """Return a row of metrics on held-out names for each group that is left out, and one for the lexicon."""
    matcher = Matcher(targets())
    queries = [query for query in real_queries("dev") if query.held_out]
    rows = rows_of(matcher.index, training_queries())
    table = [_row(name, matcher, train(rows, matcher.index, group, _STEPS), queries) for name, group in GROUPS.items()]
    with mock.patch.object(names, "read_lexicon", dict):
        names.tokenize.cache_clear()
        names.fingerprint.cache_clear()
        matcher = Matcher(targets())
        model = train(rows_of(matcher.index, training_queries()), matcher.index, (), _STEPS)
        table.append(_row("translations", matcher, model, queries))
    return table


def _row(name: str, matcher: Matcher, model: Mapping[str, Any], queries: Sequence[LabelledQuery]) -> list[str]:
    matcher.model = parse_model(model)
    predictions = predict(matcher, queries)
    answerable = [prediction for prediction in predictions if prediction.gold]
    top = sum(prediction.is_right for prediction in answerable) / len(answerable)
    print(f"without {name}: {top:.3f}", file=sys.stderr)
    return [name, *(f"{share:.3f}" for share in (top, recall_at(predictions, 0.95), recall_at(predictions, 0.99)))]
