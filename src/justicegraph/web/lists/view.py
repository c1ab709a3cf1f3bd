"""The pages of lists, and the same as files. Without an index, as when files are served, there are lists by name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson
from flask import Blueprint, Response, abort, redirect, render_template, request
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode
from werkzeug.wrappers import Response as AnyResponse

from justicegraph.namespaces import JG
from justicegraph.search import SORTS, Facet, FacetValue, Names, SearchIndex, SearchQuery, SearchResult
from justicegraph.sparql.named import NamedQueries
from justicegraph.text import mark as _
from justicegraph.web.entity.html import in_tongue
from justicegraph.web.home import FIRST
from justicegraph.web.i18n import language
from justicegraph.web.lists.files import all_hits, as_csv, as_jsonld, as_sparql, spoken, spoken_in
from justicegraph.web.lists.state import ALL, PAGE, State, state_of
from justicegraph.web.site import QUERIES, site

blueprint = Blueprint("lists", __name__)

_QUERIES = NamedQueries.beside(__file__)

OFFERED = 12
"""Values of a facet that are shown at once; the others are behind a fold."""
MEMBERS = 200
"""Entries on a page without an index."""

FACETS = {
    "kind": _("Kind"), "cause": _("Cause"), "place": _("Place"), "status": _("Status"), "source": _("Source"),
    "year": _("Year"),
}  # fmt: skip
ORDERS = {
    "relevance": _("Best first"), "name": _("By name"), "newest": _("Newest word first"),
    "year": _("Latest year first"),
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """A value of a facet as a link: to the list with it, or without it where it is chosen; `tongue` as of _tongue."""

    label: str
    count: int
    address: str
    tongue: Markup


@blueprint.get("/browse", strict_slashes=False)
@blueprint.get("/browse/<name>", strict_slashes=False)
def browse(name: str = "") -> str | AnyResponse:
    """Show a list, or give it as a file: by the ending of its address."""
    name, dot, ending = name.partition(".")
    if name and not (name.isalnum() and name.isascii()):
        abort(404)
    index = site().search
    if index is None:
        return _members(name)
    state = state_of(name, request.args)
    if dot:
        return _file(index, state, ending)
    if not _is_kind(index, state):
        abort(404)
    found = index.find(state.wanted(language().code))
    if state.page > 1 and not found.hits:
        return redirect(state.at(1).address(), 303)
    return render_template(
        "list.html", state=state, found=found, title=_title(found), facets=_facets(state, found),
        chosen=_chosen(state, found), orders=_orders(state),
        pages=-(-found.total // PAGE), meant=_meant(index, state, found), spoken=_spoken, tongue=_tongue,
        sparql=as_sparql(state), first=(state.page - 1) * PAGE + 1, last=min(found.total, state.page * PAGE), most=ALL,
    )  # fmt: skip


@blueprint.get("/browse.<ending>")
def browse_file(ending: str) -> AnyResponse:
    """Give the list of all kinds as a file."""
    index = site().search
    return _file(index, state_of("", request.args), ending) if index else abort(404)


@blueprint.get("/complete")
def complete() -> Response:
    """Give the entries whose names begin like a text, as JSON: names and addresses."""
    index = site().search
    found = index.complete(request.args.get("q", "")[:200]) if index else ()
    reader = language().code
    said = [{"id": hit.iri, "name": _spoken(hit.names), "kind": spoken(hit.kind.names, reader)} for hit in found]
    return Response(orjson.dumps(said), content_type="application/json")


def _file(index: SearchIndex, state: State, ending: str) -> Response:
    """Return a list as a file; abort with 404 where there is no such kind or form."""
    reader = language().code
    if ending not in {"csv", "jsonld", "rq"} or not _is_kind(index, state):
        abort(404)
    if ending == "rq":
        return Response(as_sparql(state), content_type="application/sparql-query")
    hits = list(all_hits(index, state, reader))
    if ending == "csv":
        return Response(as_csv(hits, reader), content_type="text/csv; charset=utf-8; header=present")
    return Response(as_jsonld(hits), content_type="application/ld+json")


def _members(name: str) -> str:
    """List the entries of a class by name, from the graph itself."""
    after = request.args.get("after", "")
    found = _QUERIES.rows(
        site().run_query, "entries_of_a_class", {"class": NamedNode(JG + (name or "Entity")), "after": Literal(after)}
    )
    if not found and not after:
        abort(404)
    more = found[MEMBERS - 1]["key"] if len(found) > MEMBERS else None
    classes = QUERIES.rows(site().run_query, "number_of_entries_by_class")
    title = next((row["label"] for row in classes if row["class"] == JG + name), name or "entries")
    return render_template("members.html", name=name, title=title, entries=found[:MEMBERS], more=more)


def _spoken(names: Names) -> str:
    return spoken(names, language().code)


def _tongue(names: Names) -> Markup:
    """Return the attribute that tells the language of a name; none where that is the page's."""
    return in_tongue(spoken_in(names, language().code))


def _is_kind(index: SearchIndex, state: State) -> bool:
    """Tell whether there is such a kind of entries as the address names, if it names one."""
    return not state.kind or bool(index.find(SearchQuery(filters={"kind": (state.kind,)}, limit=0, facets=())).total)


def _orders(state: State) -> list[tuple[str, str]]:
    return [(sort, ORDERS[sort]) for sort in SORTS if sort != "relevance" or state.text]


def _title(found: SearchResult) -> str:
    values = [value for facet in found.facets if facet.name == "kind" for value in facet.values if value.is_chosen]
    kinds = [language().text(FIRST[value.id]) if value.id in FIRST else _spoken(value.names) for value in values]
    return ", ".join(kinds) or language().text(_("All entries"))


def _facets(state: State, found: SearchResult) -> list[tuple[str, Sequence[Choice], Sequence[Choice], bool]]:
    """Return each facet with values to choose: its heading, the values shown, those behind the fold, whether there are
    others."""
    shown: list[tuple[str, Sequence[Choice], Sequence[Choice], bool]] = []
    for facet in found.facets:
        choices = [_choice(state, facet, value) for value in facet.values if not value.is_chosen and value.count]
        if choices:
            shown.append((FACETS[facet.name], choices[:OFFERED], choices[OFFERED:], facet.more))
    return shown


def _chosen(state: State, found: SearchResult) -> list[tuple[str, Choice]]:
    return [
        (FACETS[facet.name], _choice(state, facet, value))
        for facet in found.facets for value in facet.values if value.is_chosen
    ]  # fmt: skip


def _choice(state: State, facet: Facet, value: FacetValue) -> Choice:
    other = state.without(facet.name, value.id) if value.is_chosen else state.choosing(facet.name, value.id)
    return Choice(_spoken(value.names) or value.id, value.count, other.address(), _tongue(value.names))


def _meant(index: SearchIndex, state: State, found: SearchResult) -> str:
    """Return what may have been meant by a text that finds nothing, or only what is spelt nearly so.

    What would find nothing in this list either is not offered.
    """
    meant = index.suggest_spelling(state.text) if state.text and (found.is_fuzzy or not found.total) else ""
    asked = replace(state.asking(meant).wanted(language().code, 0), facets=())
    return meant if meant and index.find(asked).total else ""
