"""Keeps a supervisor alive, and takes in the workers that it gives."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from justicegraph.errors import JusticeGraphError
from justicegraph.pool.dataset import Source
from justicegraph.pool.handle import Worker
from justicegraph.pool.limits import Limits
from justicegraph.pool.messages import pair, receive, send
from justicegraph.pool.supervisor import End, Hired, Ready, Slow

_START = "from justicegraph.pool.supervisor import main; main()"

BREATH = 0.2
"""Seconds before a supervisor is started in the place of one that has ended."""


class Keeper:
    """Starts supervisors, one after the other; each worker is handed to `hire`.

    The kernel ends a supervisor with the thread that started it: that of the event loop, which lives to the end.
    """

    def __init__(
        self, source: Source, limits: Limits, hire: Callable[[Worker], None],
        report: Callable[[str, Mapping[str, Any]], None],
    ) -> None:  # fmt: skip
        self._source, self._limits, self._hire, self._report = source, limits, hire, report
        self._loop = asyncio.get_running_loop()
        self._loaded: asyncio.Future[None] = self._loop.create_future()
        self._control: socket.socket | None = None
        self._closed = False

    async def start(self) -> None:
        """Start, and return once all is loaded; raise what its loading raised."""
        self._begin()
        await self._loaded

    def close(self) -> None:
        """End the supervisor and with it the workers."""
        self._closed = True
        if self._control is not None:
            self._control.shutdown(socket.SHUT_RDWR)

    def slow_down(self, worker: Worker) -> None:
        """Have a worker yield to others; another will be given in its place."""
        self._tell(Slow(worker.pid))

    def end(self, worker: Worker) -> None:
        """Kill a worker; another will be given in its place."""
        self._tell(End(worker.pid))
        worker.close()

    def _tell(self, wish: Slow | End) -> None:
        if self._control is not None:
            with suppress(OSError):
                send(self._control, wish)

    def _begin(self) -> None:
        if self._closed:
            return
        self._control, theirs = pair()
        words = [sys.executable, "-c", _START, str(theirs.fileno()), str(os.getpid())]
        with theirs:
            supervisor = subprocess.Popen(words, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)  # noqa: S603  # ours
        send(self._control, (self._source, self._limits))
        self._control.setblocking(False)
        self._loop.add_reader(self._control.fileno(), self._read, self._control, supervisor)

    def _read(self, control: socket.socket, supervisor: "subprocess.Popen[bytes]") -> None:
        try:
            while True:
                self._take(*receive(control))
        except BlockingIOError:
            return
        except EOFError:
            self._loop.remove_reader(control.fileno())
            control.close()
            self._control = None
            self._loop.run_in_executor(None, supervisor.wait)
        if self._loaded.done() and not self._closed:
            self._report("supervisor lost", {})
            self._loop.call_later(BREATH, self._begin)
        elif not self._loaded.done():
            self._loaded.set_exception(JusticeGraphError("The graph could not be loaded: is there memory enough?"))

    def _take(self, said: object, descriptor: int | None) -> None:
        if isinstance(said, Hired) and descriptor is not None:
            self._hire(Worker(said.process, socket.socket(fileno=descriptor), self._limits))
        elif isinstance(said, Hired):  # too many files are open here, so another will be given
            self._loop.call_later(BREATH, self._tell, End(said.process))
        elif isinstance(said, Ready):
            self._report("loaded", {**said.told, "memory": said.memory})
            if not self._loaded.done():
                self._loaded.set_result(None)
        elif isinstance(said, JusticeGraphError) and self._loaded.done():
            self._report("supervisor refused", {"error": str(said)})
        elif isinstance(said, JusticeGraphError):
            self._loaded.set_exception(said)
