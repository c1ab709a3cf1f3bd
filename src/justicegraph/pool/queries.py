"""SPARQL queries as jobs, and their results as replies."""

from collections.abc import Callable

from justicegraph.pool.jobs import Job, Reply
from justicegraph.rdf.formats import format_of
from justicegraph.sparql.query import Query, Result, RunQuery


def query_job(query: Query, client: str = "") -> Job:
    """Return the job that runs a query. Formats and content coding are not in its key: they hardly change the time."""
    key = hash((query.text, query.default_graphs, query.named_graphs, *query.bindings.items()))
    return Job(query, client, key, is_query=True)


def query_handler(run_query: RunQuery) -> Callable[[Query], Reply]:
    """Return the handler that runs queries."""

    def handle(query: Query) -> Reply:
        result = run_query(query)
        return Reply((result.format.media_type, result.encoding), result.body, result.length)

    return handle


def result_of(reply: Reply) -> Result:
    """Return the result in the reply to a query."""
    media_type, encoding = reply.head
    return Result(format_of(media_type), reply.body, reply.length, encoding)
