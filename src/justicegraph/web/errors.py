"""Errors, as pages for people and problem documents for programs (RFC 9457)."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from justicegraph.errors import JusticeGraphError, LimitReached
from justicegraph.http.accept import accepted_format
from justicegraph.http.problems import MEDIA_TYPE, Problem, kind_of, problem_of
from justicegraph.namespaces import short
from justicegraph.rdf.formats import HTML, Format
from justicegraph.text import mark as _
from justicegraph.web.entity.html import (
    cited,
    clauses,
    english,
    facts,
    heading,
    label,
    labels,
    lines,
    named_at,
    statement,
    value,
    values,
)
from justicegraph.web.i18n import language
from justicegraph.web.paths import local_address

blueprint = Blueprint("pages", __name__)

blueprint.add_app_template_filter(local_address, "local")
blueprint.add_app_template_filter(short, "short")
for _filter in (cited, clauses, facts, heading, label, labels, named_at, statement, value, values):
    blueprint.add_app_template_filter(_filter)
blueprint.add_app_template_global(english)
blueprint.add_app_template_global(lines)

SENTENCES = {
    "not-found": _("There is no page at this address. Search for a name or browse the lists."),
    "method-not-allowed": _("This address answers GET and HEAD only."),
    "removed": _("This entry has been removed on request."),
    "range": _("The range begins behind the end."),
}
_COSTLY = {"time", "memory", "answer", "engine"}
TOO_COSTLY = _("This page could not be made within the limits of the server. Try it again in a moment.")
NO_DOCS = _("The documentation is not built on this server. In a checkout, `make docs` builds it.")
MISTAKE = _("Something went wrong on our side. Please try again later.")
HEADINGS = {
    400: _("This request cannot be answered"), 404: _("Page not found"), 405: _("This is not done here"),
    410: _("This was removed"), 503: _("The server cannot answer now"),
}  # fmt: skip


def http_error(error: HTTPException) -> Response:
    """Return the page or the problem document of an HTTP error, such as 404 or 405."""
    kind = kind_of(error.code or 500)
    return problem_page(Problem(kind, SENTENCES.get(kind, MISTAKE)))


def limit_page(error: LimitReached) -> Response:
    """Return the page of a limit. The sentences of costly queries help only those who write queries."""
    costly = LimitReached(error.limit, TOO_COSTLY, error.retry_after)
    return problem_page(problem_of(costly if error.limit in _COSTLY else error))


def error_page(error: JusticeGraphError) -> Response:
    """Return the page of an error, or the problem document."""
    return limit_page(error) if isinstance(error, LimitReached) else problem_page(problem_of(error))


def failing(
    app: Flask, error: JusticeGraphError, *, with_graph: bool = True
) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """Return a WSGI application that answers any request with the page of an error that came up elsewhere.

    `with_graph` tells whether the page may run queries, as those do that show again what somebody has written.
    """

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        with app.request_context(environ):
            app.preprocess_request()
            response = app.handle_user_exception(error) if with_graph else error_page(error)
            return app.finalize_request(response)(environ, start)

    return answer


def problem_page(problem: Problem) -> Response:
    """Return the response with a problem: a page if the client prefers HTML, else a problem document."""
    document = Format("problem", MEDIA_TYPE, None, ("application/json", "text/plain"))
    try:
        wanted = accepted_format(request.headers.get("Accept", ""), (document, HTML))
    except JusticeGraphError:
        wanted = document
    body, kind = problem.document().decode(), MEDIA_TYPE
    if wanted is HTML:
        body, kind = _page(problem), HTML.media_type
    response = Response(body, problem.status, content_type=kind)
    response.headers.extend(problem.headers)
    response.headers["Vary"] = "Accept"
    return response


def _page(problem: Problem) -> str:
    """Return the page in the reader's language; a sentence without a translation stays in English."""
    text = language().text
    return render_template(
        "error.html", status=problem.status, heading=text(HEADINGS.get(problem.status, _("Something went wrong"))),
        sentence=text(problem.detail), is_ours=problem.detail in {*SENTENCES.values(), MISTAKE, NO_DOCS, TOO_COSTLY},
    )  # fmt: skip
