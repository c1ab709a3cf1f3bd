"""The page on which people ask in SPARQL: a form, the answer or where the question went wrong. It needs no script."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, make_response, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from justicegraph.errors import BadParameters, BadQuery, JusticeGraphError, LimitReached, NotAcceptable
from justicegraph.http.parameters import parse_parameters
from justicegraph.http.problems import problem_of
from justicegraph.namespaces import DOC, HOME, ID, PREFIXES, XSD, short
from justicegraph.pictures import Cell as Shown
from justicegraph.pictures import Picture
from justicegraph.rdf.formats import GRAPHS, SOLUTIONS, named_format
from justicegraph.sparql.evaluate import form_of
from justicegraph.sparql.query import Query, Result
from justicegraph.sparql.results import parse_table
from justicegraph.text import mark as _
from justicegraph.web.entity.html import spoken
from justicegraph.web.errors import problem_page
from justicegraph.web.i18n import in_language, language
from justicegraph.web.paths import local_address
from justicegraph.web.pictures import chart_of, graph_of, map_of
from justicegraph.web.site import site

blueprint = Blueprint("query", __name__)

SHOWN = 500
"""Rows of an answer that a page shows; all of them are in the downloads."""

LONGEST = 2 * 2**20
"""Bytes of an answer that a page is made of: what is longer would hold up others while it is read."""

UNREAD = _("The query does not parse.")

PARAMETERS = 10
"""Parameters that an address of the page has at most: the form sends three."""

AROUND = 2
"""Lines of a question that are shown before and after one that went wrong."""

KINDS = {
    **{XSD + name: "number" for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")},
    **{XSD + name: "date" for name in ("date", "dateTime", "gYear", "gYearMonth", "time")},
}
"""By a value's datatype, the kind of a cell: it is aligned as such, and not broken into lines."""

_WORD = re.compile(r"\w+|\S")
_LAST = re.compile(r"\S*$")
_ENGINE = re.compile(r":? error at \d+:\d+: (.*)", re.DOTALL)
_SENTENCE = re.compile(r"[A-Z]\w+(?: \w+){3,}")


@dataclass(frozen=True)
class Cell:
    """A value in a table: its text, where it leads if anywhere, its language, its kind as in KINDS."""

    text: str = ""
    address: str = ""
    language: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Place:
    """Where a question went wrong: the line, and in it what stands before, at and after the place; lines around it."""

    line: int
    column: int
    before: str
    at: str
    after: str
    above: list[tuple[int, str]]
    below: list[tuple[int, str]]


@dataclass(frozen=True)
class Seen:
    """What a picture is drawn from: a table's columns and rows, or a graph as Turtle."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    graph: str = ""

    @property
    def shown(self) -> list[list[Shown]]:
        """The rows as pictures take them."""
        return [[Shown(cell.text, in_language(cell.address)) for cell in row] for row in self.rows]


PICTURES: dict[str, Callable[[Seen], Picture | None]] = {
    "chart": lambda seen: chart_of(seen.columns, seen.shown) if seen.rows else None,
    "map": lambda seen: map_of(seen.columns, seen.shown) if seen.rows else None,
    "graph": lambda seen: graph_of(seen.graph) if seen.graph else None,
}
"""By the name of a view, as in `&view=chart`, what draws an answer; nothing where it does not fit."""


@blueprint.get("/query")
def query() -> str | AnyResponse:
    """Show the form, and the answer to what was asked in it."""
    try:
        said = dict(parse_parameters(request.query_string, PARAMETERS))
    except BadParameters as error:
        return problem_page(problem_of(error))
    asked, chosen = said.get("query", ""), said.get("format", "html")
    if not asked.strip():
        return _page("")
    if misfit := _misfit(asked, chosen):
        return make_response(_page(asked, error=misfit), 406)
    if chosen != "html":
        return redirect(f"/sparql?{urlencode({'query': asked, 'format': chosen})}", 303)
    began = perf_counter()
    try:
        forms = named_format("json", SOLUTIONS), named_format("ttl", GRAPHS)
        answer = site().run_query(Query(asked, *forms))
        shown = _shown(answer, said.get("view", ""))
    except JusticeGraphError as error:
        problem = problem_of(error)
        place = _place(asked, error)
        page = _page(asked, error=_told(problem.detail, place), place=place)
        return make_response(page, problem.status, dict(problem.headers))
    return _page(asked, seconds=perf_counter() - began, **shown)


def _misfit(asked: str, chosen: str) -> str:
    """Return what to choose where a question is not answered in the format that was chosen: the endpoint would send a
    problem document."""
    word = form_of(asked).upper()
    if not word or chosen == "html":
        return ""  # what is wrong with a question without a form, the engine says
    offers = GRAPHS if word in {"CONSTRUCT", "DESCRIBE"} else SOLUTIONS
    try:
        named_format(chosen, offers)
    except NotAcceptable:
        said = language().text(_("The answer to {form} cannot be had as {format}. Choose one of: {formats}."))
        listed = ", ".join(each.name for each in offers)
        return said.replace("{form}", word).replace("{formats}", listed).replace("{format}", chosen[:40])
    return ""


def _page(asked: str, **shown: Any) -> str:
    """Return the page with a question in its form."""
    names = {"home": HOME, "id": ID, "doc": DOC, "prefixes": PREFIXES, "kinds": KINDS}
    bounds = {"shown": SHOWN, "longest": LONGEST, "around": AROUND, "seconds": current_app.config.get("TIME_LIMIT", 0)}
    return render_template(
        "query.html", query=asked, questions=site().questions, tables=SOLUTIONS, graphs=GRAPHS,
        pictures=bool(PICTURES),
        names=names, bounds=bounds, **shown,
    )  # fmt: skip


def _shown(answer: Result, view: str) -> dict[str, Any]:
    """Return what the page shows of an answer; raise LimitReached where it is too long to be read for that."""
    if answer.length > LONGEST:
        answer.body.close()
        raise LimitReached("answer", _("The answer is too long for a page: add LIMIT, or take it as a file."))
    if answer.format.name != "json":
        graph = answer.read().decode()
        return {"graph": graph, "downloads": GRAPHS, **_pictured(Seen(graph=graph), view)}
    result = parse_table(answer.read())
    if isinstance(result, bool):
        return {"truth": result, "downloads": SOLUTIONS[:2]}
    columns = result.variables
    rows = tuple(tuple(_cell(row.get(name)) for name in columns) for row in result.rows[:SHOWN])
    seen = {"columns": columns, "table": rows, "count": len(result.rows), "downloads": SOLUTIONS}
    return {**seen, **_pictured(Seen(columns, rows), view)}


def _pictured(seen: Seen, view: str) -> dict[str, Any]:
    """Return the picture that was asked for, and the names of those that fit."""
    drawn = {name: picture for name, draw in PICTURES.items() if (picture := draw(seen))}
    return {"picture": drawn.get(view), "views": list(drawn)}


def _cell(term: Mapping[str, str] | None) -> Cell:
    """Return a value of SPARQL results in JSON (SPARQL 1.1 Query Results JSON Format, 3.2.2) as it is shown."""
    if term is None:
        return Cell()
    if term["type"] == "uri":
        return Cell(short(term["value"]), local_address(term["value"]))
    if term["type"] == "bnode":
        return Cell(f"_:{term['value']}")
    return Cell(str(term["value"]), "", term.get("xml:lang", ""), KINDS.get(term.get("datatype", ""), ""))


def _place(asked: str, error: JusticeGraphError) -> Place | None:
    """Return where in the question the error is, as the engine counts; None where it does not say."""
    lines = [line.rstrip("\r") for line in asked.split("\n")]
    if not isinstance(error, BadQuery) or not 1 <= error.line <= len(lines):
        return None
    text, column = lines[error.line - 1], max(error.column, 1)
    word = _word(text, column - 1)
    numbered = list(enumerate(lines, 1))
    above, below = (
        numbered[max(error.line - 1 - AROUND, 0) : error.line - 1],
        numbered[error.line : error.line + AROUND],
    )
    return Place(error.line, column, text[: word.start], text[word], text[word.stop :], above, below)


def _word(text: str, start: int) -> slice:
    """Return where in a line the word is that begins at a place, else the one that ends there."""
    if found := _WORD.match(text, start):
        return slice(start, found.end())
    before = _LAST.search(text[:start])
    return slice(before.start() if before else start, start)


def _told(detail: str, place: Place | None) -> str | Markup:
    """Return what went wrong as people say it: of all that the engine would have read, what is a sentence.

    Of the rest, single signs and words such as "expected OPTIONAL" where a full stop is missing, nothing is a help.
    """
    engine = _ENGINE.search(detail)
    if place is None or not engine:
        return spoken(detail)
    prefix = place.at.partition(":")[0]
    if "Prefix not found" not in detail:
        sentence = _SENTENCE.search(engine[1])
        return spoken(f"{detail[: engine.start()]}: {sentence[0]}." if sentence else UNREAD)
    text = language().text
    said = text("The prefix {prefix}: is not declared.").replace("{prefix}", prefix)
    line = f"PREFIX {prefix}: <{PREFIXES[prefix]}>" if prefix in PREFIXES else ""
    return f"{said} {text('Add at the top: {line}').replace('{line}', line)}" if line else said
