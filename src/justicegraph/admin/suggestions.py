"""The operator's page for reviewing suggestions: each is a diff to accept or to decline."""

from collections.abc import Callable
from threading import Lock
from typing import Any

from flask import Flask, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from justicegraph.admin.local import Door, local_app
from justicegraph.errors import JusticeGraphError
from justicegraph.suggest import review_text
from justicegraph.suggest.review import MAX_REASON, Review
from justicegraph.suggest.store import NotWaiting

_MAX_NUMBER = 2**63 - 1
"""The largest number that SQLite stores."""
_Response = AnyResponse | tuple[str, int]


def suggestion_review_app(review: Review, door: Door) -> Flask:
    """Return the application for a review, behind a door; it handles one request at a time."""
    app, lock = local_app(door), Lock()
    app.jinja_env.filters.update(day=review_text.format_day, kind=review_text.kind_of)
    app.jinja_env.globals.update(text=review_text, max_reason=MAX_REASON)

    def first() -> _Response:
        with lock:
            waiting = review.waiting()
            return _page(review, waiting[0][0].number if waiting else 0)

    def show(number: int) -> _Response:
        with lock:
            return _page(review, number)

    def change(number: int, action: str) -> _Response:
        run = _ACTIONS.get(action) or abort(404)
        with lock:
            try:
                run(review, number)
            except NotWaiting as error:
                return _page(review, 0, str(error), 409)
            except JusticeGraphError as error:
                return _page(review, number, str(error), 409)
            return redirect(f"{door.path}/{number}" if action == "id" else door.path, 303)

    app.add_url_rule(door.path, "first", first, methods=["GET"])
    path = f"{door.path}/<int(max={_MAX_NUMBER}):number>"
    app.add_url_rule(path, "show", show, methods=["GET"])
    app.add_url_rule(f"{path}/<action>", "change", change, methods=["POST"])
    return app


def _accept(review: Review, number: int) -> None:
    review.accept(number, request.form.get("revision", ""))


def _decline(review: Review, number: int) -> None:
    review.decline(number, request.form.get("reason", ""))


def _rename(review: Review, number: int) -> None:
    review.rename(number, request.form.get("slug", "").strip())


_ACTIONS: dict[str, Callable[[Review, int], None]] = {"accept": _accept, "decline": _decline, "id": _rename}


def _page(review: Review, number: int, error: str = "", status: int = 200) -> tuple[str, int]:
    """Return the page for a suggestion, 0 for none, with a list of all that wait."""
    context: dict[str, Any] = {"error": error, "waiting": review.waiting()}
    if number:
        try:
            assessment = review.assess(number)
        except JusticeGraphError as problem:
            return render_template("suggestion_review.html", **context | {"error": error or str(problem)}), 409
        context["assessment"] = assessment
        context["diffs"] = [list(review_text.diff_lines(change, review.root)) for change in assessment.changes]
        context["next_number"] = _next_number([suggestion.number for suggestion, _ in context["waiting"]], number)
    return render_template("suggestion_review.html", **context), status


def _next_number(numbers: list[int], current: int) -> int:
    """Return the number of the suggestion after the current one, else the first of the others; 0 if there is none."""
    others = [number for number in numbers if number != current]
    return next((number for number in others if number > current), others[0] if others else 0)
