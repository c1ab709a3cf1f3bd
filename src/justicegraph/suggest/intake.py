"""Where suggestions are taken in: how much at a time, by which forms, for how long they are kept."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Event, Semaphore, Thread
from typing import Any

from justicegraph.errors import CannotWrite
from justicegraph.project.removal import removed_from
from justicegraph.suggest.rate import HOUR, Pace
from justicegraph.suggest.store import Store

FOLDER, FILE = "suggestions", "suggestions.sqlite"
_SIDE_BY_SIDE = 8
"""Suggestions that are checked, or wait to be: each takes some tenths of a second of one core."""
_PATIENCE = 10.0
"""Seconds for which one waits."""


@dataclass(frozen=True)
class Keeping:
    """How many days suggestions are kept, how many may wait, and how many tries an hour one has, and all have."""

    held_days: int = 180
    decided_days: int = 30
    most: int = 1_000
    each: int = 30
    everybody: int = 300


class Busy(CannotWrite):
    """More suggestions are being checked than can be."""


@dataclass
class Desk:
    """Takes suggestions for the project in this folder, and sees to it that what is old goes."""

    folder: Path
    file: Path
    keeping: Keeping = field(default_factory=Keeping)

    def __post_init__(self) -> None:
        self.store = Store(self.file)
        self.pace = Pace(self.keeping.each, self.keeping.everybody)
        self._checking = Semaphore(_SIDE_BY_SIDE)
        self._end = Event()

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes as what it was made from; each counts tries for itself."""
        return Desk, (self.folder, self.file, self.keeping)

    @cached_property
    def key(self) -> bytes:
        """The secret of forms and receipts."""
        return self.store.key()

    @contextmanager
    def checking(self) -> Iterator[None]:
        """Wait for a place to check a suggestion; raise Busy where none is free in time."""
        if not self._checking.acquire(timeout=_PATIENCE):
            raise Busy("Many suggestions are being checked just now. Send yours again in a minute.")
        try:
            yield
        finally:
            self._checking.release()

    def purge(self) -> int:
        """Delete what is old, or of an entry that was removed; return how many there were."""
        return self.store.purge(self.keeping.held_days, self.keeping.decided_days, removed_from(self.folder))

    def open(self) -> None:
        """Delete what is old, now and every hour, until it is closed."""
        Thread(target=self._purge_by_the_hour, name="old suggestions", daemon=True).start()

    def close(self) -> None:
        """Delete nothing any more."""
        self._end.set()

    def _purge_by_the_hour(self) -> None:
        while True:
            with suppress(CannotWrite, OSError):  # it is tried again
                self.purge()
            if self._end.wait(HOUR):
                return


def file_of(folder: Path) -> Path:
    """Return where a project's suggestions wait: beside its graph, since a build can be thrown away."""
    return folder / FOLDER / FILE
