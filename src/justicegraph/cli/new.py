"""The command `new`: it asks for the values that the shapes demand, and writes a file that passes the check."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from justicegraph.cli.terminal import folder_option, say
from justicegraph.suggest.kinds import KINDS, slug_for

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode, Triple

    from justicegraph.project.folder import Folder
    from justicegraph.validate import Requirement


@click.command("new")
@click.argument("kind", type=click.Choice(list(KINDS)))
@folder_option
def new_entry(kind: str, folder: Path) -> None:
    """Ask for the required values of a new entry, and write its file."""
    from justicegraph.project.folder import load_folder, store_of
    from justicegraph.project.removal import removal_test
    from justicegraph.validate import validate

    project = load_folder(folder)
    path = _write(project, kind)
    click.echo(str(path))
    findings = [
        finding
        for finding in validate(project, store_of(project), is_removed=removal_test(folder))
        if finding.path == path
    ]
    for finding in findings:
        say(str(finding))
    say("Add what else you know (see CONTRIBUTING.md). Then run `justicegraph format` and `justicegraph check`.")
    sys.exit(4 if findings else 0)


def _write(project: "Folder", kind: str) -> Path:
    """Ask for one entry and write it; return its path."""
    from pyoxigraph import NamedNode, Triple

    from justicegraph.namespaces import ID, JG, SKOS, TYPE
    from justicegraph.rdf.document import Document
    from justicegraph.rdf.schema import facts_of, folder_of
    from justicegraph.system.files import atomic_write, write_errors
    from justicegraph.validate import requirements_of

    name, ontology = KINDS[kind], facts_of(project.ontology)
    label = _ask(f"Name of the {kind}, as people use it today")
    slug = _ask_slug(project, label)
    subject = NamedNode(ID + slug)
    triples = [Triple(subject, NamedNode(TYPE), NamedNode(JG + name))]
    for required in requirements_of(JG + name, ontology, facts_of(project.shapes)):
        value = _value(project, required, label if required.path == SKOS + "prefLabel" else None)
        triples.append(Triple(subject, NamedNode(required.path), value))
    if name == "Cause":
        triples.append(_cause_link(project, subject))
    if name == "Source":
        triples += _where_published(subject)
    path = project.root / "graph" / (folder_of(JG + name, ontology) or "") / f"{slug}.ttl"
    with write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    document = Document(path, triples)
    with atomic_write(path) as file:
        file.write(document.text.encode())
    project.files[path] = document
    return path


def _value(project: "Folder", required: "Requirement", text: str | None) -> "NamedNode | Literal":
    """Ask until the value is valid for the requirement."""
    from pyoxigraph import Literal, NamedNode

    from justicegraph.namespaces import ID, JG, JGT, RDF

    if required.datatype == RDF + "langString":
        return Literal(text or _ask(required.message.partition(", with its language")[0]), language="en")
    if required.datatype:
        return Literal(_ask(required.message), datatype=NamedNode(required.datatype))
    if required.wanted == JG + "Source":
        return NamedNode(ID + _ask_source(project, required.message))
    known = _of_class(project, required.wanted or "")
    local = _ask_one(required.message, known)
    return NamedNode((JGT if JGT + local in known.values() else ID) + local)


def _ask_source(project: "Folder", message: str) -> str:
    """Ask for a source's id; for `new`, ask for the new source first."""
    from justicegraph.namespaces import JG

    known = _of_class(project, JG + "Source")
    while True:
        local = _ask(f"{message}\n(its id, or `new`)")
        if local == "new":
            return _write(project, "source").stem
        if local.removeprefix("id:") in known:
            return local.removeprefix("id:")
        say(f"There is no source {local}.{_near(local, known)}")


def _cause_link(project: "Folder", subject: "NamedNode") -> "Triple":
    from pyoxigraph import NamedNode, Triple

    from justicegraph.namespaces import ID, JG, SKOS

    known = _of_class(project, JG + "Cause")
    local = _ask_one("The one wider cause that this belongs to, or `top`", {**known, "top": ""})
    if local == "top":
        return Triple(subject, NamedNode(SKOS + "topConceptOf"), NamedNode(ID + "causes"))
    return Triple(subject, NamedNode(SKOS + "broader"), NamedNode(ID + local))


def _where_published(subject: "NamedNode") -> "Iterable[Triple]":
    """Ask where a source was published; yield the triples."""
    from pyoxigraph import Literal, NamedNode, Triple

    from justicegraph.dates import PATTERN, datatype_of
    from justicegraph.namespaces import JG

    if address := _ask_if_any("Its address, https://…", r"https?://[^/\s<>\"]+\.[^\s<>\"]+"):
        yield Triple(subject, NamedNode(JG + "isPublishedAt"), NamedNode(address))
    if publisher := _ask_if_any("Who published it", r".+"):
        yield Triple(subject, NamedNode(JG + "publisher"), Literal(publisher))
    if day := _ask_if_any("Its date, as in 2018-07-20, 2018-07 or 2018", PATTERN):
        yield Triple(subject, NamedNode(JG + "issuedOn"), Literal(day, datatype=NamedNode(datatype_of(day))))


def _ask_if_any(question: str, pattern: str) -> str:
    while True:
        answer: str = click.prompt(f"{question} (empty if you do not know)", default="", show_default=False, err=True)
        if not answer.strip() or re.fullmatch(pattern, answer.strip()):
            return answer.strip()
        say(f"{answer} does not have that form.")


def _of_class(project: "Folder", wanted: str) -> dict[str, str]:
    """Return the IRIs of the instances of a class and of narrower ones, by local name."""
    from justicegraph.namespaces import TYPE
    from justicegraph.rdf.schema import facts_of, wider_classes

    ontology = facts_of(project.ontology)
    facts_by_iri = {
        **ontology,
        **facts_of(triple for document in project.files.values() for triple in document.triples),
    }
    instances = (
        iri
        for iri, facts in list(facts_by_iri.items())
        for kind in facts[TYPE]
        if wanted in wider_classes(kind, ontology)
    )
    return {re.split("[#/]", iri)[-1]: iri for iri in instances}


def _ask_slug(project: "Folder", label: str) -> str:
    from justicegraph.namespaces import SLUG
    from justicegraph.project.removal import removal_test

    taken, is_removed = {path.stem for path in project.files}, removal_test(project.root)
    while True:
        slug = _ask("Its id: lowercase letters, digits and single hyphens", default=slug_for(label))
        if not SLUG.fullmatch(slug):
            say(f"{slug} is not an id.")
        elif slug in taken:
            say(f"{slug} is taken. If it is the same thing, edit that file. If not, add a place or a role.")
        elif is_removed(slug):
            say(f"{slug} was removed on request and cannot come back.")
        else:
            return slug


def _ask_one(message: str, known: dict[str, str]) -> str:
    while True:
        local = _ask(message).removeprefix("id:").removeprefix("jgt:")
        if local in known:
            return local
        say(f"There is no {local}.{_near(local, known)}")


def _near(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    listed = sorted(known)
    near = listed if len(listed) <= 12 else get_close_matches(word, listed, n=5, cutoff=0.4)
    return f" There is: {', '.join(near)}." if near else ""


def _ask(question: str, default: str | None = None) -> str:
    while True:
        answer: str = click.prompt(question, default=default, err=True).strip()
        if answer and answer[0] not in "=+-@":
            return answer
        say("The text must not begin with = + - @.")
