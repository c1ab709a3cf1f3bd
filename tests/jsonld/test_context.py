"""The context is what ontology and shapes give, and older ones are still read."""

import json
from pathlib import Path
from typing import Any

import pytest

from justicegraph.errors import BrokenFile
from justicegraph.jsonld import (
    make_context,
    make_frames,
    older_contexts,
    read_context,
    read_frames,
)
from justicegraph.project.folder import load_folder
from tests.support.project import ROOT


def test_context_and_frames_are_what_ontology_and_shapes_give(context: dict[str, Any]) -> None:
    folder = load_folder(ROOT)
    assert make_context(folder.ontology, folder.shapes) == context
    assert make_frames(folder.ontology, folder.shapes) == read_frames(ROOT)


def test_context_or_frames_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    for read, file in ((read_context, "v1.jsonld"), (read_frames, "v1.frames.json")):
        with pytest.raises(BrokenFile, match=rf"{file} cannot be read .*make context"):
            read(tmp_path)


def test_older_contexts_go_on_being_read(tmp_path: Path) -> None:
    (tmp_path / "ontology/context").mkdir(parents=True)
    for version in ("v0", "v1"):
        (tmp_path / f"ontology/context/{version}.jsonld").write_text(json.dumps({"@context": {version: "jg:x"}}))
    assert older_contexts(tmp_path) == {"v0": {"v0": "jg:x"}}
