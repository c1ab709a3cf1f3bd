"""A list as a file: CSV (RFC 4180), JSON-LD, and the SPARQL query that asks for the same entries."""

import csv
import io
from collections.abc import Sequence

import orjson
from flask import render_template
from pyoxigraph import Literal

from justicegraph.names import CONTEXT, ID
from justicegraph.search import Hit, Names
from justicegraph.web.lists.state import State

COLUMNS = ("id", "name", "kind", "definition", "status", "status_as_of", "where", "year", "newest_source")


def as_csv(hits: Sequence[Hit], reader: str) -> bytes:
    """Return entries as rows, in the reader's language; no label can begin like a formula (the shapes hold that)."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for hit in hits:
        status = spoken(hit.status.names, reader) if hit.status else ""
        where = "; ".join(spoken(each.names, reader) for each in hit.where)
        table.writerow(
            (hit.iri, spoken(hit.names, reader), hit.kind.id, spoken(hit.definition, reader), status, hit.as_of, where,
             hit.year, hit.newest)
        )  # fmt: skip
    return out.getvalue().encode()


def as_jsonld(hits: Sequence[Hit]) -> bytes:
    """Return entries as JSON-LD in our context: each with its id, class, names and definition."""
    graph = [
        {
            "id": ID + hit.slug, "type": [hit.kind.id], "label": _by_language(hit.names),
            "definition": _by_language(hit.definition),
        }
        for hit in hits
    ]  # fmt: skip
    return orjson.dumps({"@context": CONTEXT, "@graph": graph}, option=orjson.OPT_INDENT_2)


def as_sparql(state: State) -> str:
    """Return the query for the entries of a list; it forgives no slips of the pen."""
    return render_template("list.rq", state=state, text=str(Literal(state.text.casefold())))


def spoken(names: Names, reader: str) -> str:
    """Return the name in a language, else in English, else any."""
    return names.get(reader) or names.get("en") or next(iter(names.values()), "")


def _by_language(names: Names) -> dict[str, str]:
    return {language or "@none": name for language, name in sorted(names.items())}
