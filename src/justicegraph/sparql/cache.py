"""Answers kept for the next one who asks the same, in so many bytes of memory."""

import io
import re
from collections import OrderedDict
from hashlib import blake2b
from sys import getsizeof
from threading import Lock
from typing import Any

from justicegraph.sparql.query import Query, Result, RunQuery

LARGEST = 16
"""An answer that takes more than one of so many parts of the cache is not kept."""

LONGEST = 1_048_576
"""Bytes of an answer that is kept. The server copies it for each reader, and holds what a slow one has not read."""

OVERHEAD = 1_024
"""Bytes that an entry takes besides the question and the answer."""

_VOLATILE = re.compile(r"(?<![a-z_:?$])(?:rand|now|uuid|struuid|bnode)(?![a-z0-9_])", re.IGNORECASE)
"""Functions whose value is another each time (SPARQL 1.1, 17.4), or what looks like one: then nothing is kept."""

Key = tuple[object, ...]


def is_volatile(query: str) -> bool:
    """Tell whether the answer may be another one next time, from the same graph."""
    return bool(_VOLATILE.search(query))


def key_of(question: Query) -> Key:
    """Return all that makes an answer what it is, besides the graph."""
    formats = tuple(form and form.media_type for form in (question.solutions, question.graph))
    bound = tuple(sorted((name, str(term)) for name, term in question.bindings.items()))
    return question.text, formats, question.default_graphs, question.named_graphs, bound, question.encoding


def tag_of(snapshot: str, key: Key) -> str:
    """Return the entity tag of an answer (RFC 9110, 8.8.3): weak, since an engine may order rows otherwise."""
    return f'W/"{snapshot}-{blake2b(repr(key).encode(), digest_size=9).hexdigest()}"'


class Cache:
    """Values by key, in so many bytes of memory; the value that was not used for the longest time goes first."""

    def __init__(self, size: int) -> None:
        self._size, self._taken = size, 0
        self._entries: OrderedDict[Key, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()
        self.hits = self.misses = 0

    @property
    def taken(self) -> int:
        """Bytes of memory, about."""
        return self._taken

    def get(self, key: Key) -> Any:
        """Return the value of a key, or None where there is none."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                self.misses += 1
                return None
            self.hits += 1
            self._entries.move_to_end(key)
        return entry[0]

    def has_room(self, key: Key, length: int) -> bool:
        """Tell whether a value of so many bytes is small enough to be cached."""
        return (length + _memory_of(key) + OVERHEAD) * LARGEST <= self._size and length <= LONGEST

    def put(self, key: Key, value: Any, length: int) -> None:
        """Cache a value of about so many bytes, for which there must be room."""
        size = length + _memory_of(key) + OVERHEAD
        with self._lock:
            if key not in self._entries:
                self._entries[key] = value, size
                self._taken += size
            while self._taken > self._size:
                self._taken -= self._entries.popitem(last=False)[1][1]

    def find(self, key: Key) -> Result | None:
        """Return a cached result, to be read by one reader."""
        found = self.get(key)
        return replace_body(*found) if found else None

    def keep(self, question: Query, key: Key, answer: Result) -> Result:
        """Cache a result, unless it is too long or changes by itself; return it, to be read by the caller."""
        if not self.has_room(key, answer.length) or is_volatile(question.text):
            return answer
        body = answer.read()
        self.put(key, (answer, body), answer.length)
        return replace_body(answer, body)

    def ask_through(self, run_query: RunQuery) -> RunQuery:
        """Return a way to ask that looks here first."""

        def asked(question: Query) -> Result:
            key = key_of(question)
            return self.find(key) or self.keep(question, key, run_query(question))

        return asked


def _memory_of(key: Key) -> int:
    """Return the bytes of memory that a key takes: a question may name many graphs."""
    return sum(_memory_of(each) if isinstance(each, tuple) else getsizeof(each) for each in key)


def replace_body(answer: Result, body: bytes) -> Result:
    """Return the answer with a body of its own, which can be read once more."""
    return Result(answer.format, io.BytesIO(body), answer.length, answer.encoding)
