"""What is known elsewhere, asked one request at a time: Wikidata's search, and a SPARQL endpoint; answers are kept."""

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

FOUND = 10
"""Items that a search is asked for."""

_LAG = "5"
"""Seconds that Wikidata's servers may lag behind before we wait (https://www.mediawiki.org/wiki/Manual:Maxlag_parameter)."""
_LONGEST = 200
"""Letters of a name that are searched for: the search refuses longer ones."""
_ITEM = re.compile(r"Q[1-9][0-9]{0,11}")
_WORD = re.compile(r"\w+")
_PASSING = re.compile(r"maxlag|ratelimited|readonly|internal_api_error.*|.*-too-busy-error")
"""Errors that a later try may not have (https://www.mediawiki.org/wiki/API:Errors_and_warnings)."""

Single = NamedNode | Literal
_Read = TypeVar("_Read")


def error_in(content: Any) -> ServiceError | None:
    """Return the error that MediaWiki reports in a response with status 200; None if it reports none."""
    error = content.get("error") if isinstance(content, dict) else None
    if error is None:
        return None
    code = str(error.get("code", "")) if isinstance(error, dict) else ""
    info = str(error.get("info", "")) if isinstance(error, dict) else str(error)
    return ServiceError(f"{code}: {info[:200]}".strip(": "), bool(_PASSING.fullmatch(code)))


@dataclass(frozen=True)
class Outside:
    """A collection elsewhere: `api` is the address of its search, or nothing where names are looked up by SPARQL.

    `source` is the namespace of its items. `ask` asks the endpoint, whose address is `endpoint`. Answers are kept in
    the cache, if there is one.
    """

    client: Client
    run_query: RunQuery
    endpoint: str
    api: str
    source: str = WIKIDATA
    cache: Cache | None = None

    def by_label(self, name: str, language: str) -> list[str]:
        """Return the items whose label or alias in a language begins with a name; raise RemoteFailed."""
        language = language.partition("-")[0].lower() or "en"
        asked = {"action": "wbsearchentities", "search": name[:_LONGEST], "type": "item"}
        said = self._search(asked | {"language": language, "uselang": language, "limit": str(FOUND)})
        return self._items(each.get("id") for each in _list(self.api, said, "search"))

    def by_words(self, name: str) -> list[str]:
        """Return the items that have all words of a name somewhere in their texts; raise RemoteFailed."""
        words = " ".join(_WORD.findall(name[:_LONGEST].lower()))
        if not words:
            return []
        asked = {"action": "query", "list": "search", "srsearch": words, "srnamespace": "0", "srprop": ""}
        said = self._search(asked | {"srlimit": str(FOUND)})
        within = said.get("query") if isinstance(said, dict) else None
        return self._items(each.get("title") for each in _list(self.api, within, "search"))

    def rows(self, query: str) -> list[Terms]:
        """Return the answer to a SELECT; raise RemoteFailed."""
        return self._asked(Query(query, solutions=named_format("json", SOLUTIONS)), self._rows)

    def triples(self, query: str) -> list[Triple]:
        """Return the answer to a CONSTRUCT; raise RemoteFailed."""
        return self._asked(Query(query, graph=named_format("ttl", GRAPHS)), self._triples)

    def _asked(self, question: Query, read: Callable[[bytes], _Read]) -> _Read:
        def fetch() -> bytes:
            try:
                answer = self.run_query(question)
            except BadQuery as error:
                raise RemoteFailed(str(error)) from error
            with answer.body:
                if answer.length > MAX_BYTES:
                    raise Unfinished(f"{self.endpoint} sent more than {MAX_BYTES:,} bytes.")
                return answer.read()

        return self._kept((self.endpoint, question.text), fetch, read)

    def _kept(self, about: Sequence[str], fetch: Callable[[], bytes], read: Callable[[bytes], _Read]) -> _Read:
        return self.cache.kept(about, fetch, read) if self.cache else read(fetch())

    def _rows(self, answer: bytes) -> list[Terms]:
        try:
            return list(parse_terms(answer))
        except (SyntaxError, ValueError, OSError) as error:
            raise RemoteFailed(f"{self.endpoint} sent results that cannot be read: {_line(error)}.") from error

    def _triples(self, answer: bytes) -> list[Triple]:
        try:
            return [quad.triple for quad in parse(answer, format=RdfFormat.TURTLE, lenient=True)]
        except (SyntaxError, ValueError, OSError) as error:
            raise Unfinished(f"{self.endpoint} sent a graph that cannot be read: {_line(error)}.") from error

    def _search(self, asked: dict[str, str]) -> Any:
        asked = {**asked, "format": "json", "formatversion": "2", "maxlag": _LAG}
        about = [self.api, *(f"{name}={value}" for name, value in sorted(asked.items()))]
        return self._kept(about, lambda: msgspec.json.encode(self.client.get(self.api, asked)), self._parsed)

    def _parsed(self, answer: bytes) -> Any:
        try:
            return msgspec.json.decode(answer)
        except ValueError as error:
            raise RemoteFailed(f"{self.api}: what was kept of its answer is broken.") from error

    def _items(self, names: Iterable[object]) -> list[str]:
        return [self.source + name for name in names if isinstance(name, str) and _ITEM.fullmatch(name)]


def _list(api: str, said: Any, key: str) -> list[dict[str, Any]]:
    found = said.get(key) if isinstance(said, dict) else None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise RemoteFailed(f"{api} sent no results of a search: is this the address of Wikidata's API?")
    return found


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200]
