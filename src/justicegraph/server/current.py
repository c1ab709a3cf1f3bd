"""The data that is served now: the pool on a snapshot, and what belongs to it."""

from contextlib import ExitStack
from dataclasses import dataclass, field

from flask import Flask

from justicegraph.pool import Pool
from justicegraph.sparql import Endpoint, ParsedRequest, Request
from justicegraph.sparql.cache import Cache

MAX_REMEMBERED = 16_384
"""Requests that are remembered. With their queries and headers they take 50 MB at most."""


@dataclass(frozen=True, slots=True)
class Known:
    """A request to the endpoint that was parsed before, and its query."""

    request: Request
    parsed: ParsedRequest


@dataclass
class Current:
    """The pool on a snapshot, and what belongs to it. `held` keeps builds from removing the snapshot.

    `app` makes the pages of errors; `known` has the requests to the endpoint that were parsed before.
    """

    pool: Pool
    cache: Cache
    endpoint: Endpoint
    app: Flask
    max_age: int = 0
    held: ExitStack = field(default_factory=ExitStack)
    snapshot: str = ""
    known: dict[object, Known] = field(default_factory=dict)

    def remember(self, raw: object, known: Known) -> None:
        """Remember a request; the oldest is forgotten first."""
        self.known[raw] = known
        if len(self.known) > MAX_REMEMBERED:
            del self.known[next(iter(self.known))]
