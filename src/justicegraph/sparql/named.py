"""Asking a question of a .rq file, with bound variables: rows or triples."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import orjson
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from justicegraph.rdf.formats import GRAPHS, SOLUTIONS, Format, named_format
from justicegraph.sparql.query import Query, RunQuery

_QUERIES = Path(__file__).parents[1] / "web" / "queries"

Row = dict[str, str]
"""The values of a row by variable; what is unbound is missing.

The type of `value` is in `value.type`, the languages of `value` and `name`, where they have one, in `language` and
`spoken`.
"""

_JSON = named_format("json", SOLUTIONS)
_NONE: Mapping[str, str] = {}


def rows(run_query: RunQuery, name: str, bindings: Mapping[str, NamedNode | Literal] | None = None) -> list[Row]:
    """Return the answer of queries/<name>.rq as rows."""
    return _rows(run_query, Query(_query(name), solutions=_JSON, bindings=bindings or {}))


def rows_about(run_query: RunQuery, name: str, terms: Mapping[str, NamedNode]) -> list[Row]:
    """Return the same with terms in the place of variables: a bound one must be selected, and then is in every row."""
    variables = "|".join(terms)
    text = re.sub(rf"\?({variables})\b", lambda variable: str(terms[variable[1]]), _query(name))
    return _rows(run_query, Query(text, solutions=_JSON))


def triples(run_query: RunQuery, name: str, bindings: Mapping[str, NamedNode | Literal] | None = None) -> list[Triple]:
    """Return the answer of queries/<name>.rq, a CONSTRUCT, without repeats."""
    return triples_of(ntriples(run_query, name, bindings))


def ntriples(run_query: RunQuery, name: str, bindings: Mapping[str, NamedNode | Literal] | None = None) -> bytes:
    """Return the same as N-Triples, as the engine writes it."""
    return run_query(graph_question(name, named_format("nt", GRAPHS), bindings)).read()


def triples_of(answer: bytes) -> list[Triple]:
    """Return the triples of an answer in N-Triples, each once."""
    return list(dict.fromkeys(quad.triple for quad in parse(answer, format=RdfFormat.N_TRIPLES)))


def graph_question(name: str, form: Format, bindings: Mapping[str, NamedNode | Literal] | None = None) -> Query:
    """Return the question of queries/<name>.rq, a CONSTRUCT, to be answered in this format."""
    return Query(_query(name), graph=form, bindings=bindings or {})


def row_of(binding: Mapping[str, Mapping[str, str]]) -> Row:
    """Return one row of SPARQL results in JSON (SPARQL 1.1 Query Results JSON Format, 3.2) flat."""
    flat = {name: said["value"] for name, said in binding.items()}
    if value := binding.get("value"):
        flat["value.type"] = value["type"]
        if "xml:lang" in value:
            flat["language"] = value["xml:lang"]
    if "xml:lang" in (name := binding.get("name", _NONE)):
        flat["spoken"] = name["xml:lang"]
    return flat


def _rows(run_query: RunQuery, question: Query) -> list[Row]:
    return [row_of(binding) for binding in orjson.loads(run_query(question).read())["results"]["bindings"]]


@cache
def _query(name: str) -> str:
    return (_QUERIES / f"{name}.rq").read_text(encoding="utf-8")
