"""Takes in suggestions: limits how many come in, and deletes the old ones."""

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Event, Thread
from typing import Any

from justicegraph.errors import CannotWrite
from justicegraph.project.removal import removal_test
from justicegraph.suggest.rate import HOUR, RateLimit
from justicegraph.suggest.store import Store

FOLDER, FILE = "suggestions", "suggestions.sqlite"


@dataclass(frozen=True)
class IntakeLimits:
    """How long suggestions are stored (days), how many may wait for review, and how many may come in an hour."""

    waiting_days: int = 180
    decided_days: int = 30
    max_waiting: int = 1_000
    per_client: int = 30
    per_hour: int = 300


@dataclass
class Intake:
    """Takes in the suggestions for the project in this folder, and deletes the old ones."""

    folder: Path
    file: Path
    limits: IntakeLimits = field(default_factory=IntakeLimits)

    def __post_init__(self) -> None:
        self.store = Store(self.file)
        self.rate_limit = RateLimit(self.limits.per_client, self.limits.per_hour)
        self._end = Event()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the arguments of the constructor only. The server process alone counts requests."""
        return Intake, (self.folder, self.file, self.limits)

    @cached_property
    def secret(self) -> bytes:
        """The secret that signs forms and receipts."""
        return self.store.secret()

    def purge(self) -> int:
        """Delete suggestions that are too old or whose entry was removed; return how many."""
        return self.store.purge(self.limits.waiting_days, self.limits.decided_days, removal_test(self.folder))

    def open(self) -> None:
        """Start deleting old suggestions, now and every hour, until `close`."""
        Thread(target=self._purge_by_the_hour, name="old suggestions", daemon=True).start()

    def close(self) -> None:
        """Stop deleting old suggestions."""
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
