"""Another SPARQL store as a place to ask: one request at a time, with a deadline, and answers checked.

SPARQLWrapper brings the protocol. It has no deadline of its own, passes 429 and 503 on as they come, and takes an error
page for an answer; that is added here.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.error import HTTPError, URLError

from justicegraph.errors import BadQuery, RemoteFailed
from justicegraph.evaluate import Answer, Ask, Question
from justicegraph.formats import Format
from justicegraph.spool import Spool

AGENT = "JusticeGraph/0.1 (https://w3id.org/justicegraph/)"
"""Whom a server's operator can turn to; Wikidata asks for it."""

LONG = 2_000
"""Characters from which a query is posted, since servers limit addresses."""

_TOO_BUSY = {429, 502, 503, 504}
_MOST = 1_073_741_824
"""Bytes of an answer that are taken."""


def remote_store(
    endpoint: str,
    seconds: float = 60.0,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Ask:
    """Return a way to ask this endpoint; it raises BadQuery for a refused query, RemoteFailed for anything else.

    `seconds` is for everything: connecting, waiting as the server asked (Retry-After, RFC 9110, 10.2.3), and reading.
    """
    if not endpoint.startswith(("http://", "https://")):
        raise RemoteFailed(f"{endpoint}: an endpoint begins with http:// or https://.")

    def ask(question: Question) -> Answer:
        end = clock() + seconds
        while True:
            try:
                return _answer(endpoint, question, end, clock)
            except HTTPError as error:
                wait = _wait(error)
                error.close()
                if error.code not in _TOO_BUSY or wait is None or clock() + wait >= end:
                    later = f" It asks to wait {wait:.0f} seconds." if wait is not None else ""
                    raise RemoteFailed(f"{endpoint} answered {error.code} {error.reason}.{later}") from error
                sleep(wait)

    return ask


def _answer(endpoint: str, question: Question, end: float, clock: Callable[[], float]) -> Answer:
    from SPARQLWrapper import SPARQLExceptions

    if question.bindings:
        raise BadQuery("Bound variables cannot be sent to another server.")
    try:
        response = _wrapper(endpoint, question, end - clock()).query().response
        with response:
            return _read(endpoint, response, question, end, clock)
    except SPARQLExceptions.QueryBadFormed as error:
        said = str(error).partition("Response:\n")[2].strip() or str(error)
        raise BadQuery(f"{endpoint} refused the query: {said.removeprefix('b').strip(chr(39))[:300]}") from error
    except SPARQLExceptions.SPARQLWrapperException as error:
        raise RemoteFailed(f"{endpoint} failed: {str(error).splitlines()[0][:300]}") from error
    except HTTPError:
        raise
    except TimeoutError as error:
        raise RemoteFailed(f"{endpoint} did not answer in time.") from error
    except (URLError, OSError) as error:
        raise RemoteFailed(f"{endpoint} cannot be reached: {getattr(error, 'reason', None) or error}.") from error


def _wrapper(endpoint: str, question: Question, seconds: float) -> Any:
    from SPARQLWrapper import GET, POST, SPARQLWrapper

    if seconds <= 0:
        raise TimeoutError
    wrapper = SPARQLWrapper(endpoint, agent=AGENT)
    wrapper.setTimeout(max(1, int(seconds)))
    wrapper.setMethod(POST if len(question.query) > LONG else GET)
    wrapper.setQuery(question.query)
    wanted = [form.media_type.partition(";")[0] for form in (question.solutions, question.graph) if form]
    wrapper.addCustomHttpHeader("Accept", ", ".join(wanted))
    for iri in question.default_graphs:
        wrapper.addParameter("default-graph-uri", iri)
    for iri in question.named_graphs:
        wrapper.addParameter("named-graph-uri", iri)
    return wrapper


def _read(endpoint: str, response: Any, question: Question, end: float, clock: Callable[[], float]) -> Answer:
    form = _form(endpoint, response.headers.get("Content-Type", ""), question)
    announced = response.headers.get("Content-Length")
    body = Spool()
    try:
        while chunk := response.read(65_536):
            body.write(chunk)
            if clock() > end:
                raise TimeoutError
            if body.length > _MOST:
                raise RemoteFailed(f"{endpoint} sent more than {_MOST:,} bytes.")
        if announced and announced.isdigit() and int(announced) != body.length:
            raise RemoteFailed(f"{endpoint} broke off after {body.length:,} of {announced} bytes.")
    except BaseException:
        body.close()
        raise
    return Answer(form, body.whole(), body.length)


def _form(endpoint: str, kind: str, question: Question) -> Format:
    sent = kind.partition(";")[0].strip().lower()
    for form in (question.solutions, question.graph):
        if form and sent in {form.media_type.partition(";")[0], *form.aliases}:
            return form
    raise RemoteFailed(f'{endpoint} sent "{sent or "nothing"}" where an answer to a query was asked for.')


def _wait(error: HTTPError) -> float | None:
    """Return how many seconds the server asks to wait; None where it does not say."""
    said = (error.headers.get("Retry-After") or "").strip() if error.headers else ""
    if said.isdigit():
        return float(said)
    with suppress(ValueError):
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    return None
