"""The errors of JusticeGraph: each name states a fact, and each text says what is wrong, where, and what to do."""


class JusticeGraphError(Exception):
    """The parent of them all. The text is a sentence for a person; `exit_code` is the command's (docs/commands.md)."""

    exit_code = 1


class BrokenFile(JusticeGraphError):
    """A file is not in the format that it should be in. The text names file, line and column; `line` counts from 1."""

    exit_code = 4
    line = 1


class BrokenRules(JusticeGraphError):
    """The check has findings, so nothing was built. The text counts them; `Project.check()` returns them."""

    exit_code = 4


class MissingFolder(JusticeGraphError):
    """This is not a folder of a project, of builds or of a snapshot."""

    exit_code = 3


class UnknownEntity(JusticeGraphError):
    """No entity has this id."""

    exit_code = 3


class MissingKey(JusticeGraphError):
    """The operator's key is missing: without it, the list of removed entries cannot be read."""

    exit_code = 3


class CannotRelease(JusticeGraphError):
    """This release cannot be made: its version is taken or too old, or it could publish a removed name."""


class BrokenRelease(JusticeGraphError):
    """A release does not agree with its manifest, its checksums or its delta."""

    exit_code = 4


class MissingRelease(JusticeGraphError):
    """There is no release of this version."""

    exit_code = 3


class UnknownAuthor(JusticeGraphError):
    """The author of a decision is missing or ambiguous."""

    exit_code = 2


class DecisionRejected(JusticeGraphError):
    """A decision was not recorded: it contradicts an earlier one, or the check refuses it."""

    exit_code = 4


class CannotWrite(JusticeGraphError):
    """The disk refused to write: it is full, read-only or not ours. Earlier files are unchanged."""


class PortInUse(JusticeGraphError):
    """Another program listens on this address."""


class BadQuery(JusticeGraphError):
    """The query cannot be run as it is written. `line` and `column` count from 1; 0 means unknown."""

    exit_code = 4
    line = 0
    column = 0


class BadParameters(BadQuery):
    """The parameters of a request cannot be read: they are not UTF-8, too many, repeated, or not numbers."""


class QueryTooLong(BadQuery):
    """The query has more bytes than the endpoint reads."""


class RefusedQuery(BadQuery):
    """The query would change data or call another server; this endpoint never does."""


class UnknownFunction(BadQuery):
    """The query calls a function that the engine does not have."""


class LimitReached(JusticeGraphError):
    """The result would cost more than a limit allows.

    `limit` is time, memory, depth, answer, busy, client (too many queries of one), engine (its process died) or left.
    `retry_after` is in seconds: trying again after them may help. With 0, only another query helps.
    """

    def __init__(self, limit: str, sentence: str, retry_after: int = 0) -> None:
        super().__init__(limit, sentence, retry_after)
        self.limit, self.sentence, self.retry_after = limit, sentence, retry_after

    def __str__(self) -> str:
        return self.sentence


class NotAcceptable(JusticeGraphError):
    """The client accepts none of the formats that are available."""

    exit_code = 2


class RemoteFailed(JusticeGraphError):
    """Another server did not reply, or its reply was not usable."""

    exit_code = 5
