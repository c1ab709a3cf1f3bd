"""The first page: search, what there is, what is new, which campaigns are known to be open, and the ways on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Blueprint, render_template
from pyoxigraph import Literal, NamedNode

from justicegraph.entity.model import Value
from justicegraph.namespaces import JG, XSD
from justicegraph.sparql.named import Row
from justicegraph.text import mark as _
from justicegraph.web.site import QUERIES, site

blueprint = Blueprint("home", __name__)

FIRST = {
    "Organization": _("organizations"), "Campaign": _("campaigns"), "Cause": _("causes"), "Prisoner": _("prisoners"),
}  # fmt: skip
"""The four kinds at the centre, with what several of a kind are called."""
QUESTIONS = ("who_is_still_held", "whom_campaigns_address", "causes_by_how_many_work_on_them")
"""Example questions for the first page, by the names of their files."""
NEW, OPEN = 6, 12
"""How many new words, and how many open campaigns, the page shows."""
LATELY = 365
"""Days within which a source must have said that a campaign is open."""


@dataclass
class Open:
    """A campaign that is known to be open: as of when, by which source, whom it addresses, what it asks."""

    campaign: Value
    as_of: str
    source: Value
    addressed: dict[Value, None] = field(default_factory=dict)
    asks: dict[str, None] = field(default_factory=dict)


@blueprint.get("/")
def home() -> str:
    """Show what there is, and the ways to it."""
    classes = QUERIES.rows(site().run_query, "number_of_entries_by_class")
    counts = {row["class"].removeprefix(JG): row for row in classes}
    since = site().today() - timedelta(days=LATELY)
    bound: Mapping[str, NamedNode | Literal] = {"since": Literal(since.isoformat(), datatype=NamedNode(XSD + "date"))}
    return render_template(
        "home.html",
        first=[(name, FIRST[name], int(counts[name]["entries"])) for name in FIRST if name in counts],
        others=[
            (name, row["plural"], int(row["entries"]))
            for name, row in counts.items() if name not in FIRST and "plural" in row
        ],
        newest=QUERIES.rows(site().run_query, "latest_decisions_and_custodies")[:NEW],
        campaigns=open_campaigns(QUERIES.rows(site().run_query, "open_campaigns", bound)),
        questions=[question for question in site().questions if question["name"] in QUESTIONS] or site().questions[:3],
        site=site(),
    )  # fmt: skip


def open_campaigns(found: list[Row]) -> list[Open]:
    """Return the campaigns of these rows (queries/open_campaigns.rq), each once, the newest word first."""
    told: dict[str, Open] = {}
    for row in found:
        campaign = Value(row["name"], row["campaign"])
        known = told.setdefault(row["campaign"], Open(campaign, row["asOf"], Value(row["told"], row["source"])))
        if "addressed" in row:
            known.addressed[Value(row["addressed"], row["addressee"])] = None
        if "asks" in row:
            known.asks[row["asks"]] = None
    return list(told.values())[:OPEN]
