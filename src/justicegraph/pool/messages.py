"""Messages between our own processes, over sockets that keep them apart (SOCK_SEQPACKET, unix(7)).

One message is one call of the kernel each way, and the end of a process is the end of its socket. What does not fit
into a message is a file, and its descriptor travels.
"""

import array
import pickle
import socket
from typing import IO, Any

LARGEST = 262_144
"""Bytes of a message: more than an answer in memory (spool.IN_MEMORY) or a question has."""

_buffer = memoryview(bytearray(LARGEST))
"""Where messages arrive. A process reads them in one thread only; a new buffer each time would cost more than they."""

_ONE = socket.CMSG_SPACE(array.array("i").itemsize)


def pair() -> tuple[socket.socket, socket.socket]:
    """Return two connected sockets."""
    pairs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for each in pairs:
        each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LARGEST)
    return pairs


def send(channel: socket.socket, message: Any, file: IO[bytes] | socket.socket | None = None) -> None:
    """Send an object, and a file with it; raise OSError where nobody is at the other end."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    if file is None:
        channel.send(data)
    else:
        channel.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file.fileno()]))])


def receive(channel: socket.socket) -> tuple[Any, int | None]:
    """Return the next object and the descriptor that came with it, if any; raise EOFError where the other end is gone.

    A socket that does not block raises BlockingIOError where there is no message.
    """
    try:
        length, extra, _, _ = channel.recvmsg_into([_buffer], _ONE)
    except ConnectionError as error:
        raise EOFError from error
    if not length:
        raise EOFError
    descriptor = array.array("i", extra[0][2])[0] if extra else None
    return pickle.loads(_buffer[:length]), descriptor  # noqa: S301  # the other end is a process of ours
