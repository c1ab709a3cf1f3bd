"""The documentation at /docs, as `make docs` or the wheel has it: files of Sphinx, sent as they are."""

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from justicegraph.http.problems import Problem
from justicegraph.web.errors import NO_DOCS, problem_page
from justicegraph.web.site import site

blueprint = Blueprint("docs", __name__)

TYPES = {
    "css": "text/css; charset=utf-8", "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "png": "image/png", "svg": "image/svg+xml", "txt": "text/plain; charset=utf-8",
}  # fmt: skip
"""By the end of a file's name, its media type. The site has no other files that a page loads."""

POLICY = (
    "default-src 'none'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; script-src 'self'{scripts}; style-src 'self'{styles}; style-src-attr 'unsafe-inline'"
)
"""The theme's files and the inline scripts and styles that the page itself has, by their hashes (CSP 3, 8.3)."""

_INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)


@blueprint.app_template_global("has_docs")
def has_docs() -> bool:
    """Tell whether the documentation is built: a page links to it then."""
    folder = site().docs
    return folder is not None and (folder / "index.html").is_file()


@blueprint.get("/docs")
def moved() -> AnyResponse:
    """Redirect to the first page, so that its relative links work."""
    return redirect("/docs/", 308)


@blueprint.get("/docs/")
@blueprint.get("/docs/<path:name>")
def page(name: str = "index.html") -> Response:
    """Send a file of the documentation; if it is not built, say how to build it."""
    folder = site().docs
    if folder is None or not has_docs():
        return problem_page(Problem("not-found", NO_DOCS))
    path = safe_join(str(folder), name)
    kind = TYPES.get(name.rpartition(".")[2])
    if path is None or kind is None or not Path(path).is_file():
        abort(404)
    return _sent(Path(path).read_bytes(), kind)


def _sent(body: bytes, kind: str) -> Response:
    """Return the response with a file; a browser asks again at each visit, since a new build keeps the names."""
    response = Response(body, content_type=kind)
    response.headers["Cache-Control"] = "no-cache"
    if kind.startswith("text/html"):
        response.headers["Content-Language"] = "en"
        response.headers["Content-Security-Policy"] = policy_of(body.decode())
    response.set_etag(sha256(body).hexdigest()[:32], weak=True)
    return response.make_conditional(request)  # type: ignore[return-value]


def policy_of(text: str) -> str:
    """Return the Content Security Policy of a page: what it has inline may run, and nothing else inline."""
    inline = _INLINE.findall(text)
    scripts = _hashes(content for tag, content in inline if tag == "script")
    return POLICY.format(scripts=scripts, styles=_hashes(content for tag, content in inline if tag == "style"))


def _hashes(contents: Iterable[str]) -> str:
    digests = (b64encode(sha256(content.encode()).digest()).decode() for content in contents)
    return "".join(f" 'sha256-{digest}'" for digest in dict.fromkeys(digests))
