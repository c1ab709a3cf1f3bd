"""Checks a filled-in form, and shows each error beside its input."""

from justicegraph.suggest.checks import is_private
from justicegraph.suggest.draft import draft_proposal
from justicegraph.suggest.proposals import Proposal
from justicegraph.validate import private_data_in
from justicegraph.web.i18n import language
from justicegraph.web.suggest.graph import ServedGraph, findings, forms
from justicegraph.web.suggest.sheet import Sheet, add_findings, add_value_errors, find_entries


def check_sheet(sheet: Sheet, graph: ServedGraph) -> Proposal:
    """Return the proposal of a form, and add its errors to the sheet."""
    _ = language().text
    proposal, errors = draft_proposal(forms(), sheet.entry, sheet.sections, sheet.source, sheet.comment, graph)
    find_entries(sheet, [name for name, error in errors.items() if error in {"nobody", "several"}], graph)
    add_value_errors(sheet, {name: "several" if sheet.matches.get(name) else error for name, error in errors.items()})
    for _rule, wrong, remedy in private_data_in(proposal.comment):
        sheet.add_error("comment", f"{wrong[:1].upper()}{wrong[1:]}. {remedy}")
    if errors:
        return proposal
    if not (proposal.added or proposal.removed or proposal.source or proposal.comment):
        sheet.add_error("", _("Nothing has changed yet. Change something, or say in the note what is wrong."))
        return proposal
    problems = findings(proposal, sheet.entry, graph)
    if any(map(is_private, problems)):
        sheet.add_error("", _("The form contains private data. Nothing was saved."))
    add_findings(sheet, proposal, problems)
    return proposal
