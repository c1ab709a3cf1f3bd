"""A worker as the server process sees it: a socket for its jobs, and the reason why a job got no reply."""

import asyncio
import io
import os
import socket
from dataclasses import dataclass

from justicegraph.errors import LimitReached
from justicegraph.pool.jobs import Job, Reply
from justicegraph.pool.limits import MIB, Limits
from justicegraph.pool.messages import receive, send
from justicegraph.pool.slots import RETRY_AFTER
from justicegraph.pool.worker import Died, Finished
from justicegraph.system.processes import cpu_seconds


class WorkerLost(Exception):
    """The worker has ended through no fault of the job: it was killed, or its supervisor was."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of a job: a reply or an error, the seconds it has computed, and whether the worker ends after it."""

    reply: Reply | None
    error: Exception | None
    seconds: float
    is_last: bool

    def get(self) -> Reply:
        """Return the reply or raise the error."""
        if self.reply is None:
            raise self.error or AssertionError("an outcome has a reply or an error")
        return self.reply


class Worker:
    """The handle of a worker, which does one job at a time."""

    def __init__(self, pid: int, channel: socket.socket, limits: Limits) -> None:
        self.pid = pid
        self.is_alive = True
        self._channel, self._limits = channel, limits
        self._loop = asyncio.get_running_loop()
        self._outcome: asyncio.Future[Outcome] | None = None
        self._is_query = False
        self._seconds_before = 0.0
        channel.setblocking(False)
        self._loop.add_reader(channel.fileno(), self._read)

    def run(self, job: Job) -> asyncio.Future[Outcome]:
        """Send a job's payload and return its future outcome; raise WorkerLost if the worker has ended."""
        self._outcome, self._is_query = self._loop.create_future(), job.is_query
        try:
            send(self._channel, job.payload)
        except OSError as error:
            self.close()
            raise WorkerLost from error
        return self._outcome

    def seconds_used(self) -> float:
        """Return the seconds that the worker has computed for the present job."""
        return cpu_seconds(self.pid) - self._seconds_before

    def close(self) -> None:
        """Close the socket; the worker ends once it has no job."""
        if self.is_alive:
            self.is_alive = False
            self._loop.remove_reader(self._channel.fileno())
            self._channel.close()

    def _read(self) -> None:
        try:
            message, file = receive(self._channel)
        except BlockingIOError:
            return
        except EOFError:
            message, file = Died("killed"), None
        outcome, self._outcome = self._outcome, None
        if isinstance(message, Died):
            self.close()
            if outcome is not None and not outcome.done():
                outcome.set_exception(death_error(message.cause, self._limits, is_query=self._is_query))
        elif outcome is not None and not outcome.done():
            outcome.set_result(self._outcome_of(message, file))
        elif file is not None:
            os.close(file)

    def _outcome_of(self, message: Finished, file: int | None) -> Outcome:
        seconds, self._seconds_before = message.seconds - self._seconds_before, message.seconds
        error: Exception | None = message.error
        if isinstance(error, LimitReached) and not error.sentence:
            error = death_error(error.limit, self._limits, is_query=self._is_query)
        if error is None and message.body is None and file is None:  # the kernel drops it if too many are open
            error = LimitReached("busy", "Too many files are open here. Try again later.", RETRY_AFTER)
        return Outcome(_reply(message, file) if error is None else None, error, seconds, message.last)


def _reply(message: Finished, file: int | None) -> Reply:
    body = os.fdopen(file, "rb") if file is not None else io.BytesIO(message.body or b"")
    return Reply(message.head, body, message.length, message.offset)


def death_error(cause: str, limits: Limits, *, is_query: bool) -> Exception:
    """Return the error for a job whose worker has ended: the limit that was reached, and what to do."""
    sentences = _query_sentences(limits) if is_query else _request_sentences(limits)
    if cause not in sentences:
        return WorkerLost()
    return LimitReached("engine" if cause == "crashed" else cause, sentences[cause])


def _query_sentences(limits: Limits) -> dict[str, str]:
    """Return what to tell the author of a query, by the cause of the worker's end."""
    return {
        "time": f"The query ran longer than {limits.time:g} s. Ask for less, with LIMIT or a more specific pattern.",
        "memory": f"The query took more than {limits.memory // MIB:,} MiB of memory. Ask for less at a time,"
        " without ORDER BY, DISTINCT or GROUP BY over so much.",
        "depth": "The query nests too deep for the engine. Use fewer levels.",
        "crashed": "The query ended the engine's process. Rewrite it.",
    }


def _request_sentences(limits: Limits) -> dict[str, str]:
    """Return the same for all other jobs, such as pages and batches."""
    return {
        "time": f"The request took longer than {limits.time:g} s. Ask for less at a time.",
        "memory": f"The request took more than {limits.memory // MIB:,} MiB of memory. Ask for less at a time.",
        "depth": "The request nests too deep. Use fewer levels.",
        "crashed": "The request ended its worker process. Change it before you send it again.",
    }
