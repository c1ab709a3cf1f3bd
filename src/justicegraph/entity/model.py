"""An entry as its page shows it: values, facts, parts in words, and in which order a reader meets them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from justicegraph.entity.phrases import BACK, ELSEWHERE, HEADINGS, MORE, PHRASES, SECTIONS
from justicegraph.namespaces import ID

_BACK = {name: place for place, name in enumerate(BACK)}


class Value(NamedTuple):
    """A value as shown: its text, the address it leads to if any, its language, and "date", "number" or "part"."""

    text: str
    iri: str = ""
    language: str = ""
    form: str = ""


class Fact(NamedTuple):
    """What a property says: its label, its local name, its values."""

    label: str
    property: str
    values: tuple[Value, ...]


class Cited(NamedTuple):
    """A source, and the lines of it that tell: pairs of the first and the last."""

    source: Value
    lines: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A part of an entry in words: clauses, what is said beside them, and where that is from.

    A clause is a phrase with a gap, the values for it, and what joins it to the next one.
    """

    iri: str
    kind: str
    clauses: tuple[tuple[str, tuple[Value, ...], str], ...]
    more: tuple[Fact, ...]
    sources: tuple[Cited, ...]
    said: Mapping[str, Fact]

    @property
    def anchor(self) -> str:
        """The local id, to which a link within the page leads."""
        return self.iri.rpartition("/")[2]

    def text(self, name: str) -> str:
        """Return the text of a property's first value; nothing where there is none."""
        return self.said[name].values[0].text if name in self.said else ""


class Link(NamedTuple):
    """Another entry that links here: by which property, what that is called, and who it is."""

    property: str
    label: str
    owner: Value


@dataclass(frozen=True)
class Dossier:
    """An entry as its page shows it."""

    iri: str
    name: Value
    definition: Value | None
    kinds: tuple[str, ...]
    classes: frozenset[str]
    facts: Mapping[str, Fact]
    parts: Mapping[str, Sequence[Statement]]
    sources: tuple[Cited, ...]
    links: tuple[Link, ...]
    note: Sequence[Fact] = field(default_factory=tuple)

    @cached_property
    def slug(self) -> str:
        """What stands after the namespace of ids."""
        return self.iri.removeprefix(ID)

    @property
    def status(self) -> Statement | None:
        """The status, where one could be derived."""
        return next(iter(self.parts.get("status", ())), None)

    @property
    def mentions(self) -> Sequence[Statement]:
        """The mentions by which sources name it."""
        return self.parts.get("mention", ())

    @property
    def elsewhere(self) -> list[Fact]:
        """What it is in other collections."""
        return [fact for name, fact in self.facts.items() if name in ELSEWHERE]

    @property
    def headings(self) -> Iterator[tuple[str, list[Fact]]]:
        """The facts of the entry itself under their headings; what has none of its own comes last."""
        left = {name: fact for name, fact in self.facts.items() if name not in ELSEWHERE}
        for heading, names in HEADINGS:
            if found := [left.pop(name) for name in names if name in left]:
                yield heading, found
        if left:
            yield MORE, list(left.values())

    @property
    def sections(self) -> Iterator[tuple[str, str, Sequence[Statement]]]:
        """The parts among the facts by their kinds: kind, heading, statements."""
        known = SECTIONS | {kind: MORE for kind in self.parts if kind not in PHRASES}
        return ((kind, heading, self.parts[kind]) for kind, heading in known.items() if kind in self.parts)

    @property
    def claims(self) -> Iterator[tuple[Value | None, list[Statement]]]:
        """The claims by whose they are, in the order of the first."""
        found: dict[Value | None, list[Statement]] = {}
        for claim in self.parts.get("claim", ()):
            said = claim.said.get("claimant")
            found.setdefault(said.values[0] if said else None, []).append(claim)
        return iter(found.items())

    @cached_property
    def linked(self) -> Sequence[Fact]:
        """Who links here, each once, by the property by which it does."""
        found: dict[tuple[str, str], dict[Value, None]] = defaultdict(dict)
        for link in sorted(self.links, key=lambda each: (each.owner.text.casefold(), each.owner.iri)):
            found[link.property, link.label][link.owner] = None
        facts = [Fact(label, name, tuple(owners)) for (name, label), owners in found.items()]
        return sorted(facts, key=lambda fact: (_BACK.get(fact.property, len(_BACK)), fact.label))
