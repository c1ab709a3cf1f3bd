"""The SPARQL 1.1 Protocol over whatever answers questions."""

from justicegraph.sparql.endpoint import Asked, Endpoint, Response, answered, failed, told, unchanged
from justicegraph.sparql.protocol import MAX_BODY, Request, client_of
from justicegraph.sparql.wsgi import Wsgi, sparql_endpoint

__all__ = [
    "MAX_BODY", "Asked", "Endpoint", "Request", "Response", "Wsgi", "answered", "client_of", "failed",
    "sparql_endpoint", "told", "unchanged",
]  # fmt: skip
