"""The pages on which readers suggest an entry or a change: forms that need no script, and receipts.

A suggestion is saved before the response is fields, and published only after a review. No cookie is set, and no address
and no name of a browser is stored. A form with private data is not saved.
"""

import time

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
from justicegraph.suggest.review_text import format_day
from justicegraph.suggest.sections import next_part_key
from justicegraph.suggest.store import WAITING, NotSaved, Suggestion, TooManyWaiting
from justicegraph.web.errors import limit_page, problem_page
from justicegraph.web.i18n import in_language, language
from justicegraph.web.site import site
from justicegraph.web.suggest.admission import is_from_elsewhere, seconds_to_wait
from justicegraph.web.suggest.checking import check_sheet
from justicegraph.web.suggest.graph import ServedGraph, forms
from justicegraph.web.suggest.sheet import (
    MAX_PARTS,
    Sheet,
    find_entries,
    first_of,
    sent_sheet,
    sheet_of,
    with_more,
)

blueprint = Blueprint("suggesting", __name__, url_prefix="/suggest")

MAX_BYTES = 64 * 1024
"""Bytes of a form."""
MAX_FIELDS = 2_000
"""Fields of a form."""
MIN_SECONDS, MAX_SECONDS = 3, 24 * 3_600
"""Seconds from the time when a form was made until it is sent."""

_FORM = "application/x-www-form-urlencoded"
_TRAP = "subject"
"""A hidden field, which only a program fills in."""


@blueprint.before_request
def check_request() -> Response | None:
    """Refuse a request if suggestions are off, or if it is not from a form of this site."""
    if site().suggestions is None:
        return problem_page(Problem("not-found", "This server accepts no suggestions."))
    if request.method != "POST":
        return None
    if is_from_elsewhere():
        return problem_page(
            Problem("refused", "Another site fields this request. Open the form here and send it yourself.")
        )
    if request.mimetype != _FORM:
        return problem_page(Problem("unsupported-media-type", "Only this site's own forms are accepted."))
    if (request.content_length or 0) > MAX_BYTES:
        return problem_page(Problem("too-long", "This form is too long. Shorten it, or send it in two parts."))
    return None


@blueprint.after_request
def prevent_caching(response: Response) -> Response:
    """Forbid caches and search engines to store these pages."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.errorhandler(CannotWrite)
def report_unwritable(_error: CannotWrite) -> Response:
    """Report that the file of suggestions cannot be read or written, without its path."""
    text = "The server can't read or write suggestions now. Nothing was changed. Please try again later."
    return problem_page(Problem("unavailable", text, (("Retry-After", "60"),)))


@blueprint.errorhandler(LimitReached)
def show_form_again(error: LimitReached) -> AnyResponse:
    """Show a form again if its suggestion could not be checked within the limits. No text is lost."""
    name, slug = ((request.view_args or {}).get(key, "") for key in ("name", "slug"))
    graph, fields = ServedGraph(site().run_query), _read_form() if request.method == "POST" else None
    entry = Entry(JG + name) if name in KINDS.values() else graph.entry(slug) if SLUG.fullmatch(slug) else None
    if fields is None or entry is None:
        return limit_page(error)
    sheet = sent_sheet(forms(), entry, fields, fields.get("parts", "").split()[:MAX_PARTS], graph)
    return _not_saved(error, sheet, graph, f"new/{name}" if name else f"change/{slug}", fields)


@blueprint.app_context_processor
def template_variables() -> dict[str, bool]:
    """Return the variable by which every page knows whether suggestions are on."""
    return {"can_suggest": site().suggestions is not None}


@blueprint.get("", strict_slashes=False)
def choose() -> str:
    """Show the classes of which an entry can be suggested."""
    of_shapes = forms()
    kinds = [
        (name, of_shapes.label(JG + name), (of_shapes.words[JG + name].get(RDFS + "comment") or [""])[0])
        for name in KINDS.values()
    ]
    return render_template("suggest.html", kinds=kinds)


@blueprint.route("/new/<name>", methods=["GET", "POST"])
def new(name: str) -> AnyResponse:
    """Show the form of a new entry of a class, or read it."""
    if name not in KINDS.values():
        abort(404)
    return _handle(Entry(JG + name), ServedGraph(site().run_query), f"new/{name}")


@blueprint.route("/<slug>", methods=["GET", "POST"])
def change(slug: str) -> AnyResponse:
    """Show the form of an existing entry, or read it."""
    graph = ServedGraph(site().run_query)
    if site().is_removed(slug):
        abort(410)
    entry = graph.entry(slug) if SLUG.fullmatch(slug) else None
    if entry is None:
        abort(404)
    return _handle(entry, graph, f"change/{slug}")


@blueprint.get("/receipt/<receipt>")
def show_receipt(receipt: str) -> str:
    """Show the state of a suggestion."""
    suggestion = _intake().store.by_receipt(tokens.receipt_hash(receipt)) if tokens.RECEIPT.fullmatch(receipt) else None
    if suggestion is None:
        abort(404)
    days = {"received": format_day(suggestion.received_at), "decided": format_day(suggestion.decided_at)}
    limits = _intake().limits
    return render_template(
        "suggest_receipt.html", suggestion=suggestion, receipt=receipt, days=days, limits=limits, waiting=WAITING
    )


@blueprint.post("/receipt/<receipt>/withdraw")
def withdraw(receipt: str) -> AnyResponse:
    """Delete the content of a suggestion for its sender."""
    if not tokens.RECEIPT.fullmatch(receipt):
        abort(404)
    _intake().store.withdraw(tokens.receipt_hash(receipt))
    return redirect(in_language(f"/suggest/receipt/{receipt}"), 303)


def _(sentence: str) -> str:
    return language().text(sentence)


def _handle(entry: Entry, graph: ServedGraph, target: str) -> AnyResponse:
    """Show the form of an entry, or do what its button says."""
    if request.method != "POST":
        return _page(sheet_of(forms(), entry, (), graph), graph, target)
    fields = _read_form()
    if fields is None:
        return problem_page(Problem("bad-request", "The form can't be read. Open it again and fill it in."))
    keys = fields.get("parts", "").split()[:MAX_PARTS]
    action, _colon, about = fields.get("do", "send").partition(":")
    if action in {"add", "open"}:
        taken = [*entry.parts(), *keys]
        key = next_part_key(about, taken) if action == "add" and about in forms().parts(entry.kind) else about
        sheet = sent_sheet(forms(), entry, fields, [*keys, key], graph)
        if key not in keys[:MAX_PARTS] and len(keys) >= MAX_PARTS:
            sheet.add_error("", _("A form has room for ten parts. Send these first, then open the form again."))
        return _page(sheet, graph, target, fields, focus=first_of(sheet, key))
    sheet = sent_sheet(forms(), entry, fields, keys, graph)
    if action == "more":
        return _page(sheet, graph, target, fields, focus=with_more(sheet, about))
    if action == "find":
        find_entries(sheet, [about], graph)
        return _page(sheet, graph, target, fields, focus=f"{about}.pick" if sheet.matches.get(about) else about)
    return _submit(sheet, graph, target, fields)


def _submit(sheet: Sheet, graph: ServedGraph, target: str, fields: dict[str, str]) -> AnyResponse:
    """Save a suggestion, or show the form with its errors. No text is lost."""
    try:
        return _save(sheet, graph, target, fields)
    except (CannotWrite, LimitReached) as error:
        return _not_saved(error, sheet, graph, target, fields)


def _save(sheet: Sheet, graph: ServedGraph, target: str, fields: dict[str, str]) -> AnyResponse:
    """Check and save a suggestion, and redirect to its receipt; else return the form with its errors."""
    intake, token = _intake(), fields.get("form", "")
    made_at = tokens.signed_at(intake.secret, target, token)
    receipt = tokens.receipt_of(intake.secret, token)
    to_receipt = redirect(in_language(f"/suggest/receipt/{receipt}"), 303)
    if made_at is not None and (earlier := intake.store.by_receipt(tokens.receipt_hash(receipt))):
        return to_receipt if _is_same(earlier, sheet, graph) else _already_sent(sheet, graph, target)
    is_old = made_at is None or time.time() - made_at > MAX_SECONDS
    if error := _form_error(sheet, made_at, fields, is_old=is_old):
        sheet.add_error("", error)
        return _page(sheet, graph, target, {} if is_old else fields, 422)
    if wait := seconds_to_wait(intake):
        sheet.add_error(
            "", _("Too many suggestions were sent in the last hour. Your text is still here. Please send it later.")
        )
        response = _page(sheet, graph, target, fields, 429)
        response.headers["Retry-After"] = str(wait)
        return response
    proposal = check_sheet(sheet, graph)
    if sheet.errors:
        return _page(sheet, graph, target, fields, 422)
    intake.store.add(tokens.receipt_hash(receipt), proposal.slug, proposal.to_json(), intake.limits.max_waiting)
    return to_receipt


def _is_same(earlier: Suggestion, sheet: Sheet, graph: ServedGraph) -> bool:
    """Tell whether a form is the suggestion that waits already: then it was only sent twice."""
    proposal, errors = draft_proposal(forms(), sheet.entry, sheet.sections, sheet.source, sheet.comment, graph)
    return earlier.state == WAITING and not errors and proposal.to_json() == earlier.content


def _already_sent(sheet: Sheet, graph: ServedGraph, target: str) -> Response:
    """Show the form again if it was sent before: browsers let people go back to it and change it."""
    sheet.add_error("", _("This form was sent before, and your new text is not saved yet. Check it and send it again."))
    return _page(sheet, graph, target, {}, 422)


def _form_error(sheet: Sheet, made_at: float | None, fields: dict[str, str], *, is_old: bool) -> str:
    """Return the error in the form itself, "" for none."""
    if made_at is None or is_old:
        return _("This form is too old. Your text is still here: check it and send it again.")
    if fields.get(_TRAP, ""):
        return _("A hidden field was filled in, as spam programs do. Empty it and send the form again.")
    if time.time() - made_at < MIN_SECONDS:
        return _("Sent too fast for our spam check. Please wait a few seconds and send again.")
    if fields.get("base", "") != sheet.entry.digest:
        return _("The entry has changed since you opened this form. Open the entry again and make your change there.")
    return ""


def _not_saved(error: Exception, sheet: Sheet, graph: ServedGraph, target: str, fields: dict[str, str]) -> AnyResponse:
    """Show the form with the reason why nothing was saved."""
    if isinstance(error, TooManyWaiting):
        text = _("Too many suggestions are waiting for review, so yours was not saved. Please try again in a few days.")
    else:
        text = _("Nothing was saved: the server has a problem. Your text is still here. Please send it later.")
    sheet.add_error("", text)
    is_full = isinstance(error, NotSaved) and error.is_full
    response = _page(sheet, graph, target, fields, 507 if is_full else 503)
    response.headers["Retry-After"] = "3600" if isinstance(error, TooManyWaiting) else "60"
    return response


def _page(
    sheet: Sheet,
    graph: ServedGraph,
    target: str,
    fields: dict[str, str] | None = None,
    status: int = 200,
    focus: str = "",
) -> Response:
    of_shapes, entry = forms(), sheet.entry
    token = (fields or {}).get("form") or tokens.sign_form(_intake().secret, target)
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


def _read_form() -> dict[str, str] | None:
    """Return the fields of a form; None if they are no UTF-8, too many, or if one occurs twice."""
    try:
        return single_parameters(request.get_data(cache=False), MAX_FIELDS)
    except BadParameters:
        return None


def _intake() -> Intake:
    intake = site().suggestions
    if intake is None:
        raise AssertionError("check_request refuses requests where suggestions are off")
    return intake
