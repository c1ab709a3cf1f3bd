"""The operator's page for reviewing links: one entry with its candidates at a time, decided by a form."""

from collections.abc import Callable
from threading import Lock
from typing import Any

from flask import Flask, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from justicegraph.admin.local import Door, local_app
from justicegraph.errors import DecisionRejected, JusticeGraphError
from justicegraph.linking.wikidata import review_text
from justicegraph.linking.wikidata.review import Review, ReviewItem
from justicegraph.linking.wikidata.review_text import MATCH_KEYS, MATCH_LABELS, Verdict, compare, reasons_of
from justicegraph.namespaces import short
from justicegraph.project.sssom import curie

_STALE = "That form was out of date: its entry is decided or undone already. Nothing was changed."


def review_app(review: Review, door: Door) -> Flask:
    """Return the application for a review, behind a door; it handles one request at a time."""
    app, lock = local_app(door), Lock()
    app.jinja_env.filters.update(
        safe_line=review_text.safe_line, link=review_text.link_of, short=short, curie=curie,
        likelihood=review_text.format_likelihood,
    )  # fmt: skip
    app.jinja_env.globals.update(text=review_text)

    def show() -> tuple[str, int]:
        with lock:
            return _page(review)

    def decide() -> AnyResponse | tuple[str, int]:
        with lock:
            return _change(review, door, _decide)

    def undo() -> AnyResponse | tuple[str, int]:
        with lock:
            return _change(review, door, Review.undo)

    app.add_url_rule(door.path, "show", show, methods=["GET"])
    app.add_url_rule(f"{door.path}/decide", "decide", decide, methods=["POST"])
    app.add_url_rule(f"{door.path}/undo", "undo", undo, methods=["POST"])
    return app


def _change(review: Review, door: Door, change: Callable[[Review], Any]) -> AnyResponse | tuple[str, int]:
    """Do what a form asks, unless it is out of date; then redirect to the page (RFC 9110, section 15.4.4)."""
    if request.form.get("revision") != str(review.revision):
        return _page(review, _STALE, 409)
    try:
        change(review)
    except JusticeGraphError as error:
        return _page(review, str(error), 409)
    return redirect(door.path, 303)


def _decide(review: Review) -> None:
    """Record the verdict in the form; raise DecisionRejected if it is none on the current item."""
    item = review.current()
    if item is None or request.form.get("item") != _key(item):
        raise DecisionRejected(_STALE)
    value, _, match = request.form.get("verdict", "").partition(" by ")
    if value not in set(Verdict):
        raise DecisionRejected("The form has no verdict. Press one of its buttons.")
    verdict, iri = Verdict(value), request.form.get("candidate")
    candidate = next((candidate for candidate in item.proposal.candidates if candidate.id == iri), None)
    review.decide(verdict, candidate if verdict.is_about_candidate else None, match)


def _page(review: Review, error: str = "", status: int = 200) -> tuple[str, int]:
    last = review.steps[-1].text if review.steps else ""
    context: dict[str, Any] = {
        "error": error, "last": last, "revision": review.revision, "counts": review.counts(),
    }  # fmt: skip
    try:
        item = review.current()
    except JusticeGraphError as problem:  # somebody has broken a file of decisions meanwhile
        return render_template("review.html", **context | {"error": str(problem)}, is_broken=True), 409
    return render_template("review.html", **context, **(_template_variables(item) if item else {})), status


def _template_variables(item: ReviewItem) -> dict[str, Any]:
    """Return what the page shows of an item."""
    candidates = item.proposal.candidates
    rows = [compare(item.proposal, [candidate]) for candidate in candidates]
    return {
        "item": item,
        "key": _key(item),
        "cards": list(zip(candidates, rows, map(reasons_of, candidates), strict=True)),
        "matches": [(key, match, MATCH_LABELS[match]) for key, match in MATCH_KEYS.items()] if item.needs_match else [],
        "details": compare(item.proposal, ()),
    }


def _key(item: ReviewItem) -> str:
    """Return the value that names an item in its form."""
    return f"{item.proposal.entry} {item.proposal.source}"
