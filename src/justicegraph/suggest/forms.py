"""A form for an entry, made from the shapes: a field for each property that they allow, with what they say of it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from pyoxigraph import Triple

from justicegraph.namespaces import JG, JGS, RDF, RDFS, SH, SKOS, TYPE, XSD, short
from justicegraph.rdf.schema import Facts, Schema, facts_of, read_schema, wider_classes
from justicegraph.validate import Vocabulary, read_vocabulary

SOURCE = JG + "source"
_NOT_ASKED = {JG + name for name in ("byteLength", "claimedProperty", "claimedValue", "sha256")}
"""What only a tool can tell, or what needs the ontology's own words; where it stands, it stays."""
_NO_PARTS = {JG + name for name in ("Mention", "Part", "Status")}
"""Parts that nobody suggests: a mention needs the source's text at hand, a status is derived."""
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
"""How a message speaks to who edits a file, and how to who fills in a form."""


@dataclass(frozen=True)
class Field:
    """A property that the shapes allow: how it is called, what they say of it, and what its values are.

    `kind` is line, text (both with a language), plain, date, whole, number, address, choice or link; `wanted` the class
    of what is linked, `choices` the terms of a closed list. What is rare is shown when somebody asks for it.
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
        """What names it in a form, as in jg-worksOn."""
        return short(self.path).replace(":", "-")

    @property
    def has_language(self) -> bool:
        """Tell whether its values are texts in a language."""
        return self.kind in {"line", "text"}


@dataclass(frozen=True)
class Section:
    """The fields for one thing that a form speaks of: the entry (`key` is entry), a part, or a new source.

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
        """Return the label of a class, property or term; the words of its own name where it has none."""
        return self.schema.label(iri, self.language)[0]

    def entry(self, kind: str) -> Section:
        """Return the fields of an entry of this class."""
        return Section("entry", kind, self.label(kind), self.fields(kind))

    def source(self) -> Section:
        """Return the fields of a source that has no entry yet: what is demanded, and where it can be found."""
        found = (each for each in self.fields(JG + "Source") if each.path in _NEW_SOURCE or each.is_required)
        return Section("source", JG + "Source", self.label(JG + "Source"), tuple(found))

    def part(self, key: str, kind: str, entry: str) -> Section:
        """Return the fields of a part of an entry of the class `entry`; the link to it is not asked."""
        owner = self.owner(kind, entry)
        fields = tuple(each for each in self.fields(kind) if each.path != owner)
        return Section(key, kind, self.label(kind), fields, owner)

    def fields(self, kind: str) -> tuple[Field, ...]:
        """Return the fields of a class and of every wider one: what all entries have first, sources last."""
        found: dict[str, list[Mapping[str, list[str]]]] = {}
        for _, node in sorted(self._shapes_of(kind)):
            found.setdefault(self.demands[node][SH + "path"][0], []).append(self.demands[node])
        rare = self._rare(kind)
        fields = [
            replace(self._field(path, said), is_rare=path in rare)
            for path, said in found.items() if path not in _NOT_ASKED
        ]  # fmt: skip
        return tuple(sorted(fields, key=lambda each: (each.path == SOURCE, each.is_rare)))

    def parts(self, kind: str) -> list[str]:
        """Return the classes of parts that an entry of this class can have."""
        return [each for each in self._part_kinds if self.owner(each, kind)]

    def owner(self, part: str, kind: str) -> str:
        """Return the property by which a part of one class links to its entry of another; "" where it cannot."""
        wider = wider_classes(kind, self.words)
        for _, node in sorted(self._shapes_of(part)):
            said = self.demands[node]
            if said[SH + "path"][0] != SOURCE and said[SH + "minCount"] and wider & set(said[SH + "class"]):
                return said[SH + "path"][0]
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
        kinds = {each for each, said in list(self.words.items()) if JG + "Part" in said[RDFS + "subClassOf"]}
        return sorted(kinds - _NO_PARTS)

    def _rare(self, kind: str) -> frozenset[str]:
        """Return what any entry may have, and few of this class do."""
        acts = wider_classes(kind, self.words) & {JG + "Agent", JG + "Campaign"}
        return _RARE if acts else _RARE | _OF_WHO_ACTS

    def _shapes_of(self, kind: str) -> list[tuple[tuple[int, str, int], str]]:
        """Return the property shapes for a class, each with its place: entries' own first, then by order."""
        wider = wider_classes(kind, self.words)
        found = []
        for shape, said in list(self.demands.items()):
            for node in said[SH + "property"] if wider & set(said[SH + "targetClass"]) else ():
                order = int((self.demands[node][SH + "order"] or ["99"])[0])
                place = (0 if order <= 3 else 2) if shape == JGS + "Entity" else 1
                found.append(((place, shape, order), node))
        return found

    def _field(self, path: str, said: Iterable[Mapping[str, list[str]]]) -> Field:
        """Return the field of a property from all shapes that speak of it here: the one that demands it is heard."""
        shapes = sorted(said, key=lambda each: not each[SH + "minCount"])
        merged: dict[str, str] = {}
        for each in reversed(shapes):
            merged |= {name: values[0] for name, values in each.items() if values}
        wanted = merged.get(SH + "class", "")
        kind = self._kind(path, merged, wanted)
        choices = tuple(self._terms(wanted)) if kind == "choice" else ()
        return Field(
            path, self.label(path), plain(merged.get(SH + "message", "")), kind, wanted,
            merged.get(SH + "minCount", "0") != "0", merged.get(SH + "maxCount") == "1", choices,
        )  # fmt: skip

    def _kind(self, path: str, said: Mapping[str, str], wanted: str) -> str:
        if said.get(SH + "node") == JGS + "Date":
            return "date"
        if wanted:
            return "choice" if JG + "Term" in wider_classes(wanted, self.words) else "link"
        if said.get(SH + "nodeKind") == SH + "IRI":
            is_address = SH + "pattern" in said or not path.startswith(JG)
            return "address" if is_address else "link"
        if said.get(SH + "datatype") == RDF + "langString":
            return "line" if SH + "pattern" in said else "text"
        kinds = {XSD + "integer": "whole", XSD + "string": "plain"}
        return kinds.get(said.get(SH + "datatype", ""), "number")

    def _terms(self, kind: str) -> Iterator[tuple[str, str]]:
        found = [term for term, said in list(self.words.items()) if kind in said[TYPE]]
        yield from sorted(((term, self.label(term)) for term in found), key=lambda each: each[1])


def plain(message: str) -> str:
    """Return a shape's message without what is said to those who edit files only."""
    for form, instead in _TURTLE:
        message = form.sub(instead, message)
    return message
