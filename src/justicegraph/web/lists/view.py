"""Lists of entries as pages and as files. Without a search index, as when files are served, lists are by name."""

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
from justicegraph.web.lists.files import all_hits, as_csv, as_jsonld, as_sparql, label_in, label_language
from justicegraph.web.lists.state import ALL, PAGE, State, state_of
from justicegraph.web.site import QUERIES, site

blueprint = Blueprint("lists", __name__)

_QUERIES = NamedQueries.beside(__file__)

OFFERED = 12
"""Values of a facet that are visible at once; the others are folded."""
MEMBERS = 200
"""Entries on a page without a search index."""

FACETS = {
    "kind": _("Kind"), "cause": _("Cause"), "place": _("Place"), "status": _("Status"), "source": _("Source"),
    "year": _("Year"),
}  # fmt: skip
ORDERS = {
    "relevance": _("Best first"), "name": _("By name"), "newest": _("Most recent report"),
    "year": _("Most recent event"),
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """A facet value as a link to the list with it, or without it if it is chosen; `tongue` is from _tongue."""

    label: str
    count: int
    address: str
    tongue: Markup


@blueprint.get("/browse", strict_slashes=False)
@blueprint.get("/browse/<name>", strict_slashes=False)
def browse(name: str = "") -> str | AnyResponse:
    """Show a list, or serve it as a file, by the ending of the address."""
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
    result = index.find(state.wanted(language().code))
    if state.page > 1 and not result.hits:
        return redirect(state.at(1).address(), 303)
    return render_template(
        "list.html", state=state, result=result, title=_title(result), facets=_facets(state, result),
        chosen=_chosen(state, result), orders=_orders(state),
        pages=-(-result.total // PAGE), meant=_suggested_text(index, state, result), label_of=_label, tongue=_tongue,
        sparql=as_sparql(state), first=(state.page - 1) * PAGE + 1, last=min(result.total, state.page * PAGE), most=ALL,
    )  # fmt: skip


@blueprint.get("/browse.<ending>")
def browse_file(ending: str) -> AnyResponse:
    """Serve the list of all kinds as a file."""
    index = site().search
    return _file(index, state_of("", request.args), ending) if index else abort(404)


@blueprint.get("/complete")
def complete() -> Response:
    """Serve the entries whose names begin with a text, as JSON."""
    index = site().search
    result = index.complete(request.args.get("q", "")[:200]) if index else ()
    reader = language().code
    entries = [{"id": hit.iri, "name": _label(hit.names), "kind": label_in(hit.kind.names, reader)} for hit in result]
    return Response(orjson.dumps(entries), content_type="application/json")


def _file(index: SearchIndex, state: State, ending: str) -> Response:
    """Return a list as a file; abort with 404 for an unknown kind or format."""
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
    """Show the entries of a class by name, from the graph itself."""
    after = request.args.get("after", "")
    result = _QUERIES.rows(
        site().run_query, "entries_of_a_class", {"class": NamedNode(JG + (name or "Entity")), "after": Literal(after)}
    )
    if not result and not after:
        abort(404)
    more = result[MEMBERS - 1]["key"] if len(result) > MEMBERS else None
    classes = QUERIES.rows(site().run_query, "number_of_entries_by_class")
    title = next((row["label"] for row in classes if row["class"] == JG + name), name or "entries")
    return render_template("members.html", name=name, title=title, entries=result[:MEMBERS], more=more)


def _label(names: Names) -> str:
    return label_in(names, language().code)


def _tongue(names: Names) -> Markup:
    """Return the lang attribute of a label; nothing if it is that of the page."""
    return in_tongue(label_language(names, language().code))


def _is_kind(index: SearchIndex, state: State) -> bool:
    """Return whether the kind in the address exists, if there is one."""
    return not state.kind or bool(index.find(SearchQuery(filters={"kind": (state.kind,)}, limit=0, facets=())).total)


def _orders(state: State) -> list[tuple[str, str]]:
    return [(sort, ORDERS[sort]) for sort in SORTS if sort != "relevance" or state.text]


def _title(result: SearchResult) -> str:
    values = [value for facet in result.facets if facet.name == "kind" for value in facet.values if value.is_chosen]
    kinds = [language().text(FIRST[value.id]) if value.id in FIRST else _label(value.names) for value in values]
    return ", ".join(kinds) or language().text(_("All entries"))


def _facets(state: State, result: SearchResult) -> list[tuple[str, Sequence[Choice], Sequence[Choice], bool]]:
    """Return the facets with values to choose: heading, visible values, folded values, whether there are more."""
    facets: list[tuple[str, Sequence[Choice], Sequence[Choice], bool]] = []
    for facet in result.facets:
        choices = [_choice(state, facet, value) for value in facet.values if not value.is_chosen and value.count]
        if choices:
            facets.append((FACETS[facet.name], choices[:OFFERED], choices[OFFERED:], facet.more))
    return facets


def _chosen(state: State, result: SearchResult) -> list[tuple[str, Choice]]:
    return [
        (FACETS[facet.name], _choice(state, facet, value))
        for facet in result.facets for value in facet.values if value.is_chosen
    ]  # fmt: skip


def _choice(state: State, facet: Facet, value: FacetValue) -> Choice:
    other = state.without_value(facet.name, value.id) if value.is_chosen else state.with_value(facet.name, value.id)
    return Choice(_label(value.names) or value.id, value.count, other.address(), _tongue(value.names))


def _suggested_text(index: SearchIndex, state: State, result: SearchResult) -> str:
    """Return a suggested spelling for a text without exact matches; "" if it would find nothing in this list."""
    suggestion = index.suggest_spelling(state.text) if state.text and (result.is_fuzzy or not result.total) else ""
    query = replace(state.with_text(suggestion).wanted(language().code, 0), facets=())
    return suggestion if suggestion and index.find(query).total else ""
