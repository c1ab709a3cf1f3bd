"""The mapping decisions of a project, in graph/mappings: recorded one by one, and removed with an entry.

Matches are in one file; rejections, and entries without a counterpart, are in another.
"""

import fcntl
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from justicegraph.errors import CannotWrite
from justicegraph.namespaces import slug_of
from justicegraph.project.sssom import SUFFIX, Decision, canonical_sssom, read_sssom
from justicegraph.system.files import atomic_write, sync, write_errors

FOLDER = Path("graph/mappings")
MATCHED, REFUSED = f"matched{SUFFIX}", f"refused{SUFFIX}"


def record(root: Path, decisions: Iterable[Decision]) -> None:
    """Write decisions to a project's files, in place of earlier ones on the same two; raise BrokenFile, CannotWrite."""
    with write_errors(root / FOLDER):
        (root / FOLDER).mkdir(parents=True, exist_ok=True)
    new = {decision.about: decision for decision in decisions}
    for path in (root / FOLDER / MATCHED, root / FOLDER / REFUSED):
        old = read_sssom(path) if path.exists() else []
        merged = [decision for decision in old if decision.about not in new]
        merged += [decision for decision in new.values() if decision.is_positive == (path.name == MATCHED)]
        if merged != old:
            write_decisions(path, merged)


def withdraw(root: Path, decision: Decision) -> bool:
    """Remove a decision from a project's files; return whether it was there, unchanged."""
    path = root / FOLDER / (MATCHED if decision.is_positive else REFUSED)
    old = read_sssom(path) if path.exists() else []
    others = [other for other in old if other != decision]
    if len(others) < len(old):
        write_decisions(path, others)
    return len(others) < len(old)


@contextmanager
def exclusive_decisions(root: Path, seconds: float = 10.0) -> Iterator[None]:
    """Hold a lock on the decisions of a project between reading and writing; raise CannotWrite after some seconds.

    The lock is on the folder itself, so it leaves no file there; the kernel releases it if we die.
    """
    folder, until = root / FOLDER, time.monotonic() + seconds
    with write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    try:
        while not _is_ours(handle):
            if time.monotonic() > until:
                raise CannotWrite(f"{folder}: another process is writing decisions. Try again when it has ended.")
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)


def _is_ours(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_decisions(path: Path, decisions: Sequence[Decision]) -> None:
    """Write a file of decisions, atomically; delete it if there are none."""
    if decisions:
        with atomic_write(path) as file:
            file.write(canonical_sssom(decisions, path.name).encode())
        return
    with write_errors(path):
        path.unlink(missing_ok=True)
        sync(path.parent)


def remove_mappings(mappings: Mapping[Path, Sequence[Decision]], slugs: set[str]) -> dict[Path, list[Decision]]:
    """Remove all decisions on these entries and their parts; return the other decisions of each changed file."""
    changed = {}
    for path, decisions in mappings.items():
        others = [
            decision for decision in decisions
            if not slugs & {slug_of(decision.subject_id), slug_of(decision.object_id)}
        ]  # fmt: skip
        if len(others) < len(decisions):
            write_decisions(path, others)
            changed[path] = others
    return changed
