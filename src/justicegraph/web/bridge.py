"""The Flask application, which is WSGI, behind the server's own interface (RSGI): one request in one thread."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from justicegraph.sparql import MAX_BODY, Wsgi

THREADS = 16
"""Pages that are made side by side."""

CHUNK = 262_144
"""Bytes of a body that are sent at a time."""

Headers = list[tuple[str, str]]


class Caller:
    """Who asks and under which name, as a proxy in front has said it where one is trusted."""

    __slots__ = ("client", "host", "scheme")

    def __init__(self, scope: Any, proxies: int) -> None:
        headers = scope.headers
        self.client = scope.client.rpartition(":")[0].strip("[]")
        self.scheme = scope.scheme
        self.host = headers.get("host") or scope.authority or ""
        if proxies:
            self.client = _nth(headers, "x-forwarded-for", proxies) or self.client
            self.scheme = _nth(headers, "x-forwarded-proto", proxies) or self.scheme
            self.host = _nth(headers, "x-forwarded-host", proxies) or self.host


class Bridge:
    """Calls a WSGI application in threads of its own, and sends what it answers piece by piece."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "page")

    async def answer(self, app: Wsgi, scope: Any, protocol: Any, caller: Caller, body: bytes) -> int:
        """Send the application's answer to a request; return its status."""
        loop = asyncio.get_running_loop()
        environ = _environ(scope, caller, body)
        status, headers, parts = await loop.run_in_executor(self._threads, _call, app, environ)
        first = await loop.run_in_executor(self._threads, next, parts, b"")
        second = await loop.run_in_executor(self._threads, next, parts, b"") if first else b""
        if not second:
            protocol.response_bytes(status, headers, first)
            return status
        stream = protocol.response_stream(status, headers)
        while first:
            await stream.send_bytes(first)
            first, second = second, await loop.run_in_executor(self._threads, next, parts, b"")
        return status


async def body_of(protocol: Any) -> bytes:
    """Return the body of a request, cut one byte after what is ever read."""
    found = bytearray()
    async for chunk in protocol:
        found += chunk
        if len(found) > MAX_BODY:
            return bytes(found[: MAX_BODY + 1])
    return bytes(found)


def _call(app: Wsgi, environ: dict[str, Any]) -> tuple[int, Headers, Iterator[bytes]]:
    said: list[Any] = []

    def start(status: str, headers: Headers, _error: Any = None) -> Callable[[bytes], None]:
        said[:] = int(status[:3]), [(name.lower(), value) for name, value in headers]
        return lambda _data: None

    parts = app(environ, start)
    return said[0], said[1], _parts(parts)


def _parts(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the body in pieces of some size, and close what it came from."""
    found = bytearray()
    try:
        for part in parts:
            found += part
            if len(found) >= CHUNK:
                yield bytes(found)
                found.clear()
        if found:
            yield bytes(found)
    finally:
        if hasattr(parts, "close"):
            parts.close()


def _environ(scope: Any, caller: Caller, body: bytes) -> dict[str, Any]:
    """Return a request as WSGI says it (PEP 3333, environ Variables)."""
    name, _, port = caller.host.partition(":")
    environ = {
        "REQUEST_METHOD": scope.method, "SCRIPT_NAME": "", "QUERY_STRING": scope.query_string,
        "PATH_INFO": unquote_to_bytes(scope.path).decode("latin-1"),
        "SERVER_NAME": name or "localhost", "SERVER_PORT": port or ("443" if caller.scheme == "https" else "80"),
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}", "REMOTE_ADDR": caller.client,
        "wsgi.version": (1, 0), "wsgi.url_scheme": caller.scheme, "wsgi.input": BytesIO(body),
        "wsgi.errors": _Nowhere(), "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(body)),
    }  # fmt: skip
    for header, value in scope.headers.items():
        key = header.upper().replace("-", "_")
        if key == "CONTENT_TYPE":
            environ[key] = value
        elif key != "CONTENT_LENGTH":
            key = f"HTTP_{key}"
            environ[key] = f"{environ[key]},{value}" if key in environ else value
    environ["HTTP_HOST"] = caller.host
    return environ


def _nth(headers: Any, name: str, place: int) -> str:
    """Return what the outermost trusted proxy has said: the entry that is so many from the right."""
    said = [each.strip() for each in (headers.get(name) or "").split(",")]
    return said[-place] if len(said) >= place else ""


class _Nowhere:
    """Where an application might print errors: they are in the log."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        return None
