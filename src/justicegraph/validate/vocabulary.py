"""Terms and links: each is declared, allowed where it is used, and leads somewhere.

A property is allowed for a class if a shape of that class, or of a wider one, has it as its path.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.namespaces import ID, JG, JGS, JGT, OWL, SH, TYPE, short
from justicegraph.rdf.document import Document
from justicegraph.rdf.schema import facts_of, folder_of, wider_classes
from justicegraph.validate.findings import Finding
from justicegraph.validate.shacl import Value

_TYPE = NamedNode(TYPE)


@dataclass(frozen=True)
class Vocabulary:
    """The properties that shapes allow for each class, the folder of each class, and every IRI that is declared."""

    allowed: Mapping[str, frozenset[str]]
    declared: frozenset[str]
    folders: Mapping[str, str]

    @cached_property
    def properties(self) -> frozenset[str]:
        """Every property that any class may have."""
        return frozenset().union(*self.allowed.values())


def read_vocabulary(ontology: Iterable[Triple], shapes: Iterable[Triple]) -> Vocabulary:
    """Return the vocabulary that an ontology (with its terms) declares and shapes allow."""
    terms, shaped = facts_of(ontology), facts_of(shapes)
    own: dict[str, set[str]] = defaultdict(set)
    for facts in list(shaped.values()):
        for name in facts[SH + "targetClass"]:
            own[name] |= {path for node in facts[SH + "property"] for path in shaped[node][SH + "path"]}
    declared = frozenset(terms)
    classes = {name for name, facts in terms.items() if OWL + "Class" in facts[TYPE]}
    allowed = {
        name: frozenset().union(*(own[wider] for wider in wider_classes(name, terms))) for name in classes | set(own)
    }
    folders = {name: folder for name in classes if (folder := folder_of(name, terms))}
    return Vocabulary(allowed, declared, folders)


def check_vocabulary(
    documents: Collection[Document], vocabulary: Vocabulary, others: Iterable[str] = ()
) -> Iterator[Finding]:
    """Yield each triple whose terms are not declared, not allowed where they are used, or lead nowhere.

    `others` are the IRIs of nodes that exist outside these documents.
    """
    ids: set[object] = {triple.subject for document in documents for triple in document.triples}
    ids |= {NamedNode(iri) for iri in others}
    near = _neighbours(ids)
    for document in documents:
        yield from _wrong_folder(document, vocabulary)
        for triple, rule, sentence, remedy in _wrong_facts(document.triples, vocabulary, ids, near):
            about = _subject(triple), triple.predicate.value, _value(triple)
            yield Finding(document.path, JGS + rule, sentence, remedy, document.line_of(*about), *about)


def _wrong_folder(document: Document, vocabulary: Vocabulary) -> Iterator[Finding]:
    path, entity = document.path, NamedNode(ID + document.path.stem)
    types = (triple.object for triple in document.triples if triple.predicate == _TYPE and triple.subject == entity)
    kinds = [kind.value for kind in types if isinstance(kind, NamedNode)]
    homes = {vocabulary.folders[kind] for kind in kinds if kind in vocabulary.folders}
    if homes and path.parent.name not in homes:
        wrong = f"a {short(kinds[0])} does not belong in {path.parent.name}/"
        yield Finding(path, JGS + "Folder", wrong, f"Move the file to graph/{min(homes)}/.", focus=ID + path.stem)


_Wrong = tuple[Triple, str, str, str]


def _wrong_facts(
    triples: list[Triple], vocabulary: Vocabulary, ids: Set[object], near: Callable[[str], str]
) -> Iterator[_Wrong]:
    types: dict[object, set[str]] = defaultdict(set)
    for triple in triples:
        if triple.predicate == _TYPE and isinstance(triple.object, NamedNode):
            types[triple.subject].add(triple.object.value)
    for triple in triples:
        if triple.predicate == _TYPE:
            yield from _wrong_class(triple, vocabulary)
        else:
            yield from _wrong_property(triple, types[triple.subject], vocabulary)
            yield from _wrong_link(triple, vocabulary, ids, near)


def _wrong_class(triple: Triple, vocabulary: Vocabulary) -> Iterator[_Wrong]:
    name = triple.object.value if isinstance(triple.object, NamedNode) else str(triple.object)
    if not vocabulary.allowed.get(name):
        usable = [kind for kind, properties in vocabulary.allowed.items() if properties]
        yield triple, "Class", f"{short(name)} is not a class for entries", _did_you_mean(name, usable)


def _wrong_property(triple: Triple, types: set[str], vocabulary: Vocabulary) -> Iterator[_Wrong]:
    name = triple.predicate.value
    here = frozenset().union(*(vocabulary.allowed.get(kind, frozenset()) for kind in types))
    if not types:
        remedy = "Add its class, as in: a jg:Organization ;"
        yield triple, "Class", "the entry has no class", remedy
    elif name not in vocabulary.properties:
        yield triple, "Property", f"{short(name)} is not a property of the ontology", _did_you_mean(name, sorted(here))
    elif name not in here and any(vocabulary.allowed.get(kind) for kind in types):
        kinds = ", ".join(sorted(map(short, types)))
        remedy = f"Use one of: {', '.join(sorted(map(short, here)))}."
        yield triple, "Property", f"{short(name)} is not allowed for {kinds}", remedy


def _wrong_link(
    triple: Triple, vocabulary: Vocabulary, ids: Set[object], near: Callable[[str], str]
) -> Iterator[_Wrong]:
    if not isinstance(triple.object, NamedNode):
        return
    target = triple.object.value
    if target.startswith(ID) and triple.object not in ids:
        yield triple, "Link", f"{short(target)} does not exist", near(target)
    elif target.startswith((JG, JGT)) and target not in vocabulary.declared:
        known = sorted(iri for iri in vocabulary.declared if iri.startswith((JG, JGT)))
        yield triple, "Term", f"{short(target)} is not in the ontology", _did_you_mean(target, known)


def _neighbours(ids: Set[object]) -> Callable[[str], str]:
    """Return a function that suggests the nearest id to a missing one, and remembers it: thousands may link there.

    Only ids with the same first letter and nearly the same length are compared.
    """
    by_start: dict[str, list[str]] = defaultdict(list)
    for node in ids:
        if isinstance(node, NamedNode):
            by_start[node.value[: len(ID) + 1]].append(node.value)

    @cache
    def near(target: str) -> str:
        alike = by_start[target[: len(ID) + 1]]
        return _did_you_mean(target, [iri for iri in alike if abs(len(iri) - len(target)) <= 3])

    return near


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    prefix, _, local = short(name).partition(":")
    locals_ = [name for other, _, name in (short(iri).partition(":") for iri in known) if other == prefix]
    near = get_close_matches(local, locals_, n=1, cutoff=0.7)
    return f"Did you mean {prefix}:{near[0]}?" if near else "Correct the name, or define it first."


def _subject(triple: Triple) -> str:
    return triple.subject.value if isinstance(triple.subject, NamedNode) else str(triple.subject)


def _value(triple: Triple) -> Value | None:
    return triple.object if isinstance(triple.object, NamedNode | Literal) else None
