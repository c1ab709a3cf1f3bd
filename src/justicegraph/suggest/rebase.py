"""Fits a proposal to the project as it is now: new parts get free numbers, a new source a free id."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode, Triple

from justicegraph.namespaces import ID, JG, PART, TYPE, local_id
from justicegraph.project.folder import Folder
from justicegraph.suggest.proposals import Proposal
from justicegraph.suggest.turtle import file_of

_PUBLISHED_AT = NamedNode(JG + "isPublishedAt")


def rebased(proposal: Proposal, project: Folder) -> Proposal:
    """Return the proposal as it applies to the project now: ids that were taken meanwhile are replaced."""
    path = file_of(project, proposal.slug)
    return _with_free_parts(_with_free_source(proposal, project), project.files[path].triples if path else [])


def _with_free_parts(proposal: Proposal, current: Sequence[Triple]) -> Proposal:
    """Give new parts other numbers if other parts have taken theirs."""
    taken = {triple.subject for triple in current if triple not in proposal.added}
    used = {triple.subject for triple in (*current, *proposal.added)}
    replacements: dict[object, NamedNode] = {}
    for triple in proposal.added:
        subject = triple.subject
        if triple.predicate.value != TYPE or subject not in taken or not isinstance(subject, NamedNode):
            continue
        if part := PART.fullmatch(local_id(subject.value) or ""):
            prefix = f"{ID}{part['slug']}.{part['kind']}-"
            replacements[subject] = next(node for node in _numbered(prefix) if node not in used)
            used.add(replacements[subject])
    added = tuple(
        Triple(replacements.get(t.subject, t.subject), t.predicate, replacements.get(t.object, t.object))
        for t in proposal.added
    )
    return replace(proposal, added=added)


def _numbered(prefix: str) -> Iterator[NamedNode]:
    return (NamedNode(f"{prefix}{number}") for number in range(1, 100_000))


def _with_free_source(proposal: Proposal, project: Folder) -> Proposal:
    """Use the source that exists now at the new one's address; else give the new one a free id."""
    old, path_by_slug = proposal.source_slug, {path.stem: path for path in project.files}
    if not old or (old in path_by_slug and set(project.files[path_by_slug[old]].triples) == set(proposal.source)):
        return proposal
    existing = _source_at_same_address(proposal, project)
    if not existing and old not in path_by_slug:
        return proposal
    slug = existing or next(f"{old}-{number}" for number in range(2, 100_000) if f"{old}-{number}" not in path_by_slug)
    old_node, new_node = NamedNode(ID + old), NamedNode(ID + slug)
    source = () if existing else tuple(Triple(new_node, t.predicate, t.object) for t in proposal.source)
    added = tuple(Triple(t.subject, t.predicate, new_node) if t.object == old_node else t for t in proposal.added)
    return replace(proposal, source=source, added=added)


def _source_at_same_address(proposal: Proposal, project: Folder) -> str:
    """Return the id of the source that is published at the new one's address; "" if there is none."""
    addresses = {triple.object for triple in proposal.source if triple.predicate == _PUBLISHED_AT}
    slugs = (
        path.stem for path, document in project.files.items() for triple in document.triples
        if triple.predicate == _PUBLISHED_AT and triple.object in addresses
        and triple.subject == NamedNode(ID + path.stem)
    )  # fmt: skip
    return min(slugs, default="")
