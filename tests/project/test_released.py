"""What a release has named goes on answering."""

import subprocess
import sys
from pathlib import Path

import pytest

from justicegraph.namespaces import ID
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.released import add_released, read_released, remove_released, slugs_in
from justicegraph.project.removal import remove
from justicegraph.validate import validate
from tests.support.project import ROOT, app_of_files

COMMAND = Path(sys.executable).with_name("justicegraph")


def test_list_is_sorted_and_grows_and_forgets(tmp_path: Path) -> None:
    add_released(tmp_path, ["b", "a"])
    add_released(tmp_path, ["c", "a"])
    assert (tmp_path / "released.txt").read_text() == "a\nb\nc\n"
    remove_released(tmp_path, {"b", "x"})
    assert read_released(tmp_path) == ["a", "c"]
    remove_released(tmp_path / "none", {"b"})
    assert not (tmp_path / "none").exists()


def test_slugs_are_those_of_entries() -> None:
    subjects = [f"<{ID}a.custody-1>", f"<{ID}a>", f"<{ID}a>", f"<{ID}b-2>", "<https://invented.example/c>"]
    assert list(slugs_in(f"{each} <p> <o> <g> .\n".encode() for each in subjects)) == ["a", "b-2"]


def test_entry_that_was_released_and_is_gone_is_a_finding(project: Path) -> None:
    add_released(project, ["invented-group", "invented-person-of-old"])
    folder = load_folder(project)
    findings = [str(each) for each in validate(folder, store_of(folder))]
    assert len(findings) == 1
    assert (
        "released.txt, line 2: id:invented-person-of-old was released and is missing. Add graph/renamed/" in findings[0]
    )


def test_removal_takes_an_entry_off_the_list(project: Path) -> None:
    add_released(project, ["invented-group", "invented-list"])
    remove(load_folder(project), "invented-group")
    assert read_released(project) == ["invented-list"]


def test_release_puts_its_entries_on_the_list(project: Path) -> None:
    words = [str(COMMAND), "release", "--folder", str(project), "--date", "2001-02-03"]
    subprocess.run(words, check=True, capture_output=True)
    assert {"invented-group", "invented-list", "invented-cause"} <= set(read_released(project))
    assert read_released(project) == sorted(path.stem for path in (project / "graph").rglob("*.ttl"))


@pytest.fixture(scope="module")
def listed() -> list[str]:
    return read_released(ROOT)


def test_every_id_that_was_released_still_answers(own_quads: Path, listed: list[str]) -> None:
    client = app_of_files([own_quads], True, ROOT).test_client()
    assert len(listed) > 500
    for slug in listed:
        response = client.get(f"/id/{slug}")
        assert response.status_code in {303, 308}, slug
        assert client.head(f"/doc/{slug}.ttl").status_code in {200, 308}, slug
