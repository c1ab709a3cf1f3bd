"""Ends an exchange with a server at its deadline, however slowly bytes come in.

The time-out of a socket begins anew with each byte. So the exchange runs in a thread, and its sockets are shut down at
the deadline, which ends every read.
"""

import os
import socket
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from threading import Lock, Thread
from typing import TypeVar

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

_GRACE = 1.0
"""Seconds that the thread has to end once its sockets are shut down."""

Value = TypeVar("Value")


class Sockets:
    """The sockets of one exchange, which can all be shut down."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sockets: list[socket.socket] = []
        self._are_shut = False

    def add(self, connection: HTTPConnection) -> None:
        """Add the socket of a new connection; raise TimeoutError if the sockets are shut down already."""
        with self._lock:
            if self._are_shut or connection.sock is None:
                raise TimeoutError
            self._sockets.append(socket.socket(fileno=os.dup(connection.sock.fileno())))

    def shut_down(self) -> None:
        """Shut all sockets down. Who reads from them then comes to the end of the stream."""
        with self._lock:
            self._are_shut = True
            for open_socket in self._sockets:
                with open_socket, suppress(OSError):
                    open_socket.shutdown(socket.SHUT_RDWR)
            self._sockets.clear()


def pool_classes(on_connect: Callable[[HTTPConnection], None]) -> Mapping[str, type[HTTPConnectionPool]]:
    """Return pools by scheme, for `PoolManager.pool_classes_by_scheme`, that report each connection before its use."""

    class Connection(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            on_connect(self)

    class SecureConnection(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            on_connect(self)

    class Pool(HTTPConnectionPool):
        ConnectionCls = Connection

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = SecureConnection

    return {"http": Pool, "https": SecurePool}


def run_before_deadline(seconds: float, exchange: Callable[[Sockets], Value]) -> Value:
    """Return what `exchange` returns, and raise what it raises; raise TimeoutError after so many seconds."""
    if seconds <= 0:
        raise TimeoutError
    sockets, result = Sockets(), Future[Value]()

    def run() -> None:
        try:
            result.set_result(exchange(sockets))
        except BaseException as error:  # noqa: BLE001  # it is raised in the thread that waits
            result.set_exception(error)

    thread = Thread(target=run, name="remote", daemon=True)
    thread.start()
    try:
        return result.result(seconds)
    finally:
        sockets.shut_down()
        thread.join(_GRACE)
