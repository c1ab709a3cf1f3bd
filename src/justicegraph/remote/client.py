"""A server that speaks JSON, asked one request at a time."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request

import orjson

from justicegraph.errors import RemoteFailed
from justicegraph.remote.exchange import AGENT, WEB, Reply, exchange, plain
from justicegraph.remote.patience import Busy, patiently

MOST = 16_777_216
"""Bytes of an answer that are taken: a service answers in batches, not with a dump."""

_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an answer with the status 200 tells of an error, and whether asking again later may help."""

    said: str
    is_passing: bool = False


class Client:
    """Asks a server for JSON; `seconds` are for a whole call, waits included.

    `trouble` tells whether a parsed answer is an error all the same, as MediaWiki's can be.
    """

    def __init__(
        self,
        seconds: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        *,
        agent: str = AGENT,
        trouble: Callable[[Any], Trouble | None] = lambda _: None,
    ) -> None:
        self._seconds, self._sleep, self._clock = seconds, sleep, clock
        self._agent, self._trouble = agent, trouble

    def get(self, url: str, parameters: Mapping[str, str] = _NOTHING) -> Any:
        """Return the parsed JSON that is there; raise RemoteFailed, in one sentence, where there is none."""
        glue = "&" if "?" in url else "?"
        return self._call(url, f"{url}{glue}{urlencode(parameters)}" if parameters else url, None)

    def post(self, url: str, form: Mapping[str, str]) -> Any:
        """Return the parsed JSON that a form is answered with; raise RemoteFailed, in one sentence, for anything else.

        A server that is busy gets the form once more: it must be one that asks and changes nothing.
        """
        return self._call(url, url, urlencode(form).encode())

    def _call(self, url: str, address: str, form: bytes | None) -> Any:
        if not address.startswith(WEB):
            raise RemoteFailed(f"{plain(url)}: an address begins with http:// or https://.")
        headers = {"User-Agent": self._agent, "Accept": "application/json"}
        try:
            request = Request(address, form, headers)  # noqa: S310  # the scheme is checked above
        except ValueError as error:
            raise RemoteFailed(f"{plain(url)} is no address.") from error
        return patiently(lambda left: self._answer(request, left, url), self._seconds, self._sleep, self._clock)

    def _answer(self, request: Request, left: float, url: str) -> Any:
        reply = exchange(request, left, MOST)
        said = _parsed(url, reply)
        trouble = self._trouble(said)
        if trouble is None:
            return said
        sentence = f"{url} answered: {plain(trouble.said)}"
        raise Busy(sentence, reply.wait) if trouble.is_passing else RemoteFailed(sentence)


def _parsed(url: str, reply: Reply) -> Any:
    with reply.body.whole() as body:
        if reply.kind not in {"application/json", "text/json"} and not reply.kind.endswith("+json"):
            kind = reply.kind or "nothing that it names"
            raise RemoteFailed(f'{url} sent "{kind}" where JSON was asked for: is this the address of the service?')
        try:
            return orjson.loads(body.read())
        except ValueError as error:
            raise RemoteFailed(f"{url} sent JSON that is broken or cut: {plain(str(error))}.") from error
