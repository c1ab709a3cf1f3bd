"""The Reconciliation Service API 0.2 at /reconcile, which OpenRefine uses.

Batches go to a pool of processes of its own, which can be ended. The values of entries come from the graph, as on their
pages. A query that fails has no result, so OpenRefine shows an error in its cell; a query without a match has an empty
list. The header Failed-Queries says why a query failed.
"""

from json import dumps
from typing import Any

import orjson
from flask import Blueprint, Response, render_template, request

from justicegraph.errors import BadQuery, LimitReached, QueryTooLong
from justicegraph.http.parameters import single_parameters, whole_number
from justicegraph.http.problems import Problem, problem_of
from justicegraph.linking.reconcile.batch import BATCH
from justicegraph.linking.reconcile.jobs import ENTRIES, SUGGESTED, TYPES, Batch, Suggestion, results_of
from justicegraph.namespaces import ID, JG, SLUG, local_name
from justicegraph.pool import Reply
from justicegraph.sparql import MAX_BODY
from justicegraph.web.errors import problem_page
from justicegraph.web.paths import server_address
from justicegraph.web.reconcile.extend import SETTINGS, extend, facts_of, read_extension
from justicegraph.web.reconcile.properties import offered_properties, properties_of_class
from justicegraph.web.site import site

blueprint = Blueprint("reconciliation", __name__, url_prefix="/reconcile")

SIZE = {"width": 400, "height": 140}
"""The size of a preview in pixels."""

POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
"""The security policy of a preview. OpenRefine, which runs at any address, shows it in a frame.

A preview has no forms, scripts or state, so a page around it cannot trick a reader into anything.
"""

_TYPES = {"Organization": "organization", "Person": "person", "Campaign": "campaign", "Cause": "cause"}
"""The classes that are offered first, with their labels."""

_FORM = "application/x-www-form-urlencoded"
_METHODS = "GET, HEAD, POST, OPTIONS"
_LONGEST_REASONS = 4_096
"""Characters of the header that says why queries failed: proxies take some 8 KiB of all headers together."""

_SENTENCES = {
    "time": "The batch took longer than is allowed here: send fewer queries at a time.",
    "memory": "The batch took more memory than is allowed here: send fewer queries at a time.",
    "answer": "The answer is too long: send fewer queries at a time, or a smaller limit.",
    "depth": "The batch nests too deep: write it flatter.",
    "engine": "The batch could not be answered: send fewer queries at a time.",
}
"""Sentences by the limit that was reached; the other limits keep their own sentences."""


@blueprint.before_request
def offered() -> Response | None:
    """Send 404 if no project is served, and answer OPTIONS, by which a page elsewhere asks what it may send."""
    if site().reconcile is None:
        return problem_page(
            Problem("not-found", "Here, single files are served: only a project's graph is reconciled with.")
        )
    if request.method != "OPTIONS":
        return None
    allowed = _METHODS if request.path.rstrip("/") == "/reconcile" else "GET, HEAD, OPTIONS"
    sent = {
        "Allow": allowed,
        "Access-Control-Allow-Methods": allowed,
        "Access-Control-Allow-Headers": "Accept, Content-Type",
    }
    return Response(status=204, headers={**sent, "Access-Control-Max-Age": "86400"})


@blueprint.errorhandler(LimitReached)
def limit_reached(error: LimitReached) -> Response:
    """Return the problem of a limit, in a sentence for batches."""
    sentence = _SENTENCES.get(error.limit, error.sentence)
    return problem_page(problem_of(LimitReached(error.limit, sentence, error.retry_after)))


@blueprint.after_request
def open_to_all(response: Response) -> Response:
    """Let pages from anywhere read the response (section 3.3). There are no cookies."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Failed-Queries, Retry-After"
    return response


@blueprint.route("", methods=["GET", "POST", "OPTIONS"], strict_slashes=False)
def reconcile() -> Response:
    """Send the manifest, the results of a batch, or the rows of a data extension."""
    parameters = _parameters()
    if "queries" in parameters and "extend" in parameters:
        raise BadQuery("Send either `queries` or `extend`, not both.")
    if "queries" in parameters:
        return _results(parameters["queries"])
    if "extend" in parameters:
        return _json(extend(site().run_query, *read_extension(parameters["extend"])))
    if request.method == "POST" or "query" in parameters:
        raise BadQuery('Send the parameter `queries`, as in {"q0": {"query": "a name"}}, or `extend`.')
    return _json(manifest(server_address()))


@blueprint.get("/suggest/entity")
def suggest_entity() -> Response:
    """Suggest entries whose names begin with a text."""
    return _suggested(ENTRIES)


@blueprint.get("/suggest/type")
def suggest_type() -> Response:
    """Suggest classes whose names begin with a text."""
    return _suggested(TYPES)


@blueprint.get("/suggest/property")
def suggest_property() -> Response:
    """Suggest properties whose names begin with a text; first those that the matcher uses."""
    prefix, cursor = _prefix_and_cursor()
    begin = prefix.casefold()
    matching = [
        offer.as_json()
        for offer in offered_properties(site().run_query)
        if any(
            word.startswith(begin)
            for word in (offer.id.casefold(), offer.name.casefold(), *offer.name.casefold().split())
        )
    ]
    return _json({"result": matching[cursor : cursor + SUGGESTED]})


@blueprint.get("/properties")
def propose() -> Response:
    """Propose properties of a class, whose values can be fetched."""
    parameters = _parameters()
    kind, limit = parameters.get("type", ""), whole_number(parameters, "limit")
    properties = [offer.as_json() for offer in properties_of_class(site().run_query, kind, limit)]
    response: dict[str, Any] = {"properties": properties}
    return _json(response | ({"type": kind} if kind else {}) | ({"limit": limit} if limit else {}))


@blueprint.get("/preview")
def preview() -> Response:
    """Show an entry in a few lines, in a frame."""
    slug = _parameters().get("id", "").removeprefix(ID).removeprefix("id:")
    facts = facts_of(site().run_query, slug) if SLUG.fullmatch(slug) else []
    if not facts:
        return problem_page(Problem("not-found", "There is no entry with this id."))
    values: dict[str, list[str]] = {}
    for row in facts:
        values.setdefault(local_name(row["property"]), []).append(row.get("name") or row["value"])
    response = Response(render_template("preview.html", slug=slug, values=values, here=server_address()))
    response.headers["Content-Security-Policy"] = POLICY
    return response


@blueprint.get("/help")
def help_page() -> str:
    """Show what the service is for, and how to add it to OpenRefine."""
    return render_template("reconciliation.html", address=f"{server_address()}/reconcile", batch=BATCH)


def manifest(here: str) -> dict[str, Any]:
    """Return the manifest of the service at this address (section 3.1)."""

    def service(path: str) -> dict[str, str]:
        return {"service_url": here, "service_path": f"/reconcile/{path}"}

    return {
        "versions": ["0.2"],
        "name": "JusticeGraph",
        "identifierSpace": ID,
        "schemaSpace": JG,
        "documentation": f"{here}/reconcile/help",
        "defaultTypes": [{"id": kind, "name": name} for kind, name in _TYPES.items()],
        "view": {"url": f"{here}/id/{{{{id}}}}"},
        "preview": {"url": f"{here}/reconcile/preview?id={{{{id}}}}", **SIZE},
        "suggest": {kind: service(f"suggest/{kind}") for kind in ("entity", "property", "type")},
        "extend": {"propose_properties": service("properties"), "property_settings": SETTINGS},
        "batchSize": BATCH,
    }


def _results(text: str) -> Response:
    failed, results = results_of(_run(Batch(text)))
    if failed and results == b"{}":
        name, why = next(iter(failed.items()))
        response = problem_page(Problem("bad-query", f'No query can be answered; of "{name[:40]}": {why}'))
    else:
        response = Response(results, content_type="application/json")
    if failed:
        response.headers["Failed-Queries"] = _reasons(failed)
    return response


def _reasons(failed: dict[str, str]) -> str:
    """Return why queries failed, as JSON in ASCII; the last are left out if they are too many for a header."""
    reasons: dict[str, str] = {}
    for name, why in failed.items():
        if len(dumps({**reasons, name: why})) > _LONGEST_REASONS:
            break
        reasons[name] = why
    return dumps(reasons)


def _suggested(kind: str) -> Response:
    return Response(_run(Suggestion(kind, *_prefix_and_cursor())).read(), content_type="application/json")


def _run(payload: Batch | Suggestion) -> Reply:
    run = site().reconcile
    if run is None:
        raise AssertionError("requests are refused if no project is served")
    return run(payload)


def _prefix_and_cursor() -> tuple[str, int]:
    parameters = _parameters()
    return parameters.get("prefix", "")[:200], whole_number(parameters, "cursor")


def _parameters() -> dict[str, str]:
    """Return the parameters, in the address or in a form; `callback` and others that say nothing here are passed over.

    Raise BadQuery if one stands twice, or they cannot be read.
    """
    text = request.query_string
    if request.method == "POST":
        if request.mimetype != _FORM:
            raise BadQuery(f"Send `queries` or `extend` as {_FORM}.")
        text = request.get_data()
    if len(text) > MAX_BODY:
        raise QueryTooLong(f"The request is longer than {MAX_BODY:,} bytes: send less at a time.")
    return single_parameters(text, most=20)


def _json(document: dict[str, Any]) -> Response:
    return Response(orjson.dumps(document), content_type="application/json")
