"""What was removed on request, told to copies without telling anybody who it was.

A tombstone is the SHA-256 of an entry's document as a release had it: whoever holds a copy finds the document by it,
and nobody else learns anything. Lines of other documents that told the name are found by an HMAC (RFC 2104) with a key
that is made from the removed document, so that they cannot be guessed either. So are those of an earlier id that led to
it: of such a document all but two ids is known to everybody, so its SHA-256 would confirm a guess.
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
from justicegraph.text import teller

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
"""Gives the lines of canonical N-Quads from the first on, each time."""


@dataclass(frozen=True)
class Tombstones:
    """Digests of documents, and of lines that told their names."""

    graphs: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()

    def __or__(self, other: "Tombstones") -> "Tombstones":
        return Tombstones(self.graphs | other.graphs, self.lines | other.lines)

    def written(self) -> bytes:
        """Return them as a file."""
        said = [f"graph {each}" for each in sorted(self.graphs)] + [f"line {each}" for each in sorted(self.lines)]
        return (_HEAD + "".join(f"{line}\n" for line in said)).encode()


@dataclass(frozen=True)
class Gone:
    """An entry that a release still holds although it was removed: its tombstone, its key, and how it is named.

    `earlier` are the lines of an earlier id, which leads to another entry, and has no tombstone of its own.
    """

    subject: str
    digest: str
    key: bytes
    names: frozenset[str]
    earlier: frozenset[bytes]


def read_tombstones(path: Path) -> Tombstones:
    """Return the tombstones of a file, none where there is no file; raise BrokenFile for a line that is neither."""
    said = path.read_text() if path.exists() else ""
    found: dict[str, set[str]] = {"graph": set(), "line": set()}
    for line in said.splitlines():
        kind, _, digest = line.partition(" ")
        if kind in found and len(digest) == 64:
            found[kind].add(digest)
        elif kind != "#":
            raise BrokenFile(f'{path}: "{line[:40]}" is no tombstone. Take the file anew from the release.')
    return Tombstones(frozenset(found["graph"]), frozenset(found["line"]))


def write_tombstones(path: Path, stones: Tombstones) -> None:
    """Write them to a file, atomically."""
    with atomic_write(path) as file:
        file.write(stones.written())


def gone_from(lines: Lines, is_removed: IsRemoved) -> list[Gone]:
    """Return the entries among these lines that were removed on request."""
    groups = groups_of(quads_of(lines))
    return [_gone(group) for group in groups if is_removed(slug_of(group.subject[1:-1]) or "")]


def buried(read: Read, gone: list[Gone], now: Lines) -> Tombstones:
    """Return the tombstones of these entries, and of the lines that tell their names but stand in no graph of today.

    What the newest graph says, the one who removed the entry has looked at and left.
    """
    tells = teller(name for each in gone for name in each.names)
    lines = zip(read(), quads_of(read()), strict=True) if gone else ()
    telling = {line for line, quad in lines if tells(_told(quad))}
    telling -= {line for line in now if line in telling}
    telling |= {line for each in gone for line in each.earlier}
    found = [each for each in gone if not each.earlier]
    signed = frozenset(_signed(each.key, line) for each in found for line in telling)
    return Tombstones(frozenset(each.digest for each in found), signed)


def without(read: Read, stones: Tombstones, gone: Iterable[Gone] = ()) -> Iterator[bytes]:
    """Yield the lines that tombstones leave, and that tell of none of these entries.

    What is left of a document without the links to another is found by the tombstone that it has as such.
    """
    keys = _keys(read, stones)
    subjects = keys.keys() | {each.subject for each in gone}
    if subjects:
        yield from without(partial(_left, read, stones, keys, subjects), stones)
    else:
        yield from read()


def standing_in(read: Read, stones: Tombstones) -> Tombstones:
    """Return the tombstones but for those of documents that are in a graph again: somebody was taken back in."""
    if not stones.graphs:
        return stones
    back = {_digest(_content(group)) for group in groups_of(quads_of(read())) if _content(group)}
    return Tombstones(stones.graphs - back, stones.lines)


def told_of(lines: Lines, gone: Iterable[Gone]) -> list[str]:
    """Return, sorted, the slugs of the entries whose documents tell the name of one of these."""
    tells = teller(name for each in gone for name in each.names)
    entered = (quad for quad in quads_of(lines) if quad.graph.startswith(f"<{DOC}"))
    return sorted({quad.graph[1:-1].removeprefix(DOC) for quad in entered if tells(_told(quad))})


def _left(read: Read, stones: Tombstones, keys: dict[str, bytes], subjects: Set[str]) -> Iterator[bytes]:
    """Yield the lines that tell of none of these subjects, and that no key finds."""
    documents = {subject.replace(ID, DOC, 1) for subject in subjects}
    for line, (subject, _, value, graph) in zip(read(), quads_of(read()), strict=True):
        if owner_of(subject) in subjects or owner_of(value) in subjects or graph in documents:
            continue
        if stones.lines and any(_signed(key, line) in stones.lines for key in keys.values()):
            continue
        yield line


def _keys(read: Read, stones: Tombstones) -> dict[str, bytes]:
    """Return the key of each entry whose tombstone is there."""
    if not stones.graphs:
        return {}
    contents = ((group.subject, _content(group)) for group in groups_of(quads_of(read())))
    return {subject: _key(said) for subject, said in contents if said and _digest(said) in stones.graphs}


def _gone(group: Group) -> Gone:
    slug, said = slug_of(group.subject[1:-1]) or "", _content(group)
    labels = {value_and_kind(quad.value)[0] for quad in group.quads if quad.predicate in _NAMES}
    leads = any(quad.predicate == _REPLACED for quad in group.quads)
    earlier = (f"{' '.join(quad)} .\n".encode() for quad in group.quads if leads)
    return Gone(group.subject, _digest(said), _key(said), frozenset({*labels, slug}), frozenset(earlier))


def _told(quad: Quad) -> str:
    """Return what a line may tell a name by: ids, texts and addresses elsewhere, but no word of a vocabulary."""
    return "\n".join(_text(term) for term in (quad.subject, quad.value, quad.graph))


def _text(term: str) -> str:
    text, kind = value_and_kind(term)
    if kind != IRI:
        return text
    local = text.removeprefix(ID).removeprefix(DOC)
    return "" if local.startswith(_NAMELESS) else local


def _content(group: Group) -> bytes:
    """Return the canonical N-Quads of a thing's own document; nothing for a thing that has none."""
    document = group.subject.replace(ID, DOC, 1)
    if document == group.subject:
        return b""
    return "".join(sorted(" ".join(quad) + " .\n" for quad in group.quads if quad.graph == document)).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _key(content: bytes) -> bytes:
    return hashlib.sha256(b"key" + content).digest()


def _signed(key: bytes, line: bytes) -> str:
    return hmac.new(key, line, "sha256").hexdigest()
