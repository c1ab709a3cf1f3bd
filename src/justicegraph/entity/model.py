"""An entry as its page shows it, in one language: facts under headings, parts in words, and who links to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from justicegraph.namespaces import ID, PREFIXES, RDFS
from justicegraph.project.sssom import MATCHES

APART = frozenset({"claim", "mention", "status"})
"""The kinds of parts that have a place of their own on a page; the others stand among the facts, section by section."""

ELSEWHERE = frozenset({PREFIXES["schema"] + "sameAs", RDFS + "seeAlso", *MATCHES})
"""The properties of mappings: they lead to what an entry is in other collections, and stand apart."""


class Value(NamedTuple):
    """A value as shown: its text, the address that it leads to if any, its language, and "date" or "number"."""

    text: str
    iri: str = ""
    language: str = ""
    form: str = ""


class Fact(NamedTuple):
    """The values of a property, with its label, its local name, and its role: "began" or "ceased" for some dates."""

    label: Value
    property: str
    values: tuple[Value, ...]
    role: str = ""


class Group(NamedTuple):
    """The facts under a heading; the heading is empty for those that the shapes put under none."""

    heading: Value
    facts: tuple[Fact, ...]


class Cited(NamedTuple):
    """A source, and the lines of it that support a fact: pairs of the first and the last."""

    source: Value
    lines: tuple[tuple[int, int], ...] = ()


class Clause(NamedTuple):
    """A phrase with `{x}` for the values, the values, and the text that joins it to the next clause."""

    text: str
    values: tuple[Value, ...]
    glue: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A part of an entry in words: clauses, further facts, sources; `facts` has all of its facts by local name."""

    iri: str
    kind: str
    clauses: tuple[Clause, ...]
    more: tuple[Fact, ...]
    sources: tuple[Cited, ...]
    facts: Mapping[str, Fact]

    @property
    def anchor(self) -> str:
        """The local id, to which a link within the page leads."""
        return self.iri.rpartition("/")[2]

    def text(self, name: str) -> str:
        """Return the text of a property's first value; nothing if there is none."""
        return self.facts[name].values[0].text if name in self.facts else ""

    def dates(self, role: str = "") -> Iterator[str]:
        """Yield the dates that the part has by properties of this role."""
        facts = (fact for fact in self.facts.values() if fact.role == role)
        return (value.text for fact in facts for value in fact.values if value.form == "date")


class Section(NamedTuple):
    """The parts of a kind with their heading, which is empty for a kind that the shapes do not know.

    `lasts` tells whether such a part has a beginning and an end, `is_ordered` whether the parts are numbered.
    """

    kind: str
    heading: Value
    statements: Sequence[Statement]
    lasts: bool = False
    is_ordered: bool = False


class Backlinks(NamedTuple):
    """The entries that link here by a property: the heading for them, and the property as a fact of theirs."""

    heading: Value
    fact: Fact


@dataclass(frozen=True)
class EntityView:
    """An entry as its page shows it. `links` counts the links of other entries to it."""

    iri: str
    name: Value
    definition: Value | None
    kinds: tuple[Value, ...]
    facts: Mapping[str, Fact]
    groups: tuple[Group, ...]
    parts: Mapping[str, Sequence[Statement]]
    sections: tuple[Section, ...]
    sources: tuple[Cited, ...]
    backlinks: tuple[Backlinks, ...]
    links: int = 0
    elsewhere: Sequence[Fact] = field(default_factory=tuple)
    notes: Sequence[Fact] = field(default_factory=tuple)

    @cached_property
    def slug(self) -> str:
        """The IRI without the namespace of ids."""
        return self.iri.removeprefix(ID)

    @property
    def status(self) -> Statement | None:
        """The status, if one could be derived."""
        return next(iter(self.parts.get("status", ())), None)

    @property
    def mentions(self) -> Sequence[Statement]:
        """The mentions by which sources name it."""
        return self.parts.get("mention", ())

    @property
    def claims(self) -> Iterator[tuple[Value | None, list[Statement]]]:
        """The claims by their claimants, in the order of the first of each."""
        claims_by_claimant: dict[Value | None, list[Statement]] = {}
        for claim in self.parts.get("claim", ()):
            claimant = claim.facts.get("claimant")
            claims_by_claimant.setdefault(claimant.values[0] if claimant else None, []).append(claim)
        return iter(claims_by_claimant.items())

    def is_a(self, iri: str) -> bool:
        """Tell whether the entry's file says that it is of a class."""
        return any(kind.iri == iri for kind in self.kinds)
