"""A record and its candidates to clues: figures, most from 0 to 1, that say what agrees and what does not."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from justicegraph.match.index import Index, Look
from justicegraph.match.wording import fits, folded, is_acronym, script, words
from justicegraph.records import Record

NAMES = (
    "ratio", "close", "very_close", "token_ratio", "token_close", "same_words", "same_text", "main_name",
    "rare_words_query", "rare_words_target", "rare_words_both", "one_in_the_other", "first_word",
    "initials", "short_for", "short_for_query", "acronym_near", "other_script", "only_one_so_close",
    "search", "search_first", "country_agrees", "country_contradicts", "city_agrees", "city_is_rare",
    "city_contradicts", "in_city_name",
)  # fmt: skip
"""The clues whose weights are trained, in the order of their figures."""
KINDS = ("words", "acronym", "script")
"""Kinds of queries, each with weights of its own: words, an acronym, letters that are not Latin."""
_BY_SEARCH, _BY_NAME = 8, 5
"""How many candidates are compared clue by clue: the first of the search, and the closest of the names further on."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A target that may be meant, with its clues in the order of NAMES."""

    at: int
    clues: list[float]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is made of one name of a query once for all its candidates."""

    text: str
    look: Look
    acronym: bool
    script: str


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
    chosen = _short_list(index, asked, found)
    top = found[0][1]
    where = _Place(folded(record.country), folded(record.city), 1 - math.log1p(index.in_place(record)) / 8)
    rows: list[Candidate] = []
    for rank, (at, score) in enumerate(found):
        if at in chosen:
            names = _of_names(index, asked, at)
            place = _of_place(index, where, at)
            rows.append(Candidate(at, [*names, score / top, float(rank == 0), *place]))
    _mark_only_one(rows)
    return rows


def _asked(index: Index, name: str) -> Asked:
    text = folded(name)
    return Asked(text, index.look(text), is_acronym(name), script(name))


def _short_list(index: Index, asked: Sequence[Asked], found: Sequence[tuple[int, float]]) -> set[int]:
    chosen = {at for at, _ in found[:_BY_SEARCH]}
    if len(found) <= _BY_SEARCH:
        return chosen
    left = found[_BY_SEARCH:]
    texts = [(text, at) for at, _ in left for text in index.folded[at]]
    choices = [text for text, _ in texts]
    for each in asked[:3]:
        best = process.extract(each.text, choices, scorer=fuzz.ratio, limit=_BY_NAME)
        chosen.update(texts[place][1] for _, _, place in best)
        if each.acronym:
            chosen.update([at for text, at in texts if each.look.compact in index.look(text).initials][:_BY_NAME])
    return chosen


def covered(index: Index, record: Record, at: int) -> tuple[float, float]:
    """Return the shares of a record's words that a target's name has, and the other way round, slips forgiven."""
    best = (0.0, 0.0)
    for name in record.names:
        asked = words(folded(name))
        for text in index.folded[at]:
            told = words(text)
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
    if min(len(one), len(other)) > 2 and (one.startswith(other) or other.startswith(one)):
        return True
    return one[0] == other[0] and fuzz.ratio(one, other) >= 78


def _of_names(index: Index, asked: Sequence[Asked], at: int) -> list[float]:
    """Return the clues of names: for each the best over every pair of a name of the query and one of the target."""
    best = [0.0] * 18
    best[17] = 1.0
    for each in asked:
        for place, text in enumerate(index.folded[at]):
            for clue, figure in enumerate(_of_pair(index, each, text, place == 0)):
                if figure > best[clue]:
                    best[clue] = figure
        if each.script in index.scripts[at]:
            best[17] = 0.0
    return [*best, 0.0]


def _of_pair(index: Index, asked: Asked, text: str, main: bool) -> tuple[float, ...]:
    mine, other = asked.look, index.look(text)
    ratio = fuzz.ratio(asked.text, text) / 100
    tokens = fuzz.ratio(mine.ordered, other.ordered) / 100
    same = mine.words & other.words
    shared = sum([index.idf(word) for word in same]) if same else 0.0
    of_query, of_target = (shared / mine.weight, shared / other.weight) if same else (0.0, 0.0)
    short, is_same = len(other.compact), asked.text == text
    return (
        ratio,
        (ratio - 0.75) * 4,
        (ratio - 0.9) * 10,
        tokens,
        (tokens - 0.8) * 5,
        float(other.key == mine.key),
        float(is_same),
        float(main and (is_same or ratio > 0.9)),
        of_query,
        of_target,
        of_query * of_target,
        float(min(short, len(mine.compact)) > 3 and (other.compact in mine.compact or mine.compact in other.compact)),
        float(text[:5] == asked.text[:5]),
        float(mine.compact in other.initials) if asked.acronym else 0.0,
        fits(mine.compact, text) if asked.acronym else 0.0,
        fits(other.compact, asked.text) if short < 9 and not asked.acronym else 0.0,
        ratio if asked.acronym and short < 12 else 0.0,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a record is, folded, and how rare that is, from 0 to 1."""

    country: str
    city: str
    rare: float


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
        float(bool(place.city) and any(place.city in text for text in index.folded[at])),
    )


def _mark_only_one(rows: Sequence[Candidate]) -> None:
    """Mark whose names are closer to the query's than those of all others, by how much: the gap to the runner-up."""
    close = NAMES.index("only_one_so_close")
    places = [NAMES.index(name) for name in ("token_ratio", "same_words", "rare_words_both", "short_for")]
    figures = [sum([row.clues[place] for place in places]) for row in rows]
    first = max(figures)
    second = max((figure for figure in figures if figure < first), default=0.0) if figures.count(first) == 1 else first
    for row, figure in zip(rows, figures, strict=True):
        row.clues[close] = figure - (second if figure == first else first)
