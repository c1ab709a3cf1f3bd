"""Snapshots: immutable folders of dumps, named after their content; and the store to query one.

    build/current -> snapshots/<id>
    build/snapshots/<id>/manifest.json, justicegraph.nq, justicegraph.ttl, …, store/ if the graph is large, search/

The id is taken from the checksums of the dumps, so equal input gives an equal id. A build writes beside the snapshots
and renames at the end. Servers keep the old one open, and after an interrupted build it remains current.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from pyoxigraph import RdfFormat, Store

from justicegraph.rdf.files import load_store
from justicegraph.rdf.nquads import write_sorted
from justicegraph.rdf.turtle import write_turtle
from justicegraph.system.files import exclusive_lock, sha256, sync, write_errors

QUADS = "justicegraph.nq"
TURTLE = "justicegraph.ttl"
MANIFEST = "manifest.json"

IN_MEMORY = 2_000_000
"""Quads up to which a snapshot is served from memory; beyond, from a store on disk."""

Dump = Callable[[Path, IO[bytes]], None]
"""Writes one dump, from the file of canonical N-Quads."""

Extra = Callable[[Path], object]
"""Writes a folder that is derived from the dumps: it does not change the snapshot's id."""


@dataclass(frozen=True)
class Snapshot:
    """A finished build: its folder, its id, the fingerprint of its inputs, its quads, and its files' checksums."""

    path: Path
    id: str
    inputs: str
    quads: int
    files: Mapping[str, str]


def fingerprint(*folders: Path) -> str:
    """Return the SHA-256 of every file below these folders, names and bytes."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(folder)}\0{sha256(path)}\n".encode())
    return digest.hexdigest()


def current_snapshot(build: Path) -> Snapshot | None:
    """Return the snapshot that build/current points to; None if none is complete."""
    return read_snapshot(build / "current")


def read_snapshot(path: Path) -> Snapshot | None:
    """Return the snapshot in a folder; None if it is not a complete one."""
    try:
        manifest = json.loads((path / MANIFEST).read_bytes())
        return Snapshot(path.resolve(), manifest["id"], manifest["inputs"], manifest["quads"], manifest["files"])
    except (OSError, ValueError, KeyError):
        return None


def write_snapshot(
    store: Store, build: Path, inputs: str, dumps: dict[str, Dump], extras: Mapping[str, Extra] | None = None
) -> Snapshot:
    """Write the store's dumps as a snapshot and point build/current at it; raise CannotWrite and change nothing.

    `dumps` are the ones to write beside N-Quads and Turtle, by file name; `extras` likewise, by the name of the folder.
    """
    with write_errors(build), exclusive_lock(build, "another build"):
        snapshots = build / "snapshots"
        folder = snapshots / ".new"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            snapshot = _fill(folder, store, inputs, dumps)
            for name, write in (extras or {}).items():
                write(folder / name)
            sync(folder)
            _put(folder, snapshots / snapshot.id, snapshot, extras or ())
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        previous = current_snapshot(build)
        _point(build, snapshot.id)
        _sweep(snapshots, {snapshot.id} | ({previous.id} if previous else set()))
    return Snapshot(snapshots / snapshot.id, snapshot.id, inputs, snapshot.quads, snapshot.files)


@contextmanager
def hold_snapshot(snapshot: Snapshot) -> Iterator[None]:
    """Keep builds from removing a snapshot; the kernel releases the lock if we die."""
    folder = os.open(snapshot.path, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_SH)
        yield
    finally:
        os.close(folder)


def open_store(snapshot: Snapshot) -> Store:
    """Return a read-only store of the snapshot's quads: in memory, or on the disk for a large graph."""
    files, on_disk = store_of_snapshot(snapshot)
    return load_store(list(files)) if on_disk is None else Store.read_only(str(on_disk))


def store_of_snapshot(snapshot: Snapshot) -> tuple[tuple[Path, ...], Path | None]:
    """Return the files to load into memory, or the folder of the store on the disk."""
    on_disk = snapshot.path / "store"
    return ((), on_disk) if on_disk.is_dir() else ((snapshot.path / QUADS,), None)


def _fill(folder: Path, store: Store, inputs: str, dumps: dict[str, Dump]) -> Snapshot:
    quads = folder / QUADS
    with quads.open("wb") as file:
        _write_quads(store, file)
        sync(file)
    for name, write in (dumps | {TURTLE: _write_turtle}).items():
        with (folder / name).open("wb") as file:
            write(quads, file)
            sync(file)
    files = {name: sha256(folder / name) for name in sorted({QUADS, TURTLE, *dumps})}
    identity = hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in files.items()).encode()).hexdigest()[
        :16
    ]
    snapshot = Snapshot(folder, identity, inputs, len(store), files)
    if len(store) > IN_MEMORY:
        on_disk = Store(str(folder / "store"))
        on_disk.bulk_load(path=str(folder / QUADS), format=RdfFormat.N_QUADS)
        on_disk.optimize()
        del on_disk
    manifest = {"id": identity, "inputs": inputs, "quads": snapshot.quads, "files": files}
    with (folder / MANIFEST).open("wb") as file:
        file.write(json.dumps(manifest, indent=2).encode() + b"\n")
        sync(file)
    sync(folder)
    return snapshot


def _write_quads(store: Store, file: IO[bytes]) -> None:
    with TemporaryFile(dir=Path(file.name).parent) as unsorted:
        store.dump(unsorted, RdfFormat.N_QUADS)
        unsorted.seek(0)
        write_sorted(unsorted, file)


def _write_turtle(quads: Path, file: IO[bytes]) -> None:
    with quads.open("rb") as lines:
        write_turtle(lines, file)


def _put(folder: Path, target: Path, snapshot: Snapshot, extras: Iterable[str]) -> None:
    """Rename the new folder to its target; if an equal snapshot is there, replace only its manifest and extras."""
    if _has_dumps_of(target, snapshot):
        for name in extras:
            _replace(folder / name, target / name)
        os.replace(folder / MANIFEST, target / MANIFEST)
        shutil.rmtree(folder)
        return
    _replace(folder, target)


def _replace(folder: Path, target: Path) -> None:
    """Rename a folder to its target and remove the old one there. Open files of the old one remain readable."""
    if target.exists():
        old = target.with_name(".old")
        shutil.rmtree(old, ignore_errors=True)
        os.replace(target, old)
        os.replace(folder, target)
        shutil.rmtree(old, ignore_errors=True)
    else:
        os.replace(folder, target)
    sync(target.parent)


def _has_dumps_of(target: Path, snapshot: Snapshot) -> bool:
    try:
        return {name: sha256(target / name) for name in snapshot.files} == snapshot.files
    except OSError:
        return False


def _point(build: Path, identity: str) -> None:
    link = build / ".current.new"
    with suppress(FileNotFoundError):
        link.unlink()
    link.symlink_to(Path("snapshots") / identity)
    os.replace(link, build / "current")
    sync(build)


def _sweep(snapshots: Path, keep: set[str]) -> None:
    """Remove snapshots that are neither needed nor served, and the remains of interrupted builds."""
    for path in snapshots.iterdir():
        if path.name not in keep and not _is_served(path):
            shutil.rmtree(path, ignore_errors=True)


def _is_served(path: Path) -> bool:
    folder = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(folder)
    return False
