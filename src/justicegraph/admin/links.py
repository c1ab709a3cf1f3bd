"""The page for reviewing links: one question at a time, answered by a form, on the operator's machine."""

from threading import Lock
from typing import Any

from flask import Flask, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from justicegraph.admin.local import Door, local_app
from justicegraph.errors import CannotStand, JusticeGraphError
from justicegraph.linking.wikidata.review import Answer, Question, Review
from justicegraph.linking.wikidata.review_words import MATCH_KEYS, MATCH_WORDS, clues, compared, link_of, shown
from justicegraph.namespaces import short
from justicegraph.project.sssom import curie

_STALE = "That form was an old one: its question is answered or undone already. Nothing was changed."


def review_app(review: Review, door: Door) -> Flask:
    """Return the application of a sitting, behind a door; requests are answered one by one."""
    app, one_by_one = local_app(door), Lock()
    app.jinja_env.filters.update(shown=shown, link=link_of, short=short, curie=curie)

    def show() -> tuple[str, int]:
        with one_by_one:
            return _page(review)

    def answer() -> AnyResponse | tuple[str, int]:
        with one_by_one:
            return _changed(review, door, _decide)

    def undo() -> AnyResponse | tuple[str, int]:
        with one_by_one:
            return _changed(review, door, Review.undo)

    app.add_url_rule(door.path, "show", show, methods=["GET"])
    app.add_url_rule(f"{door.path}/answer", "answer", answer, methods=["POST"])
    app.add_url_rule(f"{door.path}/undo", "undo", undo, methods=["POST"])
    return app


def _changed(review: Review, door: Door, change: Any) -> AnyResponse | tuple[str, int]:
    """Do what a form asks, unless it is an old one; then lead to the page anew (RFC 9110, 15.4.4)."""
    if request.form.get("revision") != str(review.revision):
        return _page(review, _STALE, 409)
    try:
        change(review)
    except JusticeGraphError as error:
        return _page(review, str(error), 409)
    return redirect(door.path, 303)


def _decide(review: Review) -> None:
    """Give the answer of the form; raise CannotStand where it is none to the question that is open."""
    question = review.question()
    if question is None or request.form.get("question") != _name(question):
        raise CannotStand(_STALE)
    said, _, match = request.form.get("answer", "").partition(" by ")
    if said not in set(Answer):
        raise CannotStand("The form has no answer. Press one of its buttons.")
    wanted = request.form.get("candidate")
    about = said in {Answer.SAME, Answer.DIFFERENT}
    candidate = next((each for each in question.proposal.candidates if each.id == wanted), None)
    review.decide(Answer(said), candidate if about else None, match)


def _page(review: Review, alarm: str = "", status: int = 200) -> tuple[str, int]:
    last = review.steps[-1].words if review.steps else ""
    said: dict[str, Any] = {"alarm": alarm, "last": last, "revision": review.revision, "counts": review.counts()}
    try:
        question = review.question()
    except JusticeGraphError as error:  # a file of decisions that somebody broke meanwhile
        return render_template("review.html", **said | {"alarm": str(error)}, is_broken=True), 409
    if question:
        candidates = question.proposal.candidates
        rows = [compared(question.proposal, [each]) for each in candidates]
        cards = list(zip(candidates, rows, map(clues, candidates), strict=True))
        matches = [(key, match, MATCH_WORDS[match]) for key, match in MATCH_KEYS.items()] if question.asks_how else []
        said |= {"question": question, "name": _name(question), "cards": cards, "matches": matches}
        said["told"] = compared(question.proposal, ())
    return render_template("review.html", **said), status


def _name(question: Question) -> str:
    """Return what names a question in its form."""
    return f"{question.proposal.entry} {question.proposal.source}"
