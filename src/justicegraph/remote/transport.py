"""Sends one HTTP request and returns the whole response, or explains in one sentence what went wrong."""

import string
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_address
from urllib.parse import quote, unquote, urljoin
from urllib.request import getproxies, proxy_bypass

from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, make_headers
from urllib3.connection import HTTPConnection
from urllib3.exceptions import (
    HTTPError,
    IncompleteRead,
    LocationValueError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ProxySchemeUnknown,
    SSLError,
)
from urllib3.exceptions import TimeoutError as ResponseTimeout
from urllib3.util import parse_url

from justicegraph.errors import RemoteFailed
from justicegraph.remote.deadline import Sockets, pool_classes, run_before_deadline
from justicegraph.remote.retry import Busy, retry_after
from justicegraph.system.spool import Spool

CONTACT = "https://w3id.org/justicegraph/"
WEB = ("http://", "https://")

_BUSY = frozenset({429, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEEP_METHOD = frozenset({307, 308})
_MAX_REQUESTS = 5
"""Requests until redirects count as a loop."""
_CHUNK = 65_536
_ERROR_BYTES = 2_000
"""Bytes of an error response that are read."""


def user_agent(contact: str) -> str:
    """Return a User-Agent that says how to reach the operator, as Wikimedia's policy asks.

    https://foundation.wikimedia.org/wiki/Policy:Wikimedia_Foundation_User-Agent_Policy
    """
    return f"JusticeGraph/0.1 ({one_line(contact).encode('ascii', 'replace').decode()})"


def one_line(text: str) -> str:
    """Return a server's text as one line of at most 300 characters, without control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:300]


USER_AGENT = user_agent(CONTACT)


class Refused(RemoteFailed):
    """The server answered with an error status; `text` is the beginning of the response body."""

    def __init__(self, sentence: str, status: int, text: str) -> None:
        super().__init__(sentence)
        self.status, self.text = status, text


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request: a POST if it has a body, else a GET."""

    url: str
    headers: Mapping[str, str]
    body: bytes | None = None

    @property
    def address(self) -> str:
        """The URL without its query, as error messages name it."""
        return one_line(self.url.partition("?")[0])


@dataclass(frozen=True, slots=True)
class Response:
    """A whole response: its media type in lower case, its Retry-After in seconds, and its body."""

    media_type: str
    retry_after: float | None
    body: Spool


def send(request: Request, seconds: float, max_bytes: int) -> Response:
    """Send a request and return the response; raise Busy, Refused, or RemoteFailed for anything else.

    `seconds` is the deadline for everything, `max_bytes` the limit for the body.
    """
    if not request.url.startswith(WEB):
        raise RemoteFailed(f"{request.address}: an address begins with http:// or https://.")
    body = Spool()
    try:
        with _explained(request):
            return run_before_deadline(seconds, lambda sockets: _exchange(request, seconds, sockets, body, max_bytes))
    except BaseException:
        body.close()
        raise


def _exchange(request: Request, seconds: float, sockets: Sockets, body: Spool, max_bytes: int) -> Response:
    """Send the request, follow redirects, and read the response body into `body`."""
    first = request
    for _ in range(_MAX_REQUESTS):
        with _opened(request, seconds, sockets, named_host=parse_url(first.url).host) as response:
            if response.status in _REDIRECTS and response.headers.get("Location"):
                request = redirected(request, response)
                continue
            if not 200 <= response.status < 300:
                raise _refused(request, response)
            _read(request, response, body, max_bytes)
            media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            return Response(one_line(media_type), retry_after(response.headers.get("Retry-After")), body)
    raise RemoteFailed(f"{request.address} redirects without end.")


@contextmanager
def _opened(request: Request, seconds: float, sockets: Sockets, named_host: str | None) -> Iterator[BaseHTTPResponse]:
    """Send a request and give the response before its body is read.

    A redirect leads to a private address only at the host that the operator named.
    """
    url = parse_url(request.url)
    if not url.host or url.host.split() != [url.host] or url.auth:
        raise LocationValueError("an address has a host, and no password")

    def on_connect(connection: HTTPConnection) -> None:
        sockets.add(connection)
        if connection.proxy is None and url.host != named_host and _is_private(connection):
            raise RemoteFailed(
                f"{request.address} is in a private network: no redirect may lead there. Use it directly."
            )

    with _pool_manager(url.scheme or "", url.netloc or "") as manager:
        manager.pool_classes_by_scheme = dict(pool_classes(on_connect))
        response = manager.request(
            "GET" if request.body is None else "POST", request.url, body=request.body, headers=request.headers,
            timeout=seconds, retries=False, redirect=False, preload_content=False, decode_content=False,
        )  # fmt: skip
        try:
            yield response
        finally:
            response.close()


def _pool_manager(scheme: str, netloc: str) -> PoolManager:
    """Return a manager that connects through the proxy in the environment, or directly if there is none."""
    proxy = None if proxy_bypass(netloc) else getproxies().get(scheme)
    if not proxy:
        return PoolManager()
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    auth = parse_url(proxy).auth
    return ProxyManager(proxy, proxy_headers=make_headers(proxy_basic_auth=unquote(auth)) if auth else None)


def _is_private(connection: HTTPConnection) -> bool:
    if connection.sock is None:
        return True
    address: str = connection.sock.getpeername()[0]
    return not ip_address(address.partition("%")[0]).is_global


def redirected(request: Request, response: BaseHTTPResponse) -> Request:
    """Return the request that a redirect asks for (RFC 9110, section 15.4); raise RemoteFailed if it is not allowed.

    It must not lead from https to http, and only 307 and 308 send a form again.
    """
    location = quote(response.headers["Location"], encoding="iso-8859-1", safe=string.punctuation)
    url = urljoin(request.url, location)
    moved = replace(request, url=url)
    is_downgrade = request.url.startswith("https:") and not url.startswith("https:")
    changes_method = request.body is not None and response.status not in _KEEP_METHOD
    if not url.startswith(WEB) or is_downgrade or changes_method:
        raise RemoteFailed(f"{request.address} has moved. Use {moved.address} instead.")
    return moved


def _refused(request: Request, response: BaseHTTPResponse) -> RemoteFailed:
    sentence = f"{request.address} answered {response.status} {one_line(response.reason or '')}".strip() + "."
    if response.status in _BUSY:
        return Busy(sentence, retry_after(response.headers.get("Retry-After")))
    return Refused(sentence, response.status, one_line(response.read1(_ERROR_BYTES).decode("utf-8", "replace")))


def _read(request: Request, response: BaseHTTPResponse, body: Spool, max_bytes: int) -> None:
    """Read the response body into `body`; raise RemoteFailed if it is encoded, too long, or incomplete."""
    coding = response.headers.get("Content-Encoding", "identity")
    if coding.strip().lower() != "identity":
        raise RemoteFailed(
            f'{request.address} sent the content coding "{one_line(coding)}", but only plain content is accepted.'
        )
    try:
        while chunk := response.read1(_CHUNK):  # stream() would believe a chunk of any length
            body.write(chunk)
            if body.length > max_bytes:
                raise RemoteFailed(f"{request.address} sent more than {max_bytes:,} bytes.")
    except ProtocolError as error:
        if not isinstance(error.__cause__, IncompleteRead):
            raise
        announced = body.length + error.__cause__.expected
        raise RemoteFailed(f"{request.address} broke off after {body.length:,} of {announced:,} bytes.") from error


@contextmanager
def _explained(request: Request) -> Iterator[None]:
    """Turn what the network raises into one sentence."""
    address = request.address
    try:
        yield
    except RemoteFailed:
        raise
    except (ProxyError, ProxySchemeUnknown) as error:
        reason = _reason(error)
        raise RemoteFailed(f"{address} cannot be reached by the proxy that the environment names: {reason}.") from error
    except (LocationValueError, UnicodeError) as error:
        raise RemoteFailed(f"{address} is not a valid address.") from error
    except (NewConnectionError, SSLError) as error:
        raise RemoteFailed(f"{address} cannot be reached: {_reason(error)}.") from error
    except (TimeoutError, ResponseTimeout) as error:
        raise RemoteFailed(f"{address} did not answer in time.") from error
    except (HTTPError, ValueError) as error:
        raise RemoteFailed(
            f"{address} broke off its response, or is no HTTP server ({type(error).__name__})."
        ) from error
    except OSError as error:
        raise RemoteFailed(f"{address} cannot be reached: {_reason(error)}.") from error


def _reason(error: BaseException) -> str:
    """Return the first cause of an error, as the operating system words it."""
    while cause := error.__cause__ or getattr(error, "original_error", None):
        error = cause
    return one_line(str(error)) or type(error).__name__
