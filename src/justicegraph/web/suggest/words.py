"""The words of a suggestion's form that come from the ontology, marked to be translated where the form shows them."""

from justicegraph.text import mark as _

KINDS = (
    _("campaign"), _("cause"), _("company"), _("event"), _("facility"), _("government body"), _("group"), _("law"),
    _("legal case"), _("news outlet"), _("office"), _("organization"), _("person"), _("petition"), _("place"),
    _("policy"), _("source"), _("strike"), _("work"),
)  # fmt: skip
"""How the kinds of entries are called."""

PARTS = (
    _("charge"), _("claim"), _("custody"), _("demand"), _("former name"), _("goal"), _("outcome"), _("sentence"),
    _("statistic"), _("tenure"),
)  # fmt: skip
"""How the parts of an entry are called."""

FIELDS = (
    _("aims at"), _("applies in"), _("ascribes"), _("asks for"), _("author"), _("born on"), _("campaigns for"),
    _("charged with"), _("claimant"), _("claimed on"), _("closed on"), _("concerns"), _("confirmed on"),
    _("decided on"), _("decides"), _("depicts"), _("died on"), _("dissolved on"), _("docket number"), _("enacted on"),
    _("ended by"), _("ended on"), _("filed on"), _("founded on"), _("happened at"), _("happened on"), _("harmed"),
    _("has jurisdiction in"), _("imposes"), _("is active in"), _("is answer to"), _("is brought against"),
    _("is brought by"), _("is carried out by"), _("is decided by"), _("is directed at"), _("is enacted by"),
    _("is founded by"), _("is funded by"), _("is heard by"), _("is held at"), _("is held by"), _("is located in"),
    _("is made by"), _("is member of"), _("is office of"), _("is operated by"), _("is part of"),
    _("is published at"), _("is run by"), _("is shown at"), _("is tenure in"), _("is tenure of"), _("is within"),
    _("issued on"), _("leaves out"), _("level"), _("measured on"), _("measures"), _("name"), _("opened on"),
    _("opposes"), _("other name"), _("population"), _("position"), _("precision"), _("publisher"), _("regime"),
    _("remark"), _("result"), _("retrieved from"), _("says"), _("similar elsewhere"), _("slogan"), _("source"),
    _("stance"), _("started on"), _("the same elsewhere"), _("top of"), _("unit"), _("updated on"), _("value"),
    _("website"), _("what falls under it"), _("what it is"), _("wider cause"), _("works on"),
)  # fmt: skip
"""How the fields are called."""
