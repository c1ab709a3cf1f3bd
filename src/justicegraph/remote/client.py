"""A client for web services that answer in JSON, one request at a time."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import msgspec

from justicegraph.errors import RemoteFailed
from justicegraph.remote.retry import Busy, retry_while_busy
from justicegraph.remote.transport import USER_AGENT, Request, Response, one_line, send

MAX_BYTES = 16_777_216
"""Bytes of a response body: a service answers in batches, not with a dump."""

_NO_PARAMETERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class ServiceError:
    """An error that a service reports in a response with status 200; `is_temporary` if a later try may succeed."""

    message: str
    is_temporary: bool = False


class Client:
    """Asks services for JSON; `seconds` is the deadline for each call, pauses included.

    `find_error` returns the error that a parsed response reports, as MediaWiki's responses can, or None.
    """

    def __init__(
        self,
        seconds: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        *,
        agent: str = USER_AGENT,
        find_error: Callable[[Any], ServiceError | None] = lambda _: None,
    ) -> None:
        self._seconds, self._sleep, self._clock = seconds, sleep, clock
        self._headers = {"User-Agent": agent, "Accept": "application/json"}
        self._find_error = find_error

    def get(self, url: str, parameters: Mapping[str, str] = _NO_PARAMETERS) -> Any:
        """Return the parsed JSON at an address; raise RemoteFailed, in one sentence, if there is none."""
        return self._call(Request(with_query(url, urlencode(parameters)), self._headers))

    def post(self, url: str, form: Mapping[str, str]) -> Any:
        """Return the parsed JSON that a form is answered with; raise RemoteFailed, in one sentence, if there is none.

        A busy server gets the form again, so the form must not change anything there.
        """
        headers = {**self._headers, "Content-Type": "application/x-www-form-urlencoded"}
        return self._call(Request(url, headers, urlencode(form).encode()))

    def _call(self, request: Request) -> Any:
        return retry_while_busy(lambda left: self._attempt(request, left), self._seconds, self._sleep, self._clock)

    def _attempt(self, request: Request, seconds: float) -> Any:
        response = send(request, seconds, MAX_BYTES)
        content = _parsed(request, response)
        error = self._find_error(content)
        if error is None:
            return content
        sentence = f"{request.address} answered: {one_line(error.message)}"
        raise Busy(sentence, response.retry_after) if error.is_temporary else RemoteFailed(sentence)


def with_query(url: str, query: str) -> str:
    """Return an address with these parameters after those that it has."""
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url


def _parsed(request: Request, response: Response) -> Any:
    media_type = response.media_type or "no media type"
    with response.body.whole() as body:
        if media_type not in {"application/json", "text/json"} and not media_type.endswith("+json"):
            raise RemoteFailed(
                f'{request.address} sent "{media_type}" instead of JSON. Is this the address of the service?'
            )
        try:
            return msgspec.json.decode(body.read())
        except (ValueError, RecursionError) as error:
            raise RemoteFailed(f"{request.address} sent broken or incomplete JSON: {one_line(str(error))}.") from error
