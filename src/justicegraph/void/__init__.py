"""The dataset description (VoID, W3C 2011): statistics, endpoint, dumps and example queries.

It is in a named graph of its own, which the statistics leave out.
"""

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from justicegraph.namespaces import DATA, DCTERMS, ENDPOINT, ID, LICENCE, PREFIXES, TYPE, VOID, VOID_GRAPH
from justicegraph.rdf.triples import statements
from justicegraph.void.counts import Counts, counts_of
from justicegraph.void.examples import examples
from justicegraph.void.partitions import partitions

__all__ = ["DATASET", "describe"]

DATASET = VOID_GRAPH + "#dataset"
"""The IRI of the dataset: the union of all graphs but this description."""

_DUMPS = ("justicegraph.jsonld", "justicegraph.nq", "justicegraph.ttl")


def describe(store: Store, queries: Path) -> int:
    """Add a description of the store to its graph `void`, with the example queries in this folder.

    Return the number of its quads; raise BrokenFile for a query that cannot be read.
    """
    counts = counts_of(store)
    triples = {*_document(), *_dataset(counts), *partitions(DATASET, counts), *examples(queries)}
    graph = NamedNode(VOID_GRAPH)
    store.extend(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)
    return len(triples)


def _document() -> Iterator[Triple]:
    """Yield the triples about the description itself (VoID, 6)."""
    yield from statements(VOID_GRAPH, TYPE, NamedNode(VOID + "DatasetDescription"))
    yield from statements(VOID_GRAPH, DCTERMS + "title", Literal("What is in JusticeGraph", language="en"))
    yield from statements(VOID_GRAPH, PREFIXES["foaf"] + "primaryTopic", NamedNode(DATASET))


def _dataset(counts: Counts) -> Iterator[Triple]:
    """Yield the triples about the whole dataset (VoID, 2 to 4)."""
    about = (
        "The organizations, causes, prisoners and campaigns of the prison-justice movement, with the ontology and the "
        "shapes; this description is not counted."
    )
    yield from statements(DATASET, TYPE, NamedNode(VOID + "Dataset"))
    yield from statements(DATASET, DCTERMS + "title", Literal("JusticeGraph", language="en"))
    yield from statements(DATASET, DCTERMS + "description", Literal(about, language="en"))
    yield from statements(DATASET, DCTERMS + "license", NamedNode(LICENCE))
    yield from statements(DATASET, VOID + "sparqlEndpoint", NamedNode(ENDPOINT))
    yield from statements(DATASET, VOID + "dataDump", *(NamedNode(DATA + name) for name in _DUMPS))
    yield from statements(DATASET, VOID + "uriSpace", Literal(ID))
    yield from statements(DATASET, VOID + "vocabulary", *(NamedNode(namespace) for namespace in _vocabularies(counts)))
    yield from statements(DATASET, VOID + "triples", Literal(counts.triples.total()))
    yield from statements(DATASET, VOID + "entities", Literal(counts.entities))
    yield from statements(DATASET, VOID + "classes", Literal(len(counts.members)))
    yield from statements(DATASET, VOID + "properties", Literal(len({name for _, name, _ in counts.triples})))
    yield from statements(DATASET, VOID + "distinctSubjects", Literal(counts.subjects))


def _vocabularies(counts: Counts) -> list[str]:
    """Return the namespaces of the classes and properties in use."""
    used = {*counts.members, *(name for _, name, _ in counts.triples)}
    return [namespace for namespace in PREFIXES.values() if any(name.startswith(namespace) for name in used)]
