"""Whether servers answer alike: figures of servers that answer differently mean nothing."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

from benchmarks.run import Failed
from benchmarks.servers import Server, run_query


def check_answers(queries: Mapping[str, str], servers: Sequence[Server]) -> None:
    """Raise Failed where a query has no answer, or two servers answer it differently, whatever the order of rows."""
    for name, query in queries.items():
        first, *others = [(server.name, rows(run_query(server, query))) for server in servers]
        if not first[1]:
            raise Failed(f"{name}.rq has no answer in this graph, so it measures nothing: ask for another graph")
        for other, answer in others:
            if answer != first[1]:
                counts = f"{first[1].total()} and {answer.total()} rows"
                raise Failed(f"{first[0]} and {other} answer {name}.rq differently: {counts}")


def rows(answer: bytes) -> Counter[Hashable]:
    """Return how often each row of a table in JSON comes, or once each triple of a graph in N-Triples."""
    if not answer.lstrip().startswith(b"{"):
        return Counter(set(parse(answer, RdfFormat.N_TRIPLES)))
    found = parse_query_results(answer, QueryResultsFormat.JSON)
    if not isinstance(found, QuerySolutions):
        return Counter([bool(found)])
    names = [variable.value for variable in found.variables]
    return Counter(frozenset(zip(names, row, strict=True)) for row in found)
