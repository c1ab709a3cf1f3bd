"""SPARQL: queries and their results, the engine, and the SPARQL 1.1 Protocol."""

from justicegraph.sparql.endpoint import Asked, Endpoint, Response, answered, failed, told, unchanged
from justicegraph.sparql.protocol import MAX_BODY, Request, client_of

__all__ = [
    "MAX_BODY", "Asked", "Endpoint", "Request", "Response", "answered", "client_of", "failed",
    "told", "unchanged",
]  # fmt: skip
