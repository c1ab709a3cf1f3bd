"""The pages: home, lists, one entry, a query and its answer, the ontology, errors. They need no script."""

from itertools import groupby
from operator import itemgetter
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson
from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from pyoxigraph import Literal, NamedNode
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from justicegraph.errors import JusticeGraphError, LimitReached
from justicegraph.evaluate import Answer, Question
from justicegraph.formats import GRAPHS, HTML, SOLUTIONS, Format, accepted_format, named_format
from justicegraph.names import DOC, HOME, ID, JG, document_of, short
from justicegraph.problems import MEDIA_TYPE, Problem, kind_of, problem_of
from justicegraph.sparql import client_of
from justicegraph.web.asking import Row, row_of, rows
from justicegraph.web.entry import Entry, entry_of
from justicegraph.web.schema_org import SCHEMA, block_of, by_vocabulary, schema_org
from justicegraph.web.site import site

blueprint = Blueprint("pages", __name__)

SHOWN = 500
"""Rows of an answer that a page shows; all of them are in the downloads."""

LONGEST = 2 * 2**20
"""Bytes of an answer that a page is made of: what is longer would hold up others while it is read."""

PAGE = 200
"""Entries on a page of a list."""

_FIRST = ("Organization", "Campaign", "Cause", "Prisoner")
_PLURALS = {"Organization": "organizations", "Campaign": "campaigns", "Cause": "causes", "Prisoner": "prisoners"}


@blueprint.app_template_filter("local")
def local_address(iri: str) -> str:
    """Return where this server answers for an IRI of ours: the path; any other address as it is, if it is one."""
    if iri.startswith((ID, DOC)):
        name = iri.removeprefix(ID).removeprefix(DOC)
        return f"/doc/{name.partition('.')[0]}" + (f"#{name}" if "." in name else "")
    if iri.startswith(HOME):
        return "/" + iri.removeprefix(HOME)
    return iri if iri.startswith(("http://", "https://")) else ""


blueprint.add_app_template_filter(short, "short")


@blueprint.get("/")
def home() -> str:
    """Show what there is, and the ways to it."""
    classes = {row["class"].removeprefix(JG): row for row in rows(site().ask, "classes")}
    first = [(name, _PLURALS[name], classes[name]["entries"]) for name in _FIRST if name in classes]
    others = [
        (name, row.get("plural", row["label"]), row["entries"]) for name, row in classes.items() if name not in _FIRST
    ]
    return render_template("home.html", first=first, others=others, questions=site().questions, site=site())


@blueprint.get("/browse/<name>")
def browse(name: str) -> str:
    """List the entries of a class."""
    if not name.isalnum() or not name.isascii():
        abort(404)
    after = request.args.get("after", "")
    found = rows(site().ask, "members", {"class": NamedNode(JG + name), "after": Literal(after)})
    if not found and not after:
        abort(404)
    more = found[PAGE - 1]["key"] if len(found) > PAGE else None
    title = next((row["label"] for row in rows(site().ask, "classes") if row["class"] == JG + name), name)
    return render_template("browse.html", name=name, title=title, entries=found[:PAGE], more=more, after=after)


def entity_page(slug: str) -> str:
    """Return the page of the entry with this slug, which exists."""
    bound = {"entity": NamedNode(ID + slug), "doc": NamedNode(document_of(slug))}
    links = rows(site().ask, "links_here", bound)
    grouped = [(label, list(group)) for label, group in groupby(links[:SHOWN], key=itemgetter("label"))]
    words, facts = by_vocabulary(rows(site().ask, "facts", {**bound, "words": Literal(SCHEMA)}))
    entry: Entry = entry_of(ID + slug, facts)
    shown = {"links": grouped, "more": len(links) > SHOWN, "data": block_of(schema_org(entry.iri, DOC + slug, words))}
    return render_template("entity.html", entry=entry, slug=slug, **shown)


@blueprint.get("/query")
def query() -> str | AnyResponse:
    """Show the form, and the answer to what was asked in it."""
    try:
        asked_for = dict(parse_qsl(request.query_string.decode("ascii"), errors="strict", max_num_fields=10))
    except ValueError:
        return problem_page(Problem("bad-request", "The parameters are not UTF-8, percent-encoded."))
    asked, chosen = asked_for.get("query", ""), asked_for.get("format", "html")
    if asked.strip() and chosen != "html":
        return redirect(f"/sparql?{urlencode({'query': asked, 'format': chosen})}", 303)
    shown: dict[str, Any] = {"query": asked, "questions": site().questions, "formats": [*SOLUTIONS, *GRAPHS]}
    if not asked.strip():
        return render_template("query.html", **shown)
    try:
        forms = named_format("json", SOLUTIONS), named_format("ttl", GRAPHS)
        question = Question(asked, *forms, client=client_of(request.remote_addr or ""))
        return render_template("query.html", **shown, **_shown(site().ask(question)))
    except JusticeGraphError as error:
        problem = problem_of(error)
        page = render_template("query.html", **shown, error=problem.detail)
        return make_response(page, problem.status, dict(problem.headers))


def http_error(error: HTTPException) -> Response:
    """Return a page, or a problem document for a program, that says what was not found or not allowed."""
    kind = kind_of(error.code or 500)
    sentence = {
        "not-found": "There is nothing at this address. Look for the name on the lists, or ask in SPARQL.",
        "method-not-allowed": "This address answers GET and HEAD only.",
        "removed": "What was here has been removed on request.",
        "range": "The range begins behind the end.",
    }.get(kind, "Something went wrong here, and it is ours to mend.")
    return problem_page(Problem(kind, sentence))


def problem_page(problem: Problem) -> Response:
    """Return the problem with its status: as a page where the client prefers one."""
    document = Format("problem", MEDIA_TYPE, None, ("application/json", "text/plain"))
    try:
        wanted = accepted_format(request.headers.get("Accept", ""), (document, HTML))
    except JusticeGraphError:
        wanted = document
    if wanted is HTML:
        body, kind = render_template("error.html", status=problem.status, sentence=problem.detail), HTML.media_type
    else:
        body, kind = problem.document().decode(), MEDIA_TYPE
    response = Response(body, problem.status, content_type=kind)
    response.headers.extend(problem.headers)
    response.headers["Vary"] = "Accept"
    return response


def _shown(answer: Answer) -> dict[str, Any]:
    """Return what the page shows of an answer; raise LimitReached where it is too long to be read for that."""
    if answer.length > LONGEST:
        answer.body.close()
        raise LimitReached("answer", "The answer is too long for a page: add LIMIT, or take it as a file, as in csv.")
    if answer.format.name != "json":
        return {"text": answer.read().decode()}
    said = orjson.loads(answer.read())
    if "boolean" in said:
        return {"truth": said["boolean"]}
    names = said["head"]["vars"]
    found = said["results"]["bindings"]
    table: list[Row] = [row_of(binding) for binding in found[:SHOWN]]
    return {"names": names, "table": table, "count": len(found), "shown": min(len(found), SHOWN)}
