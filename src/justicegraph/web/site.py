"""What an application serves, and how its views come by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app

from justicegraph.evaluate import Ask
from justicegraph.removal import IsRemoved


@dataclass(frozen=True)
class Site:
    """What is served: how to ask, the JSON-LD context, and where there are dumps, questions and example entries."""

    ask: Ask
    context: Mapping[str, Any]
    dumps: Path | None = None
    questions: Path | None = None
    examples: Path | None = None
    snapshot: str = ""
    is_removed: IsRemoved = lambda _: False

    def attach(self, app: Flask) -> None:
        """Make this the site of an application."""
        app.extensions["site"] = self


def site() -> Site:
    """Return the site of the application that answers."""
    return cast("Site", current_app.extensions["site"])
