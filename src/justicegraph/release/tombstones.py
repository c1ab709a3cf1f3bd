"""Tombstones: how copies of a release find entries that were removed on request, without naming them.

A tombstone is the SHA-256 of an entry's document as a release had it. Somebody with a copy finds the document by it,
and nobody else learns anything. Lines of other documents with the entry's name are found by an HMAC (RFC 2104), whose
key is made from the removed document, so that nobody can guess them. The document of an earlier id is treated as such
lines: everything in it but two ids is known to everybody, so that its SHA-256 would confirm a guess.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import DCTERMS, DOC, HOME, ID, PREFIXES, SKOS, slug_of
from justicegraph.project.removal import IsRemoved
from justicegraph.rdf.nquads import Group, Lines, Quad, groups_of, owner_of, quads_of
from justicegraph.release.statements import IRI, value_and_kind
from justicegraph.system.files import atomic_write
from justicegraph.text import name_finder

FILE = "tombstones.txt"
_HEAD = """\
# Drop the graph of each document whose sorted N-Quads, each line with its end, have the SHA-256 in a line "graph".
# Drop every statement that links to what that graph was about, and each line with an HMAC-SHA-256 in a line "line":
# its key is the SHA-256 of "key" and the same N-Quads. Do so again until nothing more is found.
"""
_NAMES = {f"<{SKOS}prefLabel>", f"<{SKOS}altLabel>"}
_REPLACED = f"<{DCTERMS}isReplacedBy>"
_NAMELESS = (HOME, *PREFIXES.values())

Read = Callable[[], Lines]
"""Returns the lines of canonical N-Quads, from the first line at every call."""


@dataclass(frozen=True)
class Tombstones:
    """Digests of removed documents, and of lines with their names."""

    graphs: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()

    def __or__(self, other: "Tombstones") -> "Tombstones":
        return Tombstones(self.graphs | other.graphs, self.lines | other.lines)

    def to_bytes(self) -> bytes:
        """Return the tombstones as the content of a file."""
        lines = [f"graph {digest}" for digest in sorted(self.graphs)] + [
            f"line {digest}" for digest in sorted(self.lines)
        ]
        return (_HEAD + "".join(f"{line}\n" for line in lines)).encode()


@dataclass(frozen=True)
class RemovedEntry:
    """A removed entry in an older release: its subject, tombstone, key for lines, and names.

    `earlier` has the lines of an earlier id that was redirected to the entry; it has no tombstone of its own.
    """

    subject: str
    digest: str
    key: bytes
    names: frozenset[str]
    earlier: frozenset[bytes]


def read_tombstones(path: Path) -> Tombstones:
    """Return the tombstones of a file, none if there is no file; raise BrokenFile for an invalid line."""
    content = path.read_text() if path.exists() else ""
    digests: dict[str, set[str]] = {"graph": set(), "line": set()}
    for line in content.splitlines():
        kind, _, digest = line.partition(" ")
        if kind in digests and len(digest) == 64:
            digests[kind].add(digest)
        elif kind != "#":
            raise BrokenFile(f'{path}: "{line[:40]}" is not a tombstone. Download the file of the release again.')
    return Tombstones(frozenset(digests["graph"]), frozenset(digests["line"]))


def write_tombstones(path: Path, tombstones: Tombstones) -> None:
    """Write tombstones to a file, atomically."""
    with atomic_write(path) as file:
        file.write(tombstones.to_bytes())


def find_removed_entries(lines: Lines, is_removed: IsRemoved) -> list[RemovedEntry]:
    """Return the entries among these lines that were removed on request."""
    groups = groups_of(quads_of(lines))
    return [_removed_entry(group) for group in groups if is_removed(slug_of(group.subject[1:-1]) or "")]


def make_tombstones(read: Read, removed: list[RemovedEntry], newest_lines: Lines) -> Tombstones:
    """Return the tombstones of removed entries, and of the lines with their names that the newest graph lacks.

    Lines in the newest graph were checked when the entry was removed.
    """
    names_one = name_finder(name for entry in removed for name in entry.names)
    lines = zip(read(), quads_of(read()), strict=True) if removed else ()
    naming = {line for line, quad in lines if names_one(_searched_text(quad))}
    naming -= {line for line in newest_lines if line in naming}
    naming |= {line for entry in removed for line in entry.earlier}
    with_digest = [entry for entry in removed if not entry.earlier]
    line_digests = frozenset(_line_digest(entry.key, line) for entry in with_digest for line in naming)
    return Tombstones(frozenset(entry.digest for entry in with_digest), line_digests)


def apply_tombstones(read: Read, tombstones: Tombstones, removed: Iterable[RemovedEntry] = ()) -> Iterator[bytes]:
    """Yield the lines that tombstones do not match, and that are not about one of the removed entries.

    It is applied until no tombstone matches: a document may match only after links to another one were deleted.
    """
    keys = _keys(read, tombstones)
    subjects = keys.keys() | {entry.subject for entry in removed}
    if subjects:
        yield from apply_tombstones(partial(_remaining_lines, read, tombstones, keys, subjects), tombstones)
    else:
        yield from read()


def drop_restored(read: Read, tombstones: Tombstones) -> Tombstones:
    """Return the tombstones without those of documents that are in a graph again."""
    if not tombstones.graphs:
        return tombstones
    restored = {_digest(_content(group)) for group in groups_of(quads_of(read())) if _content(group)}
    return Tombstones(tombstones.graphs - restored, tombstones.lines)


def entries_that_name(lines: Lines, removed: Iterable[RemovedEntry]) -> list[str]:
    """Return, sorted, the slugs of the entries whose documents have the name of a removed entry."""
    names_one = name_finder(name for entry in removed for name in entry.names)
    of_documents = (quad for quad in quads_of(lines) if quad.graph.startswith(f"<{DOC}"))
    return sorted({quad.graph[1:-1].removeprefix(DOC) for quad in of_documents if names_one(_searched_text(quad))})


def _remaining_lines(read: Read, tombstones: Tombstones, keys: dict[str, bytes], subjects: Set[str]) -> Iterator[bytes]:
    """Yield the lines that are not about one of the subjects, and whose digest with a key is not a tombstone."""
    documents = {subject.replace(ID, DOC, 1) for subject in subjects}
    for line, (subject, _, value, graph) in zip(read(), quads_of(read()), strict=True):
        if owner_of(subject) in subjects or owner_of(value) in subjects or graph in documents:
            continue
        if tombstones.lines and any(_line_digest(key, line) in tombstones.lines for key in keys.values()):
            continue
        yield line


def _keys(read: Read, tombstones: Tombstones) -> dict[str, bytes]:
    """Return the keys of the entries that match a tombstone, by subject."""
    if not tombstones.graphs:
        return {}
    contents = ((group.subject, _content(group)) for group in groups_of(quads_of(read())))
    return {
        subject: _key(content) for subject, content in contents if content and _digest(content) in tombstones.graphs
    }


def _removed_entry(group: Group) -> RemovedEntry:
    slug, content = slug_of(group.subject[1:-1]) or "", _content(group)
    labels = {value_and_kind(quad.value)[0] for quad in group.quads if quad.predicate in _NAMES}
    is_renamed = any(quad.predicate == _REPLACED for quad in group.quads)
    earlier = (f"{' '.join(quad)} .\n".encode() for quad in group.quads if is_renamed)
    return RemovedEntry(group.subject, _digest(content), _key(content), frozenset({*labels, slug}), frozenset(earlier))


def _searched_text(quad: Quad) -> str:
    """Return the text of a line that may have a name: ids, texts and foreign addresses, without vocabulary terms."""
    return "\n".join(_text(term) for term in (quad.subject, quad.value, quad.graph))


def _text(term: str) -> str:
    text, kind = value_and_kind(term)
    if kind != IRI:
        return text
    local = text.removeprefix(ID).removeprefix(DOC)
    return "" if local.startswith(_NAMELESS) else local


def _content(group: Group) -> bytes:
    """Return the canonical N-Quads of an entry's own document; nothing for a subject without one."""
    document = group.subject.replace(ID, DOC, 1)
    if document == group.subject:
        return b""
    return "".join(sorted(" ".join(quad) + " .\n" for quad in group.quads if quad.graph == document)).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _key(content: bytes) -> bytes:
    return hashlib.sha256(b"key" + content).digest()


def _line_digest(key: bytes, line: bytes) -> str:
    return hmac.new(key, line, "sha256").hexdigest()
