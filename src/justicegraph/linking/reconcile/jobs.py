"""What a pool that reconciles is asked, and what its answers are: kept apart from what makes them, which is large."""

import orjson

from justicegraph.rdf.formats import SOLUTIONS, named_format
from justicegraph.sparql.query import Query

QUERIES, ENTRIES, TYPES = "queries", "entries", "types"
"""What can be asked: a batch, or which entries or classes have names with a beginning."""

SUGGESTED = 20
"""Suggestions at a time."""

FORM = named_format("json", SOLUTIONS)
"""The JSON that a pool's answers can be: who sends it on gives it another media type."""


def question_of(kind: str, text: str, client: str = "") -> Query:
    """Return the question that carries a batch's JSON, or what a suggestion is for."""
    return Query(f"{kind}\n{text}", FORM, client=client)


def suggestion(prefix: str, cursor: int) -> str:
    """Return what asks for the names that begin so, after the first `cursor`."""
    return orjson.dumps([prefix, cursor]).decode()


def parts_of(answer: bytes) -> tuple[dict[str, str], bytes]:
    """Return by name why queries of a batch have failed, and the JSON of the results."""
    failed, _, results = answer.partition(b"\n")
    return orjson.loads(failed), results
