"""What a worker does: it answers one question after the other, under the kernel's eyes."""

import io
import os
import socket
import time
from dataclasses import dataclass
from typing import NamedTuple

from justicegraph.errors import BadQuery, JusticeGraphError, LimitReached
from justicegraph.evaluate import Answer, Ask, Question
from justicegraph.pool.limits import Limits
from justicegraph.pool.process import end_in, may_grow_by, touched
from justicegraph.pool.wire import receive, send


class Reply(NamedTuple):
    """What a worker sends: the answer (its bytes, or None where a file comes with it) or an error.

    `format` is a media type, `seconds` the processor time of the worker so far; after the `last` reply it ends.
    """

    format: str | None = None
    body: bytes | None = None
    length: int = 0
    encoding: str = ""
    error: JusticeGraphError | None = None
    seconds: float = 0.0
    last: bool = False


@dataclass(frozen=True)
class Died:
    """What the supervisor sends in the place of a worker that has ended: why."""

    cause: str


READY = b"ready"


def work(channel: socket.socket, ask: Ask, limits: Limits, allowance: int) -> None:
    """Answer what comes through the channel until it is closed, or more than `allowance` bytes have been touched."""
    may_grow_by(limits.memory)
    send(channel, READY)
    last = False
    while not last:
        try:
            question, _ = receive(channel)
        except EOFError:
            return
        end_in(limits.time)
        answer = _answer(ask, question)
        end_in(0)
        last = touched() > allowance
        _send(channel, answer, last)


def _answer(ask: Ask, question: Question) -> Answer | JusticeGraphError:
    try:
        return ask(question)
    except JusticeGraphError as error:
        return error
    except MemoryError:
        return LimitReached("memory", "")
    except RecursionError:
        return LimitReached("depth", "")
    except BaseException as error:  # noqa: BLE001  # the engine's panics are no Exceptions
        return BadQuery(f"The query cannot be answered: {type(error).__name__}.")


def _send(channel: socket.socket, answer: Answer | JusticeGraphError, last: bool) -> None:
    spent = time.process_time()
    if isinstance(answer, JusticeGraphError):
        send(channel, Reply(error=answer, seconds=spent, last=last))
        return
    with answer.body as body:
        inside = body.getvalue() if isinstance(body, io.BytesIO) else None
        reply = Reply(answer.format.media_type, inside, answer.length, answer.encoding, None, spent, last)
        send(channel, reply, None if inside is not None else body)


def quiet() -> None:
    """Send the standard error of this process nowhere: the engine prints how it dies, the supervisor tells why."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
