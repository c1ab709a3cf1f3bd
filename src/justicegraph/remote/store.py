"""Another SPARQL store as a place to ask, with the same patience and suspicion.

SPARQLWrapper brings the protocol: it writes the requests. It has no deadline of its own, passes 429 and 503 on as they
come, and takes an error page for an answer; so the requests are sent here.
"""

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.request import Request

from justicegraph.errors import BadQuery, RemoteFailed
from justicegraph.rdf.formats import Format
from justicegraph.remote.exchange import AGENT, WEB, Refusal, Reply, exchange
from justicegraph.remote.patience import patiently
from justicegraph.sparql.query import Query, Result, RunQuery
from justicegraph.system.spool import Spool

LONG = 2_000
"""Characters from which a query is posted, since servers limit addresses."""

_MOST = 1_073_741_824
"""Bytes of an answer that are taken."""

_TAIL = 4_096
_TRACE = re.compile(rb"(?:\n[ \t]+(?:at [^\n]{1,300}|\.\.\. [0-9]+ [^\n]{1,40}))\s*\Z")
"""The end of a Java stack trace: Blazegraph, which Wikidata runs, writes it into an answer that it cannot finish."""
_ENDS = {"json": (b"}",), "xml": (b">",), "rdf": (b">",), "jsonld": (b"}", b"]"), "nt": (b".",), "nq": (b".",)}
"""What a whole answer can end with, by the short name of its format."""


class Unfinished(RemoteFailed):
    """The server gave up on its answer, before it or within it: asking for less may help."""


def remote_store(
    endpoint: str,
    seconds: float = 60.0,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    *,
    agent: str = AGENT,
) -> RunQuery:
    """Return a way to ask this endpoint; it raises BadQuery for a refused query, RemoteFailed for anything else.

    Unfinished is a RemoteFailed for which a smaller question may have an answer.

    `seconds` is for everything: connecting, waiting as the server asked (Retry-After, RFC 9110, 10.2.3), and reading.
    """
    if not endpoint.startswith(WEB):
        raise RemoteFailed(f"{endpoint}: an endpoint begins with http:// or https://.")

    def run_query(question: Query) -> Result:
        if question.bindings:
            raise BadQuery("Bound variables cannot be sent to another server.")
        request = _request(endpoint, question, agent)
        try:
            reply = patiently(lambda left: exchange(request, left, _MOST), seconds, sleep, clock)
        except Refusal as error:
            if error.code == 400:
                raise BadQuery(f"{endpoint} refused the query: {error.said or error}") from error
            if error.code == 500:
                raise Unfinished(f"{error} It says: {error.said}") from error
            raise
        return _checked(endpoint, reply, question)

    return run_query


def _request(endpoint: str, question: Query, agent: str) -> Request:
    from SPARQLWrapper import GET, POST, SPARQLWrapper

    wrapper: Any = SPARQLWrapper(endpoint, agent=agent)
    wrapper.setMethod(POST if len(question.text) > LONG else GET)
    wrapper.setQuery(question.text)
    wanted = [form.media_type.partition(";")[0] for form in (question.solutions, question.graph) if form]
    wrapper.addCustomHttpHeader("Accept", ", ".join(wanted))
    for iri in question.default_graphs:
        wrapper.addParameter("default-graph-uri", iri)
    for iri in question.named_graphs:
        wrapper.addParameter("named-graph-uri", iri)
    try:
        request: Request = wrapper._createRequest()  # query() would send it without a deadline
    except ValueError as error:
        raise RemoteFailed(f"{endpoint} is no address.") from error
    return request


def _checked(endpoint: str, reply: Reply, question: Query) -> Result:
    try:
        form = _form(endpoint, reply.kind, question)
        if not _is_whole(form, reply.body):
            raise Unfinished(f"{endpoint} broke off within its answer: ask for less.")
    except BaseException:
        reply.body.close()
        raise
    return Result(form, reply.body.whole(), reply.body.length)


def _form(endpoint: str, kind: str, question: Query) -> Format:
    for form in (question.solutions, question.graph):
        if form and kind in {form.media_type.partition(";")[0], *form.aliases}:
            return form
    raise RemoteFailed(f'{endpoint} sent "{kind or "nothing"}" where an answer to a query was asked for.')


def _is_whole(form: Format, body: Spool) -> bool:
    """Tell whether an answer ends as one does: a server that fails midway has sent its status already."""
    file = body.whole()
    file.seek(max(0, body.length - _TAIL))
    tail = file.read().rstrip()
    if form.name in {"nt", "nq"} and (not tail or tail.rpartition(b"\n")[2].startswith(b"#")):
        return True  # nothing was found, or the last line is a comment
    return not _TRACE.search(tail) and tail.endswith(_ENDS.get(form.name, b""))
