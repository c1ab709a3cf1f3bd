"""Read our own entries for linking: a record of each, and what a reviewer reads besides."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from justicegraph.linking.records import Record, entries
from justicegraph.namespaces import JG, SKOS, TYPE
from justicegraph.sparql.named import NamedQueries
from justicegraph.sparql.query import RunQuery

QUERIES = NamedQueries.beside(__file__)
"""The queries about our own entries, and those to the SPARQL endpoint of Wikidata or another database."""


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """An entry: its record, its class by local name, its names with their languages, its definition and websites."""

    record: Record
    kind: str
    names: tuple[tuple[str, str], ...] = ()
    definition: str = ""
    websites: tuple[str, ...] = ()


def own_entries(run_query: RunQuery) -> list[OwnEntry]:
    """Return the entries of a graph except sources, in the order of their ids."""
    values: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for row in QUERIES.terms(run_query, "descriptions_of_entries"):
        values[row["entry"].value][row["property"].value].append(row["value"])
    return [_own_entry(record, values[record.id]) for record in entries(run_query)]


def _own_entry(record: Record, values: Mapping[str, list[NamedNode | Literal]]) -> OwnEntry:
    kinds = [iri.value.removeprefix(JG) for iri in values.get(TYPE, ())]
    names = (name for label in ("prefLabel", "altLabel") for name in values.get(SKOS + label, ()))
    return OwnEntry(
        record,
        kinds[0] if kinds else "Entity",
        tuple(dict.fromkeys((name.value, getattr(name, "language", "") or "") for name in names)),
        next((text.value for text in values.get(SKOS + "definition", ())), ""),
        tuple(address.value for address in values.get(JG + "website", ())),
    )
