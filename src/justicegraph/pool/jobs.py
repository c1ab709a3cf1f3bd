"""Jobs, the replies to them, and the sources that workers are made from."""

from collections.abc import Callable, Mapping
from typing import IO, Any, NamedTuple, Protocol


class Job(NamedTuple):
    """Work for a worker. Only the payload travels to it; the source's handler knows its type.

    Jobs with the same `key` are expected to take the same time. The slow jobs of one `client` are limited; an empty
    name has no limit of its own. With `is_query`, messages about limits say how to change a query.
    """

    payload: Any
    client: str = ""
    key: int = 0
    is_query: bool = False


class Reply(NamedTuple):
    """The reply to a job: a head, whose type depends on the payload, and a body.

    The body has `length` bytes. A body that is a file begins at `offset`, so a part of a large file is never copied.
    """

    head: Any
    body: IO[bytes]
    length: int
    offset: int = 0

    def read(self) -> bytes:
        """Return the body, and close its file."""
        with self.body as file:
            file.seek(self.offset)
            return file.read(self.length)


Handler = Callable[[Any], Reply]
"""Does a job: takes its payload, returns the reply, raises a JusticeGraphError."""


class Loaded(Protocol):
    """A source in the supervisor's memory, from which workers are forked."""

    def describe(self) -> Mapping[str, Any]:
        """Return what was loaded, for the log."""

    def handler(self, limit: int) -> Handler:
        """Return the handler of a new worker, after the fork; it refuses bodies of more than `limit` bytes."""


class Source(Protocol):
    """Where a pool's data comes from. The supervisor gets it pickled, and loads it in a thread that ends first."""

    def load(self) -> Loaded:
        """Return the data that workers share; raise a JusticeGraphError if it cannot be read."""
