"""Problem documents: what went wrong, for programs and for people (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from justicegraph.errors import (
    BadParameters,
    BadQuery,
    CannotWrite,
    JusticeGraphError,
    LimitReached,
    NotAcceptable,
    QueryTooLong,
    RefusedQuery,
    UnknownFunction,
)
from justicegraph.namespaces import HOME

MEDIA_TYPE = "application/problem+json"

KINDS: Mapping[str, tuple[int, str]] = {
    "bad-request": (400, "The request cannot be read"),
    "bad-query": (400, "The query cannot be run"),
    "refused": (403, "The endpoint refuses this query"),
    "not-found": (404, "Not found"),
    "method-not-allowed": (405, "Method not allowed"),
    "not-acceptable": (406, "None of the accepted formats is available"),
    "request-timeout": (408, "The request took too long to arrive"),
    "removed": (410, "This entry was removed"),
    "too-long": (413, "The request is too long"),
    "address-too-long": (414, "The address is too long"),
    "unsupported-media-type": (415, "This type of request body is not supported"),
    "range": (416, "The range begins after the end of the file"),
    "unknown-function": (422, "The query calls an unknown function"),
    "client-limit": (429, "Too many long queries from one address"),
    "internal": (500, "Internal error"),
    "time-limit": (503, "The query ran too long"),
    "memory-limit": (503, "The query took too much memory"),
    "depth-limit": (503, "The query nests too deep"),
    "answer-limit": (503, "The result is too long"),
    "busy": (503, "The server is busy"),
    "unavailable": (503, "The server is not available now"),
}
"""Status and title of each kind of problem. The kind is the end of the IRI of the problem's type."""

_LIMITS = {
    "time": "time-limit", "memory": "memory-limit", "depth": "depth-limit", "answer": "answer-limit", "busy": "busy",
    "client": "client-limit", "engine": "unavailable", "left": "unavailable",
}  # fmt: skip
_ERRORS: tuple[tuple[type[JusticeGraphError], str], ...] = (
    (QueryTooLong, "too-long"),
    (RefusedQuery, "refused"),
    (UnknownFunction, "unknown-function"),
    (BadParameters, "bad-request"),
    (BadQuery, "bad-query"),
    (NotAcceptable, "not-acceptable"),
    (CannotWrite, "unavailable"),
)
RETRY = 30
"""Seconds after which to try again, where nothing better is known."""


@dataclass(frozen=True)
class Problem:
    """A problem: its kind, what happened this time, the headers of its response, and more members of the document."""

    kind: str
    detail: str
    headers: tuple[tuple[str, str], ...] = ()
    more: Mapping[str, int | float | str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The status code (RFC 9110, 15)."""
        return KINDS[self.kind][0]

    def document(self) -> bytes:
        """Return the document."""
        status, title = KINDS[self.kind]
        members = {"type": f"{HOME}problems#{self.kind}", "title": title, "status": status, "detail": self.detail}
        return orjson.dumps({**members, **self.more}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def problem_of(error: JusticeGraphError) -> Problem:
    """Return the problem of an error, with its position in the query, or the time after which to try again."""
    if isinstance(error, LimitReached):
        kind, after = _LIMITS[error.limit], error.retry_after or RETRY
        return Problem(kind, str(error), (("Retry-After", str(after)),), {"limit": error.limit, "retryAfter": after})
    kind = next((kind for error_type, kind in _ERRORS if isinstance(error, error_type)), "internal")
    headers = (("Retry-After", str(RETRY)),) if KINDS[kind][0] == 503 else ()
    position = {"line": error.line, "column": error.column} if isinstance(error, BadQuery) and error.line else {}
    return Problem(kind, str(error), headers, position)


def kind_of(status: int) -> str:
    """Return the first kind with this status; `internal` if there is none."""
    return next((kind for kind, (own, _) in KINDS.items() if own == status), "internal")
