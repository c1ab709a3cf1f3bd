"""Reads the ontology and the shapes: as a dictionary of facts, and as the Schema of pages, forms and tables."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeGuard

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.namespaces import JG, RDFS, SH, SKOS, TYPE, local_name

_CAPITAL = re.compile(r"(?<=[a-z])([A-Z])")
_LAST = 99
"""The position of a property or part without an order."""

Facts = Mapping[str, Mapping[str, list[str]]]
"""By subject, then by property: the values' texts, IRIs and literals alike. A missing value is an empty list."""


def facts_of(triples: Iterable[Triple]) -> Facts:
    """Return these triples by subject and property, without blank nodes and texts in languages other than English."""
    facts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and _is_read(triple.object):
            facts[triple.subject.value][triple.predicate.value].append(triple.object.value)
    return facts


def _is_read(value: object) -> TypeGuard[NamedNode | Literal]:
    return isinstance(value, NamedNode) or (isinstance(value, Literal) and value.language in {None, "en"})


def folder_of(name: str, ontology: Facts) -> str | None:
    """Return the folder below graph/ in which entities of this class are stored (jg:keptIn); None if it has none."""
    own = ontology[name][JG + "keptIn"]
    wider = (folder_of(parent, ontology) for parent in ontology[name][RDFS + "subClassOf"])
    return own[0] if own else next((folder for folder in wider if folder), None)


def properties_of(shapes: Facts) -> dict[str, set[str]]:
    """Return by class the properties that its shapes have (sh:targetClass, sh:property, sh:path)."""
    properties: dict[str, set[str]] = defaultdict(set)
    for facts in list(shapes.values()):
        for kind in facts[SH + "targetClass"]:
            properties[kind] |= {path for node in facts[SH + "property"] for path in shapes[node][SH + "path"]}
    return properties


def abstract_classes(ontology: Facts) -> frozenset[str]:
    """Return the classes whose instances all belong to a narrower class (jg:isAbstract)."""
    return frozenset(iri for iri in list(ontology) if ontology[iri][JG + "isAbstract"] == ["true"])


def wider_classes(name: str, ontology: Facts) -> set[str]:
    """Return a class and every wider one (rdfs:subClassOf)."""
    reached, waiting = {name}, [name]
    while waiting:
        waiting += (new := set(ontology[waiting.pop()][RDFS + "subClassOf"]) - reached)
        reached |= new
    return reached


Texts = Mapping[str, str]
"""A text in each language, by the language's code; "" for one without a language."""


class Clause(NamedTuple):
    """The words for a value of a part, with `{x}` for the value; `loose` has those for a month or a year."""

    property: str
    texts: Texts
    loose: Texts


@dataclass(frozen=True)
class Property:
    """A property: its names in each direction, its heading, and its position among all properties.

    `heading` is the IRI of a sh:PropertyGroup, "" for none. `role` is "began" or "ceased" for a date of a beginning or
    of an end, else "".
    """

    iri: str
    labels: Texts
    inverse_labels: Texts
    heading: str = ""
    position: tuple[int, int, str] = (_LAST, _LAST, "")
    role: str = ""


@dataclass(frozen=True)
class PartClass:
    """A class of parts: their heading on an entry's page, the clauses that describe one, and their position.

    `lasts` tells whether a part has a beginning and an end, `is_ordered` whether the parts of one entry are numbered.
    """

    iri: str
    heading: Texts
    clauses: tuple[Clause, ...]
    position: int
    lasts: bool
    is_ordered: bool


@dataclass(frozen=True)
class Schema:
    """The ontology and the shapes as programs use them. Properties are known by their IRIs, classes of parts by kind.

    The kind of a part is in its id: `custody` in `id:somebody.custody-1`. `headings` has every property group in
    its order. `labels` has the names of classes, properties, terms and groups.
    """

    properties: Mapping[str, Property]
    parts: Mapping[str, PartClass]
    labels: Mapping[str, Texts]
    headings: tuple[str, ...]
    abstract: frozenset[str]
    _narrower: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _labels_read: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict, repr=False, compare=False)

    def label(self, iri: str, language: str) -> tuple[str, str]:
        """Return the name of a class, property, term or group, and its language: the one asked for, else English."""
        if (label := self._labels_read.get((iri, language))) is None:  # a page asks for some twenty
            label = text_in(self.labels.get(iri, {}), language) or (words_of(iri), "en")
            self._labels_read[iri, language] = label
        return label

    def inverse_label(self, iri: str, language: str) -> tuple[str, str]:
        """Return the label of a property in the other direction, and its language; without one, its own label."""
        known = self.properties.get(iri)
        return (text_in(known.inverse_labels, language) if known else None) or self.label(iri, language)

    def narrower(self, name: str) -> tuple[str, ...]:
        """Return the narrower properties of one of ours: of `beganOn`, `ceasedOn` or `isAt`, in their order."""
        return self._narrower.get(JG + name, ())

    def position(self, iri: str) -> tuple[int, int, str]:
        """Return the position of a property among all, by its heading first; one without a heading comes last."""
        known = self.properties.get(iri)
        return known.position if known else (_LAST, _LAST, iri)


def text_in(texts: Texts, language: str) -> tuple[str, str] | None:
    """Return the text in a language with the language's code, else the English one; None if there is neither."""
    return next(((texts[code], code) for code in (language, "en", "") if code in texts), None)


@lru_cache(1024)
def words_of(iri: str) -> str:
    """Return the local name of an IRI in words: "started on" for jg:startedOn."""
    return _CAPITAL.sub(r" \1", local_name(iri)).lower()


def read_schema(ontology: Iterable[Triple], shapes: Iterable[Triple]) -> Schema:
    """Return the classes, properties and parts of this ontology and these shapes."""
    ontology, shapes = list(ontology), list(shapes)
    words, demands = facts_of(ontology), facts_of(shapes)
    rules = _rules_by_path(demands)
    names = _texts(ontology, RDFS + "label", SKOS + "prefLabel")
    by_shape = {word: _texts(shapes, word) for word in (SH + "name", JG + "inverseLabel", RDFS + "label")}
    groups = sorted(
        (iri for iri in list(demands) if SH + "PropertyGroup" in demands[iri][TYPE]),
        key=lambda iri: (_order(demands, iri), iri),
    )
    field_names = {path: texts for path in rules if (texts := _first(by_shape[SH + "name"], rules[path]))}
    labels = {**names, **field_names, **{iri: by_shape[RDFS + "label"].get(iri, {}) for iri in groups}}
    inverse = _texts(ontology, JG + "inverseLabel")
    narrower = {
        JG + name: tuple(_narrower_of(JG + name, words, rules, demands)) for name in ("beganOn", "ceasedOn", "isAt")
    }
    roles = {path: role for role in ("began", "ceased") for path in narrower[f"{JG}{role}On"]}
    properties = {
        path: Property(
            path, labels.get(path, {}), inverse.get(path) or _first(by_shape[JG + "inverseLabel"], nodes),
            heading := next((group for node in nodes for group in demands[node][SH + "group"]), ""),
            (groups.index(heading) if heading in groups else _LAST, _lowest_order(nodes, demands), path),
            roles.get(path, ""),
        )
        for path, nodes in rules.items()
    }  # fmt: skip
    abstract = abstract_classes(words)
    parts = dict(_part_classes(words, demands, shapes, properties, inverse))
    return Schema(properties, parts, labels, tuple(groups), abstract, narrower)


def _rules_by_path(shapes: Facts) -> dict[str, list[str]]:
    """Return by property the property shapes with it, in the order of their IRIs."""
    rules: dict[str, list[str]] = defaultdict(list)
    for shape in sorted(shapes):
        for path in shapes[shape][SH + "path"]:
            rules[path].append(shape)
    return dict(rules)


def _texts(triples: Iterable[Triple], *words: str) -> dict[str, dict[str, str]]:
    """Return by subject the texts that it has for any of these properties, by language."""
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for triple in triples:
        if triple.predicate.value in words and isinstance(triple.object, Literal):
            texts[_iri(triple.subject)].setdefault(triple.object.language or "", triple.object.value)
    return dict(texts)


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _first(texts: Mapping[str, Texts], names: Iterable[str]) -> Texts:
    return next((texts[name] for name in names if name in texts), {})


def _order(shapes: Facts, shape: str) -> int:
    return int((shapes[shape][SH + "order"] or [str(_LAST)])[0])


def _lowest_order(nodes: Iterable[str], shapes: Facts) -> int:
    return min((_order(shapes, node) for node in nodes), default=_LAST)


def _narrower_of(wide: str, ontology: Facts, rules: Mapping[str, list[str]], shapes: Facts) -> list[str]:
    """Return every property that is narrower than one, on however many steps, in the order of their shapes."""
    narrower: set[str] = set()
    waiting = {wide}
    while waiting:
        waiting = {
            name for name in list(ontology) if waiting & set(ontology[name][RDFS + "subPropertyOf"])
        } - narrower  # fmt: skip
        narrower |= waiting
    return sorted(narrower, key=lambda name: (_lowest_order(rules.get(name, ()), shapes), name))


def _part_classes(
    ontology: Facts, shapes: Facts, triples: Iterable[Triple], properties: Mapping[str, Property],
    inverse: Mapping[str, Texts],
) -> Iterator[tuple[str, PartClass]]:  # fmt: skip
    """Yield each class of parts with its kind, in their order."""
    clauses, loose = _texts(triples, JG + "clause"), _texts(triples, JG + "looseClause")
    nodes = [
        (_order(shapes, shape), kind, shapes[shape][SH + "property"])
        for shape in list(shapes) for kind in shapes[shape][SH + "targetClass"]
        if JG + "Part" in ontology[kind][RDFS + "subClassOf"] and shapes[shape][SH + "order"]
    ]  # fmt: skip
    for position, kind, rules in sorted(nodes):
        rules = sorted(rules, key=lambda rule: (_order(shapes, rule), rule))
        paths = {rule: path for rule in rules for path in shapes[rule][SH + "path"]}
        roles = {properties[path].role for path in paths.values()}
        owner = next((path for path in paths.values() if ontology[path][JG + "listedAs"]), "")
        yield _kind_of(kind), PartClass(
            kind, inverse.get(owner, {}),
            tuple(Clause(path, clauses[rule], loose.get(rule, {})) for rule, path in paths.items() if rule in clauses),
            position, {"began", "ceased"} <= roles, JG + "position" in paths.values(),
        )  # fmt: skip


def _kind_of(iri: str) -> str:
    """Return the kind that ids of parts of a class have: former-name for jg:FormerName."""
    return words_of(iri).replace(" ", "-")
