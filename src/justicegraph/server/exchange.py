"""A request as the HTTP server passes it: its client, its body, and the way to send the response."""

import asyncio
from collections.abc import Sequence
from io import BytesIO
from typing import IO, Any

from justicegraph.sparql import MAX_BODY, Headers, Response, client_of

BODY_TIMEOUT = 30.0
"""Seconds in which the body of a request must come; granian gives the headers as many."""

OPENING = 5.0
"""Seconds for which a file stays open that the HTTP server is to open for itself: that takes some milliseconds."""


class Client:
    """The address of a client, and the host and scheme by which it called, as trusted proxies have reported them."""

    __slots__ = ("address", "host", "scheme")

    def __init__(self, scope: Any, proxies: int) -> None:
        headers = scope.headers
        self.address = scope.client.rpartition(":")[0].strip("[]")
        self.scheme = scope.scheme
        self.host = headers.get("host") or scope.authority or ""
        if proxies:
            self.address = _reported(headers, "x-forwarded-for", proxies) or self.address
            self.scheme = _reported(headers, "x-forwarded-proto", proxies) or self.scheme
            self.host = _reported(headers, "x-forwarded-host", proxies) or self.host


class Exchange:
    """A request as the HTTP server passes it, its client, and the protocol that sends the response."""

    __slots__ = ("client", "protocol", "scope")

    def __init__(self, scope: Any, protocol: Any, client: Client) -> None:
        self.scope, self.protocol, self.client = scope, protocol, client

    @property
    def client_name(self) -> str:
        """The name under which jobs of this client are limited."""
        return client_of(self.client.address)

    def send(self, response: Response) -> int:
        """Send a response and return its status."""
        send_response(self.protocol, response.status, response.headers, response.body)
        return response.status


async def body_of(protocol: Any) -> bytes:
    """Return the body of a request, cut one byte after what is ever read; raise TimeoutError if it is late."""
    body = bytearray()
    async with asyncio.timeout(BODY_TIMEOUT):
        async for chunk in protocol:
            body += chunk
            if len(body) > MAX_BODY:
                break
    return bytes(body[: MAX_BODY + 1])


def send_response(
    protocol: Any, status: int, headers: Headers, body: bytes | IO[bytes] = b"", part: Sequence[int] = ()
) -> None:  # fmt: skip
    """Send a response, whose body may be a part of a file: from a byte to the one before another.

    The HTTP server itself reads a file, as fast as the client does; a stream would wait in memory.
    """
    if isinstance(body, BytesIO):
        body = body.getvalue()
    if isinstance(body, bytes):
        protocol.response_bytes(status, headers, body)
        return
    path = f"/proc/self/fd/{body.fileno()}"
    if part:
        protocol.response_file_range(status, headers, path, *part)
    else:
        protocol.response_file(status, headers, path)
    asyncio.get_running_loop().call_later(OPENING, body.close)


def _reported(headers: Any, name: str, proxies: int) -> str:
    """Return what the outermost trusted proxy has reported: the entry at this position from the right."""
    lines = [value for header, value in headers.items() if header == name]  # a proxy may have added one of its own
    entries = [entry.strip() for entry in ",".join(lines).split(",")]
    return entries[-proxies] if len(entries) >= proxies else ""
