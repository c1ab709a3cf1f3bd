"""Maps are read from the file of the front end, regions are found by name, and broken files are refused."""

import json
from pathlib import Path

import pytest

from justicegraph.errors import BrokenFile
from justicegraph.pictures import (
    read_atlas,
)  # fmt: skip
from tests.support.svg import MAPS


def test_state_is_found_without_its_parentheses_and_no_country_is(maps: Path) -> None:
    atlas = read_atlas(maps)
    assert atlas
    assert atlas.us.find("INVENTED State (United States)") is atlas.us.regions[0]
    assert atlas.world.find("Inventia (state)") is None


@pytest.mark.parametrize("content", [
    "{", "[]", '{"world": {}, "us": {}}', json.dumps(MAPS).replace("M100", "Mx"), json.dumps(MAPS).replace("1000", "-1"),
    json.dumps(MAPS).replace("Z", "C1,1 2,2 3,3Z"), json.dumps(MAPS).replace("Z", "Z<script>"), json.dumps(MAPS).replace('"IN"', "[]" * 3),
])  # fmt: skip
def test_broken_map_raises_broken_file(content: str, maps: Path) -> None:
    maps.write_text(content)
    with pytest.raises(BrokenFile, match="Build the front end again"):
        read_atlas(maps)
