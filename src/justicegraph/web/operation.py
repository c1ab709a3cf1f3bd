"""For those who run the server: is it well, what does it do, and what do its problems mean."""

import orjson
from flask import Blueprint, Response, abort, render_template
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from justicegraph.http.problems import KINDS
from justicegraph.rdf.formats import SOLUTIONS
from justicegraph.sparql.query import Query
from justicegraph.web.site import site

blueprint = Blueprint("operation", __name__)


@blueprint.get("/healthz")
def health() -> Response:
    """Say that a question was answered just now, not from the cache; else it is a problem, with status 503."""
    run_query = site().run_uncached or site().run_query
    run_query(Query("ASK {}", SOLUTIONS[0])).read()
    return _fresh({"status": "ok", "snapshot": site().snapshot})


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give counters and gauges in the form that Prometheus reads."""
    registry = site().metrics
    if registry is None:
        abort(404)
    response = Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/problems")
def problems() -> str:
    """List what a problem document may say (RFC 9457, 3.1.1)."""
    return render_template("problems.html", kinds=KINDS)


def _fresh(said: dict[str, str]) -> Response:
    response = Response(orjson.dumps(said), content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
