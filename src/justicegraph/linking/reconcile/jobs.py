"""Jobs of a pool that reconciles: separate from the matcher, which is large."""

from dataclasses import dataclass

from justicegraph.pool.jobs import Reply

ENTRIES, TYPES = "entries", "types"
"""What a suggestion may list: entries or classes."""

SUGGESTED = 20
"""Suggestions at a time."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of queries, as the JSON of the parameter `queries`."""

    text: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Names of a kind that begin with a prefix, after the first `cursor` of them."""

    kind: str
    prefix: str
    cursor: int = 0


def results_of(reply: Reply) -> tuple[dict[str, str], bytes]:
    """Return why queries of a batch have failed, by their names, and the JSON of the results."""
    return reply.head, reply.read()
