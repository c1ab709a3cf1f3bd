"""The SPARQL page: a form with the results of a query, or the place of its error. It needs no script."""

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
from justicegraph.pictures import Cell as PictureCell
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
"""The most rows of a result on the page; the downloads have all of them."""

LONGEST = 2 * 2**20
"""The most bytes of a result that the page reads: a longer one would delay other requests."""

UNREAD = _("The query does not parse.")

PARAMETERS = 10
"""The most parameters in an address of the page: the form sends three."""

AROUND = 2
"""Lines of a query that are shown before and after the line of an error."""

KINDS = {
    **{XSD + name: "number" for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")},
    **{XSD + name: "date" for name in ("date", "dateTime", "gYear", "gYearMonth", "time")},
}
"""The kind of a cell by the datatype of its value: numbers and dates are aligned, and not wrapped."""

_WORD = re.compile(r"\w+|\S")
_LAST = re.compile(r"\S*$")
_ENGINE = re.compile(r":? error at \d+:\d+: (.*)", re.DOTALL)
_SENTENCE = re.compile(r"[A-Z]\w+(?: \w+){3,}")


@dataclass(frozen=True)
class Cell:
    """A value in a table: its text, the address that it links to, if any, its language, its kind as in KINDS."""

    text: str = ""
    address: str = ""
    language: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Place:
    """The place of an error in a query: the line, its text before, at and after the error, and lines around it."""

    line: int
    column: int
    before: str
    at: str
    after: str
    above: list[tuple[int, str]]
    below: list[tuple[int, str]]


@dataclass(frozen=True)
class PictureData:
    """The data of a picture: columns and rows of a table, or a graph as Turtle."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    graph: str = ""

    @property
    def cells(self) -> list[list[PictureCell]]:
        """The rows as cells of pictures."""
        return [[PictureCell(cell.text, in_language(cell.address)) for cell in row] for row in self.rows]


PICTURES: dict[str, Callable[[PictureData], Picture | None]] = {
    "chart": lambda data: chart_of(data.columns, data.cells) if data.rows else None,
    "map": lambda data: map_of(data.columns, data.cells) if data.rows else None,
    "graph": lambda data: graph_of(data.graph) if data.graph else None,
}
"""Functions that make a picture, by the name of the view as in `&view=chart`; they return None for unfit data."""


@blueprint.get("/query")
def query() -> str | AnyResponse:
    """Show the form, with the result of the query in it."""
    try:
        parameters = dict(parse_parameters(request.query_string, PARAMETERS))
    except BadParameters as error:
        return problem_page(problem_of(error))
    text, chosen = parameters.get("query", ""), parameters.get("format", "html")
    if not text.strip():
        return _page("")
    if format_error := _format_error(text, chosen):
        return make_response(_page(text, error=format_error), 406)
    if chosen != "html":
        return redirect(f"/sparql?{urlencode({'query': text, 'format': chosen})}", 303)
    began = perf_counter()
    try:
        forms = named_format("json", SOLUTIONS), named_format("ttl", GRAPHS)
        result = site().run_query(Query(text, *forms))
        context = _result_context(result, parameters.get("view", ""))
    except JusticeGraphError as error:
        return _error_page(text, error)
    return _page(text, seconds=perf_counter() - began, **context)


@blueprint.errorhandler(LimitReached)
def limit_reached(error: LimitReached) -> AnyResponse:
    """Show the form with a query that was ended by a limit, and the limit."""
    parameters = dict(parse_parameters(request.query_string, PARAMETERS))
    return _error_page(parameters.get("query", ""), error)


def _error_page(text: str, error: JusticeGraphError) -> AnyResponse:
    """Return the page of a failed query: the form, the error message and its place."""
    problem, place = problem_of(error), _place(text, error)
    page = _page(text, error=_error_message(problem.detail, place), place=place)
    return make_response(page, problem.status, dict(problem.headers))


def _format_error(text: str, chosen: str) -> str:
    """Return a message if the query form does not allow the chosen format; "" if it does.

    The endpoint would send a problem document instead of a page.
    """
    word = form_of(text).upper()
    if not word or chosen == "html":
        return ""  # the engine explains what is wrong with a query without a form
    offers = GRAPHS if word in {"CONSTRUCT", "DESCRIBE"} else SOLUTIONS
    try:
        named_format(chosen, offers)
    except NotAcceptable:
        message = language().text(_("Results of {form} are not available as {format}. Choose one of: {formats}."))
        listed = ", ".join(offer.name for offer in offers)
        return message.replace("{form}", word).replace("{formats}", listed).replace("{format}", chosen[:40])
    return ""


def _page(text: str, **context: Any) -> str:
    """Return the page with a query in its form."""
    names = {"home": HOME, "id": ID, "doc": DOC, "prefixes": PREFIXES, "kinds": KINDS}
    bounds = {"shown": SHOWN, "longest": LONGEST, "around": AROUND, "seconds": current_app.config.get("TIME_LIMIT", 0)}
    return render_template(
        "query.html", query=text, questions=site().questions, tables=SOLUTIONS, graphs=GRAPHS,
        pictures=bool(PICTURES),
        names=names, bounds=bounds, **context,
    )  # fmt: skip


def _result_context(result: Result, view: str) -> dict[str, Any]:
    """Return the template values for a result; raise LimitReached if it is too long for a page."""
    if result.length > LONGEST:
        result.body.close()
        raise LimitReached("answer", _("The result is too long for a page. Download it as CSV, or add LIMIT 1000."))
    if result.format.name != "json":
        graph = result.read().decode()
        return {"graph": graph, "downloads": GRAPHS, **_picture_context(PictureData(graph=graph), view)}
    table = parse_table(result.read())
    if isinstance(table, bool):
        return {"truth": table, "downloads": SOLUTIONS[:2]}
    columns = table.variables
    rows = tuple(tuple(_cell(row.get(name)) for name in columns) for row in table.rows[:SHOWN])
    context = {"columns": columns, "table": rows, "count": len(table.rows), "downloads": SOLUTIONS}
    return {**context, **_picture_context(PictureData(columns, rows), view)}


def _picture_context(data: PictureData, view: str) -> dict[str, Any]:
    """Return the picture of the chosen view, and the names of all views that fit."""
    pictures = {name: picture for name, draw in PICTURES.items() if (picture := draw(data))}
    return {"picture": pictures.get(view), "views": list(pictures)}


def _cell(term: Mapping[str, str] | None) -> Cell:
    """Return a table cell for a term of SPARQL results in JSON (SPARQL 1.1 Query Results JSON Format, 3.2.2)."""
    if term is None:
        return Cell()
    if term["type"] == "uri":
        return Cell(short(term["value"]), local_address(term["value"]))
    if term["type"] == "bnode":
        return Cell(f"_:{term['value']}")
    return Cell(str(term["value"]), "", term.get("xml:lang", ""), KINDS.get(term.get("datatype", ""), ""))


def _place(text: str, error: JusticeGraphError) -> Place | None:
    """Return the place of the error in a query; None if the engine gives none."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
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
    """Return the position of the word that begins at a column, else of the word that ends there."""
    if match := _WORD.match(text, start):
        return slice(start, match.end())
    before = _LAST.search(text[:start])
    return slice(before.start() if before else start, start)


def _error_message(detail: str, place: Place | None) -> str | Markup:
    """Return a readable error message: of the engine's message, only what is a sentence.

    The rest lists expected tokens, such as "expected OPTIONAL" for a missing full stop, and helps nobody.
    """
    engine = _ENGINE.search(detail)
    if place is None or not engine:
        return spoken(detail)
    prefix = place.at.partition(":")[0]
    if "Prefix not found" not in detail:
        sentence = _SENTENCE.search(engine[1])
        return spoken(f"{detail[: engine.start()]}: {sentence[0]}." if sentence else UNREAD)
    text = language().text
    message = text("The prefix {prefix}: is not declared.").replace("{prefix}", prefix)
    line = f"PREFIX {prefix}: <{PREFIXES[prefix]}>" if prefix in PREFIXES else ""
    return f"{message} {text('Add at the top: {line}').replace('{line}', line)}" if line else message
