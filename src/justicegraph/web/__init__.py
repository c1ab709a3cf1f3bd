"""The pages, documents, forms and files of a site, as a Flask application. The server answers /sparql itself."""

from flask import Flask, Response, request

from justicegraph.errors import JusticeGraphError
from justicegraph.web import (
    assets,
    completion,
    compress,
    docs,
    documents,
    errors,
    home,
    operation,
    query,
    security,
    service,
    sitemap,
)
from justicegraph.web.i18n import init_app
from justicegraph.web.lists import view as lists
from justicegraph.web.reconcile import view as reconcile
from justicegraph.web.releases import feeds
from justicegraph.web.releases import view as releases
from justicegraph.web.site import Site
from justicegraph.web.suggest import view as suggest

__all__ = ["Site", "create_app"]


VIEW_MODULES = (
    documents, releases, feeds, sitemap, home, lists, query, errors, completion, assets, service, reconcile, suggest,
    operation, docs,
)  # fmt: skip
"""The modules with views, each with its blueprint."""


def create_app(site: Site) -> Flask:
    """Return the application that serves this site; it keeps no state of its own."""
    app = Flask("justicegraph.web", static_folder=None)
    app.url_map.merge_slashes = False  # it leads to an address with the host that a stranger has named
    site.attach(app)
    init_app(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["nonce"] = security.nonce
    for module in VIEW_MODULES:
        app.register_blueprint(module.blueprint)
    app.register_error_handler(JusticeGraphError, errors.error_page)
    for status in (404, 405, 410, 416, 500):
        app.register_error_handler(status, errors.http_error)
    app.after_request(_guarded)
    app.after_request(compress.encode)
    return app


def _guarded(response: Response) -> Response:
    if "Content-Security-Policy" not in response.headers:  # a preview has one of its own
        security.add_security_policy(response)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if not request.path.startswith("/suggest"):  # what takes something in is for our own pages
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
    return response
