"""Removal on request: an entry goes with every link to it, and its id cannot come back.

The list of removed entries is `removed.txt`. Each line is a keyed hash (HMAC-SHA-256, RFC 2104), so the list names
nobody. The operator's key is in a file outside the repository: without it, nobody can find the entry of a hash.
"""

import hmac
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.errors import MissingKey, UnknownEntity
from justicegraph.namespaces import DCTERMS, JG, SKOS, slug_of
from justicegraph.project.folder import Folder
from justicegraph.project.mappings import remove_mappings
from justicegraph.project.released import remove_released
from justicegraph.project.sssom import Decision
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.system.files import atomic_write, sync, write_errors
from justicegraph.text import name_finder

LIST = "removed.txt"
KEY = ".removal-key"

IsRemoved = Callable[[str], bool]
"""Tells whether the entry with this slug was removed on request."""
Forget = Callable[[set[str], Callable[[str], bool]], list[Path]]
"""Removes the entries with these slugs, and texts with their names, from other files; returns the changed files."""

_REPLACED = NamedNode(DCTERMS + "isReplacedBy")
_NAMES = {SKOS + "prefLabel", SKOS + "altLabel", JG + "name"}


@dataclass(frozen=True)
class Removal:
    """The files that a removal deleted, those that lost a link, and those that still contain the name."""

    gone: list[Path]
    changed: list[Path]
    still: list[Path]


def removal_test(root: Path) -> IsRemoved:
    """Return a test whether the entry with a slug was removed; without list or key, none was."""
    try:
        key, listed = (root / KEY).read_bytes(), set((root / LIST).read_text().split())
    except FileNotFoundError:
        return lambda _: False
    return lambda slug: _digest(key, slug) in listed


def removals_checksum(root: Path) -> str:
    """Return a keyed checksum of the list of removed entries; "" if the list is missing.

    It depends on the key: releases that were checked with a wrong key are checked again.
    """
    path, key = root / LIST, root / KEY
    if not path.exists():
        return ""
    return hmac.new(key.read_bytes().strip() if key.exists() else b"", path.read_bytes(), "sha256").hexdigest()


def check_key(root: Path) -> None:
    """Raise MissingKey if entries were removed from this project and the key is missing."""
    if (root / LIST).exists() and (root / LIST).read_text().split() and not _has_key(root):
        raise MissingKey(f"{root / LIST} cannot be read without the operator's key: put {KEY} beside it.")


def remove(folder: Folder, slug: str, elsewhere: Forget = lambda *_: []) -> Removal:
    """Remove the entry with this slug from the project's files; raise UnknownEntity, MissingKey or CannotWrite.

    The list comes first and the entry's own file last, so that an interrupted removal is finished by running it again.
    """
    homes = {path.stem: path for path in folder.files}
    if slug not in homes:
        raise UnknownEntity(f'There is no entry "{slug}" to remove.')
    check_key(folder.root)
    slugs = _earlier(folder, slug)
    _write_down(folder.root, slugs)
    remove_released(folder.root, slugs)
    gone = [homes[earlier] for earlier in sorted(slugs)]
    contains_name = name_finder(_names(folder.files[homes[slug]].triples, slug))
    changed, still = [], []
    for path, document in folder.files.items():
        if path in gone:
            continue
        remaining = [triple for triple in document.triples if not _links(triple, slugs)]
        if len(remaining) < len(document.triples):
            with atomic_write(path) as file:
                file.write(canonical_turtle(remaining).encode())
            changed.append(path)
        if contains_name(f"{path.stem}\n{_texts(remaining)}"):
            still.append(path)
    unlinked = remove_mappings(folder.mappings, slugs)
    changed += unlinked
    still += _mappings_with_name(folder, unlinked, contains_name)
    changed += elsewhere(slugs, contains_name)
    for path in gone:
        with write_errors(path):
            path.unlink()
            sync(path.parent)
    return Removal(gone, changed, still)


def _mappings_with_name(
    folder: Folder, unlinked: Mapping[Path, list[Decision]], contains_name: Callable[[str], bool]
) -> Iterator[Path]:
    """Yield the files of mappings that still contain the name; a broken one is searched as text."""
    for path, decisions in {**folder.mappings, **unlinked}.items():
        if any(contains_name("\n".join(decision.cells)) for decision in decisions):
            yield path
    for path in folder.broken:
        if path.name.endswith(".tsv") and contains_name(path.read_text(encoding="utf-8", errors="replace")):
            yield path


def _earlier(folder: Folder, slug: str) -> set[str]:
    """Return the slug with all earlier slugs that lead to it, directly or by way of each other."""
    slugs, new = {slug}, {slug}
    while new:
        new = {path.stem for path, document in folder.files.items() if _leads_to(document.triples, new)} - slugs
        slugs |= new
    return slugs


def _leads_to(triples: list[Triple], slugs: set[str]) -> bool:
    return any(triple.predicate == _REPLACED and _links(triple, slugs) for triple in triples)


def _links(triple: Triple, slugs: set[str]) -> bool:
    return isinstance(triple.object, NamedNode) and slug_of(triple.object.value) in slugs


def _names(triples: list[Triple], slug: str) -> set[str]:
    """Return the names of an entry, former names included."""
    terms = (triple.object for triple in triples if triple.predicate.value in _NAMES)
    return {slug, *(name.value for name in terms if isinstance(name, Literal))}


def _texts(triples: list[Triple]) -> str:
    return "\n".join(triple.object.value for triple in triples if isinstance(triple.object, NamedNode | Literal))


def _write_down(root: Path, slugs: set[str]) -> None:
    key = _key(root)
    path = root / LIST
    listed = set(path.read_text().split()) if path.exists() else set()
    with atomic_write(path) as file:
        file.write("".join(f"{line}\n" for line in sorted(listed | {_digest(key, slug) for slug in slugs})).encode())


def _key(root: Path) -> bytes:
    """Return the operator's key; create one if it is missing, readable for its owner only."""
    path = root / KEY
    if not _has_key(root):
        with write_errors(path), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.write(secrets.token_hex(32).encode())
            sync(file)
    return path.read_bytes()


def _has_key(root: Path) -> bool:
    """Return whether there is a key. An empty file, left by a crash, does not count: anybody could guess it."""
    return (root / KEY).exists() and bool((root / KEY).read_bytes().strip())


def _digest(key: bytes, slug: str) -> str:
    return hmac.new(key.strip(), slug.encode(), "sha256").hexdigest()
