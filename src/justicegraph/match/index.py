"""Targets to those that may be meant: every clue is a term of one tantivy field, and rare terms weigh most (BM25)."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import tantivy

from justicegraph.match.wording import folded, initials, is_acronym, key, script, words
from justicegraph.records import Record

CANDIDATES = 50
_WORDS = 9
_COMMON = 0.04
"""The share of targets from which on a word is asked for only where no rarer ones are left."""


class Look(NamedTuple):
    """What of a name is compared: its words and how much they tell, its key, without spaces, sorted, initials."""

    words: frozenset[str]
    weight: float
    key: str
    compact: str
    ordered: str
    initials: tuple[str, ...]


class Index:
    """The targets, searchable by identifier, domain, name, initials, rare words and place; read-only once made."""

    def __init__(self, targets: Iterable[Record], folder: Path | None = None) -> None:
        self.targets: list[Record] = []
        self.folded: list[tuple[str, ...]] = []
        self.scripts: list[frozenset[str]] = []
        self.cities: list[str] = []
        self.countries: list[str] = []
        self.counts: Counter[str] = Counter()
        self._looks: dict[str, Look] = {}
        self._idf: dict[str, float] = {}
        self._places: dict[tuple[int, int], int] = {}
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("clues", stored=False, tokenizer_name="whitespace", index_option="basic")
        schema.add_unsigned_field("at", stored=True)
        self._schema = schema.build()
        self._index = tantivy.Index(self._schema, str(folder) if folder else None)
        self._fill(targets)
        self._searcher = self._index.searcher()

    def _fill(self, targets: Iterable[Record]) -> None:
        writer = self._index.writer(heap_size=256_000_000, num_threads=1)
        for at, target in enumerate(targets):
            texts = tuple(dict.fromkeys(filter(None, map(folded, target.names))))
            terms = set(_terms_of_target(target, texts))
            self.targets.append(target)
            self.folded.append(texts)
            self.scripts.append(frozenset(map(script, target.names)))
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
        if word not in self._idf:
            self._idf[word] = math.log((len(self.targets) + 1) / (self.counts.get(f"w:{word}", 0) + 0.5))
        return self._idf[word]

    def look(self, text: str) -> Look:
        """Return what of a folded name is compared."""
        if text not in self._looks:
            told = words(text)
            self._looks[text] = Look(
                frozenset(told), sum(map(self.idf, told)), key(text), text.replace(" ", ""),
                " ".join(sorted(text.split())), initials(text),
            )  # fmt: skip
        return self._looks[text]

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
        return [(self._place(address), float(score)) for score, address in hits]

    def _place(self, address: tantivy.DocAddress) -> int:
        at = (address.segment_ord, address.doc)
        if at not in self._places:
            self._places[at] = int(self._searcher.doc(address)["at"][0])
        return self._places[at]

    def _terms_of_query(self, record: Record) -> list[str]:
        """Return the terms to ask for that there are; what is doubled weighs double."""
        texts = [folded(name) for name in record.names]
        told = {word for text in texts for word in words(text)}
        known = sorted((word for word in told if f"w:{word}" in self.counts), key=lambda word: self.counts[f"w:{word}"])
        common = _COMMON * len(self.targets)
        rare = [word for word in known if self.counts[f"w:{word}"] <= common] or known[:1]
        terms = [f"w:{word}" for word in rare[:_WORDS]]
        for word in told.difference(known):
            terms += _pieces(word)
        for name, text in zip(record.names, texts, strict=True):
            terms += [f"k:{key(text)}"] * 2
            compact = text.replace(" ", "")
            terms += [f"i:{compact}"] * 2 if is_acronym(name) else [f"k:{each}" for each in initials(text)]
        terms += [*_places(record), *_places(record), *_marks(record)]
        return [term for term in terms if term in self.counts]


def _terms_of_target(target: Record, texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        told = words(text)
        yield f"k:{key(text)}"
        for word in told:
            yield f"w:{word}"
            yield from _pieces(word)
        yield from (f"i:{each}" for each in initials(text) if len(each) <= 12)
    yield from _places(target)
    if target.country:
        yield _country(target)
    yield from _marks(target)


def _pieces(word: str) -> list[str]:
    """Return the ends of a long word: a slip of the pen leaves one of them whole, mostly."""
    return [f"b:{word[:4]}", f"e:{word[-4:]}"] if len(word) > 5 else []


def _places(record: Record) -> list[str]:
    if record.city:
        return [f"p:{folded(record.country)}/{folded(record.city)}".replace(" ", "_")]
    return [_country(record)] if record.country else []


def _country(record: Record) -> str:
    return f"c:{folded(record.country)}".replace(" ", "_")


def _marks(record: Record) -> list[str]:
    found = [f"x:{scheme}={value}".replace(" ", "") for scheme, value in record.identifiers.items()]
    return [*found, *found, *found, *([f"d:{record.domain}"] * 2 if record.domain else [])]
