"""A form for an entry, made from the shapes: a field for each property that they allow, with its label and help."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import itemgetter

from pyoxigraph import Triple

from justicegraph.namespaces import JG, JGS, RDF, RDFS, SH, SKOS, TYPE, XSD, short
from justicegraph.rdf.schema import Facts, Schema, facts_of, read_schema, wider_classes
from justicegraph.validate import Vocabulary, read_vocabulary

SOURCE = JG + "source"
_NOT_ASKED = {JG + name for name in ("byteLength", "claimedProperty", "claimedValue", "sha256")}
"""Properties that a tool fills in, or that name a property of the ontology; their values stay as they are."""
_NO_PARTS = {JG + name for name in ("Mention", "Part", "Status")}
"""Parts that nobody suggests: a mention needs the text of the source, and a status is derived."""
_RARE = frozenset((SKOS + "editorialNote", *(JG + name for name in ("isMemberOf", "isPartOf", "slogan"))))
_OF_WHO_ACTS = frozenset(JG + name for name in ("campaignsFor", "isActiveIn", "website", "worksOn"))
_NEW_SOURCE = tuple(JG + name for name in ("isPublishedAt", "issuedOn", "publisher"))
_TURTLE = (
    (re.compile(r',? with its language(?:, "…"@en)?(?:: "…"@en)?'), ""),
    (re.compile(r" in angle brackets: <https://…>"), ", as in https://www.example.org"),
    (re.compile(r' as a plain text: "…"'), ""),
    (re.compile(r", with an entry of its own in graph/\w+| from graph/\w+"), ""),
    (re.compile(r'"([^"]*)"\^\^xsd:\w+'), r"\1"),
    (re.compile(r"\b(?:jgt|id|jg|skos):(?=\w)"), ""),
)
"""Words of a message for people who edit files, and what replaces them in a form."""


@dataclass(frozen=True)
class Field:
    """A property that the shapes allow: its label, help, and the kind of its values.

    `kind` is line, text (both with a language), plain, date, whole, number, address, choice or link. `wanted` is the
    class of linked entries, and `choices` has the terms of a controlled list. A rare field is shown on request.
    """

    path: str
    label: str
    help: str
    kind: str
    wanted: str = ""
    is_required: bool = False
    is_single: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    is_rare: bool = False

    @property
    def name(self) -> str:
        """The name of its inputs in a form, as in jg-worksOn."""
        return short(self.path).replace(":", "-")

    @property
    def has_language(self) -> bool:
        """Tell whether its values are texts in a language."""
        return self.kind in {"line", "text"}


@dataclass(frozen=True)
class Section:
    """The fields for one thing in a form: the entry (`key` is entry), a part, or a new source.

    `owner` is the property by which a part links to its entry.
    """

    key: str
    kind: str
    label: str
    fields: tuple[Field, ...]
    owner: str = ""


@dataclass(frozen=True)
class Forms:
    """The ontology and the shapes, and the forms that they make, with labels in one language."""

    ontology: list[Triple]
    shapes: list[Triple]
    language: str = "en"
    words: Facts = field(init=False, repr=False)
    demands: Facts = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", facts_of(self.ontology))
        object.__setattr__(self, "demands", facts_of(self.shapes))

    def label(self, iri: str) -> str:
        """Return the label of a class, property or term; the words of its own name if it has none."""
        return self.schema.label(iri, self.language)[0]

    def entry(self, kind: str) -> Section:
        """Return the fields of an entry of this class."""
        return Section("entry", kind, self.label(kind), self.fields(kind))

    def source(self) -> Section:
        """Return the fields of a source that has no entry yet: the required ones, and where it can be found."""
        fields = (field for field in self.fields(JG + "Source") if field.path in _NEW_SOURCE or field.is_required)
        return Section("source", JG + "Source", self.label(JG + "Source"), tuple(fields))

    def part(self, key: str, kind: str, entry: str) -> Section:
        """Return the fields of a part of an entry of the class `entry`, without the link to it."""
        owner = self.owner(kind, entry)
        fields = tuple(field for field in self.fields(kind) if field.path != owner)
        return Section(key, kind, self.label(kind), fields, owner)

    def fields(self, kind: str) -> tuple[Field, ...]:
        """Return the fields of a class and of every wider one: those of all entries first, sources last."""
        shapes: dict[str, list[Mapping[str, list[str]]]] = {}
        for _, node in sorted(self._shapes_of(kind)):
            shapes.setdefault(self.demands[node][SH + "path"][0], []).append(self.demands[node])
        rare = self._rare(kind)
        fields = [
            replace(self._field(path, nodes), is_rare=path in rare)
            for path, nodes in shapes.items() if path not in _NOT_ASKED
        ]  # fmt: skip
        return tuple(sorted(fields, key=lambda field: (field.path == SOURCE, field.is_rare)))

    def parts(self, kind: str) -> list[str]:
        """Return the classes of parts that an entry of this class can have."""
        return [part for part in self._part_kinds if self.owner(part, kind)]

    def owner(self, part: str, kind: str) -> str:
        """Return the property by which a part of one class links to its entry of another; "" if it cannot."""
        wider = wider_classes(kind, self.words)
        for _, node in sorted(self._shapes_of(part)):
            shape = self.demands[node]
            if shape[SH + "path"][0] != SOURCE and shape[SH + "minCount"] and wider & set(shape[SH + "class"]):
                return shape[SH + "path"][0]
        return ""

    @cached_property
    def schema(self) -> Schema:
        """The same as programs use it."""
        return read_schema(self.ontology, self.shapes)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What the ontology declares and the shapes allow."""
        return read_vocabulary(self.ontology, self.shapes)

    @cached_property
    def _part_kinds(self) -> list[str]:
        kinds = {iri for iri, facts in list(self.words.items()) if JG + "Part" in facts[RDFS + "subClassOf"]}
        return sorted(kinds - _NO_PARTS)

    def _rare(self, kind: str) -> frozenset[str]:
        """Return the properties that any entry may have, and few entries of this class have."""
        acts = wider_classes(kind, self.words) & {JG + "Agent", JG + "Campaign"}
        return _RARE if acts else _RARE | _OF_WHO_ACTS

    def _shapes_of(self, kind: str) -> list[tuple[tuple[int, str, int], str]]:
        """Return the property shapes for a class, each with its place: those of all entries first, then by order."""
        wider = wider_classes(kind, self.words)
        shapes = []
        for shape, facts in list(self.demands.items()):
            for node in facts[SH + "property"] if wider & set(facts[SH + "targetClass"]) else ():
                order = int((self.demands[node][SH + "order"] or ["99"])[0])
                group = (0 if order <= 3 else 2) if shape == JGS + "Entity" else 1
                shapes.append(((group, shape, order), node))
        return shapes

    def _field(self, path: str, nodes: Iterable[Mapping[str, list[str]]]) -> Field:
        """Return the field of a property from all of its shapes here; one that requires it overrides the others."""
        required_first = sorted(nodes, key=lambda node: not node[SH + "minCount"])
        merged: dict[str, str] = {}
        for node in reversed(required_first):
            merged |= {name: values[0] for name, values in node.items() if values}
        wanted = merged.get(SH + "class", "")
        kind = self._kind(path, merged, wanted)
        choices = tuple(self._terms(wanted)) if kind == "choice" else ()
        return Field(
            path, self.label(path), plain(merged.get(SH + "message", "")), kind, wanted,
            merged.get(SH + "minCount", "0") != "0", merged.get(SH + "maxCount") == "1", choices,
        )  # fmt: skip

    def _kind(self, path: str, shape: Mapping[str, str], wanted: str) -> str:
        if shape.get(SH + "node") == JGS + "Date":
            return "date"
        if wanted:
            return "choice" if JG + "Term" in wider_classes(wanted, self.words) else "link"
        if shape.get(SH + "nodeKind") == SH + "IRI":
            is_address = SH + "pattern" in shape or not path.startswith(JG)
            return "address" if is_address else "link"
        if shape.get(SH + "datatype") == RDF + "langString":
            return "line" if SH + "pattern" in shape else "text"
        kinds = {XSD + "integer": "whole", XSD + "string": "plain"}
        return kinds.get(shape.get(SH + "datatype", ""), "number")

    def _terms(self, kind: str) -> Iterator[tuple[str, str]]:
        terms = [term for term, facts in list(self.words.items()) if kind in facts[TYPE]]
        yield from sorted(((term, self.label(term)) for term in terms), key=itemgetter(1))


def plain(message: str) -> str:
    """Return a shape's message without the words for people who edit files."""
    for pattern, replacement in _TURTLE:
        message = pattern.sub(replacement, message)
    return message
