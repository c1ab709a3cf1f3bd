"""Runs the project's checks on files before they are written."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from threading import Lock

from pyoxigraph import NamedNode, Quad, Store, Triple

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import DOC, JGS, ONTOLOGY_GRAPH, TYPE
from justicegraph.project.removal import IsRemoved
from justicegraph.rdf.document import Document
from justicegraph.suggest.forms import Forms
from justicegraph.validate import Finding
from justicegraph.validate.files import check_files
from justicegraph.validate.literals import check_literals
from justicegraph.validate.privacy import ANYWHERE, OF_PEOPLE, check_privacy
from justicegraph.validate.rules import check_rules
from justicegraph.validate.shapes import check_shapes
from justicegraph.validate.vocabulary import check_vocabulary

_PRIVATE = {JGS + rule for rule in (*ANYWHERE, *OF_PEOPLE)}
_TYPE = NamedNode(TYPE)
_LOCK = Lock()
"""For one check at a time: a process has the shapes for pySHACL once."""


def is_private(finding: Finding) -> bool:
    """Tell whether a finding is about private data."""
    return finding.rule in _PRIVATE


def check(
    changed: Mapping[Path, list[Triple]],
    others: Collection[Document],
    forms: Forms,
    is_removed: IsRemoved,
    *,
    is_whole: bool,
) -> list[Finding]:
    """Return the findings on files as they would be, beside the other documents that they link to; write nothing.

    With `is_whole`, the others are all documents of a project. Then a rule that is broken in one of them counts, too.
    """
    unwritten = [Document(path, triples) for path, triples in changed.items()]
    with _LOCK:
        return sorted(set(_findings(unwritten, others, forms, is_removed, is_whole)), key=str)


def _findings(
    unwritten: list[Document], others: Collection[Document], forms: Forms, is_removed: IsRemoved, is_whole: bool
) -> Iterator[Finding]:
    try:
        paths = [document.path for document in unwritten if document.text is not None]
    except BrokenFile as error:
        yield Finding(unwritten[0].path, JGS + "Form", str(error), "Write it again.")
        return
    existing = [document for document in others if document.path not in paths]
    for path in paths:
        if is_removed(path.stem):
            yield Finding(path, JGS + "Removed", "this entry was removed on request", "It does not come back.")
        if any(document.path.stem == path.stem for document in existing):
            yield Finding(path, JGS + "OneFile", f"the id {path.stem} is taken", "Choose another one.")
    yield from check_files(unwritten)
    yield from check_literals(unwritten)
    yield from check_privacy(unwritten)
    yield from check_vocabulary(unwritten, forms.vocabulary, _subjects(existing))
    yield from check_shapes(unwritten, [*forms.ontology, *_types(existing)], forms.shapes)
    yield from _broken_rules(unwritten, existing, forms, is_whole)


def _broken_rules(unwritten: list[Document], others: list[Document], forms: Forms, is_whole: bool) -> Iterator[Finding]:
    """Yield each rule that one of the files would break, and each that would be broken elsewhere and is not yet."""
    everything, paths = [*others, *unwritten], {document.path for document in unwritten}
    homes = _homes(everything if is_whole else unwritten)
    elsewhere = []
    for finding in check_rules(_store(everything, forms), forms.shapes, homes):
        if finding.path in paths:
            yield finding
        else:
            elsewhere.append(finding)
    if elsewhere:
        before = check_rules(_store(others, forms), forms.shapes, _homes(others))
        known = {(finding.rule, finding.focus, finding.value) for finding in before}
        yield from (finding for finding in elsewhere if (finding.rule, finding.focus, finding.value) not in known)


def _homes(documents: Iterable[Document]) -> dict[object, Document]:
    return {triple.subject: document for document in documents for triple in document.triples}


def _subjects(documents: Iterable[Document]) -> Iterator[str]:
    """Yield the IRI of each node that these documents describe, parts too."""
    subjects = (triple.subject for document in documents for triple in document.triples)
    return (subject.value for subject in subjects if isinstance(subject, NamedNode))


def _types(documents: Iterable[Document]) -> Iterator[Triple]:
    return (triple for document in documents for triple in document.triples if triple.predicate == _TYPE)


def _store(documents: Iterable[Document], forms: Forms) -> Store:
    store = Store()
    graph = NamedNode(ONTOLOGY_GRAPH)
    store.extend(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in forms.ontology)
    for document in documents:
        graph = NamedNode(DOC + document.path.stem)
        store.extend(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in document.triples)
    return store
