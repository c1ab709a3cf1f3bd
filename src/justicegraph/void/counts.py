"""How often things of which classes have which property with which kind of value, counted in one pass.

A join of the types with the triples has a row for every class of the subject and of the value: nine million for one
million quads, in 20 s. Things are of few combinations of classes, so these are counted instead: 400 rows, in 3 s.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Store
from pyoxigraph import Triple as QuotedTriple

from justicegraph.namespaces import ID, RDFS, TYPE
from justicegraph.rdf.schema import facts_of, wider_classes

Classes = frozenset[str]
"""The classes that a thing is of."""

_Node = NamedNode | BlankNode | Literal | QuotedTriple
_NONE: Classes = frozenset()


@dataclass(frozen=True)
class Counts:
    """What was counted.

    `triples` are those from things of some classes by a property to things of some classes, or to literals of a
    datatype; `members` the things of each class; `subjects` all that something is said of; `entities` those of them
    with an IRI of ours; `narrowest` gives, by combination of classes, the ones without a narrower one among them.
    """

    triples: Counter[tuple[Classes, str, Classes | str]]
    members: Counter[str]
    subjects: int
    entities: int
    narrowest: Mapping[Classes, Classes]


def counts_of(store: Store) -> Counts:
    """Return what is counted over all graphs of a store; no triple stands in two of them."""
    classes = _classes(store)
    triples: Counter[tuple[Classes, str, Classes | str]] = Counter()
    subjects: set[_Node] = set()
    for quad in store:
        value = quad.object
        kind = value.datatype.value if isinstance(value, Literal) else classes.get(value, _NONE)
        triples[classes.get(quad.subject, _NONE), quad.predicate.value, kind] += 1
        subjects.add(quad.subject)
    members = Counter(name for each in classes.values() for name in each)
    entities = sum(isinstance(each, NamedNode) and each.value.startswith(ID) for each in subjects)
    return Counts(triples, members, len(subjects), entities, _narrowest(store, set(classes.values())))


def _classes(store: Store) -> dict[_Node, Classes]:
    """Return the classes of each thing; equal combinations are one object, which makes them quick to count."""
    found: dict[_Node, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, NamedNode(TYPE), None):
        if isinstance(quad.object, NamedNode):
            found[quad.subject].add(quad.object.value)
    known: dict[Classes, Classes] = {}
    combinations = ((thing, frozenset(names)) for thing, names in found.items())
    return {thing: known.setdefault(names, names) for thing, names in combinations}


def _narrowest(store: Store, combinations: set[Classes]) -> dict[Classes, Classes]:
    wider_than = NamedNode(RDFS + "subClassOf")
    ontology = facts_of(quad.triple for quad in store.quads_for_pattern(None, wider_than, None))
    wider = {name: wider_classes(name, ontology) - {name} for names in combinations for name in names}
    return {names: names - {each for name in names for each in wider[name]} for names in combinations}
