"""Triples in hand as a dictionary, for small graphs such as the ontology and the shapes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeGuard

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.namespaces import JG, RDFS, SH

Facts = Mapping[str, Mapping[str, list[str]]]
"""By subject, then by property: the values' texts, IRIs and literals alike. What is missing is an empty list."""


def facts_of(triples: Iterable[Triple]) -> Facts:
    """Return what these triples say; blank nodes, and texts in other languages than English, are passed over."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and _is_read(triple.object):
            found[triple.subject.value][triple.predicate.value].append(triple.object.value)
    return found


def _is_read(value: object) -> TypeGuard[NamedNode | Literal]:
    return isinstance(value, NamedNode) or (isinstance(value, Literal) and value.language in {None, "en"})


def folder_of(name: str, ontology: Facts) -> str | None:
    """Return the folder below graph/ in which entities of this class are kept (jg:keptIn); None where it has none."""
    own = ontology[name][JG + "keptIn"]
    wider = (folder_of(each, ontology) for each in ontology[name][RDFS + "subClassOf"])
    return own[0] if own else next((folder for folder in wider if folder), None)


def properties_of(shapes: Facts) -> dict[str, set[str]]:
    """Return by class the properties that the shapes of it speak of (sh:targetClass, sh:property, sh:path)."""
    found: dict[str, set[str]] = defaultdict(set)
    for facts in list(shapes.values()):
        for kind in facts[SH + "targetClass"]:
            found[kind] |= {path for each in facts[SH + "property"] for path in shapes[each][SH + "path"]}
    return found


def wider_classes(name: str, ontology: Facts) -> set[str]:
    """Return a class and every wider one (rdfs:subClassOf)."""
    reached, waiting = {name}, [name]
    while waiting:
        waiting += (new := set(ontology[waiting.pop()][RDFS + "subClassOf"]) - reached)
        reached |= new
    return reached
