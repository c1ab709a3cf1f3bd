"""Suggest an entry or a change: forms that need no script, and receipts. What is sent is saved before it is answered.

Nothing is published by itself. No cookie is set, no address and no browser's name is kept, and what breaks a rule on
people is told and not saved.
"""

import time
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from justicegraph.errors import BadParameters, CannotWrite, LimitReached
from justicegraph.http.parameters import single_parameters
from justicegraph.http.problems import Problem
from justicegraph.namespaces import ID, JG, RDFS, SLUG
from justicegraph.suggest import tokens
from justicegraph.suggest.draft import draft_proposal
from justicegraph.suggest.entry import Entry
from justicegraph.suggest.forms import SOURCE
from justicegraph.suggest.intake import Intake
from justicegraph.suggest.kinds import KINDS
from justicegraph.suggest.sections import next_part_key
from justicegraph.suggest.store import WAITING, NotSaved, Suggestion, TooManyWaiting
from justicegraph.web.errors import limit_page, problem_page
from justicegraph.web.i18n import in_language, language
from justicegraph.web.site import site
from justicegraph.web.suggest.checking import checked
from justicegraph.web.suggest.door import is_from_elsewhere, seconds_to_wait
from justicegraph.web.suggest.graph import ServedGraph, forms
from justicegraph.web.suggest.sheet import (
    PARTS,
    Sheet,
    find_entries,
    first_of,
    sent_sheet,
    sheet_of,
    with_more,
)

blueprint = Blueprint("suggesting", __name__, url_prefix="/suggest")

LARGEST = 64 * 1024
"""Bytes of a form."""
FIELDS = 2_000
"""Fields of a form."""
QUICKEST, SLOWEST = 3, 24 * 3_600
"""Seconds that somebody takes to fill in a form: no less, and no more."""

_FORM = "application/x-www-form-urlencoded"
_TRAP = "subject"
"""A field that nobody sees, so that only a program fills it in."""


@blueprint.before_request
def offered() -> Response | None:
    """Answer 404 where suggestions are not taken, and refuse what another site makes a browser send."""
    if site().suggestions is None:
        return problem_page(Problem("not-found", "Suggestions are not taken on this server."))
    if request.method != "POST":
        return None
    if is_from_elsewhere():
        return problem_page(Problem("refused", "Another site sent this. Open the form here, and send it yourself."))
    if request.mimetype != _FORM:
        return problem_page(Problem("unsupported-media-type", "Only the forms of these pages are read."))
    if (request.content_length or 0) > LARGEST:
        return problem_page(Problem("too-long", "This is more than a form takes: shorten it, or send it in two parts."))
    return None


@blueprint.after_request
def kept_by_nobody(response: Response) -> Response:
    """Let no cache keep what somebody writes, and no search engine list it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.errorhandler(CannotWrite)
def not_written(_error: CannotWrite) -> Response:
    """Say that the file of suggestions cannot be had, and not where it is."""
    said = "The server cannot read or write suggestions now. Nothing was changed: try again later."
    return problem_page(Problem("unavailable", said, (("Retry-After", "60"),)))


@blueprint.errorhandler(LimitReached)
def not_made(error: LimitReached) -> AnyResponse:
    """Show a form again whose suggestion could not be checked within the limits. No text is lost."""
    name, slug = ((request.view_args or {}).get(key, "") for key in ("name", "slug"))
    graph, sent = ServedGraph(site().run_query), _sent() if request.method == "POST" else None
    entry = Entry(JG + name) if name in KINDS.values() else graph.entry(slug) if SLUG.fullmatch(slug) else None
    if sent is None or entry is None:
        return limit_page(error)
    sheet = sent_sheet(forms(), entry, sent, sent.get("parts", "").split()[:PARTS], graph)
    return _not_saved(error, sheet, graph, f"new/{name}" if name else f"change/{slug}", sent)


@blueprint.app_context_processor
def for_templates() -> dict[str, bool]:
    """Tell every page whether it can offer to suggest something."""
    return {"can_suggest": site().suggestions is not None}


@blueprint.get("", strict_slashes=False)
def choose() -> str:
    """Ask for the kind of the new entry."""
    said = forms()
    kinds = [
        (name, said.label(JG + name), (said.words[JG + name].get(RDFS + "comment") or [""])[0])
        for name in KINDS.values()
    ]
    return render_template("suggest.html", kinds=kinds)


@blueprint.route("/new/<name>", methods=["GET", "POST"])
def new(name: str) -> AnyResponse:
    """Show the form of a new entry of a class, or take it in."""
    if name not in KINDS.values():
        abort(404)
    return _answer(Entry(JG + name), ServedGraph(site().run_query), f"new/{name}")


@blueprint.route("/<slug>", methods=["GET", "POST"])
def change(slug: str) -> AnyResponse:
    """Show the form of an entry as it stands, or take it in."""
    graph = ServedGraph(site().run_query)
    if site().is_removed(slug):
        abort(410)
    entry = graph.entry(slug) if SLUG.fullmatch(slug) else None
    if entry is None:
        abort(404)
    return _answer(entry, graph, f"change/{slug}")


@blueprint.get("/receipt/<receipt>")
def show_receipt(receipt: str) -> str:
    """Tell what came of a suggestion."""
    found = _intake().store.by_receipt(tokens.receipt_hash(receipt)) if tokens.RECEIPT.fullmatch(receipt) else None
    if found is None:
        abort(404)
    days = {name: _day(seconds) for name, seconds in (("received", found.received_at), ("decided", found.decided_at))}
    limits = _intake().limits
    return render_template(
        "suggest_receipt.html", suggestion=found, receipt=receipt, days=days, limits=limits, waiting=WAITING
    )


@blueprint.post("/receipt/<receipt>/withdraw")
def withdraw(receipt: str) -> AnyResponse:
    """Forget what a suggestion says, as its sender wishes."""
    if not tokens.RECEIPT.fullmatch(receipt):
        abort(404)
    _intake().store.withdraw(tokens.receipt_hash(receipt))
    return redirect(in_language(f"/suggest/receipt/{receipt}"), 303)


def _(sentence: str) -> str:
    return language().text(sentence)


def _answer(entry: Entry, graph: ServedGraph, target: str) -> AnyResponse:
    if request.method != "POST":
        return _page(sheet_of(forms(), entry, (), graph), graph, target)
    sent = _sent()
    if sent is None:
        return problem_page(Problem("bad-request", "The form cannot be read: open it anew, and fill it in."))
    keys, do = sent.get("parts", "").split()[:PARTS], sent.get("do", "send")
    verb, about = do.partition(":")[::2]
    if verb in {"add", "open"}:
        taken = [*entry.parts(), *keys]
        key = next_part_key(about, taken) if verb == "add" and about in forms().parts(entry.kind) else about
        sheet = sent_sheet(forms(), entry, sent, [*keys, key], graph)
        if key not in keys[:PARTS] and len(keys) >= PARTS:
            sheet.add_error("", _("A form has room for ten parts. Send these first, then open the form again."))
        return _page(sheet, graph, target, sent, focus=first_of(sheet, key))
    sheet = sent_sheet(forms(), entry, sent, keys, graph)
    if verb == "more":
        return _page(sheet, graph, target, sent, focus=with_more(sheet, about))
    if verb == "find":
        find_entries(sheet, [about], graph)
        return _page(sheet, graph, target, sent, focus=f"{about}.pick" if sheet.matches.get(about) else about)
    return _sent_off(sheet, graph, target, sent)


def _sent_off(sheet: Sheet, graph: ServedGraph, target: str, sent: dict[str, str]) -> AnyResponse:
    """Take a suggestion in, and lead to its receipt; else show the form with what is wrong. No text is lost."""
    try:
        return _taken_in(sheet, graph, target, sent)
    except (CannotWrite, LimitReached) as error:
        return _not_saved(error, sheet, graph, target, sent)


def _taken_in(sheet: Sheet, graph: ServedGraph, target: str, sent: dict[str, str]) -> AnyResponse:
    intake, token = _intake(), sent.get("form", "")
    made = tokens.signed_at(intake.secret, target, token)
    receipt = tokens.receipt_of(intake.secret, token)
    leads = redirect(in_language(f"/suggest/receipt/{receipt}"), 303)
    if made is not None and (earlier := intake.store.by_receipt(tokens.receipt_hash(receipt))):
        return leads if _says_the_same(earlier, sheet, graph) else _sent_before(sheet, graph, target)
    is_old = made is None or time.time() - made > SLOWEST
    if told := _told_of_form(sheet, made, sent, is_old=is_old):
        sheet.add_error("", told)
        return _page(sheet, graph, target, {} if is_old else sent, 422)
    if wait := seconds_to_wait(intake):
        sheet.add_error(
            "", _("Too many suggestions were sent in the last hour. Your text is still here. Please send it later.")
        )
        response = _page(sheet, graph, target, sent, 429)
        response.headers["Retry-After"] = str(wait)
        return response
    proposal = checked(sheet, graph)
    if sheet.errors:
        return _page(sheet, graph, target, sent, 422)
    intake.store.add(tokens.receipt_hash(receipt), proposal.slug, proposal.to_json(), intake.limits.max_waiting)
    return leads


def _says_the_same(earlier: Suggestion, sheet: Sheet, graph: ServedGraph) -> bool:
    """Tell whether a form says what waits already: then it was only sent twice."""
    proposal, wrong = draft_proposal(forms(), sheet.entry, sheet.sections, sheet.source, sheet.comment, graph)
    return earlier.state == WAITING and not wrong and proposal.to_json() == earlier.content


def _sent_before(sheet: Sheet, graph: ServedGraph, target: str) -> Response:
    """Show a form anew that was sent before, as browsers let people do who go back to it."""
    sheet.add_error("", _("This form was sent before, and your new text is not saved yet. Check it and send it again."))
    return _page(sheet, graph, target, {}, 422)


def _told_of_form(sheet: Sheet, made: float | None, sent: dict[str, str], *, is_old: bool) -> str:
    """Return what is wrong with the form itself."""
    if made is None or is_old:
        return _("This form is too old. Your text is still here: check it and send it again.")
    if sent.get(_TRAP, ""):
        return _("A hidden field was filled in, as spam programs do. Empty it and send the form again.")
    if time.time() - made < QUICKEST:
        return _("Sent too fast for our spam check. Please wait a few seconds and send again.")
    if sent.get("base", "") != sheet.entry.digest:
        return _("The entry has changed since you opened this form. Open the entry again and make your change there.")
    return ""


def _not_saved(error: Exception, sheet: Sheet, graph: ServedGraph, target: str, sent: dict[str, str]) -> AnyResponse:
    """Say that nothing was saved, and why; what was written stays on the page."""
    if isinstance(error, TooManyWaiting):
        said = _("Too many suggestions are waiting for review, so yours was not saved. Please try again in a few days.")
    else:
        said = _("Nothing was saved: the server has a problem. Your text is still here. Please send it later.")
    sheet.add_error("", said)
    is_full = isinstance(error, NotSaved) and error.is_full
    response = _page(sheet, graph, target, sent, 507 if is_full else 503)
    response.headers["Retry-After"] = "3600" if isinstance(error, TooManyWaiting) else "60"
    return response


def _page(
    sheet: Sheet,
    graph: ServedGraph,
    target: str,
    sent: dict[str, str] | None = None,
    status: int = 200,
    focus: str = "",
) -> Response:
    of_shapes, entry = forms(), sheet.entry
    token = (sent or {}).get("form") or tokens.sign_form(_intake().secret, target)
    part_kinds = of_shapes.parts(entry.kind) if entry.slug else []
    closed = [(key, kind) for key, kind in entry.parts().items() if kind in part_kinds and key not in sheet.keys]
    linked = {field.wanted for filled in sheet.all for field in filled.section.fields if field.kind == "link"}
    body = render_template(
        "suggest_form.html", sheet=sheet, sections=sheet.section_views(), token=token,
        target=f"/suggest/{target.removeprefix('change/')}",
        label=of_shapes.label(entry.kind), name=graph.name_of(ID + entry.slug) if entry.slug else "",
        new_parts=[(kind, of_shapes.label(kind)) for kind in part_kinds],
        closed_parts=[(key, of_shapes.label(kind)) for key, kind in closed],
        lists={kind: graph.entries_of(kind) for kind in sorted(linked) if kind}, trap=_TRAP, source=SOURCE,
        errors=sheet.error_list(), focus=focus,
    )  # fmt: skip
    return make_response(body, status)


def _sent() -> dict[str, str] | None:
    """Return the fields of a form; None where they cannot be read: no UTF-8, too many, or one twice."""
    try:
        return single_parameters(request.get_data(cache=False), FIELDS)
    except BadParameters:
        return None


def _intake() -> Intake:
    intake = site().suggestions
    if intake is None:
        raise AssertionError("where suggestions are not taken, nothing is asked of them")
    return intake


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
