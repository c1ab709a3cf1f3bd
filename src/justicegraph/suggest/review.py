"""How an operator decides: what a suggestion would change in the files, what the checks say, and what is written.

Files are looked at anew each time. What is accepted is what was shown: if a file has changed since, it is shown again.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from justicegraph.errors import CannotStand
from justicegraph.namespaces import ID, JG, PART, SLUG, TYPE, local_id
from justicegraph.project.folder import Folder, load_folder
from justicegraph.project.removal import removal_test
from justicegraph.rdf.canonical import canonical_turtle, format_term
from justicegraph.rdf.schema import facts_of, folder_of
from justicegraph.suggest.checks import check
from justicegraph.suggest.forms import Forms
from justicegraph.suggest.proposals import Proposal, digest, renamed, unpacked
from justicegraph.suggest.store import ACCEPTED, DECLINED, Kept, NotHeld, Store
from justicegraph.system.files import atomic_write, exclusive_lock, sync, write_errors
from justicegraph.validate import Finding

_ADDRESS = NamedNode(JG + "isPublishedAt")
LONGEST = 500
"""Letters of a reason."""


@dataclass(frozen=True)
class Change:
    """A file as it stands, "" where there is none, and as it would be."""

    path: Path
    before: str
    triples: list[Triple]

    @property
    def after(self) -> str:
        """The text that would be written."""
        return canonical_turtle(self.triples)

    def diff(self, root: Path) -> list[str]:
        """Return the lines of a unified diff; none where nothing changes."""
        name = self.path.relative_to(root)
        old = "/dev/null" if not self.before else f"a/{name}"
        return [
            line.rstrip("\n")
            for line in unified_diff(self.before.splitlines(True), self.after.splitlines(True), old, f"b/{name}")
        ]


@dataclass(frozen=True)
class Case:
    """A suggestion as it lies before a reviewer: what it would change, and what is wrong with that.

    `has_moved` tells whether the entry is another than the one that the sender saw.
    """

    kept: Kept
    proposal: Proposal
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    has_moved: bool

    @property
    def revision(self) -> str:
        """What tells what is shown from what would be shown once a file has changed."""
        said = "\n".join(f"{each.path}\n{each.before}\n{each.after}" for each in self.changes)
        return hashlib.sha256(said.encode()).hexdigest()[:32]


class Deciding:
    """Looks at what waits, and decides on it, as this reviewer."""

    def __init__(self, root: Path, store: Store, reviewer: str) -> None:
        self.root, self.store, self.reviewer = root, store, reviewer
        self._slugs: dict[int, str] = {}

    def waiting(self) -> list[tuple[Kept, Proposal]]:
        """Return what waits, the oldest first."""
        return [(kept, unpacked(kept.content)) for kept in self.store.waiting()]

    def case(self, number: int) -> Case:
        """Return a suggestion with what it would change now, checked; raise NotHeld."""
        return self._case(self._held(number), load_folder(self.root))

    def rename(self, number: int, slug: str) -> None:
        """Give the new entry of a suggestion another id, for this reviewer's sitting; raise CannotStand, NotHeld."""
        proposal = unpacked(self._held(number).content)
        if not proposal.is_new:
            raise CannotStand("This entry has its id already: only a new one is given another.")
        if not SLUG.fullmatch(slug) or len(slug) > 100:
            raise CannotStand("An id has small letters, digits and single hyphens, as in critical-resistance.")
        self._slugs[number] = slug

    def accept(self, number: int, revision: str) -> list[Path]:
        """Write what a suggestion changes, if it is what was shown and all checks pass; return the files.

        Raise CannotStand where not, NotHeld where somebody else was first, CannotWrite.
        """
        with exclusive_lock(self.store.path.parent, "another reviewer"):
            case = self.case(number)
            if case.revision != revision:
                raise CannotStand("The files have changed since this was shown. Look at it once more.")
            if case.findings:
                raise CannotStand(f"Not accepted: {case.findings[0]}")
            with self.store.deciding(number, ACCEPTED, self.reviewer, slug=case.proposal.slug):
                written = _write(self.root, case.changes)
        return written

    def decline(self, number: int, reason: str) -> None:
        """Decline a suggestion for a reason that its sender is told; raise CannotStand, NotHeld."""
        reason = " ".join(reason.split())
        if not reason or len(reason) > LONGEST or not reason.isprintable():
            raise CannotStand(f"Tell the sender why, in at most {LONGEST} letters.")
        with self.store.deciding(number, DECLINED, self.reviewer, reason):
            pass

    def _held(self, number: int) -> Kept:
        kept = self.store.by_number(number)
        if kept is None or not kept.content:
            raise NotHeld("This suggestion does not wait any more: it was decided on, withdrawn, or grew too old.")
        return kept

    def _case(self, kept: Kept, project: Folder) -> Case:
        proposal = unpacked(kept.content)
        if slug := self._slugs.get(kept.number):
            proposal = renamed(proposal, slug)
        home = next((path for path in project.files if path.stem == proposal.slug), None)
        standing = project.files[home].triples if home else []
        proposal = _with_free_parts(_with_free_source(proposal, project), standing)
        try:
            changes = tuple(each for each in _changes(project, proposal, home) if each.before != each.after)
        except CannotStand as error:  # its class is gone; so that it can be seen, and declined
            return Case(kept, proposal, (), (Finding(project.root, ID, str(error), "Decline it."),), False)
        findings = [*_misplaced(project, proposal, home, changes), *_overtaken(proposal, home, standing)]
        findings += _findings(project, changes)
        return Case(kept, proposal, changes, tuple(findings), digest(standing) != proposal.base)


def _changes(project: Folder, proposal: Proposal, home: Path | None) -> Iterator[Change]:
    """Yield the new source's file and the entry's, as they would be."""
    if proposal.source:
        place = _home(project, proposal.source_slug, JG + "Source")
        yield Change(place, _text_of(place), list(proposal.source))
    path = home or _home(project, proposal.slug, proposal.kind)
    before = path.read_text(encoding="utf-8") if home else ""
    yield Change(path, before, proposal.applied_to(project.files[home].triples if home else []))


def _home(project: Folder, slug: str, kind: str) -> Path:
    folder = folder_of(kind, facts_of(project.ontology))
    if folder is None or not SLUG.fullmatch(slug):
        raise CannotStand("this suggestion has no place among the entries")
    return project.root / "graph" / folder / f"{slug}.ttl"


def _misplaced(
    project: Folder, proposal: Proposal, home: Path | None, changes: tuple[Change, ...]
) -> Iterator[Finding]:
    """Yield what the checks of files cannot tell: a new entry whose id is taken, a changed one that is gone."""
    place = next((each.path for each in changes), project.root)
    if proposal.is_new and home and changes:
        yield Finding(home, ID, f"the id {proposal.slug} is taken", "Give the new entry another id, or decline.")
    unread = [each.path for each in changes if each.path in project.broken]
    yield from (
        Finding(path, ID, "the file cannot be read", f"Mend it first: {project.broken[path]}.") for path in unread
    )
    if not proposal.is_new and not home and not unread:
        yield Finding(place, ID, f"there is no entry {proposal.slug} any more", "Decline.")


def _overtaken(proposal: Proposal, home: Path | None, standing: list[Triple]) -> Iterator[Finding]:
    """Yield each value that it exchanges and that somebody has exchanged meanwhile: both new ones would stand."""
    stands = set(standing)
    exchanged = {(each.subject, each.predicate) for each in proposal.added if each not in stands}
    for each in proposal.removed:
        if home and each not in stands and (each.subject, each.predicate) in exchanged:
            wrong = f"what it exchanges does not stand there any more: {format_term(each.object)}"  # type: ignore[arg-type]
            yield Finding(home, ID, wrong, "Somebody has changed it since. Change the file yourself, or decline.")


def _findings(project: Folder, changes: tuple[Change, ...]) -> list[Finding]:
    changed = {each.path: each.triples for each in changes}
    if not changed:
        return []
    forms = Forms(project.ontology, [*project.shapes, *project.ontology_shapes])
    return check(changed, project.files.values(), forms, removal_test(project.root), is_whole=True)


def _with_free_parts(proposal: Proposal, standing: list[Triple]) -> Proposal:
    """Return it with other numbers for new parts where, meanwhile, others have taken theirs."""
    taken = {triple.subject for triple in standing if triple not in proposal.added}
    new = [each.subject for each in proposal.added if each.predicate.value == TYPE and each.subject in taken]
    others: dict[object, NamedNode] = {}
    used = {triple.subject for triple in (*standing, *proposal.added)}
    for subject in new:
        found = PART.fullmatch(local_id(subject.value) or "") if isinstance(subject, NamedNode) else None
        if found:
            begin = f"{ID}{found['slug']}.{found['kind']}-"
            free = next(NamedNode(f"{begin}{n}") for n in range(1, 100_000) if NamedNode(f"{begin}{n}") not in used)
            others[subject] = free
            used.add(free)
    added = tuple(
        Triple(others.get(each.subject, each.subject), each.predicate, others.get(each.object, each.object))
        for each in proposal.added
    )
    return replace(proposal, added=added)


def _with_free_source(proposal: Proposal, project: Folder) -> Proposal:
    """Return it with the source that stands meanwhile at the new one's address, else with a free id for the new one."""
    old, homes = proposal.source_slug, {path.stem: path for path in project.files}
    if not old or (old in homes and set(project.files[homes[old]].triples) == set(proposal.source)):
        return proposal
    same = _at_its_address(proposal, project)
    if not same and old not in homes:
        return proposal
    slug = same or next(f"{old}-{number}" for number in range(2, 100_000) if f"{old}-{number}" not in homes)
    old_node, new_node = NamedNode(ID + old), NamedNode(ID + slug)
    source = () if same else tuple(Triple(new_node, each.predicate, each.object) for each in proposal.source)
    added = tuple(
        Triple(each.subject, each.predicate, new_node) if each.object == old_node else each for each in proposal.added
    )
    return replace(proposal, source=source, added=added)


def _at_its_address(proposal: Proposal, project: Folder) -> str:
    """Return the id of the source that is published where the new one is; "" where none is."""
    wanted = {each.object for each in proposal.source if each.predicate == _ADDRESS}
    found = (
        path.stem for path, document in project.files.items() for each in document.triples
        if each.predicate == _ADDRESS and each.object in wanted and each.subject == NamedNode(ID + path.stem)
    )  # fmt: skip
    return min(found, default="")


def _write(root: Path, changes: tuple[Change, ...]) -> list[Path]:
    """Write the files, the source's first; if one cannot be written, take back what was.

    Raise CannotStand where one was saved by somebody while it was checked.
    """
    if any(_text_of(change.path) != change.before for change in changes):
        raise CannotStand("The files have changed since this was shown. Look at it once more.")
    done: list[Change] = []
    try:
        for change in changes:
            with write_errors(change.path):
                change.path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(change.path) as file:
                file.write(change.after.encode())
            done.append(change)
    except BaseException:
        for change in done:
            _take_back(change)
        raise
    return [each.path.relative_to(root) for each in done]


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _take_back(change: Change) -> None:
    if change.before:
        with atomic_write(change.path) as file:
            file.write(change.before.encode())
    else:
        change.path.unlink()
        sync(change.path.parent)
