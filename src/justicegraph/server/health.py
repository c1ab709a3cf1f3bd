"""The health and the metrics of the server process, for its operator."""

from collections.abc import Callable
from typing import Any

import orjson
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from justicegraph.errors import JusticeGraphError
from justicegraph.http.problems import Problem
from justicegraph.pool import Pool
from justicegraph.pool.queries import query_job
from justicegraph.rdf.formats import SOLUTIONS
from justicegraph.sparql import Request, Response, error_response, problem_response
from justicegraph.sparql.query import Query

_READ = "GET", "HEAD"
_HEADERS = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), ("Access-Control-Allow-Origin", "*")]


def metrics(request: Request, registry: CollectorRegistry) -> Response:
    """Return counters and gauges in the form that Prometheus reads."""
    return _response(request, CONTENT_TYPE_LATEST, lambda: generate_latest(registry))


async def health(request: Request, pool: Pool, snapshot: str) -> Response:
    """Return 200 if a worker has run a query just now; else a problem. The cache is not used."""
    if request.method in _READ:
        try:
            await pool.run(query_job(Query("ASK {}", SOLUTIONS[0])))
        except JusticeGraphError as error:
            return error_response(request, error)
    return _response(request, "application/json", lambda: orjson.dumps({"status": "ok", "snapshot": snapshot}))


def _response(request: Request, content_type: str, body: Callable[[], Any]) -> Response:
    if request.method not in _READ:
        sentence = "This address answers GET and HEAD only."
        return problem_response(request, Problem("method-not-allowed", sentence, (("Allow", "GET, HEAD"),)))
    content: bytes = body()
    headers = [("Content-Type", content_type), ("Content-Length", str(len(content))), *_HEADERS]
    return Response(200, headers, b"" if request.method == "HEAD" else content)
