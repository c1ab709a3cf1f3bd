"""What went wrong, as a problem document that programs and people can read (RFC 9457)."""

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
    "bad-query": (400, "The query cannot be answered as it is written"),
    "refused": (403, "The endpoint never does this"),
    "not-found": (404, "There is nothing here"),
    "method-not-allowed": (405, "This method is not answered here"),
    "not-acceptable": (406, "None of the accepted formats can be sent"),
    "request-timeout": (408, "The request did not come in time"),
    "removed": (410, "What was here has been removed"),
    "too-long": (413, "The request is too long"),
    "address-too-long": (414, "The address is too long"),
    "unsupported-media-type": (415, "The request is of no type that is read here"),
    "range": (416, "The range begins behind the end"),
    "unknown-function": (422, "The query calls a function that is not known"),
    "client-limit": (429, "Too many long questions from one address"),
    "internal": (500, "Something went wrong here"),
    "time-limit": (503, "The query ran too long"),
    "memory-limit": (503, "The query took too much memory"),
    "depth-limit": (503, "The query nests too deep"),
    "answer-limit": (503, "The answer is too long"),
    "busy": (503, "The server is busy"),
    "unavailable": (503, "The server cannot answer now"),
}
"""By kind, the status and the title; the kind is the end of the problem's type."""

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
"""Seconds after which to ask again where nothing better is known."""


@dataclass(frozen=True)
class Problem:
    """A problem: its kind, what happened this time, the headers that go with its status, and more members."""

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
        said = {"type": f"{HOME}problems#{self.kind}", "title": title, "status": status, "detail": self.detail}
        return orjson.dumps({**said, **self.more}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def problem_of(error: JusticeGraphError) -> Problem:
    """Return what to say of an error: where in the query it is, or when to ask again."""
    if isinstance(error, LimitReached):
        kind, after = _LIMITS[error.limit], error.retry_after or RETRY
        return Problem(kind, str(error), (("Retry-After", str(after)),), {"limit": error.limit, "retryAfter": after})
    kind = next((kind for each, kind in _ERRORS if isinstance(error, each)), "internal")
    headers = (("Retry-After", str(RETRY)),) if KINDS[kind][0] == 503 else ()
    place = {"line": error.line, "column": error.column} if isinstance(error, BadQuery) and error.line else {}
    return Problem(kind, str(error), headers, place)


def kind_of(status: int) -> str:
    """Return the first kind with this status; `internal` where there is none."""
    return next((kind for kind, (each, _) in KINDS.items() if each == status), "internal")
