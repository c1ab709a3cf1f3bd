"""Takes in suggestions: limits how many come in, and deletes the old ones."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Event, Semaphore, Thread
from typing import Any

from justicegraph.errors import CannotWrite
from justicegraph.project.removal import removal_test
from justicegraph.suggest.rate import HOUR, RateLimit
from justicegraph.suggest.store import Store

FOLDER, FILE = "suggestions", "suggestions.sqlite"
_SIDE_BY_SIDE = 8
"""Suggestions that are checked at a time, or wait for it. A check takes some tenths of a second of one core."""
_PATIENCE = 10.0
"""Seconds for which a suggestion waits for its check."""


@dataclass(frozen=True)
class IntakeLimits:
    """How long suggestions are stored (days), how many may wait for review, and how many may come in an hour."""

    waiting_days: int = 180
    decided_days: int = 30
    max_waiting: int = 1_000
    per_client: int = 30
    per_hour: int = 300


class Busy(CannotWrite):
    """Too many suggestions are being checked at the moment."""


@dataclass
class Intake:
    """Takes in the suggestions for the project in this folder, and deletes the old ones."""

    folder: Path
    file: Path
    limits: IntakeLimits = field(default_factory=IntakeLimits)

    def __post_init__(self) -> None:
        self.store = Store(self.file)
        self.rate_limit = RateLimit(self.limits.per_client, self.limits.per_hour)
        self._checks = Semaphore(_SIDE_BY_SIDE)
        self._end = Event()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the arguments of the constructor only: each process counts requests for itself."""
        return Intake, (self.folder, self.file, self.limits)

    @cached_property
    def secret(self) -> bytes:
        """The secret that signs forms and receipts."""
        return self.store.secret()

    @contextmanager
    def checking(self) -> Iterator[None]:
        """Wait for a free place to check a suggestion; raise Busy if none is free in time."""
        if not self._checks.acquire(timeout=_PATIENCE):
            raise Busy("Many suggestions are being checked just now. Send yours again in a minute.")
        try:
            yield
        finally:
            self._checks.release()

    def purge(self) -> int:
        """Delete suggestions that are too old or whose entry was removed; return how many."""
        return self.store.purge(self.limits.waiting_days, self.limits.decided_days, removal_test(self.folder))

    def open(self) -> None:
        """Start to delete old suggestions, now and every hour, until `close`."""
        Thread(target=self._purge_by_the_hour, name="old suggestions", daemon=True).start()

    def close(self) -> None:
        """Stop to delete old suggestions."""
        self._end.set()

    def _purge_by_the_hour(self) -> None:
        while True:
            with suppress(CannotWrite, OSError):  # it is tried again
                self.purge()
            if self._end.wait(HOUR):
                return


def suggestions_file(folder: Path) -> Path:
    """Return the path of a project's suggestions: beside its graph, since a build folder may be thrown away."""
    return folder / FOLDER / FILE
