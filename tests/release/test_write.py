"""A release is whole or absent, names all its files, and has the same bytes everywhere."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from justicegraph.errors import CannotWrite
from justicegraph.release import (
    find_release,
)
from tests.support.project import make_project
from tests.support.releases import COMMAND, everything, issue


def test_release_holds_all_that_it_names(project: Path) -> None:
    made = issue(project, "2001-02-03")
    assert made.path == project / "build/releases/2001-02-03"
    assert [path.name for path in made.path.parent.iterdir() if path.name != ".lock"] == ["2001-02-03"]
    sums = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=made.path, capture_output=True, check=False
    )
    assert (sums.returncode, sums.stdout) == (0, b"")
    there = {path.relative_to(made.path).as_posix() for path in made.path.rglob("*") if path.is_file()}
    assert there == {file.name for file in made.files} | {"release.json", "SHA256SUMS"}
    names = ["nq", "ttl", "trig", "jsonld", "jsonl"]
    assert {f"justicegraph.{name}.{coding}" for name in names for coding in ("gz", "zst")} <= there
    assert {
        "catalogue.ttl", "catalogue.jsonld", "README.md", "CHANGES.md", "mappings.sssom.tsv", "ontology.ttl",
        "shapes.ttl", "context/v1.jsonld", "tables/organizations.csv", "statements.csv.gz",
    } <= there  # fmt: skip
    assert find_release(made.path.parent, "2001-02-03") == made
    assert (made.previous, made.changes) == (None, None)


def test_same_graph_gives_the_same_bytes_wherever_and_whenever(tmp_path: Path) -> None:
    places = []
    for name, seed, locale, zone in (("one", "1", "C", "UTC"), ("another", "77", "tr_TR.UTF-8", "Pacific/Auckland")):
        project = make_project(tmp_path / name)
        words = [
            str(COMMAND),
            "release",
            "--folder",
            str(project),
            "--build-dir",
            str(tmp_path / f"{name}-build"),
            "--date",
            "2001-02-03",
        ]
        environment = os.environ | {"PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone}
        subprocess.run(words, env=environment, check=True, capture_output=True)
        places.append(everything(tmp_path / f"{name}-build" / "releases" / "2001-02-03"))
    assert places[0] == places[1]


def test_release_ends_on_a_full_disk_with_nothing_half_written(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = issue(project, "2001-02-03")
    before = everything(made.path.parent)

    def full(*_: object) -> Iterator[tuple[int, int, str]]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("justicegraph.release.write.write_dumps", full)
    with pytest.raises(CannotWrite, match=r"cannot be written: No space left on device\. Nothing was changed"):
        issue(project, "2001-02-04")
    assert everything(made.path.parent) == before
