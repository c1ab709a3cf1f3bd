"""Mapping decisions: each on an entry that is there, by somebody, on a day, and none against another."""

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


class _Told(NamedTuple):
    """A decision and where it stands; or a match in an entry's own file, put as one."""

    path: Path
    said: Decision

    def finding(self, rule: str, wrong: str, remedy: str) -> Finding:
        about = self.said.subject_id, self.said.predicate_id, NamedNode(self.said.object_id)
        return Finding(self.path, f"{JGS}Mapping-{rule}", wrong, remedy, self.said.line, *about)

    @property
    def place(self) -> str:
        return f"{self.path.name}, line {self.said.line}" if self.said.line else "the new decision"


def check_mappings(folder: Folder, is_removed: IsRemoved) -> Iterator[Finding]:
    """Yield what is wrong with the decisions in a folder's mappings, one by one and together."""
    if not folder.mappings:
        return
    told, wrong_with = _all_told(folder.mappings), _subjects(folder, is_removed)
    for each in told:
        yield from _wrong_alone(each, wrong_with)
    yield from _wrong_files(folder.mappings)
    yield from _wrong_together(told, list(_own_matches(folder.files.values())))


Mappings = Mapping[Path, list[Decision]]
"""The decisions that stand in each file."""


CheckDecisions = Callable[[Mappings, Sequence[Decision]], list[Finding]]


def decision_checker(folder: Folder, is_removed: IsRemoved) -> CheckDecisions:
    """Return what tells what the check would find wrong with new decisions beside those that stand.

    A finding's line is that of a decision that stands, or 0 where a new one itself is wrong. What was wrong before
    is left out. The folder's entries are looked at once, however often that is asked; the decisions each time.
    """
    wrong_with, own = _subjects(folder, is_removed), list(_own_matches(folder.files.values()))

    def findings(mappings: Mappings, said: Sequence[Decision]) -> list[Finding]:
        told, new = _all_told(mappings), [_Told(folder.root, replace(each, line=0)) for each in said]
        before = set(_wrong_together(told, own))
        together = (each for each in _wrong_together([*told, *new], own) if each not in before)
        return [*(wrong for each in new for wrong in _wrong_alone(each, wrong_with)), *together]

    return findings


_WrongWith = Callable[[Decision], list[_Wrong]]


def _all_told(mappings: Mappings) -> list[_Told]:
    return [_Told(path, said) for path, decisions in mappings.items() for said in decisions]


def _wrong_alone(each: _Told, wrong_with: _WrongWith) -> Iterator[Finding]:
    for problem in (*wrong_with(each.said), *_wrong_object(each.said, wrong_with), *_unsigned(each.said)):
        yield each.finding(*problem)
    for rule, wrong, remedy in private_data_in("\n".join(each.said.cells)):
        yield Finding(each.path, JGS + rule, wrong, remedy, each.said.line, each.said.subject_id)


def _wrong_together(told: list[_Told], own: list[_Told]) -> Iterator[Finding]:
    yield from _repeats(told, own)
    exact = [each for each in (*own, *told) if each.said.is_positive and each.said.predicate_id in EXACT]
    yield from _doubles(exact)
    yield from _contradictions(told, exact)


def _subjects(folder: Folder, is_removed: IsRemoved) -> _WrongWith:
    """Return what tells whether a decision's subject is an entry, and of a class that its predicate fits."""
    homes = {path.stem: document.triples for path, document in folder.files.items()}
    unread = {path.stem for path in folder.broken}
    ontology = facts_of(folder.ontology)

    @cache
    def kinds(slug: str) -> frozenset[str]:
        types = (each.object for each in homes[slug] if _is_type(each) and each.subject == NamedNode(ID + slug))
        return frozenset(wide for kind in types for wide in wider_classes(str(getattr(kind, "value", "")), ontology))

    def wrong_with(said: Decision) -> list[_Wrong]:
        slug = local_id(said.subject_id)
        if slug is not None and is_removed(slug.partition(".")[0]):
            return [("subject", "this entry was removed on request", "Delete the line.")]
        if slug is None or (slug not in homes and slug not in unread):
            what = "is a part of an entry" if slug and PART.fullmatch(slug) else "does not exist"
            remedy = "Write the id of an entry, as in jgid:critical-resistance."
            return [("subject", f"{_named(said.subject_id)} {what}", remedy)]
        return [] if slug in unread else _misfit(said, kinds(slug))

    return wrong_with


def _misfit(said: Decision, kinds: frozenset[str]) -> list[_Wrong]:
    known = (SAME_AS, *MATCHES)
    fitting = MATCHES if JG + "Cause" in kinds else (SAME_AS,) if JG + "Entity" in kinds else ()
    if JG + "RenamedEntity" in kinds:
        return [("subject", f"{short(said.subject_id)} was renamed", "Write the id that took its place.")]
    if said.predicate_id not in known:
        remedy = f"Use one of: {', '.join(map(curie, known))}."
        return [("predicate", f"{curie(said.predicate_id)} is no predicate of mappings here", remedy)]
    if not fitting:
        return [("subject", f"{short(said.subject_id)} is of no class that can be mapped", "Delete the line.")]
    if said.predicate_id not in fitting:
        wrong = f"{curie(said.predicate_id)} does not go with {short(said.subject_id)}"
        return [("predicate", wrong, f"Use one of: {', '.join(map(curie, fitting))}.")]
    return []


def _wrong_object(said: Decision, wrong_with: _WrongWith) -> Iterator[_Wrong]:
    thing = said.object_id
    if thing == NO_TERM:
        if said.predicate_modifier:
            yield "object", "nothing is told apart from nothing", "Leave predicate_modifier empty, or name the item."
        if not said.object_source:
            remedy = f"Fill in object_source, as in {WIKIDATA} for Wikidata."
            yield "object", "it is not said where there is no such item", remedy
    elif thing.startswith(HOME):
        if said.is_positive or thing == said.subject_id:
            yield "object", f"{_named(thing)} is ours, not elsewhere", "Where two entries are one, merge them."
        elif wrong_with(Decision(subject_id=thing, predicate_id=said.predicate_id, object_id=said.subject_id)):
            yield (
                "object",
                f"{_named(thing)} is no such entry as {_named(said.subject_id)}",
                "Correct it, or delete it.",
            )
    elif "wikidata.org/" in thing and not _ITEM.fullmatch(thing):
        yield "object", f"{thing} is not how an item of Wikidata is named", "Write wd: and its number, as in wd:Q42."


def _unsigned(said: Decision) -> Iterator[_Wrong]:
    if not said.mapping_date:
        yield "date", "the decision has no date", "Fill in mapping_date with the day on which it was made."
    if not (said.author_id or said.author_label):
        yield (
            "author",
            "the decision has no author",
            "Fill in author_label, or author_id as in orcid:0000-0000-0000-0000.",
        )


def _wrong_files(mappings: Mapping[Path, list[Decision]]) -> Iterator[Finding]:
    for path, decisions in mappings.items():
        if len({each.is_positive for each in decisions}) > 1:
            line = next(each.line for each in decisions if not each.is_positive)
            remedy = "Move what was told apart or not found to a file of its own, as refused.sssom.tsv."
            yield Finding(path, JGS + "Mapping-file", "matches and refusals stand in one file", remedy, line)
        lines = path.read_bytes().decode().split("\n")
        expected = canonical_sssom(decisions, path.name).split("\n")
        if lines != expected:
            pairs = enumerate(zip(lines, expected, strict=False), 1)
            line = next((number for number, (one, other) in pairs if one != other), min(len(lines), len(expected)))
            yield Finding(path, JGS + "Form", "the file is not in canonical form", "Run `justicegraph format`.", line)


def _own_matches(documents: Iterable[Document]) -> Iterator[_Told]:
    """Yield the matches that causes have in their own files."""
    for document in documents:
        for subject, predicate, value in document.triples:
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode) and predicate.value in MATCHES:
                line = document.line_of(subject.value, predicate.value, value)
                terms = {"subject_id": subject.value, "predicate_id": predicate.value, "object_id": value.value}
                yield _Told(document.path, Decision(**terms, line=line))


def _repeats(told: Iterable[_Told], own: Iterable[_Told]) -> Iterator[Finding]:
    """Yield what is decided twice, also the other way, or told in an entry's file already."""
    first = {each.said.about: each for each in own}
    for each in told:
        other = first.setdefault(each.said.about, each)
        if other is each:
            continue
        if other.said.is_positive == each.said.is_positive:
            yield each.finding("once", f"the same is told in {other.place}", "Keep one of the two lines.")
        else:
            apart, match = (each, other) if each.said.predicate_modifier else (other, each)
            wrong = f"the two are told apart here and matched in {match.place}"
            yield apart.finding("one-way", wrong, "Decide, and keep one line.")


def _doubles(exact: Iterable[_Told]) -> Iterator[Finding]:
    """Yield entries that share an item, and entries that are two items of one collection."""
    by_item: dict[str, _Told] = {}
    by_entry: dict[tuple[str, str], _Told] = {}
    for each in exact:
        said = each.said
        other = by_item.setdefault(said.object_id, each)
        if other.said.subject_id != said.subject_id:
            wrong = f"{curie(said.object_id)} is {_named(other.said.subject_id)} already, by {other.place}"
            yield each.finding("one-entry", wrong, "Merge the entries if they are one; if not, delete the wrong line.")
        other = by_entry.setdefault((said.subject_id, _collection(said.object_id)), each)
        if other.said.object_id != said.object_id:
            wrong = f"{_named(said.subject_id)} is {curie(other.said.object_id)} already, by {other.place}"
            yield each.finding("one-item", wrong, "Keep the one that is the same; a cause may have the other as close.")


def _collection(iri: str) -> str:
    """Return the name of what an item is one of: its namespace."""
    known = (space for space in SPACES.values() if iri.startswith(space))
    return next(known, split_iri(iri)[0])


def _contradictions(told: Iterable[_Told], exact: Iterable[_Told]) -> Iterator[Finding]:
    """Yield what is told apart, or not found, although other decisions together say that it is the same, or there."""
    same = _classes(exact)
    found = defaultdict(list)
    direct = {(each.said.subject_id, each.said.object_id) for each in exact}
    for each in exact:
        found[each.said.subject_id].append(each)
    for each in told:
        said = each.said
        if said.is_positive or said.predicate_id not in EXACT:
            continue
        if said.object_id == NO_TERM:
            there = [
                other for other in found[said.subject_id]
                if said.object_source and other.said.object_id.startswith(said.object_source)
            ]  # fmt: skip
            if there:
                first = min(there, key=lambda other: other.said.object_id)
                wrong = f"nothing was found here, and {curie(first.said.object_id)} in {first.place}"
                yield each.finding("one-way", wrong, "Delete the line, or the match.")
        elif same(said.subject_id) == same(said.object_id) and (said.subject_id, said.object_id) not in direct:
            wrong = f"{_named(said.object_id)} is told apart here, and the same by way of other decisions"
            yield each.finding("transitive", wrong, "Follow the exact matches of both, and delete the wrong line.")


def _classes(exact: Iterable[_Told]) -> Callable[[str], str]:
    """Return what gives for all that exact matches join one of them, for anything else itself."""
    leads: dict[str, str] = {}

    def root(name: str) -> str:
        while name in leads:
            name = leads[name]
        return name

    for each in exact:
        one, other = sorted((root(each.said.subject_id), root(each.said.object_id)))
        if one != other:
            leads[other] = one
    return root


def _is_type(triple: Triple) -> bool:
    return triple.predicate.value == TYPE


def _named(iri: str) -> str:
    return short(iri) if iri.startswith(ID) else curie(iri)
