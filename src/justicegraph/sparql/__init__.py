"""SPARQL: queries and their results, the engine, and the SPARQL 1.1 Protocol."""

from justicegraph.sparql.endpoint import (
    Endpoint,
    Headers,
    ParsedRequest,
    Response,
    error_response,
    not_modified,
    problem_response,
    result_response,
)
from justicegraph.sparql.protocol import MAX_BODY, Request, client_of

__all__ = [
    "MAX_BODY",
    "Endpoint",
    "Headers",
    "ParsedRequest",
    "Request",
    "Response",
    "client_of",
    "error_response",
    "not_modified",
    "problem_response",
    "result_response",
]  # fmt: skip
