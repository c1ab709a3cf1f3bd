"""Turns a filled-in form into a proposal: the triples to add and to remove."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from justicegraph.namespaces import ID, SKOS, TYPE
from justicegraph.suggest.entry import Entry, Graph
from justicegraph.suggest.forms import SOURCE, Forms
from justicegraph.suggest.kinds import slug_for
from justicegraph.suggest.proposals import Proposal
from justicegraph.suggest.sections import part_name, subject_of
from justicegraph.suggest.values import (
    MAX_COMMENT,
    Changes,
    FilledSection,
    InvalidValue,
    changes_of,
    current_terms,
    fill_section,
    inputs,
    normalize_text,
)

LABEL = SKOS + "prefLabel"
_TYPE, _SOURCE = NamedNode(TYPE), NamedNode(SOURCE)


class Draft(NamedTuple):
    """A proposal, and one word for each input that is not a value, by the name of the input."""

    proposal: Proposal
    errors: dict[str, str]


def draft_proposal(
    forms: Forms,
    entry: Entry,
    sections: Sequence[FilledSection],
    source: FilledSection | None,
    comment: str,
    graph: Graph,
) -> Draft:
    """Return the proposal of a filled-in form: the entry's own section first, then those of its parts."""
    triples = _Triples(forms, entry, graph)
    label = _label(sections[0])
    slug = entry.slug or _free_slug(label, entry.kind, graph)
    if source and not source.is_blank:
        triples.add_source(source)
    for section in sections:
        triples.add_section(slug, section)
    comment, comment_errors = _read_comment(comment)
    current = set(entry.triples)
    added = tuple(triple for triple in dict.fromkeys(triples.added) if triple not in current)
    removed = tuple(triple for triple in dict.fromkeys(triples.removed) if triple not in set(triples.added))
    name = (label or graph.name_of(ID + entry.slug))[:200]
    proposal = Proposal(slug, entry.kind, name, added, removed, tuple(triples.source), comment, entry.digest)
    return Draft(proposal, triples.errors | comment_errors)


class _Triples:
    """Collects the triples that a form adds and removes."""

    def __init__(self, forms: Forms, entry: Entry, graph: Graph) -> None:
        self.forms, self.entry, self.graph = forms, entry, graph
        self.added: list[Triple] = []
        self.removed: list[Triple] = []
        self.source: list[Triple] = []
        self.errors: dict[str, str] = {}

    def add_source(self, filled: FilledSection) -> None:
        """Collect the triples of a new source."""
        slug = _free_slug(_label(filled), filled.section.kind, self.graph)
        subject = NamedNode(ID + slug)
        added = self._changes(slug, filled).added
        self.source = [Triple(subject, _TYPE, NamedNode(filled.section.kind))]
        self.source += [Triple(subject, NamedNode(field.path), term) for field, term in added]

    def add_section(self, slug: str, filled: FilledSection) -> None:
        """Collect the changes of a section: of the entry, or of a part."""
        section = filled.section
        subject = NamedNode(subject_of(slug, section.key))
        added, removed, _ = changes = self._changes(slug, filled)
        if not self._exists(subject):
            if section.key != "entry" and filled.is_blank:
                return
            self.added.append(Triple(subject, _TYPE, NamedNode(section.kind)))
            if section.owner:
                self.added.append(Triple(subject, NamedNode(section.owner), NamedNode(ID + slug)))
        self.added += [Triple(subject, NamedNode(field.path), term) for field, term in added]
        self.removed += [Triple(subject, NamedNode(field.path), term) for field, term in removed]
        if self.source and _needs_source(filled, changes):
            self.added.append(Triple(subject, _SOURCE, self.source[0].subject))

    def _changes(self, slug: str, filled: FilledSection) -> Changes:
        section, graph = filled.section, self.graph
        triples = () if section.key == "source" else self.entry.triples
        terms = current_terms(subject_of(slug, section.key), section, triples)
        before = fill_section(section, terms, graph.name_of)
        changes = changes_of(filled, before, terms, graph.name_of, graph.find_by_name)
        self.errors |= changes.errors
        return changes

    def _exists(self, subject: NamedNode) -> bool:
        return any(triple.subject == subject for triple in self.entry.triples)


def _needs_source(filled: FilledSection, changes: Changes) -> bool:
    """Tell whether a section gets the form's new source: the entry always, a part that changes and names no source."""
    section = filled.section
    if not any(field.path == SOURCE for field in section.fields):
        return False
    names_source = any(field.path == SOURCE and value.text.strip() for field, _, value in inputs(filled))
    return section.key == "entry" or bool(changes.added and not names_source)


def _read_comment(text: str) -> tuple[str, dict[str, str]]:
    """Return the comment, and what is wrong with it."""
    try:
        comment = normalize_text(text[: MAX_COMMENT + 1], lines=True)
    except InvalidValue as error:
        return text, {"comment": str(error)}
    return comment, {"comment": "long"} if len(comment) > MAX_COMMENT else {}


def _label(filled: FilledSection) -> str:
    """Return the name in a section, the English one if there are several."""
    values = [value for field, _, value in inputs(filled) if field.path == LABEL and value.text.strip()]
    values.sort(key=lambda value: value.language != "en")
    return " ".join(values[0].text.split()) if values else ""


def _free_slug(label: str, kind: str, graph: Graph) -> str:
    """Return an id for a new entry: from its name, else from its class; with a number if it is taken."""
    slug = slug_for(label)
    if not slug:
        slug = f"{part_name(kind)}-{hashlib.sha256(label.encode(errors='replace')).hexdigest()[:8]}"
    candidates = (slug, *(f"{slug}-{number}" for number in range(2, 100)))
    return next((candidate for candidate in candidates if not graph.name_of(ID + candidate)), slug)
