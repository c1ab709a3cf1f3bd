"""The project's context, and its own graph as lines of JSON-LD."""

from pathlib import Path
from typing import Any

import pytest

from justicegraph.jsonld import (
    read_context,
    write_lines,
)
from tests.support.project import ROOT


@pytest.fixture(scope="module")
def context() -> dict[str, Any]:
    return read_context(ROOT)


@pytest.fixture(scope="module")
def own_lines(own_quads: Path, context: dict[str, Any]) -> list[bytes]:
    """The lines of JSON-LD of the project's own graph."""
    with (own_quads.parent / "justicegraph.jsonl").open("w+b") as file:
        write_lines(own_quads, context, file)
        file.seek(0)
        return file.readlines()
