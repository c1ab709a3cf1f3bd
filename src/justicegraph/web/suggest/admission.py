"""Which suggestions are let in: not those that another site makes a browser send, and not too many in an hour."""

from urllib.parse import urlsplit

from flask import request

from justicegraph.sparql import client_of
from justicegraph.suggest.intake import Intake

RATE_LIMIT = "justicegraph.rate_limit"
"""Where a server with several workers puts its own rate limit in the WSGI environment: each one would count apart."""


def seconds_to_wait(intake: Intake) -> int:
    """Count this request for the rate limit; return for how many seconds its client must wait, 0 for not at all."""
    limited = request.environ.get(RATE_LIMIT)
    if limited is not None:
        return int(limited())
    return intake.rate_limit.seconds_to_wait(client_of(request.remote_addr or ""))


def is_from_elsewhere() -> bool:
    """Tell whether a browser says that another site sent this (Fetch Metadata, RFC 6454)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host
