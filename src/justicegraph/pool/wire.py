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
    """Return the next object and the descriptor that came with it, if any.

    Raise EOFError where the other end is gone, TimeoutError where nothing came in the channel's time.
    """
    try:
        data, extra, _, _ = channel.recvmsg(LARGEST, socket.CMSG_SPACE(4))
    except ConnectionError as error:
        raise EOFError from error
    if not data:
        raise EOFError
    descriptor = int.from_bytes(extra[0][2][:4], "little") if extra else None
    return pickle.loads(data), descriptor  # noqa: S301  # the other end is a process of ours
