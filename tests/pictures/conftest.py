"""An invented map in a file."""

import json
from pathlib import Path

import pytest

from tests.support.svg import MAPS


@pytest.fixture
def maps(tmp_path: Path) -> Path:
    path = tmp_path / "maps.json"
    path.write_text(json.dumps(MAPS))
    return path
