"""A record and its candidates to clues: figures, most from 0 to 1, that say what agrees and what does not."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from justicegraph.linking.match.index import Index, Name
from justicegraph.linking.match.names import abbreviates, fits, folded, initials, is_acronym, key, script, words
from justicegraph.linking.records import Record

NAMES = (
    "ratio", "close", "very_close", "token_ratio", "token_close", "same_words", "same_text", "main_name",
    "rare_words_query", "rare_words_target", "rare_words_both", "one_in_the_other", "first_word",
    "initials", "short_for", "short_for_query", "acronym_near", "number_contradicts", "kind_contradicts",
    "other_script",
    "only_one_so_close", "search", "search_first", "country_agrees", "country_contradicts", "city_agrees",
    "city_is_rare", "city_contradicts", "in_city_name",
)  # fmt: skip
"""The clues whose weights are trained, in the order of their figures."""
KINDS = ("words", "acronym", "script")
"""Kinds of queries, each with weights of its own: words, an acronym, letters that are not Latin."""
COMPARED, COMPARED_SCRIPT, _BEHIND = 12, 16, 0.6
"""How many candidates are compared clue by clue, more where letters are not Latin and tell less beforehand, and how far
behind the best they may be: on the train split one in 250 right ones is lost, and four comparisons of ten are saved."""
_AT_MOST = 12
"""How many names of a target are compared: the first ones."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A target that may be meant, with its clues in the order of NAMES."""

    at: int
    clues: list[float]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is made of one name of a query once for all its candidates; `weight` is how much its words tell."""

    text: str
    words: frozenset[str]
    weight: float
    key: str
    compact: str
    numbers: frozenset[str]
    kinds: frozenset[str]
    acronym: bool
    script: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a record is, folded, and how rare that is, from 0 to 1."""

    country: str
    city: str
    rare: float


def kind_of(record: Record) -> str:
    """Return the kind of a record's name."""
    if script(record.name) not in ("LATIN", ""):
        return "script"
    return "acronym" if is_acronym(record.name) else "words"


def nil_clues(index: Index, record: Record) -> list[float]:
    """Return what tells that no target may be the one, whatever they look like: a constant, how full the place is."""
    place = index.in_place(record)
    return [1.0, math.log1p(place) / 10, float(place == 0), float(not record.city), float(not record.country)]


NIL = ("constant", "full_place", "empty_place", "no_city", "no_country")


def candidates(index: Index, record: Record) -> list[Candidate]:
    """Return the likeliest targets with their clues: first by the search, then by the look of the names."""
    found = index.near(record)
    if not found:
        return []
    asked = [_asked(index, name) for name in record.names if folded(name)]
    top = found[0][1]
    where = _Place(folded(record.country), folded(record.city), 1 - math.log1p(index.in_place(record)) / 8)
    rows = [
        Candidate(at, [*_of_names(index, asked, at), score / top, float(rank == 0), *_of_place(index, where, at)])
        for rank, at, score in _short_list(index, asked, where, found)
    ]
    _mark_only_one(rows)
    return rows


def _asked(index: Index, name: str) -> Asked:
    text = folded(name)
    told = words(text)
    known: dict[str, float] = {}
    weight = 0.0
    for word in told:
        others = index.spelling.near(word) if index.spelling.is_odd(word) else [word]
        weight += max([index.idf(other) for other in others], default=index.idf(word))
        known.update(dict.fromkeys(others or [word], 0.0))
    return Asked(
        text, frozenset(known), weight, key(text), text.replace(" ", ""), frozenset(filter(str.isdigit, text.split())),
        frozenset(filter(index.is_common, told)), is_acronym(name), script(name),
    )  # fmt: skip


def _short_list(
    index: Index, asked: Sequence[Asked], where: _Place, found: Sequence[tuple[int, float]]
) -> list[tuple[int, int, float]]:
    """Return the rank, place and score of the candidates to compare, in the order of the search."""
    top = found[0][1]
    latin = not asked or asked[0].script in ("LATIN", "")
    alike = 0.5 if latin else 0.15
    graded, least = [], -1.0
    for rank, (at, score) in enumerate(found):
        known = score / top + (0.3 if where.city and where.city == index.cities[at] else 0.0)
        if known + alike < least:
            continue
        known += alike * max([_likeness(each, index.names[at][:_AT_MOST]) for each in asked[:3]], default=0.0)
        least = max(least, known - _BEHIND)
        graded.append((-known, rank, at, score))
    best = sorted(graded)[: COMPARED if latin else COMPARED_SCRIPT]
    return sorted([each[1:] for each in best if -each[0] >= least])


def _likeness(asked: Asked, names: Sequence[Name]) -> float:
    """Return how alike the likest of some names is, from 0 to 1."""
    if asked.acronym and any(abbreviates(asked.compact, name.text) for name in names):
        return 1.0
    return max([fuzz.ratio(asked.text, name.text) for name in names], default=0.0) / 100


def covered(index: Index, record: Record, at: int) -> tuple[float, float]:
    """Return the shares of a record's words that a target's name has, and the other way round, slips forgiven."""
    best = (0.0, 0.0)
    for name in record.names:
        asked = words(folded(name))
        for _, told in index.names[at][:_AT_MOST]:
            both = _covered(index, asked, told), _covered(index, told, asked)
            best = max(best, both, key=lambda pair: pair[0] * pair[1])
    return best


def _covered(index: Index, told: Sequence[str], others: Sequence[str]) -> float:
    whole = found = 0.0
    for word in told:
        weight = index.idf(word)
        whole += weight
        if word in others or any(_same_word(word, other) for other in others):
            found += weight
    return found / whole if whole else 0.0


def _same_word(one: str, other: str) -> bool:
    if one[0] != other[0]:
        return False
    if min(len(one), len(other)) > 2 and (one.startswith(other) or other.startswith(one)):
        return True
    return fuzz.ratio(one, other) >= 78


_NOTHING = (0.0,) * 13


def _of_names(index: Index, asked: Sequence[Asked], at: int) -> list[float]:
    """Return the clues of names: for each the best over every pair of a name of the query and one of the target."""
    names = index.names[at][:_AT_MOST]
    pairs = [_of_pair(index.weights, each, name) for each in asked for name in names] or [_NOTHING]
    ratio, tokens, *others = pairs[0] if len(pairs) == 1 else map(max, *pairs)
    main = max([pair[0] for pair in pairs[:: len(names) or 1]])
    told = set[str]().union(*[name.words for name in names])
    return [
        ratio, max(0.0, (ratio - 0.75) * 4), max(0.0, (ratio - 0.9) * 10), tokens, max(0.0, (tokens - 0.8) * 5),
        *others[:2], float(main > 0.9), *others[2:],
        min([float(not each.numbers <= told) for each in asked], default=0.0),
        min([len(each.kinds - told) / (len(each.kinds) or 1) for each in asked], default=0.0),
        float(not any(each.script in index.scripts[at] for each in asked)), 0.0,
    ]  # fmt: skip


def _of_pair(weights: Mapping[str, float], asked: Asked, name: Name) -> tuple[float, ...]:
    text, told = name
    compact, mine = text.replace(" ", ""), asked.compact
    ratio = fuzz.ratio(asked.text, text) / 100
    same = asked.words.intersection(told)
    of_query = of_target = 0.0
    if same:
        shared = sum([weights[word] for word in told if word in same])
        of_query = min(1.0, shared / asked.weight)
        of_target = shared / sum([weights[word] for word in told])
    known = asked.acronym and abbreviates(mine, text)
    other = not asked.acronym and len(compact) < 9 and abbreviates(compact, asked.text)
    return (
        ratio,
        fuzz.token_sort_ratio(asked.text, text) / 100,
        float(len(same) == len(told) == len(asked.words)),
        float(asked.text == text),
        of_query,
        of_target,
        of_query * of_target,
        float(min(len(compact), len(mine)) > 3 and (compact in mine or mine in compact)),
        float(text[:5] == asked.text[:5]),
        float(known and mine in initials(text)),
        fits(mine, text) if known else 0.0,
        fits(compact, asked.text) if other else 0.0,
        ratio if asked.acronym and len(compact) < 12 else 0.0,
    )


def _of_place(index: Index, place: _Place, at: int) -> tuple[float, ...]:
    country, city = index.countries[at], index.cities[at]
    same_country = bool(country) and place.country == country
    other_country = bool(country and place.country) and not same_country
    same_city = bool(city) and place.city == city and not other_country
    return (
        float(same_country),
        float(other_country),
        float(same_city),
        place.rare if same_city else 0.0,
        float(bool(place.city and city) and not same_city),
        float(bool(place.city) and any(place.city in name.text for name in index.names[at])),
    )


def _mark_only_one(rows: Sequence[Candidate]) -> None:
    """Mark whose names are closer to the query's than those of all others, by how much: the gap to the runner-up."""
    figures = [sum([row.clues[place] for place in _CLOSE]) for row in rows]
    first = max(figures)
    second = max((figure for figure in figures if figure < first), default=0.0) if figures.count(first) == 1 else first
    for row, figure in zip(rows, figures, strict=True):
        row.clues[_ONLY] = figure - (second if figure == first else first)


_ONLY = NAMES.index("only_one_so_close")
_CLOSE = [NAMES.index(name) for name in ("token_ratio", "same_words", "rare_words_both", "short_for")]
