"""What was typed to the engine's queries. A stranger's text goes in as terms, and never through a parser.

An entry weighs what the fields weigh in which the words are found. Of two that weigh the same, the one with more links
is the first, since it stands first in the index.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import tantivy
from tantivy import Occur, Query

from justicegraph.search.fields import KEYS, TEXTS, mark
from justicegraph.search.text import Typed

NAMES = ("name", "other")
_BEGUN, _NEARLY = 0.75, 0.5
"""What a word weighs that only begins so, and one that is spelt nearly so, beside one that is there as typed."""

_MIDDLE, _LONG = 4, 8
"""Letters from which on one slip is forgiven, and two."""


def text_query(schema: tantivy.Schema, typed: Typed, *, forgiving: bool, fields: Sequence[str] = tuple(TEXTS)) -> Query:
    """Return the query for what has every word and phrase; `forgiving` takes words that are spelt nearly so."""
    asked = [
        *((Occur.Must, _word(schema, word, fields, typed, forgiving=forgiving)) for word in typed.words),
        *((Occur.Should, _exact(schema, word, fields)) for word in typed.small),
        *((Occur.Must, _phrase(schema, phrase, fields)) for phrase in typed.phrases),
    ]
    if not asked:
        return Query.empty_query()
    asked += [(Occur.Should, _constant(_term(schema, name, typed.name), weight)) for name, weight in KEYS.items()]
    return Query.boolean_query(asked)


def filter_queries(schema: tantivy.Schema, filters: Mapping[str, Sequence[str]], *, but: str = "") -> list[Query]:
    """Return a query for each facet with chosen values, those of one facet left out; they weigh nothing."""
    return [
        _constant(_any(_term(schema, "marks", mark(facet, value)) for value in values), 0.0)
        for facet, values in filters.items()
        if values and facet != but
    ]


def both(queries: Sequence[Query]) -> Query:
    """Return the query for what all of these find; for everything where there are none."""
    return Query.boolean_query([(Occur.Must, query) for query in queries]) if queries else Query.all_query()


def begun_names(schema: tantivy.Schema, typed: Typed) -> Query:
    """Return a query that finds nothing more, and puts names first that begin just as typed."""
    return Query.boolean_query(
        [(Occur.Must, Query.all_query())]
        + [
            (Occur.Should, _constant(_near(schema, name, typed.name, 0, begun=True), weight / 2))
            for name, weight in KEYS.items()
        ]
    )


def slips(word: str) -> int:
    """Return how many slips are forgiven in a word; in a number or a code, none."""
    if any(letter.isdigit() for letter in word):
        return 0
    return (len(word) >= _MIDDLE) + (len(word) >= _LONG)


def _word(schema: tantivy.Schema, word: str, fields: Iterable[str], typed: Typed, *, forgiving: bool) -> Query:
    found = []
    for name in fields:
        weight = TEXTS[name]
        found.append(_constant(_term(schema, name, word), weight))
        if word == typed.last or forgiving:
            found.append(_constant(_near(schema, name, word, 0, begun=True), weight * _BEGUN))
        if forgiving and slips(word):
            near = _near(schema, name, word, slips(word), begun=word == typed.last)
            found.append(_constant(near, weight * _NEARLY))
    return Query.disjunction_max_query(found)


def _exact(schema: tantivy.Schema, word: str, fields: Iterable[str]) -> Query:
    return Query.disjunction_max_query([_constant(_term(schema, name, word), TEXTS[name] / 8) for name in fields])


def _phrase(schema: tantivy.Schema, words: Sequence[str], fields: Iterable[str]) -> Query:
    make: Callable[[str], Query] = (
        (lambda name: _term(schema, name, words[0]))
        if len(words) == 1
        else (lambda name: Query.phrase_query(schema, name, list(words)))
    )
    return Query.disjunction_max_query([_constant(make(name), TEXTS[name]) for name in fields])


def _term(schema: tantivy.Schema, name: str, value: str) -> Query:
    return Query.term_query(schema, name, value, index_option="basic")


def _near(schema: tantivy.Schema, name: str, value: str, distance: int, *, begun: bool) -> Query:
    return Query.fuzzy_term_query(schema, name, value, distance, transposition_cost_one=True, prefix=begun)


def _any(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _constant(query: Query, weight: float) -> Query:
    return Query.const_score_query(query, weight)
