"""The worker process: it does one job after the other, under the kernel's limits."""

import gc
import io
import os
import socket
import traceback
from dataclasses import dataclass
from typing import Any, NamedTuple

from justicegraph.errors import JusticeGraphError, LimitReached
from justicegraph.pool.jobs import Handler, Reply
from justicegraph.pool.limits import Limits
from justicegraph.pool.messages import receive, send
from justicegraph.system.processes import kill_after, limit_growth, own_usage, resident_bytes


class JobFailed(JusticeGraphError):
    """The handler of a job has failed with an unforeseen error; `trace` is for the log."""

    trace = ""


class Finished(NamedTuple):
    """The message after a job: a reply or an error. `body` is None if the reply's file comes with the message.

    `seconds` is how long the worker has computed so far. After the `last` message the worker ends.
    """

    head: Any = None
    body: bytes | None = None
    length: int = 0
    offset: int = 0
    error: JusticeGraphError | None = None
    seconds: float = 0.0
    last: bool = False


@dataclass(frozen=True)
class Died:
    """The message that the supervisor sends when a worker has ended: the cause."""

    cause: str


READY = b"ready"

GARBAGE_THRESHOLD = 50_000
"""New objects after which Python looks for unused cycles. A page makes thousands of objects and hardly any cycle."""

NEW_PAGES = 4_096
"""Memory pages after which a worker checks its size: the check takes a tenth of the time of a small query."""


def work(channel: socket.socket, handle: Handler, limits: Limits, allowance: int) -> None:
    """Do the jobs from the channel until it is closed, or until this process has more than `allowance` bytes."""
    limit_growth(limits.memory)
    gc.set_threshold(GARBAGE_THRESHOLD)
    send(channel, READY)
    seen, last = 0, False
    while not last:
        try:
            payload, _ = receive(channel)
        except EOFError:
            return
        kill_after(limits.time)
        reply = _reply(handle, payload)
        kill_after(0)
        seconds, pages = own_usage()
        if pages > seen + NEW_PAGES:
            seen, last = pages, resident_bytes() > allowance
        _send(channel, reply, seconds, last)


def _reply(handle: Handler, payload: Any) -> Reply | JusticeGraphError:
    try:
        return handle(payload)
    except JusticeGraphError as error:
        return error
    except MemoryError:
        return LimitReached("memory", "")
    except RecursionError:
        return LimitReached("depth", "")
    except BaseException as error:  # noqa: BLE001  # the engine's panics are not Exceptions
        failed = JobFailed(f"The server has failed, through a fault of its own: {type(error).__name__}.")
        failed.trace = traceback.format_exc()
        return failed


def _send(channel: socket.socket, reply: Reply | JusticeGraphError, seconds: float, last: bool) -> None:
    if isinstance(reply, JusticeGraphError):
        send(channel, Finished(error=reply, seconds=seconds, last=last))
        return
    with reply.body as body:
        inline = body.getvalue() if isinstance(body, io.BytesIO) else None
        message = Finished(reply.head, inline, reply.length, reply.offset, None, seconds, last)
        send(channel, message, None if inline is not None else body)


def silence_stderr() -> None:
    """Discard this process's standard error: the supervisor reports its end, so the engine need not print it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
