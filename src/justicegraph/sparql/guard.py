"""Refuse queries that must not reach the engine: SERVICE clauses, and nesting so deep that it ends the process.

Updates are refused after parsing (evaluate.py), because the engine's query function does not run them.

Oxigraph's parser has no separate tokens: `1SERVICE<…>{…}`, `SERVICESILENT<…>{…}` and `SERVICEex:a{…}` all call other
servers, and `?a<'b>c'` is a comparison although a standard lexer (SPARQL 1.1, 19.8) would see the IRI `<'b>`. So the
guard follows every reading of the text at once: from each position where a token can begin to each position where it
can end. That takes linear time, because it visits each position once, and it finds at least the tokens that the engine
finds.
"""

import re
from collections import Counter
from collections.abc import Iterator
from heapq import heappop, heappush

from justicegraph.errors import BadQuery, QueryTooLong, RefusedQuery

MAX_BYTES = 65_536
"""Bytes of a query."""
MAX_DEPTH = 256
"""Levels of brackets. At about 3,000 the engine's parser overflows its stack."""

LIMITS = {"operators": 1_000, "clauses": 1_000, "parentheses": 1_500, "statements": 2_000}
"""How many of each kind a query may have. The engine recurses into long chains too: 2,800 clauses end the process."""

NO_UPDATES = "Updates are refused: this endpoint only runs queries."

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
    """Raise QueryTooLong, RefusedQuery or BadQuery for a query that must not reach the engine."""
    if len(query.encode()) > MAX_BYTES:
        raise QueryTooLong(f"The query is longer than {MAX_BYTES:,} bytes. Split it into smaller queries.")
    if _is_plain(query):
        return
    services = {match.start() for match in re.finditer("service", query, re.IGNORECASE)}
    services = {position for position in services if _SERVICE.match(query, position)}
    counts = _Counts(query)
    for start, end, depth in _tokens(query):
        if depth > MAX_DEPTH:
            raise BadQuery(f"The query nests brackets deeper than {MAX_DEPTH} levels. Use fewer levels.")
        # In `ex:service` the word is part of a name; before a colon it may be a call, as in SERVICE:x{…}.
        if services and any(start <= at < end and ":" not in query[start:at] for at in services):
            line = query.count("\n", 0, start) + 1
            raise RefusedQuery(
                f"SERVICE in line {line} is refused: this endpoint calls no other server. Query each one."
            )
        counts.add(start)


def _is_plain(query: str) -> bool:
    """Tell from counts of its signs whether no reading of the query can be refused. Most queries are plain."""
    if sum(map(query.count, _OPEN)) > MAX_DEPTH or "service" in query.lower():
        return False
    return all(sum(map(query.count, signs)) <= LIMITS[kind] for kind, signs in _SIGNS.items())


class _Counts:
    """How many operators, clauses, … a query has.

    Text between angle brackets is an IRI in one reading and an operand of a comparison in another. A comparison has
    only one sign, so its operand adds to no chain outside. Of all such operands, only the fullest counts.
    """

    def __init__(self, query: str) -> None:
        self._query = query
        self._outside: Counter[str] = Counter()
        self._inside: Counter[str] = Counter()
        self._end = 0

    def add(self, start: int) -> None:
        """Count the token that begins at a position; raise BadQuery if there are too many of its kind."""
        char = self._query[start]
        if char == "<" and (iri := _IRI.match(self._query, start)) and start >= self._end:
            self._end, self._inside = iri.end(), Counter()
        kind = _KINDS.get(self._query[start : start + 2]) or _KINDS.get(char)
        if kind is None:
            return
        (self._inside if start < self._end else self._outside)[kind] += 1
        if self._inside[kind] + self._outside[kind] > LIMITS[kind]:
            raise BadQuery(f"The query has more than {LIMITS[kind]:,} {kind}. Split it into smaller queries.")


def _tokens(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield each token of each reading as (start, end, deepest level): words and signs, no strings or comments."""
    depths, positions = {0: 0}, [0]
    while positions:
        start = heappop(positions)
        depth = depths.pop(start)
        if start == len(text):
            return
        ends, is_code = _ends(text, start)
        if is_code:
            depth += (text[start] in _OPEN) - (text[start] in _CLOSE)
            yield start, min(ends), depth
        for end in ends:
            if end not in depths:
                heappush(positions, end)
            depths[end] = max(depth, depths.get(end, depth))


def _ends(text: str, start: int) -> tuple[set[int], bool]:
    """Return the positions where a token may end, and whether its shortest reading is code."""
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
