"""The decisions of a project, kept in graph/mappings: recorded one by one, and taken out with an entry.

What was found to match stands in one file; what was told apart, and what has no counterpart, in another.
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
        kept = [decision for decision in old if decision.about not in new]
        kept += [decision for decision in new.values() if decision.is_positive == (path.name == MATCHED)]
        if kept != old:
            write_decisions(path, kept)


def withdraw(root: Path, decision: Decision) -> bool:
    """Take the line of this decision out of a project's files; return whether it stood there, as it was recorded."""
    path = root / FOLDER / (MATCHED if decision.is_positive else REFUSED)
    old = read_sssom(path) if path.exists() else []
    kept = [each for each in old if each != decision]
    if len(kept) < len(old):
        write_decisions(path, kept)
    return len(kept) < len(old)


@contextmanager
def exclusive_decisions(root: Path, seconds: float = 10.0) -> Iterator[None]:
    """Hold the decisions of a project, so that what was read is what is written over; raise CannotWrite after a while.

    The folder itself is locked: no other file is left in it, and the kernel lets go of it if we die.
    """
    folder, until = root / FOLDER, time.monotonic() + seconds
    with write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    try:
        while not _is_ours(handle):
            if time.monotonic() > until:
                raise CannotWrite(f"{folder}: somebody else is writing decisions. Try again when they have ended.")
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
    """Write a file anew, atomically; a file without decisions goes."""
    if decisions:
        with atomic_write(path) as file:
            file.write(canonical_sssom(decisions, path.name).encode())
        return
    with write_errors(path):
        path.unlink(missing_ok=True)
        sync(path.parent)


def remove_mappings(mappings: Mapping[Path, Sequence[Decision]], slugs: set[str]) -> dict[Path, list[Decision]]:
    """Take every line of these entries and their parts out of the files; return what is left, of those that changed."""
    changed = {}
    for path, decisions in mappings.items():
        kept = [each for each in decisions if not slugs & {slug_of(each.subject_id), slug_of(each.object_id)}]
        if len(kept) < len(decisions):
            write_decisions(path, kept)
            changed[path] = kept
    return changed
