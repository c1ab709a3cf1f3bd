"""Triples in hand as a dictionary, for small graphs such as the ontology and the shapes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.names import RDFS

Facts = Mapping[str, Mapping[str, list[str]]]
"""By subject, then by property: the values' texts, IRIs and literals alike. What is missing is an empty list."""


def facts_of(triples: Iterable[Triple]) -> Facts:
    """Return what these triples say; those with blank nodes are passed over."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            found[triple.subject.value][triple.predicate.value].append(triple.object.value)
    return found


def wider_classes(name: str, ontology: Facts) -> set[str]:
    """Return a class and every wider one (rdfs:subClassOf)."""
    reached, waiting = {name}, [name]
    while waiting:
        waiting += (new := set(ontology[waiting.pop()][RDFS + "subClassOf"]) - reached)
        reached |= new
    return reached
