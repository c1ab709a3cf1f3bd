"""A worker as the web process sees it: a socket to ask through, and why there is no answer."""

import asyncio
import io
import os
import socket
from dataclasses import dataclass

from justicegraph.errors import LimitReached
from justicegraph.pool.limits import MIB, Limits
from justicegraph.pool.messages import receive, send
from justicegraph.pool.slots import RETRY
from justicegraph.pool.worker import Died, Reply
from justicegraph.rdf.formats import format_of
from justicegraph.sparql.query import Query, Result
from justicegraph.system.processes import computed


class WorkerLost(Exception):
    """The worker has ended through no fault of the question: it was killed, or its supervisor was."""


@dataclass(frozen=True)
class Answered:
    """What came of a question: an answer or an error, the seconds that were computed, and whether the worker goes."""

    answer: Result | None
    error: Exception | None
    seconds: float
    is_last: bool

    def result(self) -> Result:
        """Return the answer or raise the error."""
        if self.answer is None:
            raise self.error or AssertionError("a reply has an answer or an error")
        return self.answer


class Worker:
    """A worker that answers one question at a time."""

    def __init__(self, pid: int, channel: socket.socket, limits: Limits) -> None:
        self.pid = pid
        self.is_alive = True
        self._channel, self._limits = channel, limits
        self._loop = asyncio.get_running_loop()
        self._reply: asyncio.Future[Answered] | None = None
        self._spent = 0.0
        channel.setblocking(False)
        self._loop.add_reader(channel.fileno(), self._read)

    def run_query(self, question: Query) -> asyncio.Future[Answered]:
        """Send a question, and return what will come of it; raise WorkerLost where the worker has ended."""
        self._reply = self._loop.create_future()
        try:
            send(self._channel, question)
        except OSError as error:
            self.close()
            raise WorkerLost from error
        return self._reply

    def used(self) -> float:
        """Return the seconds that the worker has computed for the question so far."""
        return computed(self.pid) - self._spent

    def close(self) -> None:
        """Let the worker end, once it has nothing to do."""
        if self.is_alive:
            self.is_alive = False
            self._loop.remove_reader(self._channel.fileno())
            self._channel.close()

    def _read(self) -> None:
        try:
            said, file = receive(self._channel)
        except BlockingIOError:
            return
        except EOFError:
            said, file = Died("killed"), None
        reply, self._reply = self._reply, None
        if isinstance(said, Died):
            self.close()
            if reply is not None and not reply.done():
                reply.set_exception(reached(said.cause, self._limits))
        elif reply is not None and not reply.done():
            reply.set_result(self._answered(said, file))
        elif file is not None:
            os.close(file)

    def _answered(self, reply: Reply, file: int | None) -> Answered:
        seconds, self._spent = reply.seconds - self._spent, reply.seconds
        error: Exception | None = reply.error
        if isinstance(error, LimitReached) and not error.sentence:
            error = reached(error.limit, self._limits)
        if reply.format and reply.body is None and file is None:  # the kernel keeps it where too many are open
            error = LimitReached("busy", "Too many files are open here: ask again later.", RETRY)
        return Answered(_answer(reply, file) if error is None else None, error, seconds, reply.last)


def _answer(reply: Reply, file: int | None) -> Result:
    body = os.fdopen(file, "rb") if file is not None else io.BytesIO(reply.body or b"")
    return Result(format_of(reply.format or ""), body, reply.length, reply.encoding)


def reached(cause: str, limits: Limits) -> Exception:
    """Return the error for a worker that has ended: which limit it was, and what to do."""
    said = {
        "time": f"The query ran longer than {limits.time:g} s: ask for less, with LIMIT or a pattern that says more.",
        "memory": f"The query took more than {limits.memory // MIB:,} MiB of memory: ask for less at a time,"
        " without ORDER BY, DISTINCT or GROUP BY over so much.",
        "depth": "The query nests too deep for the engine: write it flatter.",
        "crashed": "The query ended the engine's process: write it otherwise.",
    }
    if cause not in said:
        return WorkerLost()
    return LimitReached("engine" if cause == "crashed" else cause, said[cause])
