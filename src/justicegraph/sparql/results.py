"""Results of a SELECT or an ASK, parsed from the formats of SPARQL 1.1: rows of texts, or of RDF terms."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

import orjson
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, RdfFormat, Triple, parse
from pyoxigraph import parse_query_results as parse_results

Binding = Mapping[str, str]
"""A term as the JSON format writes it: `type`, `value`, `xml:lang` and `datatype` (section 3.2.2)."""

Row = dict[str, str]
"""The values of a row by variable; an unbound variable is missing.

`value.type` is the type of `value`, `datatype` its datatype and `language` its language. `name.language` is the
language of `name`.
"""

Terms = dict[str, NamedNode | Literal]
"""The RDF terms of a row by variable; an unbound variable is missing."""

_NONE: Binding = {}


@dataclass(frozen=True)
class ResultTable:
    """The result of a SELECT: its variables in their order, and the rows, each with the bindings by variable."""

    variables: tuple[str, ...]
    rows: list[Mapping[str, Binding]]


def parse_table(body: bytes) -> ResultTable | bool:
    """Return a result in JSON as a table; for an ASK, true or false (SPARQL 1.1 Query Results JSON Format, 3)."""
    document = orjson.loads(body)
    if "boolean" in document:
        return bool(document["boolean"])
    return ResultTable(tuple(document["head"]["vars"]), document["results"]["bindings"])


def parse_rows(body: bytes) -> list[Row]:
    """Return the rows of a result in JSON, with texts for their values."""
    return [row_of(bindings) for bindings in orjson.loads(body)["results"]["bindings"]]


def row_of(bindings: Mapping[str, Binding]) -> Row:
    """Return one row of a result in JSON (SPARQL 1.1 Query Results JSON Format, 3.2), with texts for its values."""
    row = {name: term["value"] for name, term in bindings.items()}
    if value := bindings.get("value"):
        row["value.type"] = value["type"]
        if "xml:lang" in value:
            row["language"] = value["xml:lang"]
        elif "datatype" in value:
            row["datatype"] = value["datatype"]
    if "xml:lang" in (name := bindings.get("name", _NONE)):
        row["name.language"] = name["xml:lang"]
    return row


def parse_terms(body: bytes | IO[bytes]) -> Iterator[Terms]:
    """Yield the rows of a result in JSON, with RDF terms for their values.

    The rows of a file are read one at a time. Raise ValueError for the result of an ASK and SyntaxError for text that
    is no result.
    """
    solutions = parse_results(body, format=QueryResultsFormat.JSON)
    if not isinstance(solutions, QuerySolutions):
        raise ValueError("yes or no instead of rows")
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield {name: term for name in names if (term := solution[name]) is not None}


def iter_csv(body: IO[bytes]) -> Iterator[list[str]]:
    """Yield the rows of a result in CSV, one at a time: the values in the query's order, "" if one is unbound."""
    with io.TextIOWrapper(body, encoding="utf-8", newline="") as text:
        rows = csv.reader(text)
        next(rows)
        yield from rows


def parse_triples(body: bytes) -> list[Triple]:
    """Return the triples of a result in N-Triples, each once."""
    return list(dict.fromkeys(quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES)))
