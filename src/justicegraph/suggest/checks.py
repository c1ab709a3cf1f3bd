"""The checks of the project on files that nobody has written yet."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path, PosixPath
from threading import Lock
from types import SimpleNamespace
from typing import Any

from pyoxigraph import NamedNode, Quad, Store, Triple

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import DOC, JGS, ONTOLOGY_GRAPH, TYPE, local_id
from justicegraph.project.removal import IsRemoved
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.suggest.forms import Forms
from justicegraph.validate import Finding
from justicegraph.validate.files import check_files
from justicegraph.validate.literals import check_literals
from justicegraph.validate.privacy import ANYWHERE, OF_PEOPLE, check_people
from justicegraph.validate.rules import check_rules
from justicegraph.validate.shapes import check_shapes
from justicegraph.validate.vocabulary import check_words

_PRIVATE = {JGS + rule for rule in (*ANYWHERE, *OF_PEOPLE)}
_TYPE = NamedNode(TYPE)
_ONE_BY_ONE = Lock()
"""pySHACL's shapes are kept once in a process."""
_numbers = count()

Files = Mapping[Path, list[Triple]]


class Unwritten(PosixPath):
    """A file as it would be, in memory: what reads it finds its canonical text."""

    _text = b""
    _state = 0

    @classmethod
    def of(cls, path: Path, triples: Iterable[Triple]) -> "Unwritten":
        """Return the file at this path with these triples; raise BrokenFile where one has a blank node."""
        made = cls(path)
        made._text, made._state = canonical_turtle(triples).encode(), -1 - next(_numbers)
        return made

    def read_bytes(self) -> bytes:
        """Return the text."""
        return self._text

    def stat(self, **_: Any) -> Any:
        """Return when it was written: never, and each one at another time."""
        return SimpleNamespace(st_mtime_ns=self._state)


def is_private(finding: Finding) -> bool:
    """Tell whether a finding is of what must not be told of people."""
    return finding.rule in _PRIVATE


def check(changed: Files, others: Files, forms: Forms, is_removed: IsRemoved, *, is_whole: bool) -> list[Finding]:
    """Return what is wrong with files as they would be, among others that they link to; nothing is written.

    `is_whole` tells whether the others are all of a project's files: then a rule that breaks in one of them counts too.
    """
    with _ONE_BY_ONE:
        return sorted(set(_findings(changed, others, forms, is_removed, is_whole)), key=str)


def _findings(changed: Files, others: Files, forms: Forms, is_removed: IsRemoved, is_whole: bool) -> Iterator[Finding]:
    try:
        unwritten: dict[Path, list[Triple]] = {Unwritten.of(path, each): each for path, each in changed.items()}
    except BrokenFile as error:
        yield Finding(next(iter(changed)), JGS + "Form", str(error), "Write it anew.")
        return
    files: dict[Path, list[Triple]] = {path: triples for path, triples in others.items() if path not in unwritten}
    for path in unwritten:
        if is_removed(path.stem):
            yield Finding(path, JGS + "Removed", "this entry was removed on request", "It does not come back.")
        if any(other.stem == path.stem for other in files):
            yield Finding(path, JGS + "OneFile", f"the id {path.stem} is taken", "Choose another one.")
    yield from check_files(unwritten)
    yield from check_literals(unwritten)
    yield from check_people(unwritten)
    yield from check_words(unwritten, forms.vocabulary, _subjects(files))
    yield from check_shapes(unwritten, [*forms.ontology, *_types(files)], forms.shapes)
    yield from _broken_rules(unwritten, files, forms, is_whole)


def _broken_rules(unwritten: Files, files: Files, forms: Forms, is_whole: bool) -> Iterator[Finding]:
    """Yield each rule that a file as it would be breaks, or that is broken elsewhere and was not before."""
    everything = {**files, **unwritten}
    homes = _homes(everything if is_whole else unwritten)
    elsewhere = []
    for finding in check_rules(_store(everything, forms), forms.shapes, homes):
        if finding.path in unwritten:
            yield finding
        else:
            elsewhere.append(finding)
    if elsewhere:
        before = check_rules(_store(files, forms), forms.shapes, _homes(files))
        known = {(each.rule, each.focus, each.value) for each in before}
        yield from (each for each in elsewhere if (each.rule, each.focus, each.value) not in known)


def _homes(files: Files) -> dict[object, Path]:
    return {triple.subject: path for path, triples in files.items() for triple in triples}


def _subjects(files: Files) -> Iterator[Path]:
    """Yield as a file's name what each of these files speaks of, parts too."""
    for triples in files.values():
        yield from (
            Path(f"{local_id(each.subject.value)}.ttl") for each in triples if isinstance(each.subject, NamedNode)
        )


def _types(files: Files) -> Iterator[Triple]:
    return (triple for triples in files.values() for triple in triples if triple.predicate == _TYPE)


def _store(files: Files, forms: Forms) -> Store:
    store = Store()
    graph = NamedNode(ONTOLOGY_GRAPH)
    store.extend(Quad(each.subject, each.predicate, each.object, graph) for each in forms.ontology)
    for path, triples in files.items():
        graph = NamedNode(DOC + path.stem)
        store.extend(Quad(each.subject, each.predicate, each.object, graph) for each in triples)
    return store
