"""The supervisor process: it loads the source, forks workers from itself, and replaces those that end.

The server process starts it and speaks with it through a socket; the supervisor ends when that is closed. It has one
thread, since only then a fork is safe.
"""

import gc
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import Thread
from typing import Any

from justicegraph.errors import JusticeGraphError
from justicegraph.pool.jobs import Loaded, Source
from justicegraph.pool.limits import MIB, Limits
from justicegraph.pool.messages import pair, receive, send
from justicegraph.pool.worker import Died, silence_stderr, work
from justicegraph.system.processes import cause_of_death, die_with_parent, resident_bytes, set_idle_priority

SPARE = 1
"""Workers kept ready to replace one that becomes slow: a fork takes some 10 ms."""

TICK = 1.0
"""Seconds after which missing workers are looked for, also where nothing has happened."""

RESTART_DELAY = 0.5
"""Seconds before a worker is replaced that ended before it was ready."""


@dataclass(frozen=True)
class Ready:
    """Message to the server process: the source is loaded; its details, and this process's memory in bytes."""

    details: Mapping[str, Any]
    memory: int


@dataclass(frozen=True)
class NewWorker:
    """Message to the server process, together with the socket of a new worker."""

    pid: int


@dataclass(frozen=True)
class SlowDown:
    """Command from the server process: give this worker the lowest priority, and fork another one."""

    pid: int


@dataclass(frozen=True)
class Kill:
    """Command from the server process: kill this worker."""

    pid: int


@dataclass
class _Worker:
    """A worker: the descriptor that reports its end (pidfd_open(2)), and both sockets until `other` is given away."""

    ending: int
    own: socket.socket
    other: socket.socket | None
    is_ready: bool = False
    is_slow: bool = False


class Supervisor:
    """The workers that share one source. `control` leads to the server process."""

    def __init__(self, control: socket.socket, source: Source, limits: Limits) -> None:
        self._control, self._source, self._limits = control, source, limits
        self._workers: dict[int, _Worker] = {}
        self._selector = selectors.DefaultSelector()
        self._loaded: Loaded | None = None
        self._error: BaseException | None = None
        self._allowance = 0

    def run(self) -> None:
        """Load the source and keep the number of workers, until the server process closes the socket."""
        try:
            send(self._control, self._load())
            self._watch(self._control.fileno(), self._obey)
            while True:
                self._fork_missing()
                for key, _ in self._selector.select(TICK):
                    key.data()
        except (EOFError, ConnectionError):
            self._end_all()

    def _end_all(self) -> None:
        """Kill the workers and wait for them, so that no zombie is left to a parent that does not wait."""
        for pid in self._workers:
            os.kill(pid, signal.SIGKILL)
        for pid in self._workers:
            os.waitpid(pid, 0)

    def _load(self) -> Ready:
        """Load in a thread that ends, so that a fork does not inherit a fragmented heap of the main thread."""
        loader = Thread(target=self._load_source)
        loader.start()
        loader.join()
        if self._loaded is None:
            raise self._error or AssertionError("the loader has ended without an error")
        gc.collect()
        gc.freeze()
        self._allowance = resident_bytes() + max(MIB * 64, resident_bytes() // 4)
        return Ready(self._loaded.describe(), resident_bytes())

    def _load_source(self) -> None:
        try:
            self._loaded = self._source.load()
        except BaseException as error:  # noqa: BLE001  # the thread that waits raises it
            self._error = error

    def _fork_missing(self) -> None:
        """Fork until there are enough quick workers, and give away those that are ready."""
        quick = [worker for worker in self._workers.values() if not worker.is_slow]
        with suppress(OSError):  # there is no room for another process: the next tick tries again
            for _ in range(self._limits.workers + SPARE - len(quick)):
                self._fork()
        given = sum(worker.other is None for worker in quick)
        for pid, worker in self._workers.items():
            if given < self._limits.workers and worker.is_ready and worker.other is not None:
                send(self._control, NewWorker(pid), worker.other)
                worker.other.close()
                worker.other = None
                given += 1

    def _fork(self) -> None:
        other, own = pair()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                self._run_worker(parent, own)
            finally:
                os._exit(1)
        worker = self._workers[pid] = _Worker(os.pidfd_open(pid), own, other)
        self._watch(worker.ending, partial(self._remove, pid, time.monotonic()))
        self._watch(other.fileno(), partial(self._mark_ready, worker))

    def _run_worker(self, parent: int, own: socket.socket) -> None:
        die_with_parent(parent)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        channel = os.dup2(own.fileno(), 3)
        os.closerange(4, os.sysconf("SC_OPEN_MAX"))
        silence_stderr()
        if self._loaded is not None:
            handle = self._loaded.handler(self._limits.answer)
            work(socket.socket(fileno=channel), handle, self._limits, self._allowance)
        os._exit(0)

    def _watch(self, descriptor: int, act: Callable[[], None]) -> None:
        self._selector.register(descriptor, selectors.EVENT_READ, act)

    def _mark_ready(self, worker: _Worker) -> None:
        """Note that a worker is ready for jobs."""
        if worker.other is not None:
            self._selector.unregister(worker.other)
            with suppress(EOFError):
                receive(worker.other)
                worker.is_ready = True

    def _remove(self, pid: int, started: float) -> None:
        """Send the server process the cause of a worker's end. Another one is forked afterwards."""
        worker = self._workers.pop(pid)
        _, status = os.waitpid(pid, 0)
        self._selector.unregister(worker.ending)
        os.close(worker.ending)
        with suppress(OSError):
            send(worker.own, Died(cause_of_death(status)))
        worker.own.close()
        if worker.other is not None:
            with suppress(KeyError):
                self._selector.unregister(worker.other)
            worker.other.close()
            worker.other = None
        if not worker.is_ready:
            time.sleep(max(0.0, started + RESTART_DELAY - time.monotonic()))

    def _obey(self) -> None:
        command, _ = receive(self._control)
        worker = self._workers.get(command.pid)
        if worker is None:
            return
        if isinstance(command, Kill):
            os.kill(command.pid, signal.SIGKILL)
        elif not worker.is_slow:
            worker.is_slow = True
            with suppress(OSError):  # some containers forbid it
                set_idle_priority(command.pid)


def main() -> None:
    """Run as a process of its own: the server process has sent the source and the limits."""
    for ignored in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)  # the server process ends this one once all jobs are done
    control = socket.socket(fileno=int(sys.argv[1]))
    die_with_parent(int(sys.argv[2]))
    (source, limits), _ = receive(control)
    try:
        Supervisor(control, source, limits).run()
    except JusticeGraphError as error:
        send(control, error)


if __name__ == "__main__":
    main()
