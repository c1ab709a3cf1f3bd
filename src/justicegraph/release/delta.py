"""The delta of a release: writing the changes since the previous release, and applying it to a copy.

A delta is applied in three steps: delete the lines that tombstones match, delete the removed quads, add the added ones.
"""

import csv
import io
from collections.abc import Iterator
from heapq import merge
from pathlib import Path

from justicegraph.namespaces import slug_of
from justicegraph.rdf.nquads import Lines, compare
from justicegraph.release.manifest import Changes
from justicegraph.release.tombstones import FILE, Read, apply_tombstones, read_tombstones
from justicegraph.spreadsheet import safe_cell
from justicegraph.system.compression import compressed_files, read_lines

FOLDER = "delta"
ADDED, REMOVED, ENTRIES, TOMBSTONES = (f"{FOLDER}/{name}" for name in ("added.nq", "removed.nq", "entries.csv", FILE))


def write_delta(old: Lines, new: Lines, folder: Path) -> Changes:
    """Write the delta between two graphs in a folder: quads added and removed, and a table of entries."""
    (folder / FOLDER).mkdir(exist_ok=True)
    counter = _ChangeCounter()
    with compressed_files(folder / ADDED) as added, compressed_files(folder / REMOVED) as removed:
        for left, right in compare(old, new):
            counter.count(left, right)
            if right is None and left is not None:
                removed.write(left)
            elif left is None and right is not None:
                added.write(right)
    changes = counter.changes()
    (folder / ENTRIES).write_bytes(_table(changes))
    return changes


def apply_delta(read: Read, release: Path) -> Iterator[bytes]:
    """Yield the graph that results from applying the delta in a release's folder to a copy of the previous release."""
    tombstones = read_tombstones(release / TOMBSTONES)
    pairs = compare(apply_tombstones(read, tombstones), read_lines(release / f"{REMOVED}.zst"))
    remaining = (line for line, removed in pairs if removed is None and line is not None)
    yield from merge(remaining, read_lines(release / f"{ADDED}.zst"))


class _ChangeCounter:
    """Counts quads, and collects which entries were added, removed or changed; it does not hold the graphs."""

    def __init__(self) -> None:
        self._added = self._removed = 0
        self._subject, self._old, self._new = b"", False, False
        self._entries_added, self._entries_removed, self._entries_touched = set[str](), set[str](), set[str]()

    def count(self, left: bytes | None, right: bytes | None) -> None:
        subject = (left or right or b"").partition(b" ")[0]
        if subject != self._subject:
            self._close()
            self._subject, self._old, self._new = subject, False, False
        self._old, self._new = self._old or left is not None, self._new or right is not None
        if left != right:
            self._added += left is None
            self._removed += right is None
            self._entries_touched.add(slug_of(subject[1:-1].decode()) or "")

    def changes(self) -> Changes:
        self._close()
        changed = self._entries_touched - self._entries_added - self._entries_removed - {""}
        named = (tuple(sorted(slugs)) for slugs in (self._entries_added, changed, self._entries_removed))
        return Changes(self._added, self._removed, *named)

    def _close(self) -> None:
        """Finish a subject: an entry exists in a graph that has statements with it as their subject."""
        local = self._subject[1:-1].decode()
        if self._old != self._new and (slug := slug_of(local)) and "." not in local.rpartition("/")[2]:
            (self._entries_added if self._new else self._entries_removed).add(slug)


def _table(changes: Changes) -> bytes:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(["id", "change"])
    for change, slugs in (("added", changes.added), ("changed", changes.changed), ("removed", changes.removed)):
        table.writerows([safe_cell(slug), change] for slug in slugs)
    return text.getvalue().encode()
