"""Targets to those that may be meant: every clue is a term of one tantivy field, and rare terms weigh most (BM25)."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import tantivy

from justicegraph.linking.match.names import folded, initials, is_acronym, key, script, words
from justicegraph.linking.match.spelling import Spelling
from justicegraph.linking.records import Record

CANDIDATES = 50
_WORDS = 9
_KIND = 0.006
"""The share of targets from which on a word tells of a kind of things, as university does."""
_COMMON = 0.04
"""The share of targets from which on a word is asked for only where no rarer ones are left."""


class Name(NamedTuple):
    """A folded name of a target, and its words."""

    text: str
    words: tuple[str, ...]


class Index:
    """The targets, searchable by identifier, domain, name, initials, rare words and place; read-only once made."""

    def __init__(self, targets: Iterable[Record], folder: Path | None = None) -> None:
        self.targets: list[Record] = []
        self.names: list[tuple[Name, ...]] = []
        self.scripts: list[frozenset[str]] = []
        self.cities: list[str] = []
        self.countries: list[str] = []
        self.counts: Counter[str] = Counter()
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("clues", stored=False, tokenizer_name="whitespace", index_option="basic")
        schema.add_unsigned_field("at", stored=False, fast=True)
        self._schema = schema.build()
        self._index = tantivy.Index(self._schema, str(folder) if folder else None)
        self._fill(targets)
        self._searcher = self._index.searcher()
        self.weights = {
            term[2:]: math.log((len(self.targets) + 1) / (count + 0.5))
            for term, count in self.counts.items()
            if term.startswith("w:")
        }
        self._unknown = math.log((len(self.targets) + 1) / 0.5)
        self.spelling = Spelling(self.weights)

    def _fill(self, targets: Iterable[Record]) -> None:
        writer = self._index.writer(heap_size=256_000_000, num_threads=1)
        said: dict[str, str] = {}
        scripts: dict[frozenset[str], frozenset[str]] = {}
        for at, target in enumerate(targets):
            texts = dict.fromkeys(filter(None, map(folded, target.names)))
            names = tuple(Name(text, tuple([said.setdefault(word, word) for word in words(text)])) for text in texts)
            terms = set(_terms_of_target(target, names))
            letters = frozenset(map(script, target.names))
            self.targets.append(target)
            self.names.append(names)
            self.scripts.append(scripts.setdefault(letters, letters))
            self.cities.append(folded(target.city))
            self.countries.append(folded(target.country))
            self.counts.update(terms)
            document = tantivy.Document()
            document.add_text("clues", " ".join(sorted(terms)))
            document.add_unsigned("at", at)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def idf(self, word: str) -> float:
        """Return how much a word tells: the logarithm of how many targets there are to one that has it."""
        return self.weights.get(word, self._unknown)

    def is_common(self, word: str) -> bool:
        """Say whether a word is common among targets, as one that tells what kind of thing they are."""
        count = self.counts.get(f"w:{word}", 0)
        return count >= max(_KIND * len(self.targets), 5)

    def in_place(self, record: Record) -> int:
        """Return how many targets are where a record is: in its city, else in its country."""
        return max((self.counts.get(term, 0) for term in _places(record)), default=0)

    def near(self, record: Record, limit: int = CANDIDATES) -> list[tuple[int, float]]:
        """Return the places of up to `limit` targets that share clues with a record, and how much they share."""
        terms = self._terms_of_query(record)
        if not terms:
            return []
        asked = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "clues", term, index_option="basic"))
            for term in terms
        ]
        hits = self._searcher.search(tantivy.Query.boolean_query(asked), limit, count=False).hits
        places = self._searcher.fast_field_values("at", [address for _, address in hits])
        found = [(int(at or 0), float(score)) for at, (score, _) in zip(places, hits, strict=True)]
        return sorted(found, key=lambda each: (-each[1], each[0]))

    def _terms_of_query(self, record: Record) -> list[str]:
        """Return the terms to ask for that there are; what is doubled weighs double."""
        texts = [folded(name) for name in record.names]
        told = dict.fromkeys(word for text in texts for word in words(text))
        counts = self.counts
        known = sorted((counts[f"w:{word}"], word) for word in told if f"w:{word}" in counts)
        common = _COMMON * len(self.targets)
        terms = [f"w:{word}" for count, word in known[:_WORDS] if count <= common]
        terms = terms or [f"w:{word}" for _, word in known[:1]]
        for word in told:
            if self.spelling.is_odd(word):
                terms += [f"w:{other}" for other in self.spelling.near(word)]
        for name, text in zip(record.names, texts, strict=True):
            terms += [f"k:{key(text)}"] * 2
            compact = text.replace(" ", "")
            terms += [f"i:{compact}"] * 2 if is_acronym(name) else [f"k:{each}" for each in initials(text)]
        terms += [*_places(record), *_places(record), *_marks(record)]
        return [term for term in terms if term in counts]


def _terms_of_target(target: Record, names: Sequence[Name]) -> Iterator[str]:
    for text, told in names:
        yield f"k:{key(text)}"
        yield from [f"w:{word}" for word in told]
        yield from [f"i:{each}" for each in initials(text) if len(each) <= 12]
    yield from _places(target)
    if target.country:
        yield _country(target)
    yield from _marks(target)


def _places(record: Record) -> list[str]:
    if record.city:
        return [f"p:{folded(record.country)}/{folded(record.city)}".replace(" ", "_")]
    return [_country(record)] if record.country else []


def _country(record: Record) -> str:
    return f"c:{folded(record.country)}".replace(" ", "_")


def _marks(record: Record) -> list[str]:
    found = [f"x:{scheme}={value}".replace(" ", "") for scheme, value in record.identifiers.items()]
    return [*found, *found, *found, *([f"d:{record.domain}"] * 2 if record.domain else [])]
