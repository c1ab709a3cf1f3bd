"""The review of suggestions: a suggestion with its diff and the findings of all checks, to accept or to decline.

The files are read again each time. Only what was shown can be accepted: if a file has changed since, it is shown again.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Triple

from justicegraph.errors import DecisionRejected
from justicegraph.namespaces import ID, SLUG
from justicegraph.project.folder import Folder, load_folder
from justicegraph.project.removal import removal_test
from justicegraph.rdf.canonical import format_term
from justicegraph.suggest.checks import check
from justicegraph.suggest.entry import digest_of
from justicegraph.suggest.forms import Forms
from justicegraph.suggest.proposals import Proposal, proposal_from_json, with_slug
from justicegraph.suggest.rebase import rebased
from justicegraph.suggest.store import ACCEPTED, DECLINED, NotWaiting, Store, Suggestion
from justicegraph.suggest.turtle import STALE, FileChange, file_changes, file_of, write_files
from justicegraph.system.files import exclusive_lock
from justicegraph.validate import Finding

MAX_REASON = 500
"""Characters of a reason."""
_MAX_SLUG = 100


@dataclass(frozen=True)
class Assessment:
    """A suggestion as a reviewer sees it: the files that it would change now, and the findings of the checks.

    `is_outdated` tells whether the entry has changed since the sender saw it.
    """

    suggestion: Suggestion
    proposal: Proposal
    changes: tuple[FileChange, ...]
    findings: tuple[Finding, ...]
    is_outdated: bool

    @property
    def revision(self) -> str:
        """A hash of all that would be written: it changes when one of the files does."""
        texts = "\n".join(f"{change.path}\n{change.before}\n{change.after}" for change in self.changes)
        return hashlib.sha256(texts.encode()).hexdigest()[:32]


class Review:
    """Assesses, accepts and declines suggestions for the project in `root`, in the name of one reviewer."""

    def __init__(self, root: Path, store: Store, reviewer: str) -> None:
        self.root, self.store, self.reviewer = root, store, reviewer
        self._new_slugs: dict[int, str] = {}

    def waiting(self) -> list[tuple[Suggestion, Proposal]]:
        """Return the suggestions that wait, the oldest first."""
        return [(suggestion, proposal_from_json(suggestion.content)) for suggestion in self.store.waiting()]

    def assess(self, number: int) -> Assessment:
        """Return a suggestion with the files that it would change now, checked; raise NotWaiting."""
        suggestion = self._suggestion(number)
        return _assessed(suggestion, self._proposal(suggestion), load_folder(self.root))

    def rename(self, number: int, slug: str) -> None:
        """Give a new entry another id, as long as this review lasts; raise DecisionRejected, NotWaiting."""
        if not self._proposal(self._suggestion(number)).is_new:
            raise DecisionRejected("Only a new entry can get another id.")
        if not SLUG.fullmatch(slug) or len(slug) > _MAX_SLUG:
            raise DecisionRejected(
                "An id consists of lowercase letters, digits and single hyphens, as in critical-resistance."
            )
        self._new_slugs[number] = slug

    def accept(self, number: int, revision: str) -> list[Path]:
        """Write the files of a suggestion, if they are those that were shown and all checks pass; return their paths.

        Raise DecisionRejected if not, NotWaiting if somebody else was first, CannotWrite.
        """
        with exclusive_lock(self.store.path.parent, "another reviewer"):
            assessment = self.assess(number)
            if assessment.revision != revision:
                raise DecisionRejected(STALE)
            if assessment.findings:
                raise DecisionRejected(f"Not accepted: {assessment.findings[0]}")
            with self.store.decide(number, ACCEPTED, self.reviewer, slug=assessment.proposal.slug):
                return write_files(self.root, assessment.changes)

    def decline(self, number: int, reason: str) -> None:
        """Decline a suggestion for a reason that its sender reads; raise DecisionRejected, NotWaiting."""
        reason = " ".join(reason.split())
        if not reason or len(reason) > MAX_REASON or not reason.isprintable():
            raise DecisionRejected(f"Give the sender a reason of at most {MAX_REASON} characters.")
        with self.store.decide(number, DECLINED, self.reviewer, reason):
            pass

    def _suggestion(self, number: int) -> Suggestion:
        suggestion = self.store.by_number(number)
        if suggestion is None or not suggestion.content:
            raise NotWaiting
        return suggestion

    def _proposal(self, suggestion: Suggestion) -> Proposal:
        proposal = proposal_from_json(suggestion.content)
        slug = self._new_slugs.get(suggestion.number)
        return with_slug(proposal, slug) if slug else proposal


def _assessed(suggestion: Suggestion, proposal: Proposal, project: Folder) -> Assessment:
    proposal = rebased(proposal, project)
    path = file_of(project, proposal.slug)
    current = project.files[path].triples if path else []
    try:
        changes = file_changes(project, proposal)
    except DecisionRejected as error:  # its class is gone; the reviewer can still see it, and decline it
        finding = Finding(project.root, ID, str(error), "Decline it.")
        return Assessment(suggestion, proposal, (), (finding,), is_outdated=False)
    findings = [*_misplaced(project, proposal, path, changes), *_outdated_values(proposal, path, current)]
    findings += _check(project, changes)
    is_outdated = digest_of(current) != proposal.base
    return Assessment(suggestion, proposal, changes, tuple(findings), is_outdated)


def _misplaced(
    project: Folder, proposal: Proposal, path: Path | None, changes: Sequence[FileChange]
) -> Iterator[Finding]:
    """Yield the findings beyond the checks of files: a new entry with a taken id, a changed entry that is gone."""
    if proposal.is_new and path and changes:
        yield Finding(path, ID, f"the id {proposal.slug} is taken", "Give the new entry another id, or decline.")
    broken = [change.path for change in changes if change.path in project.broken]
    for broken_path in broken:
        yield Finding(broken_path, ID, "the file cannot be read", f"Repair it first: {project.broken[broken_path]}.")
    if not proposal.is_new and not path and not broken:
        nearest = next((change.path for change in changes), project.root)
        yield Finding(nearest, ID, f"the entry {proposal.slug} does not exist any more", "Decline it.")


def _outdated_values(proposal: Proposal, path: Path | None, current: Sequence[Triple]) -> Iterator[Finding]:
    """Yield each value that the proposal replaces, if somebody has replaced it already: both new ones would remain."""
    existing = set(current)
    replaced = {(triple.subject, triple.predicate) for triple in proposal.added if triple not in existing}
    for triple in proposal.removed:
        if path and triple not in existing and (triple.subject, triple.predicate) in replaced:
            wrong = f"somebody has replaced this value already: {format_term(triple.object)}"  # type: ignore[arg-type]
            yield Finding(path, ID, wrong, "Change the file yourself, or decline.")


def _check(project: Folder, changes: Sequence[FileChange]) -> list[Finding]:
    if not changes:
        return []
    forms = Forms(project.ontology, [*project.shapes, *project.ontology_shapes])
    changed = {change.path: change.triples for change in changes}
    return check(changed, project.files.values(), forms, removal_test(project.root), is_whole=True)
