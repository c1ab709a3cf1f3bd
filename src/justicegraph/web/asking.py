"""Asking a question of a .rq file, with bound variables: rows or triples."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import orjson
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from justicegraph.evaluate import Ask, Question
from justicegraph.formats import GRAPHS, SOLUTIONS, Format, named_format

_QUERIES = Path(__file__).parent / "queries"

Row = dict[str, str]
"""The values of a row by variable; what is unbound is missing. The type of `value` is in `value.type`."""


def rows(ask: Ask, name: str, bindings: Mapping[str, NamedNode | Literal] | None = None) -> list[Row]:
    """Return the answer of queries/<name>.rq as rows."""
    question = Question(_query(name), solutions=named_format("json", SOLUTIONS), bindings=bindings or {})
    found = orjson.loads(ask(question).read())["results"]["bindings"]
    return [row_of(binding) for binding in found]


def triples(ask: Ask, name: str, bindings: Mapping[str, NamedNode | Literal] | None = None) -> list[Triple]:
    """Return the answer of queries/<name>.rq, a CONSTRUCT, without repeats."""
    return triples_of(ntriples(ask, name, bindings))


def ntriples(ask: Ask, name: str, bindings: Mapping[str, NamedNode | Literal] | None = None) -> bytes:
    """Return the same as N-Triples, as the engine writes it."""
    return ask(graph_question(name, named_format("nt", GRAPHS), bindings)).read()


def triples_of(answer: bytes) -> list[Triple]:
    """Return the triples of an answer in N-Triples, each once."""
    return list(dict.fromkeys(quad.triple for quad in parse(answer, format=RdfFormat.N_TRIPLES)))


def graph_question(name: str, form: Format, bindings: Mapping[str, NamedNode | Literal] | None = None) -> Question:
    """Return the question of queries/<name>.rq, a CONSTRUCT, to be answered in this format."""
    return Question(_query(name), graph=form, bindings=bindings or {})


def row_of(binding: Mapping[str, Mapping[str, str]]) -> Row:
    """Return one row of SPARQL results in JSON (SPARQL 1.1 Query Results JSON Format, 3.2) flat."""
    flat = {name: said["value"] for name, said in binding.items()}
    if "value" in binding:
        flat["value.type"] = binding["value"]["type"]
    return flat


@cache
def _query(name: str) -> str:
    return (_QUERIES / f"{name}.rq").read_text(encoding="utf-8")
