"""Compute the features of a record's candidates: numbers, most from 0 to 1, that say what agrees and what differs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from justicegraph.linking.match.index import Index, Name
from justicegraph.linking.match.names import (
    abbreviation_score,
    fingerprint,
    initials,
    is_acronym,
    may_abbreviate,
    script_of,
    tokenize,
)
from justicegraph.linking.records import Record
from justicegraph.text import normalize_name

FEATURES = (
    "ratio", "ratio_above_75", "ratio_above_90", "token_sort_ratio", "token_sort_ratio_above_80", "same_tokens",
    "same_text", "main_name_above_90", "shared_idf_of_query", "shared_idf_of_target", "shared_idf_of_both",
    "contains", "same_prefix", "is_initials", "abbreviates_target", "abbreviated_by_target", "acronym_ratio",
    "other_number", "lacks_common_tokens", "other_script",
    "name_margin", "search_score", "search_first", "same_country", "other_country", "same_city",
    "city_rarity", "other_city", "city_in_name",
)  # fmt: skip
"""The features whose weights are trained, in the order of their values."""
NO_MATCH_FEATURES = ("constant", "targets_in_place", "no_target_in_place", "no_city", "no_country")
"""The features of the choice "none of the candidates"."""
NAME_KINDS = ("words", "acronym", "non_latin")
"""The kinds of names, each with weights of its own: words, an acronym, letters that are not Latin."""
COMPARED, COMPARED_NON_LATIN, _BEHIND = 12, 16, 0.6
"""How many candidates are compared, and how far they may be behind the best one in the quick score of the shortlist.

Names in other scripts get more, since their quick score says less. On the train split, one right candidate in 250 is
lost that way, and four comparisons of ten are saved.
"""
_NAMES = 12
"""How many names of a target are compared, the first ones."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A target that may match, by its position in the index, with its values in the order of FEATURES."""

    position: int
    features: list[float]


@dataclass(frozen=True, slots=True)
class QueryName:
    """A name of a record, analyzed once for all candidates; `weight` is the sum of the IDF of its tokens."""

    text: str
    tokens: frozenset[str]
    weight: float
    fingerprint: str
    compact: str
    numbers: frozenset[str]
    common_tokens: frozenset[str]
    is_acronym: bool
    script: str

    @property
    def is_latin(self) -> bool:
        """Whether its letters are Latin, or it has none."""
        return self.script in ("LATIN", "")


@dataclass(frozen=True, slots=True)
class _Place:
    """The normalized place of a record, and how rare targets are in it, from 0 to 1."""

    country: str
    city: str
    rarity: float


def kind_of_name(record: Record) -> str:
    """Return which of NAME_KINDS a record's name is."""
    if script_of(record.name) not in ("LATIN", ""):
        return "non_latin"
    return "acronym" if is_acronym(record.name) else "words"


def no_match_features(index: Index, record: Record) -> list[float]:
    """Return the values of NO_MATCH_FEATURES, which depend on the record and its place only."""
    count = index.count_in_place(record)
    return [1.0, math.log1p(count) / 10, float(count == 0), float(not record.city), float(not record.country)]


def find_candidates(index: Index, record: Record) -> list[Candidate]:
    """Return the most promising targets with their features, in the order of the search."""
    hits = index.search(record)
    if not hits:
        return []
    names = [_analyze(index, name) for name in record.names if normalize_name(name)]
    top = hits[0][1]
    rarity = 1 - math.log1p(index.count_in_place(record)) / 8
    place = _Place(normalize_name(record.country), normalize_name(record.city), rarity)
    candidates = [
        Candidate(
            position,
            [
                *_name_features(index, names, position), score / top, float(rank == 0),
                *_place_features(index, place, position),
            ],
        )
        for rank, position, score in _shortlist(index, names, place, hits)
    ]  # fmt: skip
    _set_name_margins(candidates)
    return candidates


def _analyze(index: Index, name: str) -> QueryName:
    text = normalize_name(name)
    tokens = tokenize(text)
    meant: dict[str, None] = {}
    weight = 0.0
    for token in tokens:
        others = index.spelling.correct(token) if index.spelling.is_unknown(token) else [token]
        weight += max([index.idf(other) for other in others], default=index.idf(token))
        meant.update(dict.fromkeys(others or [token]))
    return QueryName(
        text, frozenset(meant), weight, fingerprint(text), text.replace(" ", ""),
        frozenset(filter(str.isdigit, text.split())), frozenset(filter(index.is_common, tokens)), is_acronym(name),
        script_of(name),
    )  # fmt: skip


def _shortlist(
    index: Index, names: Sequence[QueryName], place: _Place, hits: Sequence[tuple[int, float]]
) -> list[tuple[int, int, float]]:
    """Return the rank, position and search score of the hits to compare, in the order of the search.

    A quick score of the search, the city and the letters of the names chooses them.
    """
    top = hits[0][1]
    is_latin = not names or names[0].is_latin
    weight_of_names = 0.5 if is_latin else 0.15
    graded, least = [], -1.0
    for rank, (position, score) in enumerate(hits):
        quick = score / top + (0.3 if place.city and place.city == index.cities[position] else 0.0)
        if quick + weight_of_names < least:
            continue
        similarities = [_similarity(name, index.names[position][:_NAMES]) for name in names[:3]]
        quick += weight_of_names * max(similarities, default=0.0)
        least = max(least, quick - _BEHIND)
        graded.append((-quick, rank, position, score))
    best = sorted(graded)[: COMPARED if is_latin else COMPARED_NON_LATIN]
    return sorted([hit[1:] for hit in best if -hit[0] >= least])


def _similarity(query: QueryName, names: Sequence[Name]) -> float:
    """Return how similar the most similar of some names is, from 0 to 1."""
    if query.is_acronym and any(may_abbreviate(query.compact, name.text) for name in names):
        return 1.0
    return max([fuzz.ratio(query.text, name.text) for name in names], default=0.0) / 100


def token_coverage(index: Index, record: Record, position: int) -> tuple[float, float]:
    """Return how much of a record's name a target's name covers, and the reverse, from 0 to 1.

    Tokens count by their IDF, and typos are tolerated. Of all pairs of names, the best one counts.
    """
    best = (0.0, 0.0)
    for name in record.names:
        tokens = tokenize(normalize_name(name))
        for _, others in index.names[position][:_NAMES]:
            both = _covered_share(index, tokens, others), _covered_share(index, others, tokens)
            best = max(best, both, key=lambda pair: pair[0] * pair[1])
    return best


def _covered_share(index: Index, tokens: Sequence[str], others: Sequence[str]) -> float:
    total = covered = 0.0
    for token in tokens:
        weight = index.idf(token)
        total += weight
        if token in others or any(_is_same_token(token, other) for other in others):
            covered += weight
    return covered / total if total else 0.0


def _is_same_token(one: str, other: str) -> bool:
    if one[0] != other[0]:
        return False
    if min(len(one), len(other)) > 2 and (one.startswith(other) or other.startswith(one)):
        return True
    return fuzz.ratio(one, other) >= 78


_NO_NAMES = (0.0,) * 13


def _name_features(index: Index, queries: Sequence[QueryName], position: int) -> list[float]:
    """Return the features of names: for most, the best value over all pairs of a query's and a target's name."""
    names = index.names[position][:_NAMES]
    pairs = [_pair_features(index.weights, query, name) for query in queries for name in names] or [_NO_NAMES]
    ratio, token_sort, *others = pairs[0] if len(pairs) == 1 else map(max, *pairs)
    main = max([pair[0] for pair in pairs[:: len(names) or 1]])
    tokens = set[str]().union(*[name.tokens for name in names])
    return [
        ratio, max(0.0, (ratio - 0.75) * 4), max(0.0, (ratio - 0.9) * 10),
        token_sort, max(0.0, (token_sort - 0.8) * 5), *others[:2], float(main > 0.9), *others[2:],
        min([float(not query.numbers <= tokens) for query in queries], default=0.0),
        min([len(query.common_tokens - tokens) / (len(query.common_tokens) or 1) for query in queries], default=0.0),
        float(not any(query.script in index.scripts[position] for query in queries)), 0.0,
    ]  # fmt: skip


def _pair_features(weights: Mapping[str, float], query: QueryName, name: Name) -> tuple[float, ...]:
    text, tokens = name
    target_compact, query_compact = text.replace(" ", ""), query.compact
    ratio = fuzz.ratio(query.text, text) / 100
    shared = query.tokens.intersection(tokens)
    of_query = of_target = 0.0
    if shared:
        shared_weight = sum([weights[token] for token in tokens if token in shared])
        of_query = min(1.0, shared_weight / query.weight)
        of_target = shared_weight / sum([weights[token] for token in tokens])
    abbreviates = query.is_acronym and may_abbreviate(query_compact, text)
    is_abbreviated = not query.is_acronym and len(target_compact) < 9 and may_abbreviate(target_compact, query.text)
    is_long = min(len(target_compact), len(query_compact)) > 3
    return (
        ratio,
        fuzz.token_sort_ratio(query.text, text) / 100,
        float(len(shared) == len(tokens) == len(query.tokens)),
        float(query.text == text),
        of_query,
        of_target,
        of_query * of_target,
        float(is_long and (target_compact in query_compact or query_compact in target_compact)),
        float(text[:5] == query.text[:5]),
        float(abbreviates and query_compact in initials(text)),
        abbreviation_score(query_compact, text) if abbreviates else 0.0,
        abbreviation_score(target_compact, query.text) if is_abbreviated else 0.0,
        ratio if query.is_acronym and len(target_compact) < 12 else 0.0,
    )


def _place_features(index: Index, place: _Place, position: int) -> tuple[float, ...]:
    country, city = index.countries[position], index.cities[position]
    same_country = bool(country) and place.country == country
    other_country = bool(country and place.country) and not same_country
    same_city = bool(city) and place.city == city and not other_country
    return (
        float(same_country),
        float(other_country),
        float(same_city),
        place.rarity if same_city else 0.0,
        float(bool(place.city and city) and not same_city),
        float(bool(place.city) and any(place.city in name.text for name in index.names[position])),
    )


def _set_name_margins(candidates: Sequence[Candidate]) -> None:
    """Set `name_margin`: how much closer a candidate's name is than the best other one, negative if it is behind."""
    scores = [sum([candidate.features[at] for at in _NAME_SCORE]) for candidate in candidates]
    best = max(scores)
    second = max((score for score in scores if score < best), default=0.0) if scores.count(best) == 1 else best
    for candidate, score in zip(candidates, scores, strict=True):
        candidate.features[_NAME_MARGIN] = score - (second if score == best else best)


_NAME_MARGIN = FEATURES.index("name_margin")
_NAME_SCORE = [
    FEATURES.index(name) for name in ("token_sort_ratio", "same_tokens", "shared_idf_of_both", "abbreviates_target")
]
