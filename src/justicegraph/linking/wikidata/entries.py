"""Our entries as those who link them want to know them: their records, and what the graph tells beside."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from justicegraph.linking.records import Record, entries
from justicegraph.namespaces import JG, SKOS, TYPE
from justicegraph.sparql.named import NamedQueries
from justicegraph.sparql.query import RunQuery

QUERIES = NamedQueries.beside(__file__)
"""The queries about our own entries, and those to the SPARQL endpoint of Wikidata or another collection."""


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
    for row in QUERIES.terms(run_query, "descriptions_of_entries"):
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
