"""A server as a process of its own, and clients that may say anything to it over a socket."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any
from urllib.parse import urlencode

from tests.support.processes import children, family, is_gone

PATIENCE = 20.0
"""Seconds in which a server begins, ends, or gets over what was done to it, also on a busy machine."""


@dataclass(frozen=True)
class Response:
    """What a server said: the status, the headers by their names in small letters, the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        """The problem document."""
        assert self.headers["content-type"] == "application/problem+json", self
        return dict(json.loads(self.body))


class Client:
    """A connection of its own, on which anything may be said; to be closed."""

    def __init__(self, port: int, host: str = "127.0.0.1", receives: int = 0) -> None:
        self._socket = socket.create_connection((host, port), PATIENCE)
        if receives:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._socket.close()

    def say(self, data: bytes) -> None:
        """Send bytes as they are; what the server does not take any more is lost."""
        with suppress(ConnectionError):
            self._socket.sendall(data)

    def hear(self, *, is_head: bool = False) -> Response:
        """Return the next answer; raise EOFError where the connection ends before it is whole."""
        try:
            status, headers = self.hear_head()
            length = 0 if is_head or status in {204, 304} else int(headers["content-length"])
            body = self._file.read(length)
        except ConnectionError as error:
            raise EOFError from error
        if len(body) < length:
            raise EOFError(f"{len(body):,} of {length:,} bytes")
        return Response(status, headers, body)

    def hear_head(self) -> tuple[int, dict[str, str]]:
        """Return the status and the headers of the next answer that is none in between (RFC 9110, 15.2)."""
        first = self._file.readline()
        if not first:
            raise EOFError
        headers = {}
        while line := self._file.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        status = int(first.split()[1])
        return (status, headers) if status >= 200 else self.hear_head()

    def get(self, target: str, method: str = "GET", **headers: str) -> Response:
        """Ask and return the answer."""
        self.say(request(target, method, **headers))
        return self.hear(is_head=method == "HEAD")

    def rest(self) -> bytes:
        """Return what comes until the connection ends."""
        found = bytearray()
        with suppress(ConnectionError):
            while data := self._file.read1(65_536):
                found += data
        return bytes(found)


def request(target: str, method: str = "GET", **headers: str) -> bytes:
    """Return a request; a header's name is written with `_` for `-`."""
    said = {"Host": "invented.example", **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode("latin-1")


def sparql(query: str, **parameters: str) -> str:
    """Return the target that asks a question, for CSV where nothing else is said."""
    return "/sparql?" + urlencode({"query": query, "format": "csv"} | parameters)


@dataclass(frozen=True)
class Server:
    """A server: its first process, its port, the file of what it says, and its folder for temporary files."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path
    temporary: Path

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def web(self) -> int:
        """The process that speaks HTTP; 0 while it is started again."""
        return next(iter(children(self.process.pid)), 0)

    @property
    def supervisor(self) -> int:
        """The process that has the graph: the newest."""
        return children(self.web)[-1]

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        return children(self.supervisor)

    def run_query(self, query: str, **parameters: str) -> Response:
        """Ask a question on a connection of its own."""
        with Client(self.port) as client:
            return client.get(sparql(query, **parameters))

    def metrics(self) -> dict[str, float]:
        """Return the figures that it gives of itself, without the name that they share."""
        with Client(self.port) as client:
            lines = client.get("/metrics").body.decode().splitlines()
        said = (line.removeprefix("justicegraph_").rpartition(" ") for line in lines if not line.startswith("#"))
        return {name: float(value) for name, _, value in said}


class Listener:
    """A port of both loopback addresses that counts who calls; to be closed."""

    def __init__(self) -> None:
        self.calls = 0
        self._sockets = [socket.create_server(("::1", 0), family=socket.AF_INET6)]
        self.port: int = self._sockets[0].getsockname()[1]
        self._sockets.append(socket.create_server(("127.0.0.1", self.port)))
        self._threads = [Thread(target=self._count, args=(each,)) for each in self._sockets]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> "Listener":
        return self

    def __exit__(self, *_: object) -> None:
        for each, thread in zip(self._sockets, self._threads, strict=True):
            each.shutdown(socket.SHUT_RDWR)
            thread.join()
            each.close()

    def _count(self, listening: socket.socket) -> None:
        while True:
            try:
                listening.accept()[0].close()
            except OSError:
                return
            self.calls += 1


@contextmanager
def started(folder: Path, *arguments: str, before: Callable[[], None] | None = None) -> Iterator[Server]:
    """Give a server of a project that answers; `before` is done in its first process. In the end nothing of it is left."""
    program = Path(sys.executable).with_name("justicegraph")
    port = free_port()
    with TemporaryDirectory() as name:
        log, temporary = Path(name, "log"), Path(name, "temporary")
        temporary.mkdir()
        words = [str(program), "serve", *arguments, "--port", str(port)]
        with log.open("wb") as said:
            process = subprocess.Popen(
                words, cwd=folder, stderr=said, env={**os.environ, "TMPDIR": str(temporary)}, preexec_fn=before
            )
        server = Server(process, port, log, temporary)
        try:
            until(lambda: process.poll() is not None or is_answering(server))
            assert process.poll() is None, log.read_text()
            yield server
        finally:
            own = family(process.pid)
            process.send_signal(signal.SIGTERM)
            process.wait(2 * PATIENCE)  # a server that is just being replaced is waited for up to its limit
            until(lambda: all(map(is_gone, own)))
            assert "Traceback" not in log.read_text(), log.read_text()


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[str]:
    """Give the address of a server of a project."""
    with started(folder, *arguments) as server:
        yield server.address


def is_answering(server: Server) -> bool:
    """Tell whether a question is answered, not from the cache."""
    try:
        return server.run_query(f"ASK {{}} # {time.monotonic()}").status == 200
    except (OSError, EOFError):
        return False


def free_port() -> int:
    """Return a port that nobody listens on, nor is given for connections: whoever tries it would reach himself."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def until(holds: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait until something holds; fail where it does not come true."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, "this does not come true"
        time.sleep(0.02)
