"""The thread that keeps a supervisor alive and takes in the workers that it gives."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Event, Thread
from typing import Any

from justicegraph.errors import JusticeGraphError
from justicegraph.pool.dataset import Dataset
from justicegraph.pool.hands import Worker
from justicegraph.pool.limits import Limits
from justicegraph.pool.supervisor import End, Hired, Loaded, Slow
from justicegraph.pool.wire import pair, receive, send

_START = "from justicegraph.pool.supervisor import main; main()"

BREATH = 0.2
"""Seconds before a supervisor is started in the place of one that has ended."""


class Keeper:
    """Starts supervisors, one after the other; each worker is handed to `hire`."""

    def __init__(
        self, dataset: Dataset, limits: Limits, hire: Callable[[Worker], None],
        report: Callable[[str, Mapping[str, Any]], None],
    ) -> None:  # fmt: skip
        self._dataset, self._limits, self._hire, self._report = dataset, limits, hire, report
        self._control: socket.socket | None = None
        self._ready = Event()
        self._closed = False
        self._failure: JusticeGraphError | None = None
        # The kernel ends a supervisor with the thread that started it: so this thread lives as long as the pool.
        self._thread = Thread(target=self._keep, name="keeper", daemon=True)

    def start(self) -> None:
        """Start, and return once the graph is loaded; raise what its loading raised."""
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure

    def close(self) -> None:
        """End the supervisor and with it the workers."""
        self._closed = True
        with suppress(OSError, AttributeError):
            self._control.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
        self._thread.join()

    def slow_down(self, worker: Worker) -> None:
        """Have a worker yield to others; another will be given in its place."""
        self._tell(Slow(worker.pid))

    def end(self, worker: Worker) -> None:
        """Kill a worker; another will be given in its place."""
        self._tell(End(worker.pid))
        worker.close()

    def _tell(self, wish: Slow | End) -> None:
        with suppress(OSError, AttributeError):
            send(self._control, wish)  # type: ignore[arg-type]  # None only before the first worker

    def _keep(self) -> None:
        while not self._closed:
            ours, theirs = pair()
            with ours, self._started(theirs) as supervisor:
                self._control = ours
                send(ours, (self._dataset, self._limits))
                with suppress(EOFError, OSError):
                    while True:
                        self._take(*receive(ours))
                self._control = None
            self._ready.set()
            if self._failure is not None:
                return
            if not self._closed:
                self._report("supervisor lost", {"status": supervisor.returncode})
                time.sleep(BREATH)

    def _started(self, theirs: socket.socket) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-c", _START, str(theirs.fileno()), str(os.getpid())]
        with theirs:
            return subprocess.Popen(words, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)  # noqa: S603  # ours

    def _take(self, said: object, descriptor: int | None) -> None:
        if isinstance(said, Hired) and descriptor is not None:
            self._hire(Worker(said.process, socket.socket(fileno=descriptor)))
        elif isinstance(said, Loaded):
            self._report("loaded", {"quads": said.quads, "memory": said.memory})
            self._ready.set()
        elif isinstance(said, JusticeGraphError):
            self._failure = said
