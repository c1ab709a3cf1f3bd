"""Every error that JusticeGraph raises on purpose: named as a fact, one sentence that says what to do."""


class JusticeGraphError(Exception):
    """The parent of them all. The text is a sentence for a person; `exit_code` is the command's (docs/commands.md)."""

    exit_code = 1


class BrokenFile(JusticeGraphError):
    """A file cannot be read as what it should be: the text names file, line and column; `line` counts from 1."""

    exit_code = 4
    line = 1


class BrokenRules(JusticeGraphError):
    """The graph has findings that stop a build: the text counts them."""

    exit_code = 4


class MissingFolder(JusticeGraphError):
    """There is no folder with a graph here."""

    exit_code = 3


class UnknownEntity(JusticeGraphError):
    """No entity has this id."""

    exit_code = 3


class MissingKey(JusticeGraphError):
    """The operator's key is not here, and without it nobody can tell what was removed on request."""

    exit_code = 3


class CannotRelease(JusticeGraphError):
    """There can be no such release: its version is taken or too old, or it could tell what must not be told."""


class BrokenRelease(JusticeGraphError):
    """A release is not what its manifest, its checksums or its delta say."""

    exit_code = 4


class MissingRelease(JusticeGraphError):
    """There is no release of this version here."""

    exit_code = 3


class UnknownAuthor(JusticeGraphError):
    """It is not said, or not clearly, who decides."""

    exit_code = 2


class CannotStand(JusticeGraphError):
    """A decision was not recorded, since it goes against one that stands, or against what the check demands."""

    exit_code = 4


class CannotWrite(JusticeGraphError):
    """The disk refused: full, read-only or not ours. What stood there before stands there still."""


class PortInUse(JusticeGraphError):
    """Another program listens on the address that was asked for."""


class BadQuery(JusticeGraphError):
    """The query cannot be answered as it is written; `line` and `column` count from 1 and are 0 where none is known."""

    exit_code = 4
    line = 0
    column = 0


class QueryTooLong(BadQuery):
    """The query has more bytes than the endpoint reads."""


class RefusedQuery(BadQuery):
    """The query asks for what this endpoint never does: to change data, or to call another server."""


class UnknownFunction(BadQuery):
    """The query calls a function that the engine does not have."""


class LimitReached(JusticeGraphError):
    """The answer would cost more than a limit allows.

    `limit` is time, memory, depth, answer, busy, client (too much from one), engine (its process died) or left.
    `retry_after` is the seconds after which asking again may help; 0 where only another query would.
    """

    def __init__(self, limit: str, sentence: str, retry_after: int = 0) -> None:
        super().__init__(limit, sentence, retry_after)
        self.limit, self.sentence, self.retry_after = limit, sentence, retry_after

    def __str__(self) -> str:
        return self.sentence


class NotAcceptable(JusticeGraphError):
    """None of the formats on offer is one that the client takes."""

    exit_code = 2


class RemoteFailed(JusticeGraphError):
    """Another server did not answer, or not with what it was asked for."""

    exit_code = 5
