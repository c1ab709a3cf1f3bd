"""The home page: search, numbers of entries, news, open campaigns, example queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Blueprint, render_template
from pyoxigraph import Literal, NamedNode

from justicegraph.entity.model import Value
from justicegraph.namespaces import JG, XSD
from justicegraph.sparql.named import Row
from justicegraph.text import mark as _
from justicegraph.web.i18n import language
from justicegraph.web.site import QUERIES, site

blueprint = Blueprint("home", __name__)

FIRST = {
    "Organization": _("organizations"), "Campaign": _("campaigns"), "Cause": _("causes"), "Prisoner": _("prisoners"),
}  # fmt: skip
"""The four main kinds of entries, with their plurals."""
QUESTIONS = ("who_is_still_held", "whom_campaigns_address", "causes_by_how_many_work_on_them")
"""Example queries on the home page, by the names of their files."""
NEW, OPEN = 6, 12
"""The most news and the most open campaigns on the page."""
LATELY = 365
"""Days within which a source must have reported a campaign as open."""


@dataclass
class Open:
    """An open campaign: the date and source of the report, the addressees, the demands."""

    campaign: Value
    as_of: str
    source: Value
    addressed: dict[Value, None] = field(default_factory=dict)
    asks: dict[str, None] = field(default_factory=dict)


@blueprint.get("/")
def home() -> str:
    """Show the home page."""
    classes = QUERIES.rows(site().run_query, "number_of_entries_by_class")
    counts = {row["class"].removeprefix(JG): row for row in classes}
    since = site().today() - timedelta(days=LATELY)
    bound: Mapping[str, NamedNode | Literal] = {"since": Literal(since.isoformat(), datatype=NamedNode(XSD + "date"))}
    spoken = {"language": Literal(language().code)}
    return render_template(
        "home.html",
        first=[(name, FIRST[name], int(counts[name]["entries"])) for name in FIRST if name in counts],
        others=[
            (name, row["plural"], int(row["entries"]))
            for name, row in counts.items() if name not in FIRST and "plural" in row
        ],
        newest=QUERIES.rows(site().run_query, "latest_decisions_and_custodies", spoken)[:NEW],
        campaigns=open_campaigns(QUERIES.rows(site().run_query, "open_campaigns", bound)),
        questions=[question for question in site().questions if question["name"] in QUESTIONS] or site().questions[:3],
        site=site(),
    )  # fmt: skip


def open_campaigns(rows: list[Row]) -> list[Open]:
    """Return the distinct campaigns of these rows (open_campaigns.rq), the latest report first."""
    campaigns: dict[str, Open] = {}
    for row in rows:
        campaign = Value(row["name"], row["campaign"])
        open_ = campaigns.setdefault(row["campaign"], Open(campaign, row["asOf"], Value(row["told"], row["source"])))
        if "addressed" in row:
            open_.addressed[Value(row["addressed"], row["addressee"])] = None
        if "asks" in row:
            open_.asks[row["asks"]] = None
    return list(campaigns.values())[:OPEN]
