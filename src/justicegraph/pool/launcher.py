"""Starts the supervisor, replaces it if it ends, and receives workers from it."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from justicegraph.errors import JusticeGraphError
from justicegraph.pool.handle import Worker
from justicegraph.pool.jobs import Source
from justicegraph.pool.limits import Limits
from justicegraph.pool.messages import pair, receive, send
from justicegraph.pool.supervisor import Kill, NewWorker, Ready, SlowDown

_START = "from justicegraph.pool.supervisor import main; main()"

RESTART_DELAY = 0.2
"""Seconds before another supervisor is started in place of one that has ended."""


class Launcher:
    """Starts supervisors, one after the other, and passes each new worker to `add_worker`.

    The kernel ends a supervisor with the thread that started it: that of the event loop, which lives to the end.
    """

    def __init__(
        self, source: Source, limits: Limits, add_worker: Callable[[Worker], None],
        report: Callable[[str, Mapping[str, Any]], None],
    ) -> None:  # fmt: skip
        self._source, self._limits, self._add_worker, self._report = source, limits, add_worker, report
        self._loop = asyncio.get_running_loop()
        self._loaded: asyncio.Future[None] = self._loop.create_future()
        self._control: socket.socket | None = None
        self._closed = False

    async def start(self) -> None:
        """Start a supervisor and return once it has loaded the source; raise the error of the loading."""
        self._begin()
        await self._loaded

    def close(self) -> None:
        """End the supervisor, and with it the workers."""
        self._closed = True
        if self._control is not None:
            self._control.shutdown(socket.SHUT_RDWR)

    def slow_down(self, worker: Worker) -> None:
        """Give a worker the lowest priority; another one will come in its place."""
        self._send(SlowDown(worker.pid))

    def kill(self, worker: Worker) -> None:
        """Kill a worker; another one will come in its place."""
        self._send(Kill(worker.pid))
        worker.close()

    def _send(self, command: SlowDown | Kill) -> None:
        if self._control is not None:
            with suppress(OSError):
                send(self._control, command)

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
                self._handle(*receive(control))
        except BlockingIOError:
            return
        except EOFError:
            self._loop.remove_reader(control.fileno())
            control.close()
            self._control = None
            self._loop.run_in_executor(None, supervisor.wait)
        if self._loaded.done() and not self._closed:
            self._report("supervisor lost", {})
            self._loop.call_later(RESTART_DELAY, self._begin)
        elif not self._loaded.done():
            self._loaded.set_exception(JusticeGraphError("The graph could not be loaded. Is there enough memory?"))

    def _handle(self, message: object, descriptor: int | None) -> None:
        if isinstance(message, NewWorker) and descriptor is not None:
            self._add_worker(Worker(message.pid, socket.socket(fileno=descriptor), self._limits))
        elif isinstance(message, NewWorker):  # too many files are open here, so another will be given
            self._loop.call_later(RESTART_DELAY, self._send, Kill(message.pid))
        elif isinstance(message, Ready):
            self._report("loaded", {**message.details, "memory": message.memory})
            if not self._loaded.done():
                self._loaded.set_result(None)
        elif isinstance(message, JusticeGraphError) and self._loaded.done():
            self._report("supervisor refused", {"error": str(message)})
        elif isinstance(message, JusticeGraphError):
            self._loaded.set_exception(message)
