"""What must not reach the engine: SERVICE clauses, and nesting so deep that it ends the parser's process.

Oxigraph's parser has no separate tokens: `1SERVICE<…>{…}`, `SERVICESILENT<…>{…}` and `SERVICEex:a{…}` all call out,
and `?a<'b>c'` is a comparison although a standard lexer (SPARQL 1.1, 19.8) would see the IRI `<'b>`. So every reading
of the text is followed at once: from each place where a token can begin to each place where it can end. That is linear,
since a place is looked at once, and it sees at least what the engine sees.
"""

import re
from collections.abc import Iterator
from heapq import heappop, heappush

from justicegraph.errors import BadQuery, QueryTooLong, RefusedQuery

MAX_BYTES = 65_536
MAX_DEPTH = 256
"""Levels of brackets; at about 3,000 the engine's parser overflows its stack."""

_IRI = re.compile(r"<[^<>\"{}|^`\\\x00-\x20]*>")
_LONG = re.compile(r"'''(?:[^'\\]|\\.|'(?!''))*+'''|\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*+\"\"\"", re.DOTALL)
_SHORT = re.compile(r"'(?:[^'\\\r\n]|\\.)*+'|\"(?:[^\"\\\r\n]|\\.)*+\"")
_SKIP = re.compile(r"[ \t\r\n]+|#[^\r\n]*|[?$]\w+")
_WORD = re.compile(r"[^\W\d][\w.\-]*(?::(?:[\w.:%-]|\\.)*)?")
_GAP = r"(?:[ \t\r\n]++|#[^\r\n]*+)*+"
_SERVICE = re.compile(
    rf"service{_GAP}(?:silent{_GAP})?(?:<[^<>]*>|[?$]\w+|[^\s{{}}()<>'\"#]*:[^\s{{}}()<>'\"#]*){_GAP}\{{", re.IGNORECASE
)
_OPEN, _CLOSE = "({[", ")}]"


def guard(query: str) -> None:
    """Raise QueryTooLong, RefusedQuery or BadQuery where this query must not reach the engine."""
    if len(query.encode()) > MAX_BYTES:
        raise QueryTooLong(f"The query is longer than {MAX_BYTES:,} bytes: ask for less at a time.")
    services = {
        match.start() for match in re.finditer("service", query, re.IGNORECASE) if _SERVICE.match(query, match.start())
    }
    for start, end, depth in _tokens(query):
        if depth > MAX_DEPTH:
            raise BadQuery(f"The query nests brackets deeper than {MAX_DEPTH} levels: write it flatter.")
        if services and any(start <= place < end for place in services):
            line = query.count("\n", 0, start) + 1
            raise RefusedQuery(f"SERVICE in line {line}: this endpoint calls no other server. Ask each one by itself.")


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
