"""Canonical N-Quads, line by line: sorted, compared and grouped in little memory, however many they are.

Without blank nodes, the canonical form of a dataset (RDFC-1.0, section 5) is its lines in the order of their code
points. A term remains the text of the line: quads can be moved without parsing their terms.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import lru_cache
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, NamedTuple

from justicegraph.namespaces import ID

RUN = 250_000
"""Lines that are sorted in memory at a time: about 75 MB."""

WORDS = 5
"""Words of a line whose terms have no space: four terms and the dot."""

Lines = Iterable[bytes]
"""Lines of canonical N-Quads in their order, each with its line feed."""


class Quad(NamedTuple):
    """The four terms of a line as they are written, as in `<https://…>` or `"text"@en`."""

    subject: str
    predicate: str
    value: str
    graph: str


class Group(NamedTuple):
    """The quads of an entry with its parts, or of another subject. `subject` is the term as written."""

    subject: str
    quads: list[Quad]


def lines_in(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file, and close it."""
    with path.open("rb") as file:
        yield from file


def quads_of(lines: Lines) -> Iterator[Quad]:
    """Yield the terms of each line; every line names a graph."""
    make = tuple.__new__  # twice as fast as the class itself, and this runs for every quad
    for line in lines:
        words = line.decode().split(" ")
        if len(words) == WORDS:
            yield make(Quad, words[:4])
        else:  # a text has spaces
            yield make(Quad, (words[0], words[1], " ".join(words[2:-2]), words[-2]))


def groups_of(quads: Iterable[Quad]) -> Iterator[Group]:
    """Yield the quads of each entry or other subject as one group, from quads in canonical order.

    In that order, `x1` comes between `x.custody-1` and `x`. So a group waits until no more of its quads can come.
    """
    waiting: list[Group] = []
    for subject, own in groupby(quads, itemgetter(0)):
        owner = owner_of(subject)
        while waiting and not _may_come(waiting[-1].subject, owner):
            yield waiting.pop()
        if not waiting or waiting[-1].subject != owner:
            waiting.append(Group(owner, []))
        waiting[-1].quads.extend(own)
    yield from reversed(waiting)


_PART = re.compile(rf"(<{re.escape(ID)}[^.>]*)\.")


@lru_cache(64)
def owner_of(term: str) -> str:
    """Return the term of the entry that a term names or is a part of; return any other term unchanged."""
    part = _PART.match(term)
    return f"{part[1]}>" if part else term


def write_sorted(lines: Lines, file: IO[bytes]) -> None:
    """Sort lines, with temporary files on the disk, and write them."""
    with TemporaryDirectory(dir=Path(file.name).parent) as folder, ExitStack() as runs:
        whole = iter(lines)
        sorted_runs: list[IO[bytes]] = []
        while run := sorted(islice(whole, RUN)):
            sorted_runs.append(runs.enter_context(TemporaryFile(dir=folder)))
            sorted_runs[-1].writelines(run)
            sorted_runs[-1].seek(0)
        file.writelines(merge(*sorted_runs))


def compare(old: Lines, new: Lines) -> Iterator[tuple[bytes | None, bytes | None]]:
    """Yield each line of two graphs in order, as a pair: None in the place of a graph that lacks it."""
    olds, news = iter(old), iter(new)
    left, right = next(olds, None), next(news, None)
    while left is not None or right is not None:
        if left == right:
            yield left, right
            left, right = next(olds, None), next(news, None)
        elif right is None or (left is not None and left < right):
            yield left, None
            left = next(olds, None)
        else:
            yield None, right
            right = next(news, None)


def digest(lines: Lines) -> str:
    """Return the SHA-256 of the lines, which is the hash of the dataset if they are canonical."""
    hasher = hashlib.sha256()
    for line in lines:
        hasher.update(line)
    return hasher.hexdigest()


def _may_come(begun: str, owner: str) -> bool:
    """Tell whether lines of the owner `begun` can still come after those of `owner`, in the order of text."""
    stem = begun[:-1]
    return owner == begun or (owner.startswith(stem) and owner[len(stem)].isdigit())
