"""Sends SPARQL queries to another endpoint, with a deadline and with checks of every result.

SPARQLWrapper describes the request of the SPARQL 1.1 Protocol. It is sent by `justicegraph.remote.transport`, since
SPARQLWrapper itself has no deadline for the whole exchange, no limit of size, and no answer to 429 and 503.
"""

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from justicegraph.errors import BadQuery, RemoteFailed
from justicegraph.rdf.formats import Format
from justicegraph.remote.client import with_query
from justicegraph.remote.retry import retry_while_busy
from justicegraph.remote.transport import USER_AGENT, WEB, Refused, Request, Response, send
from justicegraph.sparql.query import Query, Result, RunQuery
from justicegraph.system.spool import Spool

LONG_QUERY = 2_000
"""Characters from which a query is posted, since servers limit the length of addresses."""

_MAX_BYTES = 1_073_741_824
"""Bytes of a result."""

_TAIL = 4_096
_STACK_TRACE = re.compile(rb"(?:\n[ \t]+(?:at [^\n]{1,300}|\.\.\. [0-9]+ [^\n]{1,40}))\s*\Z")
"""The end of a Java stack trace. Blazegraph, which runs Wikidata, writes one into a result that it cannot finish."""
_ENDS = {"json": (b"}",), "xml": (b">",), "rdf": (b">",), "jsonld": (b"}", b"]"), "nt": (b".",), "nq": (b".",)}
"""What a whole result can end with, by the short name of its format."""


class Unfinished(RemoteFailed):
    """The server gave up before or within its result: a smaller query may succeed."""


def remote_endpoint(
    url: str,
    seconds: float = 60.0,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    *,
    agent: str = USER_AGENT,
) -> RunQuery:
    """Return a function that runs queries at this endpoint; `seconds` is the deadline for all of it, pauses included.

    The function raises BadQuery for a refused query, Unfinished if a smaller query may succeed, else RemoteFailed.
    """
    if not url.startswith(WEB):
        raise RemoteFailed(f"{url}: an endpoint begins with http:// or https://.")

    def run_query(query: Query) -> Result:
        request = _request(url, query, agent)
        try:
            response = retry_while_busy(lambda left: send(request, left, _MAX_BYTES), seconds, sleep, clock)
        except Refused as error:
            if error.status == 400:
                raise BadQuery(f"{url} refused the query: {error.text or error}") from error
            if error.status == 500:
                raise Unfinished(f"{error} It says: {error.text}") from error
            raise
        return _checked(url, response, query)

    return run_query


def _request(url: str, query: Query, agent: str) -> Request:
    """Return the request for a query (SPARQL 1.1 Protocol, section 2.1); raise BadQuery for one with bound variables.

    The format is chosen by the Accept header alone. An update is sent as a query, so that the server refuses it.
    """
    from SPARQLWrapper import GET, POST, SPARQLWrapper

    if query.bindings:
        raise BadQuery("Bound variables cannot be sent to another server.")
    wrapper: Any = SPARQLWrapper(url, agent=agent)
    wrapper.setMethod(POST if len(query.text) > LONG_QUERY else GET)
    wrapper.setQuery(query.text)
    for iri in query.default_graphs:
        wrapper.addParameter("default-graph-uri", iri)
    for iri in query.named_graphs:
        wrapper.addParameter("named-graph-uri", iri)
    media_types = [form.media_type.partition(";")[0] for form in (query.solutions, query.graph) if form]
    headers = {"User-Agent": wrapper.agent, "Accept": ", ".join(media_types)}
    fields = urlencode({"query": wrapper.queryString, **wrapper.parameters}, doseq=True)
    if wrapper.method == GET:
        return Request(with_query(wrapper.endpoint, fields), headers)
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    return Request(wrapper.endpoint, headers, fields.encode())


def _checked(url: str, response: Response, query: Query) -> Result:
    try:
        form = _format(url, response.media_type, query)
        if not _is_whole(form, response.body):
            raise Unfinished(f"{url} broke off within its results. Ask for less, for example with LIMIT.")
    except BaseException:
        response.body.close()
        raise
    return Result(form, response.body.whole(), response.body.length)


def _format(url: str, media_type: str, query: Query) -> Format:
    """Return the format that was asked for and has this media type; raise RemoteFailed if none has."""
    for form in (query.solutions, query.graph):
        if form and media_type in {form.media_type.partition(";")[0], *form.aliases}:
            return form
    raise RemoteFailed(f'{url} sent "{media_type or "no media type"}" instead of query results.')


def _is_whole(form: Format, body: Spool) -> bool:
    """Tell whether a result ends as its format does: a server that fails midway has sent its status already."""
    file = body.whole()
    file.seek(max(0, body.length - _TAIL))
    tail = file.read().rstrip()
    if form.name in {"nt", "nq"} and (not tail or tail.rpartition(b"\n")[2].startswith(b"#")):
        return True  # the result is empty, or its last line is a comment
    return not _STACK_TRACE.search(tail) and tail.endswith(_ENDS.get(form.name, b""))
