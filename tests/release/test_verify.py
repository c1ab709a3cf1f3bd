"""Verifying a release finds changed files, another graph and a wrong delta."""

import shutil
from pathlib import Path

import pytest

from justicegraph.errors import BrokenRelease, MissingRelease
from justicegraph.release import (
    verify,
)
from tests.support.releases import add_person, issue


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("justicegraph.nq.gz", "was changed: its SHA-256 is not that of the manifest"),
        ("SHA256SUMS", "does not say what the manifest says"),
        ("release.json", "cannot be read as the manifest"),
    ],
)
def test_tampered_file_is_found(project: Path, name: str, sentence: str) -> None:
    made = issue(project, "2001-02-03")
    data = bytearray((made.path / name).read_bytes())
    data[len(data) // 2] ^= 1
    (made.path / name).write_bytes(data if name != "release.json" else b"{}")
    with pytest.raises(Exception, match=sentence):
        list(verify(made.path.parent))


def test_graph_that_is_another_and_delta_that_leads_elsewhere_are_found(project: Path) -> None:
    first = issue(project, "2001-02-03")
    add_person(project, "invented-comer", "Invented Comer")
    second = issue(project, "2001-02-04")
    path = second.path / "release.json"
    path.write_text(path.read_text().replace(second.sha256, "0" * 64))
    with pytest.raises(BrokenRelease, match=r"2001-02-04: the graph's RDFC-1\.0 hash is not 0000"):
        list(verify(first.path.parent, "2001-02-04"))
    path.write_bytes(second.to_json())
    shutil.rmtree(first.path)
    with pytest.raises(MissingRelease, match="2001-02-04 follows 2001-02-03, which is not in"):
        list(verify(second.path.parent))
