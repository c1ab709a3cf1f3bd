"""What a file must be before its facts are looked at: readable, named as its entity, canonical, at home once."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import ID, JGS, PART, SLUG, local_id, short
from justicegraph.project.folder import fact_lines
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.validate.findings import Finding, line_of


def check_files(files: Mapping[Path, list[Triple]]) -> Iterator[Finding]:
    """Yield what is wrong with these files of entities, each given with its triples."""
    homes: dict[str, Path] = {}
    for path, triples in files.items():
        yield from _check_name(path, homes)
        yield from _check_subjects(path, triples)
        yield from _check_form(path, triples)
    yield from _check_repeats(files)


def _check_name(path: Path, homes: dict[str, Path]) -> Iterator[Finding]:
    if not SLUG.fullmatch(path.stem):
        remedy = "Rename it: lower-case letters, digits and single hyphens, as in critical-resistance.ttl."
        yield Finding(path, JGS + "FileName", f'the file name "{path.name}" is no slug', remedy)
    first = homes.setdefault(path.stem, path)
    if first != path:
        wrong = f"the id id:{path.stem} is taken by {first}"
        yield Finding(path, JGS + "OneFile", wrong, "Merge the two files, or give one of them another slug.")


def _check_subjects(path: Path, triples: list[Triple]) -> Iterator[Finding]:
    owner = NamedNode(ID + path.stem)
    linked = {triple.subject for triple in triples if triple.object == owner}
    subjects = dict.fromkeys(triple.subject for triple in triples)
    if owner not in subjects:
        wrong = f"the file says nothing of id:{path.stem}, for which it is named"
        remedy = f"Name the file after its entity, or begin it with id:{path.stem}."
        yield Finding(path, JGS + "FileName", wrong, remedy)
    for subject in subjects:
        if not isinstance(subject, NamedNode) or subject == owner:
            continue
        name = short(subject.value)
        part = PART.fullmatch(local_id(subject.value) or "")
        if part is None or part["slug"] != path.stem:
            wrong = f"{name} does not belong into the file of id:{path.stem}"
            remedy = f"Move it to its own file, or name it id:{path.stem}.kind-1 if it is a part."
            yield Finding(path, JGS + "Home", wrong, remedy, line_of(path, subject.value), subject.value)
        elif subject not in linked:
            remedy = f"Add the link that its class demands, as in jg:isCustodyOf id:{path.stem}."
            wrong, line = "the part does not link to its owner", line_of(path, subject.value)
            yield Finding(path, JGS + "Owner", wrong, remedy, line, subject.value)


def _check_form(path: Path, triples: Iterable[Triple]) -> Iterator[Finding]:
    try:
        canonical = canonical_turtle(triples)
    except BrokenFile as error:
        yield Finding(
            path, JGS + "NoBlankNode", str(error).partition(":")[0], "Give it a name, as in id:owner.custody-1."
        )
        return
    lines, expected = path.read_bytes().decode().split("\n"), canonical.split("\n")
    if lines != expected:
        line = next((i for i, (a, b) in enumerate(zip(lines, expected, strict=False), 1) if a != b), len(expected))
        yield Finding(path, JGS + "Form", "the file is not in canonical form", "Run `justicegraph format`.", line)


def _check_repeats(files: Mapping[Path, list[Triple]]) -> Iterator[Finding]:
    """Yield the triples that stand in two files. Subjects in one file only, nearly all, cost one look-up."""
    home: dict[object, Path] = {}
    strays: dict[Path, set[Path]] = {}
    for path, triples in files.items():
        for subject in {triple.subject for triple in triples}:
            if (first := home.setdefault(subject, path)) != path:
                strays.setdefault(path, set()).add(first)
    for path, others in strays.items():
        for other in others:
            for triple in set(files[path]) & set(files[other]):
                wrong = f"the same triple stands in {other}"
                line = fact_lines(path).get(triple, 1)
                yield Finding(path, JGS + "OneGraph", wrong, "Remove it from one of the two files.", line)
