"""Checks of a file as a whole: its name, its subjects, its canonical form, and triples that repeat elsewhere."""

from collections.abc import Collection, Iterator
from pathlib import Path

from pyoxigraph import NamedNode

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import ID, JGS, PART, SLUG, local_id, short
from justicegraph.rdf.document import Document
from justicegraph.validate.findings import Finding


def check_files(documents: Collection[Document]) -> Iterator[Finding]:
    """Yield what is wrong with the files of these entities."""
    homes: dict[str, Path] = {}
    for document in documents:
        yield from _check_name(document.path, homes)
        yield from _check_subjects(document)
        yield from _check_form(document)
    yield from _check_repeats(documents)


def _check_name(path: Path, homes: dict[str, Path]) -> Iterator[Finding]:
    if not SLUG.fullmatch(path.stem):
        remedy = "Rename it: lower-case letters, digits and single hyphens, as in critical-resistance.ttl."
        yield Finding(path, JGS + "FileName", f'the file name "{path.name}" is not a slug', remedy)
    first = homes.setdefault(path.stem, path)
    if first != path:
        wrong = f"the id id:{path.stem} is already used by {first}"
        yield Finding(path, JGS + "OneFile", wrong, "Merge the two files, or give one of them another slug.")


def _check_subjects(document: Document) -> Iterator[Finding]:
    path, triples = document.path, document.triples
    owner = NamedNode(ID + path.stem)
    linked = {triple.subject for triple in triples if triple.object == owner}
    subjects = dict.fromkeys(triple.subject for triple in triples)
    if owner not in subjects:
        wrong = f"the file does not describe id:{path.stem}, after which it is named"
        remedy = f"Name the file after its entity, or begin it with id:{path.stem}."
        yield Finding(path, JGS + "FileName", wrong, remedy)
    for subject in subjects:
        if not isinstance(subject, NamedNode) or subject == owner:
            continue
        name = short(subject.value)
        part = PART.fullmatch(local_id(subject.value) or "")
        if part is None or part["slug"] != path.stem:
            wrong = f"{name} does not belong in the file of id:{path.stem}"
            remedy = f"Move it to its own file, or name it id:{path.stem}.kind-1 if it is a part."
            yield Finding(path, JGS + "Home", wrong, remedy, document.line_of(subject.value), subject.value)
        elif subject not in linked:
            remedy = f"Add the link that its class requires, as in jg:isCustodyOf id:{path.stem}."
            wrong, line = "the part does not link to its owner", document.line_of(subject.value)
            yield Finding(path, JGS + "Owner", wrong, remedy, line, subject.value)


def _check_form(document: Document) -> Iterator[Finding]:
    try:
        line = document.first_line_out_of_form()
    except BrokenFile as error:
        wrong, remedy = str(error).partition(":")[0], "Give it a name, as in id:owner.custody-1."
        yield Finding(document.path, JGS + "NoBlankNode", wrong, remedy)
        return
    if line:
        wrong, remedy = "the file is not in canonical form", "Run `justicegraph format`."
        yield Finding(document.path, JGS + "Form", wrong, remedy, line)


def _check_repeats(documents: Collection[Document]) -> Iterator[Finding]:
    """Yield the triples that are in two files. Subjects in one file only, nearly all, cost one look-up."""
    home: dict[object, Document] = {}
    shared: list[tuple[Document, Document]] = []
    for document in documents:
        others = {home.setdefault(subject, document) for subject in {triple.subject for triple in document.triples}}
        shared += ((document, other) for other in others if other is not document)
    for document, other in shared:
        for triple in set(document.triples) & set(other.triples):
            wrong = f"the same triple is in {other.path}"
            line = document.lines.get(triple, 1)
            yield Finding(document.path, JGS + "OneGraph", wrong, "Remove it from one of the two files.", line)
