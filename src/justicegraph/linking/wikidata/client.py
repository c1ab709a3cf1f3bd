"""A client of Wikidata: its search and its SPARQL endpoint, one request at a time, with cached responses."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from justicegraph.errors import BadQuery, RemoteFailed
from justicegraph.linking.wikidata.cache import Cache
from justicegraph.project.sssom import WIKIDATA
from justicegraph.rdf.formats import GRAPHS, SOLUTIONS, named_format
from justicegraph.remote import Client, ServiceError, Unfinished
from justicegraph.remote.client import MAX_BYTES
from justicegraph.sparql.query import Query, RunQuery
from justicegraph.sparql.results import Terms, parse_terms
from justicegraph.text import first_line

HITS = 10
"""Items in the response to a search."""

_MAX_LAG = "5"
"""Seconds that Wikidata's servers may lag behind before we wait (https://www.mediawiki.org/wiki/Manual:Maxlag_parameter)."""
_LONGEST = 200
"""Characters of a name that are searched for: the search refuses longer ones."""
_ITEM = re.compile(r"Q[1-9][0-9]{0,11}")
_WORD = re.compile(r"\w+")
_TEMPORARY = re.compile(r"maxlag|ratelimited|readonly|internal_api_error.*|.*-too-busy-error")
"""Errors that may be gone at a later try (https://www.mediawiki.org/wiki/API:Errors_and_warnings)."""

Term = NamedNode | Literal
_Parsed = TypeVar("_Parsed")


class _LabelHit(msgspec.Struct):
    id: str = ""


class _LabelHits(msgspec.Struct):
    search: list[_LabelHit]


class _TextHit(msgspec.Struct):
    title: str = ""


class _TextHits(msgspec.Struct):
    search: list[_TextHit]


class _TextQuery(msgspec.Struct):
    query: _TextHits


def error_in(content: Any) -> ServiceError | None:
    """Return the error that MediaWiki reports in a response with status 200; None if it reports none."""
    error = content.get("error") if isinstance(content, dict) else None
    if error is None:
        return None
    code = str(error.get("code", "")) if isinstance(error, dict) else ""
    info = str(error.get("info", "")) if isinstance(error, dict) else str(error)
    return ServiceError(f"{code}: {info[:200]}".strip(": "), bool(_TEMPORARY.fullmatch(code)))


@dataclass(frozen=True)
class WikidataClient:
    """A client of Wikidata, or of another database of items.

    `api` is the address of its search; without one, names are looked up by SPARQL. `run_query` sends queries to the
    SPARQL endpoint at the address `endpoint`. `source` is the namespace of the items. Responses are cached if there is
    a cache.
    """

    client: Client
    run_query: RunQuery
    endpoint: str
    api: str
    source: str = WIKIDATA
    cache: Cache | None = None

    def search_labels(self, name: str, language: str) -> list[str]:
        """Return the items whose label or alias in a language begins with a name; raise RemoteFailed."""
        language = language.partition("-")[0].lower() or "en"
        parameters = {"action": "wbsearchentities", "search": name[:_LONGEST], "type": "item"}
        parameters |= {"language": language, "uselang": language, "limit": str(HITS)}
        return self._items(hit.id for hit in self._search(parameters, _LabelHits).search)

    def search_texts(self, name: str) -> list[str]:
        """Return the items that have all words of a name anywhere in their texts; raise RemoteFailed."""
        words = " ".join(_WORD.findall(name[:_LONGEST].lower()))
        if not words:
            return []
        parameters = {"action": "query", "list": "search", "srsearch": words, "srnamespace": "0", "srprop": ""}
        response = self._search(parameters | {"srlimit": str(HITS)}, _TextQuery)
        return self._items(hit.title for hit in response.query.search)

    def select(self, query: str) -> list[Terms]:
        """Return the rows of a SELECT; raise RemoteFailed."""
        return self._run(Query(query, solutions=named_format("json", SOLUTIONS)), self._parse_rows)

    def construct(self, query: str) -> list[Triple]:
        """Return the triples of a CONSTRUCT; raise RemoteFailed."""
        return self._run(Query(query, graph=named_format("ttl", GRAPHS)), self._parse_triples)

    def _run(self, query: Query, parse_response: Callable[[bytes], _Parsed]) -> _Parsed:
        def fetch() -> bytes:
            try:
                result = self.run_query(query)
            except BadQuery as error:
                raise RemoteFailed(str(error)) from error
            with result.body:
                if result.length > MAX_BYTES:
                    raise Unfinished(f"{self.endpoint} sent more than {MAX_BYTES:,} bytes.")
                return result.read()

        return self._cached((self.endpoint, query.text), fetch, parse_response)

    def _cached(
        self, key: Sequence[str], fetch: Callable[[], bytes], parse_response: Callable[[bytes], _Parsed]
    ) -> _Parsed:
        return self.cache.get(key, fetch, parse_response) if self.cache else parse_response(fetch())

    def _parse_rows(self, body: bytes) -> list[Terms]:
        try:
            return list(parse_terms(body))
        except (SyntaxError, ValueError, OSError) as error:
            raise RemoteFailed(f"{self.endpoint} sent results that cannot be read: {first_line(error)}.") from error

    def _parse_triples(self, body: bytes) -> list[Triple]:
        try:
            return [quad.triple for quad in parse(body, format=RdfFormat.TURTLE, lenient=True)]
        except (SyntaxError, ValueError, OSError) as error:
            raise Unfinished(f"{self.endpoint} sent a graph that cannot be read: {first_line(error)}.") from error

    def _search(self, parameters: dict[str, str], response_type: type[_Parsed]) -> _Parsed:
        parameters = {**parameters, "format": "json", "formatversion": "2", "maxlag": _MAX_LAG}
        key = [self.api, *(f"{name}={value}" for name, value in sorted(parameters.items()))]

        def parse_hits(body: bytes) -> _Parsed:
            try:
                return msgspec.json.decode(body, type=response_type)
            except ValueError as error:
                message = f"{self.api} sent no results of a search: is this the address of Wikidata's API?"
                raise RemoteFailed(message) from error

        return self._cached(key, lambda: msgspec.json.encode(self.client.get(self.api, parameters)), parse_hits)

    def _items(self, names: Iterable[str]) -> list[str]:
        return [self.source + name for name in names if _ITEM.fullmatch(name)]
