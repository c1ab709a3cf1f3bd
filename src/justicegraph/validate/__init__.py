"""The check of a project: findings that a person can act on."""

from collections.abc import Iterator

from pyoxigraph import Store

from justicegraph.namespaces import ID, JGS
from justicegraph.project.folder import Folder, Track, untracked
from justicegraph.project.released import LIST, read_released
from justicegraph.project.removal import IsRemoved
from justicegraph.rdf.document import Document
from justicegraph.validate.files import check_files
from justicegraph.validate.findings import Finding
from justicegraph.validate.literals import check_literals
from justicegraph.validate.mappings import CheckDecisions, Mappings, check_mappings, decision_checker
from justicegraph.validate.mentions import check_mentions
from justicegraph.validate.privacy import check_privacy, private_data_in
from justicegraph.validate.report import report_of
from justicegraph.validate.required import Requirement, requirements_of
from justicegraph.validate.rules import check_rules
from justicegraph.validate.shapes import check_shapes
from justicegraph.validate.vocabulary import Vocabulary, check_vocabulary, read_vocabulary

__all__ = [
    "CheckDecisions",
    "Finding",
    "Mappings",
    "Requirement",
    "Vocabulary",
    "check_mentions",
    "decision_checker",
    "private_data_in",
    "read_vocabulary",
    "report_of",
    "requirements_of",
    "validate",
]


def validate(
    folder: Folder, store: Store, track: Track = untracked, is_removed: IsRemoved = lambda _: False
) -> list[Finding]:
    """Return what is wrong with the entries and the ontology of a folder, by file and line; `store` has its quads.

    The check looks at asserted triples only, so it comes before reasoning: afterwards, a class that was typed by hand
    (Prisoner) looks like an inferred one.
    """
    files, vocabulary_files = folder.files.values(), folder.vocabulary.values()
    everything = (*vocabulary_files, *files)
    homes: dict[object, Document] = {triple.subject: document for document in everything for triple in document.triples}
    vocabulary = read_vocabulary(folder.ontology, folder.shapes)
    findings = [
        *_unreadable(folder),
        *_removed(folder, is_removed),
        *_gone(folder),
        *check_files(files),
        *check_literals(files),
        *check_vocabulary(files, vocabulary, [ID + path.stem for path in folder.broken]),
        *check_privacy(files),
        *check_mappings(folder, is_removed),
        *check_shapes(files, folder.ontology, folder.shapes, track),
        *check_shapes(vocabulary_files, folder.ontology, folder.ontology_shapes),
        *check_rules(store, [*folder.shapes, *folder.ontology_shapes], homes),
    ]
    return sorted(set(findings), key=lambda finding: (finding.path, finding.line, finding.rule, finding.wrong))


def _unreadable(folder: Folder) -> Iterator[Finding]:
    for path, error in folder.broken.items():
        wrong = str(error).removeprefix(f"{path}, line {error.line}, ").removeprefix(f"{path}: ")
        form = "Turtle" if path.suffix == ".ttl" else "SSSOM"
        yield Finding(path, JGS + "Syntax", wrong, f"Correct it, so that the file can be read as {form}.", error.line)


def _gone(folder: Folder) -> Iterator[Finding]:
    """Yield each id that a release has named and that no file describes: links to it would lead nowhere."""
    there = {path.stem for path in folder.files}
    for line, slug in enumerate(read_released(folder.root), 1):
        if slug not in there:
            remedy = (
                f"Add graph/renamed/{slug}.ttl, a jg:RenamedEntity that names its replacement, or restore the entry."
            )
            yield Finding(folder.root / LIST, JGS + "Released", f"id:{slug} was released and is missing", remedy, line)


def _removed(folder: Folder, is_removed: IsRemoved) -> Iterator[Finding]:
    for path in folder.files:
        if is_removed(path.stem):
            wrong = "this entry was removed on request"
            yield Finding(path, JGS + "Removed", wrong, "Do not enter it again: delete the file.")
