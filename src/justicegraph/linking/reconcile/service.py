"""What answers in a worker: batches of queries, and names that begin as somebody has typed."""

import os
import time
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from justicegraph.linking.match import Match, Matcher
from justicegraph.linking.reconcile.batch import MOST, ReconciliationQuery, Unreadable, read_batch
from justicegraph.linking.reconcile.candidates import Candidate, candidates_of, certain, described
from justicegraph.linking.reconcile.entries import Known, read_known
from justicegraph.linking.reconcile.jobs import ENTRIES, SUGGESTED, Batch, Suggestion
from justicegraph.linking.reconcile.properties import asked_id, local, record_of
from justicegraph.linking.records import Record
from justicegraph.namespaces import ID
from justicegraph.pool import Dataset, Reply
from justicegraph.system.spool import Spool

FURTHEST = 10_000
"""Suggestions that can be skipped."""

BREATH, PATIENCE = 0.005, 5.0
"""Seconds between two looks at whether the threads that made the index have ended, and for how long that is awaited.

tantivy's go some milliseconds after it has said that they are done; a fork before that could copy a lock they hold.
"""


def load(dataset: Dataset) -> "Reconciler":
    """Return what answers, once the threads that have made it are gone; raise what reading the dataset raises."""
    before = threads()
    made = Reconciler(read_known(dataset))
    end = time.monotonic() + PATIENCE
    while threads() > before and time.monotonic() < end:
        time.sleep(BREATH)
    return made


class Reconciler:
    """The entries, indexed. It does not change: workers share it."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._matcher = Matcher(known.records)
        self._by_slug = {record.id.removeprefix(ID): record for record in known.records}
        self._names = sorted(_names(known.records))
        self._kinds = {name.casefold() for name in known.kinds}

    def describe(self) -> Mapping[str, int]:
        """Return how many entries there are."""
        return {"entries": len(self._known.records)}

    def handler(self, limit: int) -> Callable[[Batch | Suggestion], Reply]:
        """Return a handler of batches and suggestions; a reply to a batch has the failed queries as its head."""

        def handle(payload: Batch | Suggestion) -> Reply:
            spool, failed = Spool(limit), dict[str, str]()
            if isinstance(payload, Batch):
                results, failed = self._results(payload.text)
                spool.write(results)
            else:
                spool.write(self._suggested(payload.kind, payload.prefix, payload.cursor))
            return Reply(failed, spool.whole(), spool.length)

        return handle

    def entry(self, slug: str) -> Record | None:
        """Return the entry with a slug, be it an old one; None where there is none."""
        return self._by_slug.get(slug) or self._by_slug.get(self._known.renamed.get(slug, ""))

    def _results(self, text: str) -> tuple[bytes, dict[str, str]]:
        """Return the JSON of a batch's results, and why queries have failed; raise BadQuery or QueryTooLong."""
        queries, failed = read_batch(text)
        found: dict[str, Any] = {}
        for name, query in queries.items():
            try:
                found[name] = {"result": self._candidates(query)}
            except Unreadable as error:
                failed[name] = str(error)
        return orjson.dumps(found), failed

    def _candidates(self, query: ReconciliationQuery) -> list[Candidate]:
        if target := self.entry(asked_id(query, lambda slug: self.entry(slug) is not None)):
            return [certain(self._known, target)]
        record = record_of(query, self.entry)
        matches = self._matcher.match(record, query.limit if query.strict == "should" else MOST)
        if query.types and query.strict != "should":
            matches = self._of_types(query, matches)[: query.limit]
        named = self.entry(query.name)  # a slug of one word that no name is like
        shown = candidates_of(self._known, record, matches)
        if named and len(shown) < query.limit and named not in [match.target for match in matches]:
            shown.append({**described(self._known, named), "score": 0.0, "match": False, "features": []})
        return shown

    def _of_types(self, query: ReconciliationQuery, matches: list[Match]) -> list[Match]:
        """Return the matches of any or all of the classes; raise Unreadable where there is no such class.

        The others are ruled out, so the probabilities are those given that.
        """
        wanted = {local(kind).casefold() for kind in query.types}
        if unknown := sorted(wanted - self._kinds):
            raise Unreadable(
                f'There is no class "{unknown[0][:40]}" here: ask /reconcile/suggest/type for those there are.'
            )
        enough = wanted.issubset if query.strict == "all" else lambda kinds: not wanted.isdisjoint(kinds)
        kept = [match for match in matches if enough(self._kinds_of(match.target))]
        rest = 1 - sum(match.probability for match in matches if match not in kept)
        if rest <= 0 or len(kept) == len(matches):
            return kept
        return [replace(each, probability=min(1.0, each.probability / rest)) for each in kept]

    def _kinds_of(self, target: Record) -> set[str]:
        shown = self._known.shown.get(target.id)
        return {kind.casefold() for kind in shown.kinds} if shown else set()

    def _suggested(self, kind: str, prefix: str, cursor: int) -> bytes:
        skipped = min(max(cursor, 0), FURTHEST)
        found = self._entries(prefix, skipped) if kind == ENTRIES else self._classes(prefix, skipped)
        return orjson.dumps({"result": found})

    def _entries(self, prefix: str, skipped: int) -> list[Candidate]:
        known = self.entry(prefix.removeprefix(ID).removeprefix("id:"))
        found = {known.id: known} if known else {}
        for place in self._beginning(folded(prefix)):
            found.setdefault(self._known.records[place].id, self._known.records[place])
            if len(found) == skipped + SUGGESTED:
                break
        return [described(self._known, record, "notable") for record in list(found.values())[skipped:]]

    def _classes(self, prefix: str, skipped: int) -> list[Candidate]:
        """Return the classes, with the wider ones, whose id or a word of whose label begins so."""
        begin, kinds = local(folded(prefix)), self._known.kinds
        found = [
            {"id": kind.id, "name": kind.label, "description": kind.comment}
            | ({"broader": [{"id": each, "name": kinds[each].label} for each in kind.broader]} if kind.broader else {})
            for kind in sorted(kinds.values(), key=lambda kind: kind.label)
            if any(word.startswith(begin) for word in (kind.id.casefold(), kind.label, *kind.label.split()))
        ]
        return found[skipped : skipped + SUGGESTED]

    def _beginning(self, prefix: str) -> Iterator[int]:
        """Yield the places of the entries that have a name with this beginning, in the order of the names."""
        at = bisect_left(self._names, (prefix, -1))
        while at < len(self._names) and self._names[at][0].startswith(prefix):
            yield self._names[at][1]
            at += 1


def threads() -> int:
    """Return how many threads this process has."""
    return len(os.listdir("/proc/self/task"))


def folded(text: str) -> str:
    """Return a text without case and accents, on one line."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def _names(records: list[Record]) -> Iterator[tuple[str, int]]:
    for place, record in enumerate(records):
        yield from ((text, place) for name in record.names if (text := folded(name)))
