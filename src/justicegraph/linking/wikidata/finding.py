"""Entries to what elsewhere may be one of them: by identifiers, websites and names, with what is known of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.linking.records.identifiers import domain_of
from justicegraph.linking.records.wikidata import IDENTIFIERS, WDT, Item, items_of
from justicegraph.linking.wikidata.client import Outside, Single
from justicegraph.linking.wikidata.entries import QUERIES, Ours
from justicegraph.remote import Unfinished

ITEMS = 50
"""Items that one query asks about."""
VALUES = 200
"""Names, websites or identifiers that one query asks for."""

_ALWAYS = ("", "en", "mul")
"""Languages whose names are read: none, English, and what Wikidata has for many at once."""
_FEW = 3
"""Items found by a name's beginning, with which nothing more is searched for."""

Progress = Callable[[int, int, str], None]
"""Told how many of so many are done, and of what."""
_Value = TypeVar("_Value")


def find(
    entries: Sequence[Ours], outside: Outside, progress: Progress = lambda *_: None
) -> tuple[list[Item], Mapping[str, set[str]]]:
    """Return all that may be one of the entries, with what is known of it; and for each entry what was found for it.

    Raise RemoteFailed where that fails. What was answered until then is kept: the next run goes on from there.
    """
    found: dict[str, set[str]] = {each.record.id: set() for each in entries}
    _look_up(outside, "items_by_identifier", ("property", "identifier"), entries, _identifiers, found)
    _look_up(outside, "items_by_website", ("site",), entries, _websites, found)
    if not outside.api:
        _look_up(outside, "items_by_name", ("name",), entries, _names, found)
    for done, each in enumerate(entries if outside.api else ()):
        progress(done, len(entries), "entries searched for")
        found[each.record.id].update(_searched(each, outside))
    iris = {iri for some in found.values() for iri in some if iri.startswith(outside.source)}
    items = details(sorted(iris), entries, outside, progress)
    return _with_domains(items, entries), found


def details(iris: Sequence[str], entries: Sequence[Ours], outside: Outside, progress: Progress) -> list[Item]:
    """Return what is known of items by their IRIs, their names in the languages of the entries' names."""
    languages = {language for each in entries for _, language in each.names}
    tagged = [Literal(each) for each in sorted(languages | set(_ALWAYS))]
    triples: list[Triple] = []
    for done, batch in _batches(iris, ITEMS):
        progress(done, len(iris), "candidates looked up")
        triples += _described([NamedNode(iri) for iri in batch], tagged, outside)
    progress(len(iris), len(iris), "candidates looked up")
    return items_of(triples, iris)


def _described(items: Sequence[NamedNode], languages: Sequence[Literal], outside: Outside) -> list[Triple]:
    """Return what is told of a batch; where the server gives up on it, of its halves."""
    try:
        return outside.triples(QUERIES.text("details_of_items", {"item": items, "language": languages}))
    except Unfinished:
        if len(items) == 1:
            raise
        half = len(items) // 2
        return [*_described(items[:half], languages, outside), *_described(items[half:], languages, outside)]


def _searched(each: Ours, outside: Outside) -> Iterator[str]:
    """Yield what the search has for an entry: by each name in its language and, where that has little, by its words."""
    for name, language in each.names:
        found = outside.by_label(name, language)
        if language.partition("-")[0] != "en":
            found += outside.by_label(name, "en")
        yield from found
        if len(found) < _FEW or name != each.record.name:
            yield from outside.by_words(name)


def _look_up(
    outside: Outside, query: str, variables: tuple[str, ...], entries: Sequence[Ours],
    terms_of: Callable[[Ours], Iterable[tuple[Single, ...]]], found: Mapping[str, set[str]],
) -> None:  # fmt: skip
    """Add to what was found for each entry the items that a query has for its terms."""
    asking = defaultdict[tuple[str, ...], set[str]](set)
    terms = {term: None for each in entries for term in terms_of(each)}
    for each in entries:
        for term in terms_of(each):
            asking[_key(term)].add(each.record.id)
    for _, batch in _batches(sorted(terms, key=str), VALUES):
        for row in outside.rows(QUERIES.text(query, {variables: batch})):
            item, term = row.get("item"), tuple(row[name] for name in variables if name in row)
            for entry in asking.get(_key(term), ()):
                if isinstance(item, NamedNode):
                    found[entry].add(item.value)


def _key(term: Iterable[Single]) -> tuple[str, ...]:
    return tuple(each.value for each in term)


def _identifiers(each: Ours) -> Iterator[tuple[Single, ...]]:
    """Yield the identifiers that an entry has elsewhere, as Wikidata writes them."""
    for collection, value in each.record.identifiers.items():
        if collection in IDENTIFIERS:
            yield NamedNode(WDT + IDENTIFIERS[collection]), Literal(value)


def _websites(each: Ours) -> Iterator[tuple[Single, ...]]:
    """Yield the ways in which the websites of an entry may be written."""
    domain = each.record.domain
    hosts = [f"{scheme}://{www}{domain}" for scheme in ("http", "https") for www in ("", "www.")] if domain else []
    ways = [*hosts, *(f"{host}/" for host in hosts), *(site for site in each.websites if urlsplit(site).scheme)]
    return ((NamedNode(way),) for way in ways)


def _names(each: Ours) -> Iterator[tuple[Single, ...]]:
    """Yield the ways in which the names of an entry may be written: with their language, English or none, or small."""
    for name, language in each.names:
        for text in (name, name.lower()):
            yield (Literal(text),)
            yield from ((Literal(text, language=tag),) for tag in sorted({language, "en", "mul"} - {""}))


def _with_domains(items: Sequence[Item], entries: Iterable[Ours]) -> list[Item]:
    """Return items, each of several websites with the domain that an entry has, if any."""
    known = {each.record.domain for each in entries} - {""}
    found = []
    for item in items:
        shared = next((domain for site in item.websites if (domain := domain_of(site)) in known), item.record.domain)
        found.append(replace(item, record=replace(item.record, domain=shared)))
    return found


def _batches(values: Sequence[_Value], size: int) -> Iterator[tuple[int, Sequence[_Value]]]:
    return ((at, values[at : at + size]) for at in range(0, len(values), size))
