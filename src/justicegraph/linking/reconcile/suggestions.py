"""Suggest entries and classes whose names begin with a prefix (Reconciliation Service API 0.2, 5)."""

from bisect import bisect_left
from collections.abc import Iterator

from justicegraph.linking.reconcile.candidates import Candidate, describe
from justicegraph.linking.reconcile.entries import Entries, EntryClass
from justicegraph.linking.reconcile.jobs import SUGGESTED
from justicegraph.linking.reconcile.properties import class_name
from justicegraph.linking.records import Record
from justicegraph.text import strip_accents


class Suggestions:
    """The sorted names of the entries, and their classes."""

    def __init__(self, entries: Entries) -> None:
        """Sort the names of the entries."""
        self._entries = entries
        self._names = sorted(_normalized_names(entries.records))

    def entries(self, prefix: str, skipped: int, named: Record | None = None) -> list[Candidate]:
        """Return the entries that have a name with a prefix, after the first `skipped`; `named` comes before all."""
        records = {named.id: named} if named else {}
        for position in self._positions(_normalize(prefix)):
            record = self._entries.records[position]
            records.setdefault(record.id, record)
            if len(records) == skipped + SUGGESTED:
                break
        return [describe(self._entries, record, "notable") for record in list(records.values())[skipped:]]

    def classes(self, prefix: str, skipped: int) -> list[Candidate]:
        """Return the classes whose id, or a word of whose label, has a prefix, with the classes above them."""
        start = class_name(_normalize(prefix))
        by_label = sorted(self._entries.classes.values(), key=lambda kind: kind.label)
        classes = [self._class(kind) for kind in by_label if _has_prefix(kind, start)]
        return classes[skipped : skipped + SUGGESTED]

    def _class(self, entry_class: EntryClass) -> Candidate:
        document = {"id": entry_class.id, "name": entry_class.label, "description": entry_class.comment}
        broader = [{"id": name, "name": self._entries.classes[name].label} for name in entry_class.broader]
        return {**document, "broader": broader} if broader else {**document}

    def _positions(self, prefix: str) -> Iterator[int]:
        """Yield the positions of the entries that have a name with a prefix, in the order of the names."""
        at = bisect_left(self._names, (prefix, -1))
        while at < len(self._names) and self._names[at][0].startswith(prefix):
            yield self._names[at][1]
            at += 1


def _has_prefix(entry_class: EntryClass, prefix: str) -> bool:
    label = entry_class.label
    return any(word.startswith(prefix) for word in (entry_class.id.casefold(), label, *label.split()))


def _normalize(text: str) -> str:
    """Return a text without case and accents, on one line."""
    return " ".join(strip_accents(text).split())


def _normalized_names(records: list[Record]) -> Iterator[tuple[str, int]]:
    for position, record in enumerate(records):
        yield from ((text, position) for name in record.names if (text := _normalize(name)))
