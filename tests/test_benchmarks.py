"""What the benchmarks measure with is right: valid entries, equal from equal seeds, and costs that were paid."""

import subprocess
import sys
from pathlib import Path

import pytest

from justicegraph.load import Folder, load_folder, store_of
from justicegraph.validate import validate

PROJECT = Path(__file__).parents[1]
COUNT = 250


def run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *map(str, words)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = tmp_path_factory.mktemp("invented") / "a"
    assert run("benchmarks.generate", COUNT, folder).returncode == 0
    return load_folder(folder)


def test_invented_entries_are_as_many_as_asked_for_and_have_no_finding(invented: Folder) -> None:
    assert len(invented.files) == COUNT
    assert [str(finding) for finding in validate(invented, store_of(invented))] == []


def test_invented_entries_say_so_and_are_of_a_real_size(invented: Folder) -> None:
    made = {path: triples for path, triples in invented.files.items() if path.parent.name != "causes"}
    assert {path.stem.partition("-")[0] for path in made} == {"invented"}
    assert 20 < sum(map(len, made.values())) / len(made) < 35


def test_equal_seeds_give_equal_files(invented: Folder, tmp_path: Path) -> None:
    for seed, equal in ((1, True), (2, False)):
        folder = tmp_path / str(seed)
        assert run("benchmarks.generate", COUNT, folder, "--seed", seed).returncode == 0
        again = {path.relative_to(folder): path.read_bytes() for path in load_folder(folder).files}
        first = {path.relative_to(invented.root): path.read_bytes() for path in invented.files}
        assert (again == first) is equal


def test_folder_that_has_entries_is_left_alone(invented: Folder) -> None:
    refused = run("benchmarks.generate", COUNT, invented.root)
    assert refused.returncode == 1
    assert "is there already: name a folder that is new or empty" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_pipeline_names_the_machine_and_measures_check_and_build() -> None:
    printed = run("benchmarks.pipeline", 200).stdout
    assert "pyoxigraph" in printed.partition("\n\n")[0]
    for figure in ("quads in the snapshot", "check, s", "check, peak MB", "build, s", "build, peak MB"):
        assert f"| {figure}" in printed


def test_start_ends_the_servers_that_it_began() -> None:
    done = run("benchmarks.start", "--here")
    assert done.returncode == 0, done.stderr
    assert "| justicegraph --help" in done.stdout


def test_cost_is_that_of_the_command() -> None:
    code = "from benchmarks.run import *; c = cost_of([sys.executable, '-c', 'x = bytes(300_000_000)']); print(c.peak)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert 290_000_000 < int(done.stdout) < 400_000_000
