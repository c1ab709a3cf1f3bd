"""What must not reach the engine: SERVICE clauses, and nesting so deep that it ends the parser's process.

Oxigraph's parser has no separate tokens: `1SERVICE<…>{…}`, `SERVICESILENT<…>{…}` and `SERVICEex:a{…}` all call out,
and `?a<'b>c'` is a comparison although a standard lexer (SPARQL 1.1, 19.8) would see the IRI `<'b>`. So every reading
of the text is followed at once: from each place where a token can begin to each place where it can end. That is linear,
since a place is looked at once, and it sees at least what the engine sees.
"""

import re
from collections import Counter
from collections.abc import Iterator
from heapq import heappop, heappush

from justicegraph.errors import BadQuery, QueryTooLong, RefusedQuery

MAX_BYTES = 65_536
MAX_DEPTH = 256
"""Levels of brackets; at about 3,000 the engine's parser overflows its stack."""

LIMITS = {"operators": 1_000, "clauses": 1_000, "parentheses": 1_500, "statements": 2_000}
"""How many of each a query may have. The engine follows long chains by recursion too: 2,800 clauses end the process."""

_KINDS = (
    dict.fromkeys("!+-*/|&^=~", "operators")
    | dict.fromkeys("{[", "clauses")
    | {"(": "parentheses", ".": "statements", ";": "statements", "<<": "operators"}
)
_SIGNS = {kind: [sign for sign in _KINDS if _KINDS[sign] == kind] for kind in LIMITS}
_IRI = re.compile(r"<[^<>\"{}|^`\\\x00-\x20]*>")
_LONG = re.compile(r"'''(?:[^'\\]|\\.|'(?!''))*+'''|\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*+\"\"\"", re.DOTALL)
_SHORT = re.compile(r"'(?:[^'\\\r\n]|\\.)*+'|\"(?:[^\"\\\r\n]|\\.)*+\"")
_SKIP = re.compile(r"[ \t\r\n]+|#[^\r\n]*|[?$]\w+")
_WORD = re.compile(r"[^\W\d][\w.\-]*(?::(?:[\w.:%-]|\\.)*)?")
_GAP = r"(?:[ \t\r\n]++|#[^\r\n]*+)*+"
_SERVICE = re.compile(rf"service{_GAP}(?:silent{_GAP})?(?:<|[?$]|[^\s<>{{}}()'\"#;,/?$\\]*:)", re.IGNORECASE)
_OPEN, _CLOSE = "({[", ")}]"


def guard(query: str) -> None:
    """Raise QueryTooLong, RefusedQuery or BadQuery where this query must not reach the engine."""
    if len(query.encode()) > MAX_BYTES:
        raise QueryTooLong(f"The query is longer than {MAX_BYTES:,} bytes: ask for less at a time.")
    if _is_plain(query):
        return
    services = {match.start() for match in re.finditer("service", query, re.IGNORECASE)}
    services = {place for place in services if _SERVICE.match(query, place)}
    counts = _Counts(query)
    for start, end, depth in _tokens(query):
        if depth > MAX_DEPTH:
            raise BadQuery(f"The query nests brackets deeper than {MAX_DEPTH} levels: write it flatter.")
        # In `ex:service` the word belongs to the name; before a colon it may be a call, as in SERVICE:x{…}.
        if services and any(start <= place < end and ":" not in query[start:place] for place in services):
            line = query.count("\n", 0, start) + 1
            raise RefusedQuery(f"SERVICE in line {line}: this endpoint calls no other server. Ask each one by itself.")
        counts.add(start)


def _is_plain(query: str) -> bool:
    """Tell whether no reading of the query could be refused, from how often each sign stands in it: most are plain."""
    if sum(map(query.count, _OPEN)) > MAX_DEPTH or "service" in query.lower():
        return False
    return all(sum(map(query.count, signs)) <= LIMITS[kind] for kind, signs in _SIGNS.items())


class _Counts:
    """How many operators, clauses, … a query has.

    What stands between angle brackets is an IRI in one reading and a comparison's operand in the other. A comparison
    has one sign only, so what is in there adds to no chain outside: of all such places only the fullest counts.
    """

    def __init__(self, query: str) -> None:
        self._query = query
        self._outside: Counter[str] = Counter()
        self._inside: Counter[str] = Counter()
        self._end = 0

    def add(self, start: int) -> None:
        """Count the token that begins here; raise BadQuery where there are too many of its kind."""
        char = self._query[start]
        if char == "<" and (iri := _IRI.match(self._query, start)) and start >= self._end:
            self._end, self._inside = iri.end(), Counter()
        kind = _KINDS.get(self._query[start : start + 2]) or _KINDS.get(char)
        if kind is None:
            return
        (self._inside if start < self._end else self._outside)[kind] += 1
        if self._inside[kind] + self._outside[kind] > LIMITS[kind]:
            raise BadQuery(f"The query has more than {LIMITS[kind]:,} {kind}: ask for less at a time.")


def _tokens(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield each token of each reading as (start, end, deepest level); words and signs only, no strings or comments."""
    depths, places = {0: 0}, [0]
    while places:
        start = heappop(places)
        depth = depths.pop(start)
        if start == len(text):
            return
        ends, is_code = _ends(text, start)
        if is_code:
            depth += (text[start] in _OPEN) - (text[start] in _CLOSE)
            yield start, min(ends), depth
        for end in ends:
            if end not in depths:
                heappush(places, end)
            depths[end] = max(depth, depths.get(end, depth))


def _ends(text: str, start: int) -> tuple[set[int], bool]:
    """Return where the token that begins here may end, and whether its shortest reading is code."""
    char = text[start]
    if match := _SKIP.match(text, start):
        return {match.end()}, False
    if char == "<":
        iri = _IRI.match(text, start)
        return ({start + 1, iri.end()} if iri else {start + 1}), True
    if char in "'\"":
        string = _LONG.match(text, start) or _SHORT.match(text, start)
        return {string.end() if string else start + 1}, False
    word = _WORD.match(text, start)
    return {word.end() if word else start + 1}, True
