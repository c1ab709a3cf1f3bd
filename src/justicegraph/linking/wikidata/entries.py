"""Our entries as those who link them want to know them: their records, and what the graph tells beside."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, parse_query_results

from justicegraph.linking.records import Record, entries
from justicegraph.namespaces import JG, SKOS, TYPE
from justicegraph.rdf.formats import SOLUTIONS, named_format
from justicegraph.sparql.query import Query, RunQuery

_QUERIES = Path(__file__).parent / "queries"


@dataclass(frozen=True, slots=True)
class Ours:
    """An entry: its record, its class without a prefix, its names with their languages, and what it tells of itself."""

    record: Record
    kind: str
    names: tuple[tuple[str, str], ...] = ()
    definition: str = ""
    websites: tuple[str, ...] = ()


def ours(run_query: RunQuery) -> list[Ours]:
    """Return the entries of a graph, sources left out, in the order of their ids."""
    told: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for row in select(run_query, "ours"):
        told[row["entry"].value][row["property"].value].append(row["value"])
    return [_ours(record, told[record.id]) for record in entries(run_query)]


def _ours(record: Record, said: Mapping[str, list[NamedNode | Literal]]) -> Ours:
    sites = tuple(each.value for each in said.get(JG + "website", ()))
    kinds = [each.value.removeprefix(JG) for each in said.get(TYPE, ())]
    names = (value for name in ("prefLabel", "altLabel") for value in said.get(SKOS + name, ()))
    return Ours(
        record,
        kinds[0] if kinds else "Entity",
        tuple(dict.fromkeys((each.value, getattr(each, "language", "") or "") for each in names)),
        next((each.value for each in said.get(SKOS + "definition", ())), ""),
        sites,
    )


def select(run_query: RunQuery, name: str) -> list[dict[str, NamedNode | Literal]]:
    """Return the rows of our own graph's answer to queries/<name>.rq."""
    text = (_QUERIES / f"{name}.rq").read_text(encoding="utf-8")
    answer = run_query(Query(text, solutions=named_format("json", SOLUTIONS))).read()
    found = parse_query_results(answer, format=QueryResultsFormat.JSON)
    return [{name.value: row[name] for name in found.variables} for row in found]  # type: ignore[union-attr]
