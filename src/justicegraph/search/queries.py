"""Building the engine's queries from a parsed search. Text is passed as terms, and never through the engine's parser.

The score of an entry is the sum of the weights of the fields that match. Of two with the same score, the one with more
links comes first, because it is first in the index.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import tantivy
from tantivy import Occur, Query

from justicegraph.search.fields import KEYS, TEXTS, filter_term
from justicegraph.search.text import ParsedQuery

NAMES = ("name", "other")
_PREFIX_WEIGHT, _FUZZY_WEIGHT = 0.75, 0.5
"""The weights of a prefix match and of a fuzzy match, relative to an exact one."""

_MIDDLE, _LONG = 4, 8
"""The fewest letters of a word for one edit, and for two."""


def text_query(
    schema: tantivy.Schema, parse_query: ParsedQuery, *, fuzzy: bool, fields: Sequence[str] = tuple(TEXTS)
) -> Query:
    """Return the query for entries with every word and phrase; a `fuzzy` one also matches similar words."""
    clauses = [
        *((Occur.Must, _word(schema, word, fields, parse_query, fuzzy=fuzzy)) for word in parse_query.words),
        *((Occur.Should, _exact(schema, word, fields)) for word in parse_query.stop_words),
        *((Occur.Must, _phrase(schema, phrase, fields)) for phrase in parse_query.phrases),
    ]
    if not clauses:
        return Query.empty_query()
    clauses += [
        (Occur.Should, _constant(_term(schema, name, parse_query.name), weight)) for name, weight in KEYS.items()
    ]
    return Query.boolean_query(clauses)


def filter_queries(schema: tantivy.Schema, filters: Mapping[str, Sequence[str]], *, but: str = "") -> list[Query]:
    """Return a query of score 0 for each facet with chosen values, except for the facet `but`."""
    return [
        _constant(_any(_term(schema, "marks", filter_term(facet, value)) for value in values), 0.0)
        for facet, values in filters.items()
        if values and facet != but
    ]


def all_of(queries: Sequence[Query]) -> Query:
    """Return the query for entries that match all queries; for all entries if there are none."""
    return Query.boolean_query([(Occur.Must, query) for query in queries]) if queries else Query.all_query()


def name_prefix_query(schema: tantivy.Schema, parse_query: ParsedQuery) -> Query:
    """Return a query that matches everything, with a higher score for names that begin as typed."""
    return Query.boolean_query(
        [(Occur.Must, Query.all_query())]
        + [
            (Occur.Should, _constant(_fuzzy_term(schema, name, parse_query.name, 0, prefix=True), weight / 2))
            for name, weight in KEYS.items()
        ]
    )


def allowed_edits(word: str) -> int:
    """Return the edit distance that is allowed for a word; 0 for a number or a code."""
    if any(letter.isdigit() for letter in word):
        return 0
    return (len(word) >= _MIDDLE) + (len(word) >= _LONG)


def _word(schema: tantivy.Schema, word: str, fields: Iterable[str], parse_query: ParsedQuery, *, fuzzy: bool) -> Query:
    queries = []
    for name in fields:
        weight = TEXTS[name]
        queries.append(_constant(_term(schema, name, word), weight))
        if word == parse_query.last or fuzzy:
            queries.append(_constant(_fuzzy_term(schema, name, word, 0, prefix=True), weight * _PREFIX_WEIGHT))
        if fuzzy and allowed_edits(word):
            near = _fuzzy_term(schema, name, word, allowed_edits(word), prefix=word == parse_query.last)
            queries.append(_constant(near, weight * _FUZZY_WEIGHT))
    return Query.disjunction_max_query(queries)


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


def _fuzzy_term(schema: tantivy.Schema, name: str, value: str, distance: int, *, prefix: bool) -> Query:
    return Query.fuzzy_term_query(schema, name, value, distance, transposition_cost_one=True, prefix=prefix)


def _any(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _constant(query: Query, weight: float) -> Query:
    return Query.const_score_query(query, weight)
