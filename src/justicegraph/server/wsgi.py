"""Calls the Flask application, which is WSGI (PEP 3333), with a page request."""

import errno
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO, Any

from werkzeug.wsgi import FileWrapper

from justicegraph.errors import CannotWrite
from justicegraph.pool import Reply
from justicegraph.server.page_requests import PageHead, PageRequest
from justicegraph.system.spool import Spool
from justicegraph.web.suggest.admission import RATE_LIMIT

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_REFUSED = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EMFILE, errno.ENFILE}
"""Errors of the system when it has no room for a long page that is being made (errno(3))."""

_PART = re.compile(r"bytes (\d+)-(\d+)/\d+")


@contextmanager
def disk_errors() -> Iterator[None]:
    """Raise CannotWrite if the system refuses to hold a page."""
    try:
        yield
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        raise CannotWrite(f"The page cannot be stored while it is made: {error.strerror}.") from error


def call(app: Wsgi, page: PageRequest, limit: int | None = None) -> Reply:
    """Return the application's response: a PageHead, and the body as a file or a part of one.

    A file that is sent as it is may be of any length; another body of more than `limit` bytes raises LimitReached.
    """
    environ, started, counted = _environ(page), list[Any](), list[bool]()

    def seconds_to_wait() -> int:
        counted.append(True)
        return page.wait or 0

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], None]:
        started[:] = int(status[:3]), [(name.lower(), value) for name, value in headers]
        return lambda _data: None

    if page.wait is not None:
        environ[RATE_LIMIT] = seconds_to_wait
    parts = app(environ, start)
    wrapper = getattr(parts, "iterable", parts)  # the headers say which part of a file is sent
    file = wrapper.file if isinstance(wrapper, FileWrapper) else _whole(parts, limit)
    head = PageHead(started[0], started[1], is_counted=bool(counted))
    return Reply(head, file, *_extent(head, file))


def as_wsgi(text: str) -> str:
    """Return a text as WSGI has it: a character for each byte of its UTF-8 (PEP 3333, Unicode Issues)."""
    return text.encode().decode("latin-1")


def _extent(head: PageHead, file: IO[bytes]) -> tuple[int, int]:
    """Return the length of a body, and its position in its file."""
    part = _PART.fullmatch(dict(head.headers).get("content-range", ""))
    if part and not isinstance(file, BytesIO):
        return int(part[2]) + 1 - int(part[1]), int(part[1])
    return file.seek(0, 2), 0


def _whole(parts: Iterable[bytes], limit: int | None) -> IO[bytes]:
    spool = Spool(limit)
    try:
        for part in parts:
            spool.write(part)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return spool.whole()


def _environ(page: PageRequest) -> dict[str, Any]:
    """Return a page request as WSGI has it (PEP 3333, environ Variables)."""
    name, _, port = page.host.partition(":")
    environ = {
        "REQUEST_METHOD": page.method, "SCRIPT_NAME": "", "QUERY_STRING": as_wsgi(page.query),
        "PATH_INFO": as_wsgi(page.path),
        "SERVER_NAME": name or "localhost", "SERVER_PORT": port or ("443" if page.scheme == "https" else "80"),
        "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": page.client, "HTTP_HOST": page.host,
        "wsgi.version": (1, 0), "wsgi.url_scheme": page.scheme, "wsgi.input": BytesIO(page.body),
        "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(page.body)),
    }  # fmt: skip
    for header, value in page.headers:
        key = header.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return environ
