"""Checks of mapping decisions: the entry exists, author and date are given, and no decision contradicts another."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from justicegraph.namespaces import HOME, ID, JG, JGS, PART, TYPE, local_id, short, split_iri
from justicegraph.project.folder import Folder
from justicegraph.project.removal import IsRemoved
from justicegraph.project.sssom import (
    EXACT,
    MATCHES,
    NO_TERM,
    SAME_AS,
    SPACES,
    WIKIDATA,
    Decision,
    canonical_sssom,
    curie,
)
from justicegraph.rdf.document import Document
from justicegraph.rdf.schema import facts_of, wider_classes
from justicegraph.validate.findings import Finding
from justicegraph.validate.privacy import private_data_in

_ITEM = re.compile(re.escape(WIKIDATA) + r"Q[1-9][0-9]*")
_Wrong = tuple[str, str, str]
"""The name of the rule, what is wrong, and what to do."""


class _Row(NamedTuple):
    """A decision and its file; also a match in an entry's own file, as a decision."""

    path: Path
    decision: Decision

    def finding(self, rule: str, wrong: str, remedy: str) -> Finding:
        about = self.decision.subject_id, self.decision.predicate_id, NamedNode(self.decision.object_id)
        return Finding(self.path, f"{JGS}Mapping-{rule}", wrong, remedy, self.decision.line, *about)

    @property
    def location(self) -> str:
        return f"{self.path.name}, line {self.decision.line}" if self.decision.line else "the new decision"


def check_mappings(folder: Folder, is_removed: IsRemoved) -> Iterator[Finding]:
    """Yield what is wrong with the decisions in a folder's mappings, one by one and together."""
    if not folder.mappings:
        return
    rows, wrong_with = _rows(folder.mappings), _subjects(folder, is_removed)
    for row in rows:
        yield from _wrong_alone(row, wrong_with)
    yield from _wrong_files(folder.mappings)
    yield from _wrong_together(rows, list(_own_matches(folder.files.values())))


Mappings = Mapping[Path, list[Decision]]
"""The decisions of each file."""


CheckDecisions = Callable[[Mappings, Sequence[Decision]], list[Finding]]


def decision_checker(folder: Folder, is_removed: IsRemoved) -> CheckDecisions:
    """Return a function that checks new decisions together with those in the files.

    A finding's line is that of a recorded decision, or 0 if a new one itself is wrong. Findings on recorded ones
    alone are left out. The folder's entries are read once; the decisions are given with each call.
    """
    wrong_with, own = _subjects(folder, is_removed), list(_own_matches(folder.files.values()))

    def findings(mappings: Mappings, decisions: Sequence[Decision]) -> list[Finding]:
        rows, new = _rows(mappings), [_Row(folder.root, replace(decision, line=0)) for decision in decisions]
        before = set(_wrong_together(rows, own))
        together = [finding for finding in _wrong_together([*rows, *new], own) if finding not in before]
        return [*(finding for row in new for finding in _wrong_alone(row, wrong_with)), *together]

    return findings


_WrongWith = Callable[[Decision], list[_Wrong]]


def _rows(mappings: Mappings) -> list[_Row]:
    return [_Row(path, decision) for path, decisions in mappings.items() for decision in decisions]


def _wrong_alone(row: _Row, wrong_with: _WrongWith) -> Iterator[Finding]:
    for problem in (*wrong_with(row.decision), *_wrong_object(row.decision, wrong_with), *_unsigned(row.decision)):
        yield row.finding(*problem)
    for rule, wrong, remedy in private_data_in("\n".join(row.decision.cells)):
        yield Finding(row.path, JGS + rule, wrong, remedy, row.decision.line, row.decision.subject_id)


def _wrong_together(rows: list[_Row], own: list[_Row]) -> Iterator[Finding]:
    yield from _repeats(rows, own)
    exact = [row for row in (*own, *rows) if row.decision.is_positive and row.decision.predicate_id in EXACT]
    yield from _doubles(exact)
    yield from _contradictions(rows, exact)


def _subjects(folder: Folder, is_removed: IsRemoved) -> _WrongWith:
    """Return a check of a decision's subject: it is an entry, of a class that the predicate can be used for."""
    homes = {path.stem: document.triples for path, document in folder.files.items()}
    unread = {path.stem for path in folder.broken}
    ontology = facts_of(folder.ontology)

    @cache
    def kinds(slug: str) -> frozenset[str]:
        types = (triple.object for triple in homes[slug] if _is_type(triple) and triple.subject == NamedNode(ID + slug))
        return frozenset(wide for kind in types for wide in wider_classes(str(getattr(kind, "value", "")), ontology))

    def wrong_with(decision: Decision) -> list[_Wrong]:
        slug = local_id(decision.subject_id)
        if slug is not None and is_removed(slug.partition(".")[0]):
            return [("subject", "this entry was removed on request", "Delete the line.")]
        if slug is None or (slug not in homes and slug not in unread):
            what = "is a part of an entry" if slug and PART.fullmatch(slug) else "does not exist"
            remedy = "Write the id of an entry, as in jgid:critical-resistance."
            return [("subject", f"{_named(decision.subject_id)} {what}", remedy)]
        return [] if slug in unread else _misfit(decision, kinds(slug))

    return wrong_with


def _misfit(decision: Decision, kinds: frozenset[str]) -> list[_Wrong]:
    known = (SAME_AS, *MATCHES)
    fitting = MATCHES if JG + "Cause" in kinds else (SAME_AS,) if JG + "Entity" in kinds else ()
    if JG + "RenamedEntity" in kinds:
        return [("subject", f"{short(decision.subject_id)} was renamed", "Write its new id.")]
    if decision.predicate_id not in known:
        remedy = f"Use one of: {', '.join(map(curie, known))}."
        return [("predicate", f"{curie(decision.predicate_id)} is not a predicate for mappings here", remedy)]
    if not fitting:
        return [("subject", f"{short(decision.subject_id)} has no class that can be mapped", "Delete the line.")]
    if decision.predicate_id not in fitting:
        wrong = f"{curie(decision.predicate_id)} cannot be used for {short(decision.subject_id)}"
        return [("predicate", wrong, f"Use one of: {', '.join(map(curie, fitting))}.")]
    return []


def _wrong_object(decision: Decision, wrong_with: _WrongWith) -> Iterator[_Wrong]:
    thing = decision.object_id
    if thing == NO_TERM:
        if decision.predicate_modifier:
            remedy = "Leave predicate_modifier empty, or name the item."
            yield "object", "predicate_modifier does not go with NoTermFound", remedy
        if not decision.object_source:
            remedy = f"Fill in the collection that has no such item, as in {WIKIDATA} for Wikidata."
            yield "object", "object_source is empty", remedy
    elif thing.startswith(HOME):
        if decision.is_positive or thing == decision.subject_id:
            yield "object", f"{_named(thing)} is an entry of this project", "If two entries are one, merge them."
        elif wrong_with(Decision(subject_id=thing, predicate_id=decision.predicate_id, object_id=decision.subject_id)):
            yield (
                "object",
                f"{_named(thing)} cannot be compared with {_named(decision.subject_id)}",
                "Correct it, or delete the line.",
            )
    elif "wikidata.org/" in thing and not _ITEM.fullmatch(thing):
        yield "object", f"{thing} is not the IRI of an item of Wikidata", "Write wd: and its number, as in wd:Q42."


def _unsigned(decision: Decision) -> Iterator[_Wrong]:
    if not decision.mapping_date:
        yield "date", "the decision has no date", "Fill in mapping_date with the day on which it was made."
    if not (decision.author_id or decision.author_label):
        yield (
            "author",
            "the decision has no author",
            "Fill in author_label, or author_id as in orcid:0000-0000-0000-0000.",
        )


def _wrong_files(mappings: Mapping[Path, list[Decision]]) -> Iterator[Finding]:
    for path, decisions in mappings.items():
        if len({decision.is_positive for decision in decisions}) > 1:
            line = next(decision.line for decision in decisions if not decision.is_positive)
            remedy = "Move rejections to a file of their own, as in refused.sssom.tsv."
            yield Finding(path, JGS + "Mapping-file", "matches and rejections are in one file", remedy, line)
        lines = path.read_bytes().decode().split("\n")
        expected = canonical_sssom(decisions, path.name).split("\n")
        if lines != expected:
            pairs = enumerate(zip(lines, expected, strict=False), 1)
            line = next((number for number, (one, other) in pairs if one != other), min(len(lines), len(expected)))
            yield Finding(path, JGS + "Form", "the file is not in canonical form", "Run `justicegraph format`.", line)


def _own_matches(documents: Iterable[Document]) -> Iterator[_Row]:
    """Yield the matches that causes have in their own files."""
    for document in documents:
        for subject, predicate, value in document.triples:
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode) and predicate.value in MATCHES:
                line = document.line_of(subject.value, predicate.value, value)
                terms = {"subject_id": subject.value, "predicate_id": predicate.value, "object_id": value.value}
                yield _Row(document.path, Decision(**terms, line=line))


def _repeats(rows: Iterable[_Row], own: Iterable[_Row]) -> Iterator[Finding]:
    """Yield decisions that repeat or contradict another one, or a match in an entry's own file."""
    first = {row.decision.about: row for row in own}
    for row in rows:
        other = first.setdefault(row.decision.about, row)
        if other is row:
            continue
        if other.decision.is_positive == row.decision.is_positive:
            yield row.finding("once", f"the same decision is in {other.location}", "Keep one of the two lines.")
        else:
            apart, match = (row, other) if row.decision.predicate_modifier else (other, row)
            wrong = f"the two are marked as different here and matched in {match.location}"
            yield apart.finding("one-way", wrong, "Decide, and keep one line.")


def _doubles(exact: Iterable[_Row]) -> Iterator[Finding]:
    """Yield entries that share an item, and entries that have two items of one collection."""
    by_item: dict[str, _Row] = {}
    by_entry: dict[tuple[str, str], _Row] = {}
    for row in exact:
        decision = row.decision
        other = by_item.setdefault(decision.object_id, row)
        if other.decision.subject_id != decision.subject_id:
            item, entry = curie(decision.object_id), _named(other.decision.subject_id)
            wrong = f"{item} is already matched to {entry}, in {other.location}"
            yield row.finding("one-entry", wrong, "Merge the entries if they are one; if not, delete the wrong line.")
        other = by_entry.setdefault((decision.subject_id, _collection(decision.object_id)), row)
        if other.decision.object_id != decision.object_id:
            entry, item = _named(decision.subject_id), curie(other.decision.object_id)
            wrong = f"{entry} is already matched to {item}, in {other.location}"
            yield row.finding("one-item", wrong, "Keep the right one; a cause may have the other as a close match.")


def _collection(iri: str) -> str:
    """Return the namespace of the collection that an item belongs to."""
    known = (space for space in SPACES.values() if iri.startswith(space))
    return next(known, split_iri(iri)[0])


def _contradictions(rows: Iterable[_Row], exact: Iterable[_Row]) -> Iterator[Finding]:
    """Yield rejections that contradict the exact matches, taken together."""
    same = _classes(exact)
    matches = defaultdict(list)
    direct = {(row.decision.subject_id, row.decision.object_id) for row in exact}
    for row in exact:
        matches[row.decision.subject_id].append(row)
    for row in rows:
        decision = row.decision
        if decision.is_positive or decision.predicate_id not in EXACT:
            continue
        if decision.object_id == NO_TERM:
            there = [
                other for other in matches[decision.subject_id]
                if decision.object_source and other.decision.object_id.startswith(decision.object_source)
            ]  # fmt: skip
            if there:
                first = min(there, key=lambda other: other.decision.object_id)
                wrong = f"no item was found here, but {curie(first.decision.object_id)} in {first.location}"
                yield row.finding("one-way", wrong, "Delete the line, or the match.")
        elif same(decision.subject_id) == same(decision.object_id) and decision.about[::2] not in direct:
            item = _named(decision.object_id)
            wrong = f"{item} is marked as different here, but is the same by way of other decisions"
            yield row.finding("transitive", wrong, "Follow the exact matches of both, and delete the wrong line.")


def _classes(exact: Iterable[_Row]) -> Callable[[str], str]:
    """Return a function from an IRI to one representative of all that exact matches join (union-find)."""
    leads: dict[str, str] = {}

    def root(name: str) -> str:
        while name in leads:
            name = leads[name]
        return name

    for row in exact:
        one, other = sorted((root(row.decision.subject_id), root(row.decision.object_id)))
        if one != other:
            leads[other] = one
    return root


def _is_type(triple: Triple) -> bool:
    return triple.predicate.value == TYPE


def _named(iri: str) -> str:
    return short(iri) if iri.startswith(ID) else curie(iri)
