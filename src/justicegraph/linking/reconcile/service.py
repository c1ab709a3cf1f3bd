"""Answer batches of queries and suggestions in a worker."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from justicegraph.linking.match import Match, Matcher
from justicegraph.linking.reconcile.batch import MOST, InvalidQuery, ReconciliationQuery, read_batch
from justicegraph.linking.reconcile.candidates import Candidate, candidate_by_id, candidates_of, describe
from justicegraph.linking.reconcile.entries import Entries, load_entries
from justicegraph.linking.reconcile.jobs import ENTRIES, Batch, Suggestion
from justicegraph.linking.reconcile.properties import class_name, record_of, slug_in_query, slug_of
from justicegraph.linking.reconcile.suggestions import Suggestions
from justicegraph.linking.records import Record
from justicegraph.pool import Dataset, Reply
from justicegraph.system.spool import Spool

FURTHEST = 10_000
"""Suggestions that can be skipped."""

BREATH, PATIENCE = 0.005, 5.0
"""Seconds between two looks at whether the threads of the indexing have ended, and seconds until we stop waiting.

tantivy's threads end some milliseconds after it says that they are done. A fork before that could copy a lock that
they hold.
"""


def load(dataset: Dataset) -> "Reconciler":
    """Return the reconciler of a dataset, once the threads that indexed it have ended; raise what reading it raises."""
    before = threads()
    reconciler = Reconciler(load_entries(dataset))
    end = time.monotonic() + PATIENCE
    while threads() > before and time.monotonic() < end:
        time.sleep(BREATH)
    return reconciler


class Reconciler:
    """The indexed entries. It does not change, so that workers share its memory."""

    def __init__(self, entries: Entries) -> None:
        """Index the entries."""
        self._entries = entries
        self._matcher = Matcher(entries.records)
        self._by_slug = {slug_of(record.id): record for record in entries.records}
        self._suggestions = Suggestions(entries)
        self._classes = {name.casefold() for name in entries.classes}

    def describe(self) -> Mapping[str, int]:
        """Return how many entries there are."""
        return {"entries": len(self._entries.records)}

    def handler(self, limit: int) -> Callable[[Batch | Suggestion], Reply]:
        """Return a handler of batches and suggestions; a reply to a batch has the failed queries as its head."""

        def handle(payload: Batch | Suggestion) -> Reply:
            spool, failed = Spool(limit), dict[str, str]()
            if isinstance(payload, Batch):
                results, failed = self._results(payload.text)
            else:
                results = orjson.dumps({"result": self._suggest(payload)})
            spool.write(results)
            return Reply(failed, spool.whole(), spool.length)

        return handle

    def find_entry(self, slug: str) -> Record | None:
        """Return the entry with a slug, which may be an old one; None if there is none."""
        return self._by_slug.get(slug) or self._by_slug.get(self._entries.renamed.get(slug, ""))

    def _results(self, text: str) -> tuple[bytes, dict[str, str]]:
        """Return the JSON of a batch's results, and why queries have failed; raise BadQuery or QueryTooLong."""
        queries, failed = read_batch(text)
        results: dict[str, Any] = {}
        for name, query in queries.items():
            try:
                results[name] = {"result": self._candidates(query)}
            except InvalidQuery as error:
                failed[name] = str(error)
        return orjson.dumps(results), failed

    def _candidates(self, query: ReconciliationQuery) -> list[Candidate]:
        if entry := self.find_entry(slug_in_query(query, lambda slug: self.find_entry(slug) is not None)):
            return [candidate_by_id(self._entries, entry)]
        record = record_of(query, self.find_entry, self._entries.roles)
        matches = self._matcher.match(record, query.limit if query.strict == "should" else MOST)
        if query.types and query.strict != "should":
            matches = self._filter_by_type(query, matches)[: query.limit]
        candidates = candidates_of(self._entries, record, matches)
        named = self.find_entry(query.name)  # a slug of one word that is not like any name
        if named and len(candidates) < query.limit and named not in [match.target for match in matches]:
            candidates.append({**describe(self._entries, named), "score": 0.0, "match": False, "features": []})
        return candidates

    def _filter_by_type(self, query: ReconciliationQuery, matches: list[Match]) -> list[Match]:
        """Return the matches with any or all of the classes; raise InvalidQuery if there is no such class.

        The other matches are ruled out, so the probabilities are conditional on that.
        """
        wanted = {class_name(name).casefold() for name in query.types}
        if unknown := sorted(wanted - self._classes):
            raise InvalidQuery(f'There is no class "{unknown[0][:40]}" here; /reconcile/suggest/type lists them.')
        fits = wanted.issubset if query.strict == "all" else lambda classes: not wanted.isdisjoint(classes)
        filtered = [match for match in matches if fits(self._classes_of(match.target))]
        rest = 1 - sum(match.probability for match in matches if match not in filtered)
        if rest <= 0 or len(filtered) == len(matches):
            return filtered
        return [replace(match, probability=min(1.0, match.probability / rest)) for match in filtered]

    def _classes_of(self, target: Record) -> set[str]:
        description = self._entries.descriptions.get(target.id)
        return {name.casefold() for name in description.classes} if description else set()

    def _suggest(self, suggestion: Suggestion) -> list[Candidate]:
        skipped = min(max(suggestion.cursor, 0), FURTHEST)
        if suggestion.kind != ENTRIES:
            return self._suggestions.classes(suggestion.prefix, skipped)
        named = self.find_entry(slug_of(suggestion.prefix))
        return self._suggestions.entries(suggestion.prefix, skipped, named)


def threads() -> int:
    """Return how many threads this process has."""
    return len(os.listdir("/proc/self/task"))
