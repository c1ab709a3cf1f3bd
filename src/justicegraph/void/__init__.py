"""What the graph says of itself (VoID, W3C 2011): how much of what is in it, how to ask for it, and example questions.

All of it stands in a graph of its own and is not counted, so that the figures are those of the graph without it.
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
"""The IRI of the description of everything that the union of the graphs holds, this description excepted."""

_DUMPS = ("justicegraph.jsonld", "justicegraph.nq", "justicegraph.ttl")


def describe(store: Store, questions: Path) -> int:
    """Add to the store's graph `void` a description of the rest, with the example questions in this folder.

    Return how many quads that is; raise BrokenFile for a question that cannot be read.
    """
    counts = counts_of(store)
    triples = {*_document(), *_dataset(counts), *partitions(DATASET, counts), *examples(questions)}
    graph = NamedNode(VOID_GRAPH)
    store.extend(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)
    return len(triples)


def _document() -> Iterator[Triple]:
    """Yield what is said of the description itself (VoID, 6)."""
    yield from statements(VOID_GRAPH, TYPE, NamedNode(VOID + "DatasetDescription"))
    yield from statements(VOID_GRAPH, DCTERMS + "title", Literal("What is in JusticeGraph", language="en"))
    yield from statements(VOID_GRAPH, PREFIXES["foaf"] + "primaryTopic", NamedNode(DATASET))


def _dataset(counts: Counts) -> Iterator[Triple]:
    """Yield what is said of the whole (VoID, 2 to 4)."""
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
    """Return the namespaces that classes and properties are from."""
    used = {*counts.members, *(name for _, name, _ in counts.triples)}
    return [namespace for namespace in PREFIXES.values() if any(name.startswith(namespace) for name in used)]
