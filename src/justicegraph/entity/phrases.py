"""Facts in words: which clauses tell of a part, and under which heading each property of an entry stands.

A clause is a phrase of ours with a gap for the value; languages.py has it in the reader's language.
"""

from justicegraph.text import mark as _

_X = "%(x)s"
PHRASES: dict[str, dict[str, str]] = {
    "status": {"currentStatus": _X, "asOf": _("as of %(x)s"), "isDerivedFrom": _("rests on: %(x)s")},
    "custody": {
        "regime": _X, "isHeldAt": _("at %(x)s"), "isHeldBy": _("held by %(x)s"), "startedOn": _("from %(x)s"),
        "confirmedOn": _("still so on %(x)s"), "endedOn": _("until %(x)s"), "endedBy": _("ended by: %(x)s"),
    },
    "charge": {"chargedWith": _("charged with %(x)s"), "filedOn": _("on %(x)s")},
    "sentence": {"imposes": _X, "decidedOn": _("on %(x)s"), "isDecidedBy": _("by %(x)s")},
    "outcome": {
        "result": _X, "decidedOn": _("on %(x)s"), "isDecidedBy": _("by %(x)s"), "decides": _("on the charge: %(x)s"),
    },
    "tenure": {
        "isTenureIn": _X, "startedOn": _("from %(x)s"), "confirmedOn": _("still so on %(x)s"),
        "endedOn": _("until %(x)s"),
    },
    "demand": {"asksFor": _X, "concerns": _("concerns %(x)s")},
    "goal": {"aimsAt": _X, "precision": _X, "value": _X, "unit": _X, "concerns": _("concerns %(x)s")},
    "statistic": {"precision": _X, "value": _X, "unit": _X, "measures": _X, "measuredOn": _("in %(x)s")},
    "former-name": {"name": _X, "startedOn": _("from %(x)s"), "endedOn": _("until %(x)s")},
    "mention": {"exact": _("“%(x)s”"), "inSource": _("in %(x)s")},
    "claim": {
        "says": _X, "ascribes": _("calls it: %(x)s"), "claimedProperty": _("on “%(x)s”"),
        "claimedValue": _("says %(x)s"), "claimedOn": _("on %(x)s"),
    },
}  # fmt: skip
"""By the kind of a part, its clauses in their order; what a part says beside them follows with its label."""
LOOSE = {_("on %(x)s"): _("in %(x)s"), _("still so on %(x)s"): _("still so in %(x)s")}
"""What is said instead of a date that is a month or a year."""

SECTIONS: dict[str, str] = {
    "custody": _("Custody"), "charge": _("Charges"), "sentence": _("Sentences"), "outcome": _("Outcomes"),
    "tenure": _("Offices held"), "demand": _("Demands"), "goal": _("Goals"), "statistic": _("Figures"),
    "former-name": _("Former names"),
}  # fmt: skip
"""The kinds of parts that stand among the facts, in their order, with their headings; claims stand apart."""

HEADINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (_("What it asks, and of whom"), ("asksFor", "isDirectedAt", "campaignsFor", "opposes", "isAnswerTo", "concerns")),
    (_("What it works on"), ("worksOn", "aimsAt", "harmed", "depicts", "regulates")),
    (_("Who belongs to it, and to what it belongs"), (
        "isRunBy", "isFoundedBy", "isFundedBy", "isPartOf", "isMemberOf", "isOperatedBy", "isMadeBy", "isCarriedOutBy",
        "isBroughtBy", "isBroughtAgainst", "isHeardBy", "isEnactedBy", "isOfficeOf", "author", "publisher",
    )),
    (_("Where"), (
        "isLocatedIn", "isActiveIn", "isWithin", "level", "happenedAt", "isShownAt", "appliesIn", "hasJurisdictionIn",
    )),
    (_("When"), (
        "bornOn", "diedOn", "foundedOn", "dissolvedOn", "startedOn", "openedOn", "endedOn", "closedOn", "happenedOn",
        "enactedOn", "issuedOn", "updatedOn",
    )),
    (_("Names and words"), ("altLabel", "slogan", "scopeNote", "docketNumber")),
    (_("On the web"), ("website", "retrievedFrom")),
    (_("Among the causes"), ("broader", "topConceptOf", "inScheme", "related")),
)  # fmt: skip
"""Headings, each with the properties that stand under it; what stands under none comes last, as more."""

BACK = {
    "broader": _("Narrower causes"), "topConceptOf": _("The widest causes"), "worksOn": _("Work on it"),
    "campaignsFor": _("Campaign for it"), "opposes": _("Oppose it"), "concerns": _("Concerned with it"),
    "isDirectedAt": _("Addressed to it"), "isAnswerTo": _("Answers to it"), "harmed": _("What did harm here"),
    "isMemberOf": _("Members"), "isPartOf": _("Parts"), "isTenureIn": _("Held this office"),
    "isOfficeOf": _("Its offices"),
    "isRunBy": _("Runs"), "isFundedBy": _("Funds"), "isFoundedBy": _("Founded"), "isOperatedBy": _("Operates"),
    "isCarriedOutBy": _("Carried out"), "isDecidedBy": _("Decided on"), "isEnactedBy": _("Enacted"),
    "isMadeBy": _("Made"), "isHeardBy": _("Heard"), "isBroughtBy": _("Brought to court"),
    "isBroughtAgainst": _("Cases against it"), "isHeldAt": _("Held here, now or before"),
    "isHeldBy": _("In its custody, now or before"), "isLocatedIn": _("Located here"), "isActiveIn": _("Active here"),
    "isWithin": _("Places within it"), "hasJurisdictionIn": _("With jurisdiction here"),
    "appliesIn": _("In force here"), "happenedAt": _("Happened here"), "isShownAt": _("Shown here"),
    "depicts": _("Shown in"), "claimant": _("Its claims are told with"), "source": _("Rest on this source"),
}  # fmt: skip
"""By a property, the heading of those who link here by it, in the order in which they follow: it reads the other way
round. One of none is headed by its label."""

DATED, MORE = _("Dates"), _("More")
ELSEWHERE = frozenset({"sameAs", "seeAlso", "exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"})
"""Properties that lead to what an entry is elsewhere; they stand apart."""
QUIET = frozenset({"sha256", "byteLength", "editorialNote"})
"""Properties for those who check, which a reader does not meet first."""
_DATES = (
    "asOf", "startedOn", "confirmedOn", "endedOn", "decidedOn", "claimedOn", "filedOn", "measuredOn", "bornOn",
    "diedOn", "foundedOn", "dissolvedOn", "openedOn", "closedOn", "happenedOn", "enactedOn", "issuedOn", "updatedOn",
)  # fmt: skip
FORMS = {**dict.fromkeys(_DATES, "date"), "value": "number"}
"""Properties whose values are dates or numbers, which are written as the reader is used to."""
