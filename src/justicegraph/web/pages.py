"""What went wrong, as a page for people or a problem document for programs (RFC 9457)."""

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import HTTPException

from justicegraph.errors import JusticeGraphError
from justicegraph.formats import HTML, Format, accepted_format
from justicegraph.names import short
from justicegraph.problems import MEDIA_TYPE, Problem, kind_of
from justicegraph.web.paths import local_address

blueprint = Blueprint("pages", __name__)

blueprint.add_app_template_filter(local_address, "local")
blueprint.add_app_template_filter(short, "short")


def http_error(error: HTTPException) -> Response:
    """Return a page, or a problem document for a program, that says what was not found or not allowed."""
    kind = kind_of(error.code or 500)
    sentence = {
        "not-found": "There is nothing at this address. Look for the name on the lists, or ask in SPARQL.",
        "method-not-allowed": "This address answers GET and HEAD only.",
        "removed": "What was here has been removed on request.",
        "range": "The range begins behind the end.",
    }.get(kind, "Something went wrong here, and it is ours to mend.")
    return problem_page(Problem(kind, sentence))


def problem_page(problem: Problem) -> Response:
    """Return the problem with its status: as a page where the client prefers one."""
    document = Format("problem", MEDIA_TYPE, None, ("application/json", "text/plain"))
    try:
        wanted = accepted_format(request.headers.get("Accept", ""), (document, HTML))
    except JusticeGraphError:
        wanted = document
    if wanted is HTML:
        body, kind = render_template("error.html", status=problem.status, sentence=problem.detail), HTML.media_type
    else:
        body, kind = problem.document().decode(), MEDIA_TYPE
    response = Response(body, problem.status, content_type=kind)
    response.headers.extend(problem.headers)
    response.headers["Vary"] = "Accept"
    return response
