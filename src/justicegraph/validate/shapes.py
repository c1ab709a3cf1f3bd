"""The shapes of shapes/ on the entries' own facts (SHACL, section 3).

The shapes look at a node's own facts and at the classes of what it links to, so files are checked in batches, each with
the classes of its neighbours: memory stays flat however many files there are, and many batches go to several processes.
Rules over the whole graph are not here but in `justicegraph.validate.rules`.
"""

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import ID, JG, JGT, RDFS, SH, TYPE, short
from justicegraph.project.folder import Track, untracked
from justicegraph.rdf.canonical import format_term
from justicegraph.rdf.document import Document
from justicegraph.rdf.schema import Facts, facts_of, wider_classes
from justicegraph.validate.findings import Finding
from justicegraph.validate.shacl import Batch, Result, ntriples_of, run_shacl

BATCH = 500
"""Files a batch: some 15,000 triples, 40 MB in rdflib."""

ALONE = 2 * BATCH
"""Files up to which starting other processes would take longer than they save."""

_TYPE, _SUBCLASS = NamedNode(TYPE), NamedNode(RDFS + "subClassOf")
_TARGET = NamedNode(SH + "targetNode")
_CLASS = SH + "ClassConstraintComponent"
_FOR_PEOPLE = {
    RDFS + "label", RDFS + "comment", SH + "group", SH + "name", SH + "order",
    JG + "clause", JG + "inverseLabel", JG + "looseClause",
}  # fmt: skip
_APART = {SH + "sparql", SH + "targetClass", *_FOR_PEOPLE}
"""Left out for pySHACL: rules and targets, which we handle, and texts for people, which would slow it down."""
_OF_NODE_SHAPES = {
    TYPE,
    RDFS + "label",
    RDFS + "comment",
    *(SH + name for name in ("order", "property", "sparql", "targetClass")),
}
_NEEDED = {SH + "minCount", SH + "hasValue"}
_Types = dict[Any, list[Triple]]
"""The triples with the classes of each node."""


def check_shapes(
    documents: Collection[Document], ontology: Iterable[Triple], shapes: Iterable[Triple], track: Track = untracked
) -> Iterator[Finding]:
    """Yield the violations of the shapes in these documents."""
    terms, shape_triples = list(ontology), list(shapes)
    hierarchy = [triple for triple in terms if triple.predicate == _SUBCLASS]
    types = _types([*terms, *(triple for document in documents for triple in document.triples)])
    homes = {triple.subject: document for document in documents for triple in document.triples}
    rules_of = _rules_of(facts_of(terms), facts_of(shape_triples))
    everywhere = ntriples_of(triple for triple in shape_triples if triple.predicate.value not in _APART)
    listed = list(documents)
    groups = [listed[start : start + BATCH] for start in range(0, len(listed), BATCH)]
    batches = (_batch(group, types, hierarchy, rules_of) for group in groups)
    processes = 1 if len(listed) <= ALONE else len(os.sched_getaffinity(0))
    progress = iter(track([document.path for document in listed], "Checking"))
    for group, results in zip(groups, run_shacl(batches, everywhere, processes), strict=True):
        for _ in islice(progress, len(group)):
            pass  # the bar moves on
        for result in results:
            # `check_vocabulary` reports links that lead nowhere.
            if not (result.component == _CLASS and _leads_nowhere(result.value, types)):
                yield _finding(homes[NamedNode(result.focus)], result)


class _Rule(NamedTuple):
    """A property shape: its IRI, its path, and whether a node without the property can violate it."""

    shape: str
    path: str
    is_needed: bool


def _rules_of(ontology: Facts, shapes: Facts) -> Mapping[str, list[_Rule]]:
    """Return the property shapes for the instances of each class: its own, and those of every wider class."""
    own: dict[str, list[_Rule]] = defaultdict(list)
    for shape, facts in list(shapes.items()):
        if facts[SH + "targetClass"] and (stray := facts.keys() - _OF_NODE_SHAPES):
            # Nodes are checked against property shapes and rules only, so this constraint would be ignored silently.
            raise BrokenFile(f"{short(shape)}: {short(min(stray))} belongs on a property shape or in a rule; move it.")
        for name in facts[SH + "targetClass"]:
            for node in facts[SH + "property"]:
                own[name].append(_Rule(node, shapes[node][SH + "path"][0], bool(_NEEDED & shapes[node].keys())))
    names = {*own, *(name for name, facts in list(ontology.items()) if facts[RDFS + "subClassOf"])}
    return {name: [rule for wider in wider_classes(name, ontology) for rule in own[wider]] for name in names}


def _batch(
    group: list[Document], types: _Types, hierarchy: list[Triple],
    rules_of: Mapping[str, list[_Rule]],
) -> Batch:  # fmt: skip
    """Return the triples of documents, the classes of linked nodes, and the target nodes of each property shape.

    Targets are single nodes. With classes as targets, the neighbours would be checked as well; and two thirds of the
    shapes are about properties that a node may have and has not.
    """
    facts = [triple for document in group for triple in document.triples if _is_named(triple)]
    neighbours = [link for node in {triple.object for triple in facts} for link in types.get(node, ())]
    properties: dict[Any, set[str]] = defaultdict(set)
    for triple in facts:
        properties[triple.subject].add(triple.predicate.value)
    targets = (
        Triple(NamedNode(rule.shape), _TARGET, triple.subject)
        for triple in facts
        if triple.predicate == _TYPE and isinstance(triple.object, NamedNode)
        for rule in rules_of.get(triple.object.value, ())
        if rule.is_needed or rule.path in properties[triple.subject]
    )
    return Batch(ntriples_of([*facts, *neighbours, *hierarchy]), ntriples_of(targets))


def _types(triples: Iterable[Triple]) -> _Types:
    types: _Types = {}
    for triple in triples:
        if triple.predicate == _TYPE:
            types.setdefault(triple.subject, []).append(triple)
    return types


def _is_named(triple: Triple) -> bool:
    """Tell whether a triple has no blank node: `check_files` reports those."""
    return isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal)


def _leads_nowhere(value: NamedNode | Literal | None, types: _Types) -> bool:
    return isinstance(value, NamedNode) and value.value.startswith((ID, JGT)) and value not in types


def _finding(home: Document, result: Result) -> Finding:
    about = result.focus, result.path, result.value
    return Finding(
        home.path, result.shape, _what_is_wrong(result), result.message, home.line_of(*about), *about, result.component
    )


def _what_is_wrong(result: Result) -> str:
    name = short(result.path) if result.path else "the entry"
    shown = "" if result.value is None else format_term(result.value)[:80]
    return {
        "MinCountConstraintComponent": f"{name} is missing",
        "MaxCountConstraintComponent": f"{name} is given more than once",
        "UniqueLangConstraintComponent": f"{name} is given more than once in one language",
        "ClassConstraintComponent": f"{name} links to {shown}, which is not a {short(result.wanted or '')}",
        "DatatypeConstraintComponent": f"{name} has {shown}, a value of the wrong type",
        "NodeKindConstraintComponent": f"{name} has {shown}, a value of the wrong kind",
        "NodeConstraintComponent": f"{name} has {shown}, which is not a date",
    }.get(result.component.removeprefix(SH), f"{name} has {shown}, which is not allowed here")
