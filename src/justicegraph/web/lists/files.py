"""Lists as files: CSV (RFC 4180), JSON-LD, and the SPARQL query for the same entries."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

import orjson
from flask import render_template
from pyoxigraph import Literal

from justicegraph.namespaces import CONTEXT, ID
from justicegraph.search import Hit, Names, SearchIndex
from justicegraph.search.text import parse_query
from justicegraph.spreadsheet import safe_cell
from justicegraph.web.lists.state import ALL, STEP, State

COLUMNS = ("id", "name", "kind", "definition", "status", "status_as_of", "where", "year", "newest_source")


def all_hits(index: SearchIndex, state: State, reader: str) -> Iterator[Hit]:
    """Yield all entries of a list, up to the limit of the index."""
    for start in range(0, ALL, STEP):
        hits = index.find(replace(state.wanted(reader, STEP, start), facets=())).hits
        yield from hits
        if len(hits) < STEP:
            return


def as_csv(hits: Sequence[Hit], reader: str) -> bytes:
    """Return entries as CSV in the reader's language; no spreadsheet program runs a cell."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for hit in hits:
        status = label_in(hit.status.names, reader) if hit.status else ""
        where = "; ".join(label_in(place.names, reader) for place in hit.where)
        table.writerow(
            map(safe_cell, (hit.iri, label_in(hit.names, reader), hit.kind.id, label_in(hit.definition, reader), status,
                        hit.as_of, where, hit.year, hit.newest))
        )  # fmt: skip
    return out.getvalue().encode()


def as_jsonld(hits: Sequence[Hit]) -> bytes:
    """Return entries as JSON-LD in our context, with id, class, names and definition."""
    graph = [
        {
            "id": ID + hit.slug, "type": [hit.kind.id], "label": _by_language(hit.names),
            "definition": _by_language(hit.definition),
        }
        for hit in hits
    ]  # fmt: skip
    return orjson.dumps({"@context": CONTEXT, "@graph": graph}, option=orjson.OPT_INDENT_2)


def as_sparql(state: State) -> str:
    """Return the SPARQL query for the entries of a list, without fuzzy matching; raise BadQuery for an invalid list."""
    state.wanted("en").check()  # a value goes into the query as it is
    parsed = parse_query(state.text)
    words = [f" {word}" if word == parsed.last else f" {word} " for word in parsed.words]
    words += [f" {' '.join(phrase)} " for phrase in parsed.phrases]
    return render_template("list.rq", chosen=state.chosen, words=[str(Literal(word)) for word in words])


def label_in(names: Names, reader: str) -> str:
    """Return the label in a language, else in English, else in any; "" if there is none."""
    return names.get(label_language(names, reader), "")


def label_language(names: Names, reader: str) -> str:
    """Return the language of that label."""
    return next((code for code in (reader, "en", *names) if names.get(code)), "")


def _by_language(names: Names) -> dict[str, str]:
    return {language or "@none": name for language, name in sorted(names.items())}
