"""Search for the items that may be the same as entries: by identifiers, websites and names."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.linking.records.identifiers import domain_of
from justicegraph.linking.records.wikidata import IDENTIFIERS, WDT, Item, items_of
from justicegraph.linking.wikidata.client import Term, WikidataClient
from justicegraph.linking.wikidata.entries import QUERIES, OwnEntry
from justicegraph.remote import Unfinished

ITEMS = 50
"""Items in one query."""
VALUES = 200
"""Names, websites or identifiers in one query."""

_LANGUAGES = ("", "en", "mul")
"""Languages whose names are always read: none, English, and Wikidata's code for many languages at once."""
_ENOUGH = 3
"""Items found by the beginning of a name from which its words are not searched for."""

Progress = Callable[[int, int, str], None]
"""Takes how many are done, the total, and what they are."""
_Value = TypeVar("_Value")


def find_items(
    entries: Sequence[OwnEntry], wikidata: WikidataClient, progress: Progress = lambda *_: None
) -> tuple[list[Item], Mapping[str, set[str]]]:
    """Return the items that may be one of the entries, and the IRIs that were found for each entry, by its IRI.

    Raise RemoteFailed. The responses until then are cached, so the next run continues from there.
    """
    iris_by_entry: dict[str, set[str]] = {entry.record.id: set() for entry in entries}
    _look_up(wikidata, "items_by_identifier", ("property", "identifier"), entries, _identifiers, iris_by_entry)
    _look_up(wikidata, "items_by_website", ("site",), entries, _websites, iris_by_entry)
    if not wikidata.api:
        _look_up(wikidata, "items_by_name", ("name",), entries, _names, iris_by_entry)
    for done, entry in enumerate(entries if wikidata.api else ()):
        progress(done, len(entries), "entries searched for")
        iris_by_entry[entry.record.id].update(_search_names(entry, wikidata))
    iris = {iri for some in iris_by_entry.values() for iri in some if iri.startswith(wikidata.source)}
    items = read_details(sorted(iris), entries, wikidata, progress)
    return _prefer_shared_domains(items, entries), iris_by_entry


def read_details(
    iris: Sequence[str], entries: Sequence[OwnEntry], wikidata: WikidataClient, progress: Progress
) -> list[Item]:
    """Return the items with these IRIs, with their names in the languages of the entries' names."""
    languages = {language for entry in entries for _, language in entry.names}
    tags = [Literal(language) for language in sorted(languages | set(_LANGUAGES))]
    triples: list[Triple] = []
    for done, batch in _batches(iris, ITEMS):
        progress(done, len(iris), "candidates looked up")
        triples += _construct_details([NamedNode(iri) for iri in batch], tags, wikidata)
    progress(len(iris), len(iris), "candidates looked up")
    return items_of(triples, iris)


def _construct_details(
    items: Sequence[NamedNode], languages: Sequence[Literal], wikidata: WikidataClient
) -> list[Triple]:
    """Return the triples about a batch of items; if the server cannot finish it, of its halves."""
    try:
        return wikidata.construct(QUERIES.text("details_of_items", {"item": items, "language": languages}))
    except Unfinished:
        if len(items) == 1:
            raise
        half = len(items) // 2
        first, second = items[:half], items[half:]
        return [
            *_construct_details(first, languages, wikidata),
            *_construct_details(second, languages, wikidata),
        ]


def _search_names(entry: OwnEntry, wikidata: WikidataClient) -> Iterator[str]:
    """Yield the items that the search finds by each name in its language, then by its words if there are few."""
    for name, language in entry.names:
        items = wikidata.search_labels(name, language)
        if language.partition("-")[0] != "en":
            items += wikidata.search_labels(name, "en")
        yield from items
        if len(items) < _ENOUGH or name != entry.record.name:
            yield from wikidata.search_texts(name)


def _look_up(
    wikidata: WikidataClient, query: str, variables: tuple[str, ...], entries: Sequence[OwnEntry],
    terms_of: Callable[[OwnEntry], Iterable[tuple[Term, ...]]], iris_by_entry: Mapping[str, set[str]],
) -> None:  # fmt: skip
    """Add the items that a query finds for the terms of each entry to what was found for it."""
    entries_by_key = defaultdict[tuple[str, ...], set[str]](set)
    terms = {term: None for entry in entries for term in terms_of(entry)}
    for entry in entries:
        for term in terms_of(entry):
            entries_by_key[_key(term)].add(entry.record.id)
    for _, batch in _batches(sorted(terms, key=str), VALUES):
        for row in wikidata.select(QUERIES.text(query, {variables: batch})):
            item, term = row.get("item"), tuple(row[name] for name in variables if name in row)
            for iri in entries_by_key.get(_key(term), ()):
                if isinstance(item, NamedNode):
                    iris_by_entry[iri].add(item.value)


def _key(terms: Iterable[Term]) -> tuple[str, ...]:
    return tuple(term.value for term in terms)


def _identifiers(entry: OwnEntry) -> Iterator[tuple[Term, ...]]:
    """Yield the identifiers of an entry in other databases, each with Wikidata's property for it."""
    for database, value in entry.record.identifiers.items():
        if database in IDENTIFIERS:
            yield NamedNode(WDT + IDENTIFIERS[database]), Literal(value)


def _websites(entry: OwnEntry) -> Iterator[tuple[Term, ...]]:
    """Yield the websites of an entry in all ways that Wikidata may write them."""
    domain = entry.record.domain
    hosts = [f"{scheme}://{www}{domain}" for scheme in ("http", "https") for www in ("", "www.")] if domain else []
    addresses = [*hosts, *(f"{host}/" for host in hosts), *(site for site in entry.websites if urlsplit(site).scheme)]
    return ((NamedNode(address),) for address in addresses)


def _names(entry: OwnEntry) -> Iterator[tuple[Term, ...]]:
    """Yield the names of an entry as they are and in lower case, each without and with several language tags."""
    for name, language in entry.names:
        for text in (name, name.lower()):
            yield (Literal(text),)
            yield from ((Literal(text, language=tag),) for tag in sorted({language, "en", "mul"} - {""}))


def _prefer_shared_domains(items: Sequence[Item], entries: Iterable[OwnEntry]) -> list[Item]:
    """Return the items; one with several websites gets the domain that an entry has, if there is one."""
    domains = {entry.record.domain for entry in entries} - {""}
    changed = []
    for item in items:
        shared = next((domain for site in item.websites if (domain := domain_of(site)) in domains), item.record.domain)
        changed.append(replace(item, record=replace(item.record, domain=shared)))
    return changed


def _batches(values: Sequence[_Value], size: int) -> Iterator[tuple[int, Sequence[_Value]]]:
    return ((start, values[start : start + size]) for start in range(0, len(values), size))
