"""The schema of a graph: its ontology and shapes, read by one query."""

from justicegraph.rdf.schema import Schema, read_schema
from justicegraph.sparql.named import NamedQueries
from justicegraph.sparql.query import RunQuery

_QUERIES = NamedQueries.beside(__file__)


def schema_of(run_query: RunQuery) -> Schema:
    """Return the schema of a graph; one that knows nothing for a graph without an ontology. It takes some 50 ms."""
    vocabulary = _QUERIES.triples(run_query, "vocabulary")
    return read_schema(vocabulary, vocabulary)
