"""The page that explains the problem documents of this server."""

from flask import Blueprint, render_template

from justicegraph.http.problems import KINDS

blueprint = Blueprint("operation", __name__)


@blueprint.get("/problems")
def problems() -> str:
    """List the kinds of problem documents (RFC 9457, 3.1.1)."""
    return render_template("problems.html", kinds=KINDS)
