"""What a filled-in form would change: facts that come and go, those of a new source, a comment for the reviewer."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import orjson
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from justicegraph.namespaces import ID, JG, PART, SKOS, TYPE, local_id
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.suggest.forms import SOURCE, Field, Forms, Section
from justicegraph.suggest.kinds import slug_for
from justicegraph.suggest.values import COMMENT, Filled, Term, Unfit, clean, filled_with, inputs, stood_in, terms

LABEL = SKOS + "prefLabel"
_TYPE, _SOURCE = NamedNode(TYPE), NamedNode(SOURCE)


class Graph(Protocol):
    """What the graph knows of entries."""

    def name_of(self, iri: str) -> str:
        """Return the name of an entry, or the id of a part; "" where there is none with this IRI."""

    def known(self, name: str, kind: str) -> list[str]:
        """Return the IRIs of entries of a class, "" for any, that have exactly this name in a language."""


@dataclass(frozen=True)
class Entry:
    """The entry that a form is about: its class, its id ("" for a new one), and what stands of it and of its parts."""

    kind: str
    slug: str = ""
    triples: tuple[Triple, ...] = ()

    @property
    def digest(self) -> str:
        """What tells this state of it from others; "" where nothing stands."""
        return digest(self.triples)

    def parts(self) -> dict[str, str]:
        """Return the class of each part by its key, as in custody-1."""
        prefix = f"{ID}{self.slug}."
        found = {
            triple.subject.value.removeprefix(prefix): triple.object.value
            for triple in self.triples
            if triple.predicate == _TYPE and isinstance(triple.subject, NamedNode)
            and isinstance(triple.object, NamedNode) and triple.subject.value.startswith(prefix)
        }  # fmt: skip
        return dict(sorted(found.items()))


@dataclass(frozen=True)
class Proposal:
    """A suggestion as it is kept: of which entry, what comes and goes, the triples of a new source, a comment.

    `base` tells which state of the entry the sender saw, "" for a new entry.
    """

    slug: str
    kind: str
    name: str
    added: tuple[Triple, ...]
    removed: tuple[Triple, ...] = ()
    source: tuple[Triple, ...] = ()
    comment: str = ""
    base: str = ""

    @property
    def is_new(self) -> bool:
        """Tell whether the entry is a new one."""
        return not self.base

    @property
    def source_slug(self) -> str:
        """The id of the new source; "" where there is none."""
        return local_id(self.source[0].subject.value) or "" if self.source else ""  # type: ignore[union-attr]

    @property
    def source_subject(self) -> str:
        """The IRI of the new source; "" where there is none."""
        return ID + self.source_slug if self.source else ""

    def applied_to(self, triples: Sequence[Triple]) -> list[Triple]:
        """Return what the entry would be, given what stands now."""
        gone = set(self.removed)
        return list(dict.fromkeys([*(each for each in triples if each not in gone), *self.added]))

    def packed(self) -> bytes:
        """Return it as bytes, from which `unpacked` makes it again."""
        texts = {name: _ntriples(getattr(self, name)) for name in ("added", "removed", "source")}
        said = {name: getattr(self, name) for name in ("slug", "kind", "name", "comment", "base")}
        return orjson.dumps(said | texts)


def unpacked(data: bytes) -> Proposal:
    """Return the proposal that was packed."""
    said = orjson.loads(data)
    for name in ("added", "removed", "source"):
        said[name] = tuple(quad.triple for quad in parse(said[name].encode(), format=RdfFormat.N_TRIPLES))
    return Proposal(**said)


def digest(triples: Sequence[Triple]) -> str:
    """Return what tells one set of triples from others; "" for none."""
    return hashlib.sha256(canonical_turtle(triples).encode()).hexdigest()[:32] if triples else ""


def subject_of(slug: str, key: str) -> str:
    """Return the IRI that a section with this key speaks of."""
    return ID + slug if key == "entry" else f"{ID}{slug}.{key}"


def opened(forms: Forms, entry: Entry, keys: Sequence[str], graph: Graph) -> list[Filled]:
    """Return the sections of an entry's form as it stands: the entry's own, and those of these parts."""
    found = []
    for section in sections(forms, entry, keys):
        stood = stood_in(subject_of(entry.slug, section.key), section, entry.triples)
        found.append(filled_with(section, stood, graph.name_of))
    return found


def sections(forms: Forms, entry: Entry, keys: Sequence[str]) -> Iterator[Section]:
    """Yield the sections of an entry's form: its own, and those of parts, which stand or whose key tells a class."""
    yield forms.entry(entry.kind)
    standing, offered = entry.parts(), {part_key(kind): kind for kind in forms.parts(entry.kind)}
    for key in dict.fromkeys(keys):
        kind = standing.get(key) or offered.get(key.rpartition("-")[0], "")
        if kind in offered.values() and PART.fullmatch(f"x.{key}"):
            yield forms.part(key, kind, entry.kind)


def part_key(kind: str) -> str:
    """Return how parts of a class are called in their ids, as in former-name."""
    words = "".join(f"-{sign.lower()}" if sign.isupper() else sign for sign in kind.removeprefix(JG))
    return words.strip("-")


def next_key(kind: str, taken: Sequence[str]) -> str:
    """Return the key of one more part of a class."""
    name = part_key(kind)
    return f"{name}-{next(number for number in range(1, 10_000) if f'{name}-{number}' not in taken)}"


def drafted(
    forms: Forms, entry: Entry, filled: Sequence[Filled], source: Filled | None, comment: str, graph: Graph
) -> tuple[Proposal, dict[str, str]]:
    """Return what a form would change, and by the name of each input that holds no value the word for what is wrong."""
    made = _Draft(forms, entry, graph)
    label = _label(filled[0])
    slug = entry.slug or _free(label, entry.kind, graph)
    if source and not source.is_blank:
        made.take_source(source)
    for each in filled:
        made.take(slug, each)
    try:
        comment = clean(comment[: COMMENT + 1], lines=True)
    except Unfit as unfit:
        made.wrong["comment"] = str(unfit)
    if len(comment) > COMMENT:
        made.wrong["comment"] = "long"
    standing = set(entry.triples)
    added = tuple(each for each in dict.fromkeys(made.added) if each not in standing)
    removed = tuple(each for each in dict.fromkeys(made.removed) if each not in set(made.added))
    name = label or graph.name_of(ID + entry.slug)
    return Proposal(slug, entry.kind, name[:200], added, removed, tuple(made.source), comment, entry.digest), made.wrong


class _Draft:
    """What has been read of a form so far."""

    def __init__(self, forms: Forms, entry: Entry, graph: Graph) -> None:
        self.forms, self.entry, self.graph = forms, entry, graph
        self.added: list[Triple] = []
        self.removed: list[Triple] = []
        self.source: list[Triple] = []
        self.wrong: dict[str, str] = {}

    def take_source(self, filled: Filled) -> None:
        slug = _free(_label(filled), filled.section.kind, self.graph)
        subject = NamedNode(ID + slug)
        self.source = [Triple(subject, _TYPE, NamedNode(filled.section.kind))]
        self.source += [Triple(subject, NamedNode(field.path), term) for field, term in self._terms(slug, filled)[0]]

    def take(self, slug: str, filled: Filled) -> None:
        section = filled.section
        subject = NamedNode(subject_of(slug, section.key))
        added, removed = self._terms(slug, filled)
        if not self._stands(subject):
            if section.key != "entry" and filled.is_blank:
                return
            self.added.append(Triple(subject, _TYPE, NamedNode(section.kind)))
            if section.owner:
                self.added.append(Triple(subject, NamedNode(section.owner), NamedNode(ID + slug)))
        self.added += [Triple(subject, NamedNode(field.path), term) for field, term in added]
        self.removed += [Triple(subject, NamedNode(field.path), term) for field, term in removed]
        has_source = any(field.path == SOURCE and values for field, _, values in inputs(filled) if values.text.strip())
        may_have = any(field.path == SOURCE for field in section.fields)
        if self.source and may_have and (section.key == "entry" or (added and not has_source)):
            self.added.append(Triple(subject, _SOURCE, self.source[0].subject))

    def _terms(self, slug: str, filled: Filled) -> tuple[list[tuple[Field, Term]], list[tuple[Field, Term]]]:
        section, graph = filled.section, self.graph
        standing = () if section.key == "source" else self.entry.triples
        stood = stood_in(subject_of(slug, section.key), section, standing)
        before = filled_with(section, stood, graph.name_of)
        added, removed, wrong = terms(filled, before, stood, graph.name_of, graph.known)
        self.wrong |= wrong
        return added, removed

    def _stands(self, subject: NamedNode) -> bool:
        return any(each.subject == subject for each in self.entry.triples)


def renamed(proposal: Proposal, slug: str) -> Proposal:
    """Return the suggestion of a new entry under another id."""
    old = ID + proposal.slug

    def moved(term: object) -> object:
        if isinstance(term, NamedNode) and (term.value == old or term.value.startswith(f"{old}.")):
            return NamedNode(ID + slug + term.value.removeprefix(old))
        return term

    added = tuple(Triple(moved(each.subject), each.predicate, moved(each.object)) for each in proposal.added)  # type: ignore[arg-type]
    return replace(proposal, slug=slug, added=added)


def _label(filled: Filled) -> str:
    """Return the name that is filled in: the English one where there is one."""
    values = [value for field, _, value in inputs(filled) if field.path == LABEL and value.text.strip()]
    values.sort(key=lambda value: value.language != "en")
    return " ".join(values[0].text.split()) if values else ""


def _free(label: str, kind: str, graph: Graph) -> str:
    """Return an id for a new entry: made from its name, else from its class; with a number where it is taken."""
    slug = slug_for(label)
    if not slug:
        slug = f"{part_key(kind)}-{hashlib.sha256(label.encode(errors='replace')).hexdigest()[:8]}"
    taken = (slug, *(f"{slug}-{number}" for number in range(2, 100)))
    return next((each for each in taken if not graph.name_of(ID + each)), slug)


def _ntriples(triples: Sequence[Triple]) -> str:
    return (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
