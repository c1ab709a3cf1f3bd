"""One request and its whole answer, or one sentence on what went wrong."""

import string
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, InvalidURL
from typing import Any, cast
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import Request, getproxies, proxy_bypass

from justicegraph.errors import RemoteFailed
from justicegraph.remote.deadline import Lines, within
from justicegraph.remote.patience import Busy, retry_after
from justicegraph.system.spool import Spool

CONTACT = "https://w3id.org/justicegraph/"
WEB = ("http://", "https://")

_TOO_BUSY = frozenset({429, 502, 503, 504})
_MOVED, _AS_IT_IS = frozenset({301, 302, 303, 307, 308}), frozenset({307, 308})
_HOPS = 5
_PIECE = 65_536
_TOLD = 2_000
"""Bytes of an error's text that are read."""


def agent_of(contact: str) -> str:
    """Return a User-Agent, with whom a server's operator can turn to: Wikimedia's policy asks for that.

    https://foundation.wikimedia.org/wiki/Policy:Wikimedia_Foundation_User-Agent_Policy
    """
    return f"JusticeGraph/0.1 ({plain(contact).encode('ascii', 'replace').decode()})"


def plain(text: str) -> str:
    """Return a server's words on one line, without what a terminal would obey, and not too many."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:300]


AGENT = agent_of(CONTACT)


class Refusal(RemoteFailed):
    """A status that says no; `said` is the beginning of what came with it."""

    def __init__(self, sentence: str, code: int, said: str) -> None:
        super().__init__(sentence)
        self.code, self.said = code, said


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer: its media type in small letters, when to ask again if it says so, and its bytes."""

    kind: str
    wait: float | None
    body: Spool


def exchange(request: Request, seconds: float, most: int) -> Reply:
    """Send a request and return the answer; raise Busy, Refusal, or RemoteFailed for anything else.

    It is given up after so many seconds, and from so many bytes on.
    """
    where, body = request.full_url.partition("?")[0], Spool()
    try:
        with _told(where):
            response = within(seconds, lambda lines: _exchange(lines, request, seconds, body, most))
        kind = (response.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        return Reply(plain(kind), retry_after(response.headers.get("Retry-After")), body)
    except BaseException:
        body.close()
        raise


def _exchange(lines: Lines, request: Request, seconds: float, body: Spool, most: int) -> HTTPResponse:
    """Read the answer's bytes into `body`; return its head."""
    with _opened(lines, request, seconds) as response:
        announced = response.headers.get("Content-Length") or ""
        coding = response.headers.get("Content-Encoding") or "identity"
        if coding.strip().lower() != "identity":
            raise RemoteFailed(f'{_of(request)} sent its answer as "{plain(coding)}", which was not asked for.')
        while chunk := response.read1(_PIECE):
            body.write(chunk)
            if body.length > most:
                raise RemoteFailed(f"{_of(request)} sent more than {most:,} bytes.")
        if announced.isascii() and announced.isdigit() and int(announced[:18]) != body.length:
            raise RemoteFailed(f"{_of(request)} broke off after {body.length:,} of {announced[:18]} bytes.")
    return response


def _opened(lines: Lines, request: Request, seconds: float) -> HTTPResponse:
    """Return an answer's head, from wherever the server says that it has moved to (RFC 9110, 15.4)."""
    opener = lines.opener()
    asked = Request(request.full_url, request.data, request.headers)  # noqa: S310  # a proxy changes what it is given
    for _ in range(_HOPS):
        try:
            response: HTTPResponse = opener.open(asked, timeout=seconds)
            return response
        except HTTPError as error:
            with closing(error):
                asked = _moved(asked, error)
    raise RemoteFailed(f"{_of(request)} leads from one address to another without end.")


def _moved(request: Request, error: HTTPError) -> Request:
    """Return the request for where the server sends it on to; raise what any other status means."""
    said = error.headers.get("Location") if error.code in _MOVED else None
    if not said:
        raise _refused(request, error)
    address = urljoin(request.full_url, quote(said, encoding="iso-8859-1", safe=string.punctuation))
    if not address.startswith(WEB) or (request.data is not None and error.code not in _AS_IT_IS):
        raise RemoteFailed(f"{_of(request)} has moved: ask {plain(address.partition('?')[0])}.")
    return Request(address, request.data, request.headers)  # noqa: S310  # the scheme is checked


def _refused(request: Request, error: HTTPError) -> RemoteFailed:
    sentence = f"{_of(request)} answered {error.code} {plain(str(error.reason))}".strip() + "."
    if error.code in _TOO_BUSY:
        return Busy(sentence, retry_after(error.headers.get("Retry-After")))
    body = cast("HTTPResponse", error.fp)  # read() would believe a chunk of any length
    return Refusal(sentence, error.code, plain(body.read1(_TOLD).decode("utf-8", "replace")))


def _of(request: Request) -> str:
    return request.full_url.partition("?")[0]


@contextmanager
def _told(where: str) -> Iterator[None]:
    """Turn what the network raises into one sentence."""
    try:
        yield
    except RemoteFailed:
        raise
    except (URLError, OSError, HTTPException, ValueError) as error:
        reason: Any = getattr(error, "reason", None) or error
        if isinstance(error, TimeoutError) or isinstance(reason, TimeoutError):
            raise RemoteFailed(f"{where} did not answer in time.") from error
        if isinstance(error, InvalidURL) or not isinstance(error, OSError | HTTPException):
            raise RemoteFailed(f"{plain(where)} is no address.") from error
        if isinstance(error, HTTPException):
            raise RemoteFailed(f"{where} broke off its answer, or speaks no HTTP ({type(error).__name__}).") from error
        by = " by the proxy that the environment names" if _has_proxy(where) else ""
        raise RemoteFailed(f"{where} cannot be reached{by}: {plain(str(reason)) or type(error).__name__}.") from error


def _has_proxy(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in getproxies() and not proxy_bypass(parts.netloc)
