"""Blocking: an index that finds the targets worth comparing with a record (BM25 over the terms of one field)."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import tantivy

from justicegraph.linking.match.names import fingerprint, initials, is_acronym, script_of, tokenize
from justicegraph.linking.match.spelling import Spelling
from justicegraph.linking.records import Record
from justicegraph.text import normalize_name

CANDIDATES = 50
_TOKENS = 9
"""How many tokens of a name are searched for at most, the rarest ones."""
_KIND = 0.006
"""The share of targets from which a token names a kind of organization, as "university" does."""
_COMMON = 0.04
"""The share of targets from which a token is searched for only if the name has no rarer one."""


class Name(NamedTuple):
    """A normalized name of a target, and its tokens."""

    text: str
    tokens: tuple[str, ...]


class Index:
    """The targets, searchable by identifier, domain, name, initials, rare tokens and place; read-only once made.

    A target is known by its position in the lists.
    """

    def __init__(self, targets: Iterable[Record], folder: Path | None = None) -> None:
        """Index targets in memory, or in a folder."""
        self.targets: list[Record] = []
        self.names: list[tuple[Name, ...]] = []
        self.scripts: list[frozenset[str]] = []
        self.cities: list[str] = []
        self.countries: list[str] = []
        self.counts: Counter[str] = Counter()
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("terms", stored=False, tokenizer_name="whitespace", index_option="basic")
        schema.add_unsigned_field("position", stored=False, fast=True)
        self._schema = schema.build()
        self._index = tantivy.Index(self._schema, str(folder) if folder else None)
        self._add(targets)
        self._searcher = self._index.searcher()
        self.weights = {
            term[2:]: math.log((len(self.targets) + 1) / (count + 0.5))
            for term, count in self.counts.items()
            if term.startswith("w:")
        }
        self._weight_of_unknown = math.log((len(self.targets) + 1) / 0.5)
        self.spelling = Spelling(self.weights)

    def _add(self, targets: Iterable[Record]) -> None:
        writer = self._index.writer(heap_size=256_000_000, num_threads=1)
        tokens: dict[str, str] = {}
        scripts: dict[frozenset[str], frozenset[str]] = {}
        for position, target in enumerate(targets):
            texts = dict.fromkeys(filter(None, map(normalize_name, target.names)))
            # Equal tokens and sets are stored once.
            names = tuple(
                Name(text, tuple([tokens.setdefault(token, token) for token in tokenize(text)])) for text in texts
            )
            terms = set(_terms_of_target(target, names))
            scripts_of_names = frozenset(map(script_of, target.names))
            self.targets.append(target)
            self.names.append(names)
            self.scripts.append(scripts.setdefault(scripts_of_names, scripts_of_names))
            self.cities.append(normalize_name(target.city))
            self.countries.append(normalize_name(target.country))
            self.counts.update(terms)
            document = tantivy.Document()
            document.add_text("terms", " ".join(sorted(terms)))
            document.add_unsigned("position", position)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def idf(self, token: str) -> float:
        """Return the inverse document frequency of a token: the logarithm of targets per target that has it."""
        return self.weights.get(token, self._weight_of_unknown)

    def is_common(self, token: str) -> bool:
        """Return whether a token is so common among targets that it names a kind of organization."""
        count = self.counts.get(f"w:{token}", 0)
        return count >= max(_KIND * len(self.targets), 5)

    def count_in_place(self, record: Record) -> int:
        """Return how many targets are in a record's city; if it has no city, in its country."""
        return max((self.counts.get(term, 0) for term in _place_terms(record)), default=0)

    def search(self, record: Record, limit: int = CANDIDATES) -> list[tuple[int, float]]:
        """Return the positions and BM25 scores of up to `limit` targets that share terms with a record, best first."""
        terms = self._terms_of_query(record)
        if not terms:
            return []
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "terms", term, index_option="basic"))
            for term in terms
        ]
        hits = self._searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False).hits
        positions = self._searcher.fast_field_values("position", [address for _, address in hits])
        scored = [(int(position or 0), float(score)) for position, (score, _) in zip(positions, hits, strict=True)]
        return sorted(scored, key=lambda hit: (-hit[1], hit[0]))

    def _terms_of_query(self, record: Record) -> list[str]:
        """Return the terms to search for, without those that no target has; a repeated term weighs more."""
        texts = [normalize_name(name) for name in record.names]
        tokens = dict.fromkeys(token for text in texts for token in tokenize(text))
        counts = self.counts
        terms = self._token_terms(tokens)
        for name, text in zip(record.names, texts, strict=True):
            terms += [f"k:{fingerprint(text)}"] * 2
            compact = text.replace(" ", "")
            terms += [f"i:{compact}"] * 2 if is_acronym(name) else [f"k:{letters}" for letters in initials(text)]
        terms += [*_place_terms(record), *_place_terms(record), *_identifier_terms(record)]
        return [term for term in terms if term in counts]

    def _token_terms(self, tokens: Iterable[str]) -> list[str]:
        """Return the terms of the rarest tokens, and of the corrections of those that no target has."""
        counts = self.counts
        known = sorted((counts[f"w:{token}"], token) for token in tokens if f"w:{token}" in counts)
        common = _COMMON * len(self.targets)
        terms = [f"w:{token}" for count, token in known[:_TOKENS] if count <= common]
        terms = terms or [f"w:{token}" for _, token in known[:1]]
        for token in tokens:
            if self.spelling.is_unknown(token):
                terms += [f"w:{other}" for other in self.spelling.correct(token)]
        return terms


def _terms_of_target(target: Record, names: Sequence[Name]) -> Iterator[str]:
    for text, tokens in names:
        yield f"k:{fingerprint(text)}"
        yield from [f"w:{token}" for token in tokens]
        yield from [f"i:{letters}" for letters in initials(text) if len(letters) <= 12]
    yield from _place_terms(target)
    if target.country:
        yield _country_term(target)
    yield from _identifier_terms(target)


def _place_terms(record: Record) -> list[str]:
    if record.city:
        return [f"p:{normalize_name(record.country)}/{normalize_name(record.city)}".replace(" ", "_")]
    return [_country_term(record)] if record.country else []


def _country_term(record: Record) -> str:
    return f"c:{normalize_name(record.country)}".replace(" ", "_")


def _identifier_terms(record: Record) -> list[str]:
    terms = [f"x:{scheme}={value}".replace(" ", "") for scheme, value in record.identifiers.items()]
    return [*terms, *terms, *terms, *([f"d:{record.domain}"] * 2 if record.domain else [])]
