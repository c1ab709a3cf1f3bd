"""A worker as the web process sees it: a socket to ask through, and why there is no answer."""

import io
import os
import socket
from dataclasses import dataclass

from justicegraph.errors import LimitReached
from justicegraph.evaluate import Answer, Question
from justicegraph.pool.limits import MIB, Limits
from justicegraph.pool.process import seconds_of
from justicegraph.pool.wire import receive, send
from justicegraph.pool.worker import Died, Reply


class WorkerLost(Exception):
    """The worker has ended through no fault of the question: it was killed, or its supervisor was."""


class Worker:
    """A worker that answers one question at a time."""

    def __init__(self, pid: int, channel: socket.socket) -> None:
        self.pid = pid
        self.is_last = False
        self._channel = channel
        self._spent = 0.0

    def ask(self, question: Question) -> None:
        """Send a question; raise WorkerLost where the worker has ended."""
        try:
            send(self._channel, question)
        except OSError as error:
            self.close()
            raise WorkerLost from error

    def reply(self, seconds: float, limits: Limits) -> "Answered | None":
        """Return what the worker says, or None where it says nothing for so long; raise as `_cause` tells."""
        self._channel.settimeout(seconds)
        try:
            said, file = receive(self._channel)
        except TimeoutError:
            return None
        except EOFError as error:
            self.close()
            raise WorkerLost from error
        if isinstance(said, Died):
            self.close()
            raise _cause(said, limits)
        reply: Reply = said
        answered = Answered(_answer(reply, file), reply.error, reply.seconds - self._spent)
        self._spent, self.is_last = reply.seconds, reply.last
        return answered

    def used(self) -> float:
        """Return the seconds of processor time that the question has taken so far."""
        return seconds_of(self.pid) - self._spent

    def close(self) -> None:
        """Let the worker end, once it has nothing to do."""
        self._channel.close()


@dataclass(frozen=True)
class Answered:
    """What came of a question: an answer or an error, and the seconds of processor time that it took."""

    answer: Answer | None
    error: Exception | None
    seconds: float

    def result(self, limits: Limits) -> Answer:
        """Return the answer or raise the error."""
        if isinstance(self.error, LimitReached) and not self.error.sentence:
            raise _cause(Died(self.error.limit), limits)
        if self.error is not None:
            raise self.error
        if self.answer is None:
            raise AssertionError("a reply has an answer or an error")
        return self.answer


def _answer(reply: Reply, file: int | None) -> Answer | None:
    if reply.format is None:
        return None
    body = io.BytesIO(reply.body) if reply.body is not None else os.fdopen(file or 0, "rb")
    return Answer(reply.format, body, reply.length, reply.encoding)


def _cause(died: Died, limits: Limits) -> Exception:
    """Return the error for a worker that has ended: which limit it was, and what to do."""
    said = {
        "time": f"The query ran longer than {limits.time:g} s: ask for less, with LIMIT or a pattern that says more.",
        "memory": f"The query took more than {limits.memory // MIB:,} MiB of memory: ask for less at a time,"
        " without ORDER BY, DISTINCT or GROUP BY over so much.",
        "depth": "The query nests too deep for the engine: write it flatter.",
        "crashed": "The query ended the engine's process: write it otherwise.",
    }
    if died.cause not in said:
        return WorkerLost()
    return LimitReached("engine" if died.cause == "crashed" else died.cause, said[died.cause])
