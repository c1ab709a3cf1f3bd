"""What a worker does: it answers one question after the other, under the kernel's eyes."""

import gc
import io
import os
import socket
from dataclasses import dataclass
from typing import NamedTuple

from justicegraph.errors import BadQuery, JusticeGraphError, LimitReached
from justicegraph.pool.limits import Limits
from justicegraph.pool.messages import receive, send
from justicegraph.sparql.query import Query, Result, RunQuery
from justicegraph.system.processes import end_in, may_grow_by, resident, usage


class Reply(NamedTuple):
    """What a worker sends: the answer (its bytes, or None where a file comes with it) or an error.

    `format` is a media type, `seconds` what the worker has computed so far; after the `last` reply it ends.
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

RUBBISH = 50_000
"""Objects after which a worker looks for rubbish that refers to itself: a page makes thousands, and hardly any."""

NEW_PAGES = 4_096
"""Pages after which a worker looks at how large it is: looking costs a tenth of a small question."""


def work(channel: socket.socket, run_query: RunQuery, limits: Limits, allowance: int) -> None:
    """Answer what comes through the channel until it is closed, or this process has more than `allowance` bytes."""
    may_grow_by(limits.memory)
    gc.set_threshold(RUBBISH)
    send(channel, READY)
    seen, last = 0, False
    while not last:
        try:
            question, _ = receive(channel)
        except EOFError:
            return
        end_in(limits.time)
        answer = _answer(run_query, question)
        end_in(0)
        seconds, pages = usage()
        if pages > seen + NEW_PAGES:
            seen, last = pages, resident() > allowance
        _send(channel, answer, seconds, last)


def _answer(run_query: RunQuery, question: Query) -> Result | JusticeGraphError:
    try:
        return run_query(question)
    except JusticeGraphError as error:
        return error
    except MemoryError:
        return LimitReached("memory", "")
    except RecursionError:
        return LimitReached("depth", "")
    except BaseException as error:  # noqa: BLE001  # the engine's panics are no Exceptions
        return BadQuery(f"The query cannot be answered: {type(error).__name__}.")


def _send(channel: socket.socket, answer: Result | JusticeGraphError, seconds: float, last: bool) -> None:
    if isinstance(answer, JusticeGraphError):
        send(channel, Reply(error=answer, seconds=seconds, last=last))
        return
    with answer.body as body:
        inside = body.getvalue() if isinstance(body, io.BytesIO) else None
        reply = Reply(answer.format.media_type, inside, answer.length, answer.encoding, None, seconds, last)
        send(channel, reply, None if inside is not None else body)


def quiet() -> None:
    """Send the standard error of this process nowhere: the engine prints how it dies, the supervisor tells why."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
