"""The web: pages and documents in Flask, with the SPARQL endpoint mounted in front of its routing."""

from flask import Flask, Response
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from justicegraph.errors import BadQuery, JusticeGraphError, NotAcceptable
from justicegraph.sparql import sparql_endpoint
from justicegraph.web import documents, pages
from justicegraph.web.site import Site

__all__ = ["Site", "create_app"]

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""What a page may load (CSP 3): its own stylesheet, and nothing else."""


def create_app(site: Site) -> Flask:
    """Return the application that serves this site; it keeps no state of its own."""
    app = Flask("justicegraph.web")
    site.attach(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_blueprint(documents.blueprint)
    app.register_blueprint(pages.blueprint)
    app.register_error_handler(JusticeGraphError, _sorry)
    for status in (404, 405, 410, 416, 500):
        app.register_error_handler(status, pages.http_error)
    app.after_request(_guarded)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/sparql": sparql_endpoint(site.ask)})  # type: ignore[method-assign]
    return app


def _sorry(error: JusticeGraphError) -> tuple[str, int] | Response:
    status = 406 if isinstance(error, NotAcceptable) else 400 if isinstance(error, BadQuery) else 503
    return pages.error_page(status, str(error))


def _guarded(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers.setdefault("Access-Control-Allow-Origin", "*")
    return response
