"""The process that has loaded what is asked: it forks workers, and replaces those that end.

It is started by the web process, speaks with it through a socket,
and ends with it. It has one thread: only then is a fork safe.
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

from justicegraph.errors import JusticeGraphError
from justicegraph.pool.dataset import Loaded, Source
from justicegraph.pool.limits import MIB, Limits
from justicegraph.pool.messages import pair, receive, send
from justicegraph.pool.worker import Died, quiet, work
from justicegraph.system.processes import cause_of_death, end_with_parent, resident, yield_to_others

SPARE = 1
"""Workers kept ready for the place of one that becomes slow: a fork takes some 10 ms."""

TICK = 1.0
"""Seconds after which it is looked whether workers are missing, also where nothing has happened."""

BREATH = 0.5
"""Seconds to wait before a worker is replaced that ended before it could answer anything."""


@dataclass(frozen=True)
class Ready:
    """Said once all is loaded: how much that is, and how many bytes of memory the process has."""

    told: Mapping[str, int]
    memory: int


@dataclass(frozen=True)
class Hired:
    """Said with a worker's socket: its process."""

    process: int


@dataclass(frozen=True)
class Slow:
    """Asked for: let this worker yield to others, and give another in its place."""

    process: int


@dataclass(frozen=True)
class End:
    """Asked for: kill this worker."""

    process: int


@dataclass
class _Worker:
    """A worker: what tells of its end (pidfd_open(2)), our copy of its socket, the other one until it is given away."""

    ending: int
    own: socket.socket
    other: socket.socket | None
    is_ready: bool = False
    is_slow: bool = False


class Supervisor:
    """The workers that share one source. `control` leads to the web process."""

    def __init__(self, control: socket.socket, source: Source, limits: Limits) -> None:
        self._control, self._source, self._limits = control, source, limits
        self._workers: dict[int, _Worker] = {}
        self._selector = selectors.DefaultSelector()
        self._loaded: Loaded | None = None
        self._error: BaseException | None = None
        self._allowance = 0

    def run(self) -> None:
        """Keep as many workers as there should be, until the web process lets go of the socket."""
        try:
            send(self._control, self._load())
            self._watch(self._control.fileno(), self._obey)
            while True:
                self._fill()
                for key, _ in self._selector.select(TICK):
                    key.data()
        except (EOFError, ConnectionError):
            self._end_all()

    def _end_all(self) -> None:
        """End the workers and bury them, so that no zombie is left to a parent that looks for none."""
        for pid in self._workers:
            os.kill(pid, signal.SIGKILL)
        for pid in self._workers:
            os.waitpid(pid, 0)

    def _load(self) -> Ready:
        """Load in a thread that ends: what a fork inherits is then no half-filled heap of the main thread."""
        loader = Thread(target=self._keep)
        loader.start()
        loader.join()
        if self._loaded is None:
            raise self._error or AssertionError("the loader has ended without a word")
        gc.collect()
        gc.freeze()
        self._allowance = resident() + max(MIB * 64, resident() // 4)
        return Ready(self._loaded.told(), resident())

    def _keep(self) -> None:
        try:
            self._loaded = self._source.load()
        except BaseException as error:  # noqa: BLE001  # it is raised where it is waited for
            self._error = error

    def _fill(self) -> None:
        """Fork until there are as many quick workers as there should be, and give away those that are ready."""
        quick = [worker for worker in self._workers.values() if not worker.is_slow]
        with suppress(OSError):  # there is no room for another process: that is tried again
            for _ in range(self._limits.workers + SPARE - len(quick)):
                self._fork()
        given = sum(worker.other is None for worker in quick)
        for pid, worker in self._workers.items():
            if given < self._limits.workers and worker.is_ready and worker.other is not None:
                send(self._control, Hired(pid), worker.other)
                worker.other.close()
                worker.other = None
                given += 1

    def _fork(self) -> None:
        other, own = pair()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                self._be_worker(parent, own)
            finally:
                os._exit(1)
        worker = self._workers[pid] = _Worker(os.pidfd_open(pid), own, other)
        self._watch(worker.ending, partial(self._bury, pid, time.monotonic()))
        self._watch(other.fileno(), partial(self._greet, worker))

    def _be_worker(self, parent: int, own: socket.socket) -> None:
        end_with_parent(parent)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        keep = os.dup2(own.fileno(), 3)
        os.closerange(4, os.sysconf("SC_OPEN_MAX"))
        quiet()
        if self._loaded is not None:
            work(socket.socket(fileno=keep), self._loaded.run_query(self._limits.answer), self._limits, self._allowance)
        os._exit(0)

    def _watch(self, descriptor: int, act: Callable[[], None]) -> None:
        self._selector.register(descriptor, selectors.EVENT_READ, act)

    def _greet(self, worker: _Worker) -> None:
        """Take note that a worker is ready and waits for questions."""
        if worker.other is not None:
            self._selector.unregister(worker.other)
            with suppress(EOFError):
                receive(worker.other)
                worker.is_ready = True

    def _bury(self, pid: int, born: float) -> None:
        """Tell the web process why a worker has ended, and replace it."""
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
            time.sleep(max(0.0, born + BREATH - time.monotonic()))

    def _obey(self) -> None:
        wish, _ = receive(self._control)
        worker = self._workers.get(wish.process)
        if worker is None:
            return
        if isinstance(wish, End):
            os.kill(wish.process, signal.SIGKILL)
        elif not worker.is_slow:
            worker.is_slow = True
            with suppress(OSError):  # some containers forbid it
                yield_to_others(wish.process)


def main() -> None:
    """Run as a process of its own: the web process has sent what to load."""
    for ignored in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)  # the web process ends us, when all questions have been answered
    control = socket.socket(fileno=int(sys.argv[1]))
    end_with_parent(int(sys.argv[2]))
    (source, limits), _ = receive(control)
    try:
        Supervisor(control, source, limits).run()
    except JusticeGraphError as error:
        send(control, error)


if __name__ == "__main__":
    main()
