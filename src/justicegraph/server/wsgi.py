"""The Flask application, which is WSGI, behind the server's own interface (RSGI): one request in one thread."""

import asyncio
import errno
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from typing import IO, Any

from werkzeug.wsgi import FileWrapper

from justicegraph.errors import CannotWrite
from justicegraph.sparql import MAX_BODY, Wsgi
from justicegraph.system.spool import Spool

THREADS = 16
"""Pages that are made side by side, besides those that wait for slow questions."""

PATIENCE = 30.0
"""Seconds in which the body of a request must come; granian gives the headers as many."""

OPENING = 5.0
"""Seconds for which a file stays open that the server is to open for itself: that takes some milliseconds."""

Headers = list[tuple[str, str]]

_REFUSED = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EMFILE, errno.ENFILE}
"""Why the system does not keep a long page while it is made, which is no fault in it (errno(3))."""

_PART = re.compile(r"bytes (\d+)-(\d+)/\d+")


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
    """Calls a WSGI application in threads of its own, and sends what it answers.

    There are threads enough that no page waits for others, of which `waiting` at most wait for slow questions.
    """

    def __init__(self, waiting: int) -> None:
        self._threads = ThreadPoolExecutor(waiting + THREADS, "page")

    async def answer(self, app: Wsgi, scope: Any, protocol: Any, caller: Caller, body: bytes) -> int:
        """Send the application's answer to a request; return its status. Raise CannotWrite where it is not kept."""
        environ = _environ(scope, caller, body)
        loop = asyncio.get_running_loop()
        status, headers, said = await loop.run_in_executor(self._threads, call, app, environ)
        send(protocol, status, headers, said)
        return status

    async def close(self) -> None:
        """Wait for the pages that are being made: the loop must run, for they ask through it."""
        await asyncio.to_thread(self._threads.shutdown)


def send(protocol: Any, status: int, headers: Headers, body: bytes | IO[bytes]) -> None:
    """Send a response. The server itself reads a file, as fast as the client does: a stream would wait in memory."""
    if isinstance(body, BytesIO):
        body = body.getvalue()
    if isinstance(body, bytes):
        protocol.response_bytes(status, headers, body)
        return
    path, part = f"/proc/self/fd/{body.fileno()}", _PART.fullmatch(dict(headers).get("content-range", ""))
    if part:
        protocol.response_file_range(status, headers, path, int(part[1]), int(part[2]) + 1)
    else:
        protocol.response_file(status, headers, path)
    asyncio.get_running_loop().call_later(OPENING, body.close)


async def body_of(protocol: Any) -> bytes:
    """Return the body of a request, cut one byte after what is ever read; raise TimeoutError where it is late."""
    found = bytearray()
    async with asyncio.timeout(PATIENCE):
        async for chunk in protocol:
            found += chunk
            if len(found) > MAX_BODY:
                break
    return bytes(found[: MAX_BODY + 1])


@contextmanager
def kept() -> Iterator[None]:
    """Raise CannotWrite where the system does not keep what is made here."""
    try:
        yield
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        raise CannotWrite(f"The page cannot be kept while it is made: {error.strerror}.") from error


@kept()
def call(app: Wsgi, environ: dict[str, Any]) -> tuple[int, Headers, IO[bytes]]:
    """Return the application's answer: status, headers, and the body as a file."""
    said: list[Any] = []

    def start(status: str, headers: Headers, _error: Any = None) -> Callable[[bytes], None]:
        said[:] = int(status[:3]), [(name.lower(), value) for name, value in headers]
        return lambda _data: None

    parts = app(environ, start)
    file = getattr(parts, "iterable", parts)  # a part of a file is asked for in the headers
    return said[0], said[1], file.file if isinstance(file, FileWrapper) else _whole(parts)


def as_wsgi(said: str) -> str:
    """Return a text as WSGI has it: a character for each byte of its UTF-8 (PEP 3333, Unicode Issues)."""
    return said.encode().decode("latin-1")


def _whole(parts: Iterable[bytes]) -> IO[bytes]:
    """Return all of a body."""
    spool = Spool()
    try:
        for part in parts:
            spool.write(part)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return spool.whole()


def _environ(scope: Any, caller: Caller, body: bytes) -> dict[str, Any]:
    """Return a request as WSGI says it (PEP 3333, environ Variables)."""
    name, _, port = caller.host.partition(":")
    environ = {
        "REQUEST_METHOD": scope.method, "SCRIPT_NAME": "", "QUERY_STRING": as_wsgi(scope.query_string),
        "PATH_INFO": as_wsgi(scope.path),
        "SERVER_NAME": name or "localhost", "SERVER_PORT": port or ("443" if caller.scheme == "https" else "80"),
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}", "REMOTE_ADDR": caller.client,
        "wsgi.version": (1, 0), "wsgi.url_scheme": caller.scheme, "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
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
    lines = [value for each, value in headers.items() if each == name]  # a proxy may have added one of its own
    said = [each.strip() for each in ",".join(lines).split(",")]
    return said[-place] if len(said) >= place else ""
