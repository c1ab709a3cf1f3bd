"""What changed from one release to the next, and how a copy of the one becomes the other.

A copy is brought up to date in three steps: drop what tombstones find, drop the removed quads, add the added ones.
"""

import csv
import io
from collections.abc import Iterator
from heapq import merge
from pathlib import Path

from justicegraph.namespaces import slug_of
from justicegraph.rdf.nquads import Lines, compare
from justicegraph.release.manifest import Changes
from justicegraph.release.tombstones import FILE, Read, read_tombstones, without
from justicegraph.spreadsheet import safe_cell
from justicegraph.system.compression import compressed_files, read_lines

FOLDER = "delta"
ADDED, REMOVED, ENTRIES, TOMBSTONES = (f"{FOLDER}/{name}" for name in ("added.nq", "removed.nq", "entries.csv", FILE))


def write_delta(old: Lines, new: Lines, folder: Path) -> Changes:
    """Write what changed between two graphs below a folder: quads added and removed, and a table of the entries."""
    (folder / FOLDER).mkdir(exist_ok=True)
    tally = _Tally()
    with compressed_files(folder / ADDED) as added, compressed_files(folder / REMOVED) as removed:
        for left, right in compare(old, new):
            tally.count(left, right)
            if right is None and left is not None:
                removed.write(left)
            elif left is None and right is not None:
                added.write(right)
    changes = tally.changes()
    (folder / ENTRIES).write_bytes(_table(changes))
    return changes


def applied(read: Read, release: Path) -> Iterator[bytes]:
    """Yield the graph that a copy of the release before becomes by the delta in this release's folder."""
    stones = read_tombstones(release / TOMBSTONES)
    kept = compare(without(read, stones), read_lines(release / f"{REMOVED}.zst"))
    left = (line for line, gone in kept if gone is None and line is not None)
    yield from merge(left, read_lines(release / f"{ADDED}.zst"))


class _Tally:
    """Counts quads, and tells which entries came, went or changed: what is held are the changes, not the graphs."""

    def __init__(self) -> None:
        self._added = self._removed = 0
        self._subject, self._old, self._new = b"", False, False
        self._came, self._went, self._touched = set[str](), set[str](), set[str]()

    def count(self, left: bytes | None, right: bytes | None) -> None:
        subject = (left or right or b"").partition(b" ")[0]
        if subject != self._subject:
            self._close()
            self._subject, self._old, self._new = subject, False, False
        self._old, self._new = self._old or left is not None, self._new or right is not None
        if left != right:
            self._added += left is None
            self._removed += right is None
            self._touched.add(slug_of(subject[1:-1].decode()) or "")

    def changes(self) -> Changes:
        self._close()
        changed = self._touched - self._came - self._went - {""}
        named = (tuple(sorted(slugs)) for slugs in (self._came, changed, self._went))
        return Changes(self._added, self._removed, *named)

    def _close(self) -> None:
        """Look at what has been seen of one subject: an entry's own statements tell whether it is there."""
        local = self._subject[1:-1].decode()
        if self._old != self._new and (slug := slug_of(local)) and "." not in local.rpartition("/")[2]:
            (self._came if self._new else self._went).add(slug)


def _table(changes: Changes) -> bytes:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(["id", "change"])
    for change, slugs in (("added", changes.added), ("changed", changes.changed), ("removed", changes.removed)):
        table.writerows([safe_cell(slug), change] for slug in slugs)
    return text.getvalue().encode()
