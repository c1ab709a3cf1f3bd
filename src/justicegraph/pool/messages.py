"""Messages between our processes, over sockets that keep messages apart (SOCK_SEQPACKET, unix(7)).

Sending and receiving a message take one system call each. The end of a process closes its socket. Data that does not
fit into a message is put into a file, and the file's descriptor travels.
"""

import array
import os
import pickle
import socket
from typing import IO, Any

MAX_MESSAGE_BYTES = 262_144
"""Bytes of a message: more than a query or a reply's body in memory has."""

_IN_FILE = b"\0"
"""The message in place of one that is too large: its file holds the pickled object. No pickle is like this."""

_buffer = memoryview(bytearray(MAX_MESSAGE_BYTES))
"""Where messages arrive. Each process reads them in one thread; allocating a buffer for each would cost more."""

_ONE = socket.CMSG_SPACE(array.array("i").itemsize)


def pair() -> tuple[socket.socket, socket.socket]:
    """Return two connected sockets."""
    sockets = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in sockets:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MAX_MESSAGE_BYTES)
    return sockets


def send(channel: socket.socket, message: Any, file: IO[bytes] | socket.socket | None = None) -> None:
    """Send an object, and a file with it; raise OSError if the other end is closed.

    An object of more than MAX_MESSAGE_BYTES bytes travels in its own file, so no other file can go with it.
    """
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    if file is not None:
        _send_with(channel, data, file.fileno())
    elif len(data) <= MAX_MESSAGE_BYTES:
        channel.send(data)
    else:
        with os.fdopen(os.memfd_create("message"), "wb") as large:
            large.write(data)
            large.flush()
            _send_with(channel, _IN_FILE, large.fileno())


def receive(channel: socket.socket) -> tuple[Any, int | None]:
    """Return the next object and the descriptor of the file that came with it; raise EOFError at a closed socket.

    A non-blocking socket raises BlockingIOError if there is no message.
    """
    try:
        length, extra, _, _ = channel.recvmsg_into([_buffer], _ONE)
    except ConnectionError as error:
        raise EOFError from error
    if not length:
        raise EOFError
    descriptor = array.array("i", extra[0][2])[0] if extra else None
    if length == len(_IN_FILE):
        return _read_large(descriptor), None
    return pickle.loads(_buffer[:length]), descriptor  # noqa: S301  # the other end is a process of ours


def _send_with(channel: socket.socket, data: bytes, descriptor: int) -> None:
    channel.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [descriptor]))])


def _read_large(descriptor: int | None) -> Any:
    if descriptor is None:  # the kernel drops it if too many files are open
        raise EOFError
    with os.fdopen(descriptor, "rb") as file:
        file.seek(0)
        return pickle.load(file)  # noqa: S301  # likewise
