"""The partitions of the dataset by class and by property (VoID, 4.5), for the completion of query editors.

The values of a property are given by their narrowest classes: the wider ones follow from the ontology. Datatypes use
VoID's extension (http://ldf.fi/void-ext#), which the same editors read.
"""

from collections import Counter
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.namespaces import VOID, VOID_EXT
from justicegraph.rdf.triples import part_iri, statements
from justicegraph.void.counts import Counts


def partitions(dataset: str, counts: Counts) -> Iterator[Triple]:
    """Yield the partitions by property, by class, by property of each class, and by value of each of these."""
    yield from _by_property(dataset, counts)
    yield from _by_class(dataset, counts)
    yield from _by_property_of_class(counts)
    yield from _by_value(counts)


def _by_property(dataset: str, counts: Counts) -> Iterator[Triple]:
    triples: Counter[str] = Counter()
    for (_, name, _), count in counts.triples.items():
        triples[name] += count
    for name, count in triples.items():
        yield from _part(dataset, part_iri("property", name), "property", name, count)


def _by_class(dataset: str, counts: Counts) -> Iterator[Triple]:
    for name, count in counts.members.items():
        part = part_iri("class", name)
        yield from statements(dataset, VOID + "classPartition", NamedNode(part))
        yield from statements(part, VOID + "class", NamedNode(name))
        yield from statements(part, VOID + "entities", Literal(count))


def _by_property_of_class(counts: Counts) -> Iterator[Triple]:
    triples: Counter[tuple[str, str]] = Counter()
    for (classes, name, _), count in counts.triples.items():
        for owner in classes:
            triples[owner, name] += count
    for (owner, name), count in triples.items():
        yield from _part(part_iri("class", owner), part_iri("class", owner, name), "property", name, count)


def _by_value(counts: Counts) -> Iterator[Triple]:
    """Yield the partitions of a class's property by the class or the datatype of its values."""
    classes: Counter[tuple[str, str, str]] = Counter()
    datatypes: Counter[tuple[str, str, str]] = Counter()
    for (owners, name, kind), count in counts.triples.items():
        targets, values = (datatypes, {kind}) if isinstance(kind, str) else (classes, counts.narrowest.get(kind, ()))
        targets.update({(owner, name, value): count for owner in owners for value in values})
    for targets, kind, vocabulary in ((classes, "class", VOID), (datatypes, "datatype", VOID_EXT)):
        for key, count in targets.items():
            yield from _part(part_iri("class", *key[:2]), part_iri("class", *key), kind, key[2], count, vocabulary)


def _part(whole: str, part: str, kind: str, name: str, count: int, vocabulary: str = VOID) -> Iterator[Triple]:
    """Yield the triples of a partition: its whole, its class, property or datatype, and its number of triples."""
    yield from statements(whole, f"{vocabulary}{kind}Partition", NamedNode(part))
    yield from statements(part, vocabulary + kind, NamedNode(name))
    yield from statements(part, VOID + "triples", Literal(count))
