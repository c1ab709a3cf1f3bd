"""The operator's page for suggestions: what waits, each as a diff to accept or decline, on the operator's machine."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from flask import Flask, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from justicegraph.admin.local import Door, local_app
from justicegraph.errors import JusticeGraphError
from justicegraph.suggest.review import LONGEST, Deciding
from justicegraph.suggest.store import NotHeld

_LAST = 2**63 - 1
"""The largest number that SQLite holds."""
_CLASSES = {"+": "in", "-": "out", "@": "head"}
_Answer = AnyResponse | tuple[str, int]


def suggestion_review_app(sitting: Deciding, door: Door) -> Flask:
    """Return the application of a sitting, behind a door; requests are answered one by one."""
    app, one_by_one = local_app(door), Lock()
    app.jinja_env.filters["day"] = lambda seconds: datetime.fromtimestamp(seconds, UTC).date().isoformat()

    def first() -> _Answer:
        with one_by_one:
            waiting = sitting.waiting()
            return _page(sitting, waiting[0][0].number if waiting else 0)

    def show(number: int) -> _Answer:
        with one_by_one:
            return _page(sitting, number)

    def change(number: int, what: str) -> _Answer:
        done = _CHANGES.get(what) or abort(404)
        with one_by_one:
            try:
                done(sitting, number)
            except NotHeld as gone:
                return _page(sitting, 0, str(gone), 409)
            except JusticeGraphError as error:
                return _page(sitting, number, str(error), 409)
            return redirect(f"{door.path}/{number}" if what == "id" else door.path, 303)

    app.add_url_rule(door.path, "first", first, methods=["GET"])
    one = f"{door.path}/<int(max={_LAST}):number>"
    app.add_url_rule(one, "show", show, methods=["GET"])
    app.add_url_rule(f"{one}/<what>", "change", change, methods=["POST"])
    return app


def _accept(sitting: Deciding, number: int) -> None:
    sitting.accept(number, request.form.get("revision", ""))


def _decline(sitting: Deciding, number: int) -> None:
    sitting.decline(number, request.form.get("reason", ""))


def _rename(sitting: Deciding, number: int) -> None:
    sitting.rename(number, request.form.get("slug", "").strip())


_CHANGES: dict[str, Callable[[Deciding, int], None]] = {"accept": _accept, "decline": _decline, "id": _rename}


def _class_of(line: str) -> str:
    """Return how a line of a diff is shown; its first two lines begin like others."""
    return "head" if line.startswith(("--- ", "+++ ")) else _CLASSES.get(line[:1], "")


def _page(sitting: Deciding, number: int, alarm: str = "", status: int = 200) -> tuple[str, int]:
    """Return the page with a suggestion, 0 for none, and with what else waits."""
    said: dict[str, Any] = {"alarm": alarm, "waiting": sitting.waiting(), "longest": LONGEST}
    numbers = [kept.number for kept, _ in said["waiting"]]
    if number:
        try:
            case = sitting.case(number)
        except JusticeGraphError as error:
            return render_template("suggestion_review.html", **said | {"alarm": alarm or str(error)}), 409
        after = [each for each in numbers if each > number] or [each for each in numbers if each != number]
        diffs = [[(_class_of(line), line) for line in change.diff(sitting.root)] for change in case.changes]
        said |= {"case": case, "diffs": diffs, "following": after[0] if after else 0}
    return render_template("suggestion_review.html", **said), status
