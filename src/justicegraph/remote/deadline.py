"""Work with a server that is ended at its deadline, however slowly bytes still come.

A socket's own time-out begins anew with each byte. So the work has a thread, which is waited for, and whose connections
are shut down once nobody waits any more.
"""

import socket
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from http.client import HTTPResponse
from threading import Lock, Thread
from typing import Any, TypeVar
from urllib.request import (
    AbstractHTTPHandler,
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

_LAST = 1.0
"""Seconds for a thread whose connections were shut down."""

Work = TypeVar("Work")


class Lines:
    """The connections of one piece of work, which can all be cut."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: list[socket.socket] = []
        self._is_cut = False

    def connect(self, *where: Any, **how: Any) -> socket.socket:
        """Return a new connection, as socket.create_connection does; raise TimeoutError where all were cut."""
        made = socket.create_connection(*where, **how)
        with self._lock:
            if self._is_cut:
                made.close()
                raise TimeoutError
            self._open.append(made.dup())  # TLS takes the first one over, and shuts nothing down meanwhile
        return made

    def cut(self) -> None:
        """Shut all connections down: whoever reads them is told that they have ended."""
        with self._lock:
            self._is_cut = True
            for each in self._open:
                with each, suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            self._open.clear()

    def opener(self) -> OpenerDirector:
        """Return what opens http and https by these connections, follows nothing, and raises HTTPError but for 2xx."""
        made = OpenerDirector()
        for handler in (ProxyHandler(), _Http(self), _Https(self), HTTPErrorProcessor(), HTTPDefaultErrorHandler()):
            made.add_handler(handler)
        return made


class _Watched(AbstractHTTPHandler):
    """Opens connections that can be cut."""

    def __init__(self, lines: Lines) -> None:
        super().__init__()
        self._lines = lines

    def do_open(self, http_class: Any, req: Request, **more: Any) -> HTTPResponse:
        def watched(host: str, **how: Any) -> Any:
            made = http_class(host, **how)
            made._create_connection = self._lines.connect  # the one place where http.client opens a socket
            return made

        return super().do_open(watched, req, **more)


class _Http(_Watched, HTTPHandler):
    """http."""


class _Https(_Watched, HTTPSHandler):
    """https."""

    def https_open(self, req: Request) -> HTTPResponse:
        from http.client import HTTPSConnection

        return self.do_open(HTTPSConnection, req)


def within(seconds: float, work: Callable[[Lines], Work]) -> Work:
    """Return what the work returns, and raise what it raises; raise TimeoutError once the seconds are over."""
    if seconds <= 0:
        raise TimeoutError
    lines, found = Lines(), Future[Work]()

    def run() -> None:
        try:
            found.set_result(work(lines))
        except BaseException as error:  # noqa: BLE001  # it is raised where the work is waited for
            found.set_exception(error)

    thread = Thread(target=run, name="remote", daemon=True)
    thread.start()
    try:
        return found.result(seconds)
    finally:
        lines.cut()
        thread.join(_LAST)
