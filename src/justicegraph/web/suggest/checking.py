"""What a form of suggestions would change, and what is wrong with that: told to the form, input by input."""

from justicegraph.suggest.checks import is_private
from justicegraph.suggest.draft import draft_proposal
from justicegraph.suggest.proposals import Proposal
from justicegraph.validate import private_data_in
from justicegraph.web.i18n import language
from justicegraph.web.suggest.graph import Served, findings, forms
from justicegraph.web.suggest.sheet import Sheet, look_for, tell_findings, tell_words


def checked(sheet: Sheet, graph: Served) -> Proposal:
    """Return what a form would change, and tell the form what is wrong with that."""
    _ = language().text
    proposal, words = draft_proposal(forms(), sheet.entry, sheet.sections, sheet.source, sheet.comment, graph)
    look_for(sheet, [place for place, word in words.items() if word in {"nobody", "several"}], graph)
    tell_words(sheet, {place: "several" if sheet.picks.get(place) else word for place, word in words.items()})
    for _rule, wrong, remedy in private_data_in(proposal.comment):
        sheet.tell("comment", f"{wrong[:1].upper()}{wrong[1:]}. {remedy}")
    if words:
        return proposal
    if not (proposal.added or proposal.removed or proposal.source or proposal.comment):
        sheet.tell("", _("Nothing has changed yet. Change something, or say in the note what is wrong."))
        return proposal
    found = findings(proposal, sheet.entry, graph)
    if any(map(is_private, found)):
        sheet.tell("", _("The form contains private data. Nothing was saved."))
    tell_findings(sheet, proposal, found)
    return proposal
